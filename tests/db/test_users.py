"""Users, passwords and grants, on both databases."""

from datetime import date

import pytest
from sqlalchemy import select

from relmap.errors import NotFound, Refused
from relmap.facts.audit import columns_of
from relmap.facts.people import add_person
from relmap.facts.structure import open_account
from relmap.facts.users import (
    add_user,
    change_own_password,
    change_role,
    check_password,
    deactivate,
    ensure_admin,
    find_user,
    grant,
    list_users,
    note_log_in,
    reactivate,
    revoke,
    set_password,
    user_with,
)
from relmap.models import Change, Grant, User, db, writing

pytestmark = pytest.mark.postgresql

PASSWORD = "seven boats in a row"
DAY = date(2026, 1, 5)


@pytest.fixture
def mia(app):
    with app.app_context():
        with writing():
            add_user("Mia", role="member", password=PASSWORD)
        yield find_user("mia")


def test_a_user_logs_in_with_name_and_password_and_not_with_another(mia):
    assert user_with("mia", PASSWORD) is mia
    assert user_with("  MIA ", PASSWORD) is mia
    assert user_with("mia", PASSWORD + "s") is None
    assert user_with("nobody", PASSWORD) is None


def test_a_password_composed_in_another_way_is_the_same_password(app):
    with app.app_context():
        with writing():
            add_user("kim", role="member", password="caf\u00e9 am Gendarmenmarkt")
        assert user_with("kim", "cafe\u0301 am Gendarmenmarkt")


def test_passwords_are_kept_as_salted_scrypt_hashes_alone(costly_hashes, mia):
    with writing():
        twin = add_user("mio", role="member", password=PASSWORD)
        assert twin.password_hash != mia.password_hash
    assert mia.password_hash.startswith("scrypt:32768:8:1$")
    assert PASSWORD not in str(columns_of(mia))


def test_the_audit_log_knows_neither_passwords_nor_hashes_nor_stamps(mia):
    with writing():
        set_password(mia, "another seven boats")
    logged = str([columns_of(change) for change in db.session.scalars(select(Change))])
    assert "add_user" in logged
    assert "set_password" in logged
    for secret in (PASSWORD, "scrypt", mia.session_stamp):
        assert secret not in logged


def test_an_unknown_name_costs_a_hash_like_a_known_one(costly_hashes, mia, monkeypatch):
    checked = []

    def count(password_hash, password):
        checked.append(password_hash.partition("$")[0])
        return False

    monkeypatch.setattr("relmap.facts.users.check_password_hash", count)
    user_with("mia", "wrong")
    user_with("nobody", "wrong")
    assert checked == ["scrypt:32768:8:1"] * 2


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "at least 12"),
        ("password1234", "first that are tried"),
        ("PassWord 1234", "first that are tried"),
        ("aaaaaaaaaaaaaaaa", "first that are tried"),
        ("miamiamiamia!", "first that are tried"),
        ("Wilhelmina-2026", "is the name"),
        ("x" * 500 + "abcdefg" * 80, "at most 1000"),
    ],
)
def test_a_password_that_is_guessed_early_is_refused(password, why):
    with pytest.raises(Refused, match=why):
        check_password(password, "Wilhelmina")


def test_twelve_characters_nobody_guesses_are_enough():
    check_password("vw93-kzt2-0q", "mia")


def test_the_present_password_is_not_a_new_one(mia):
    with pytest.raises(Refused, match="present password"), writing():
        set_password(mia, PASSWORD)


def test_another_password_ends_the_sessions(mia):
    before = mia.session_stamp
    with writing():
        change_own_password(mia, current=PASSWORD, new="another seven boats")
    assert mia.session_stamp != before
    assert user_with("mia", PASSWORD) is None
    assert user_with("mia", "another seven boats") is mia


def test_nobody_changes_a_password_without_the_present_one(mia):
    with pytest.raises(Refused, match="not right"), writing():
        change_own_password(mia, current="wrong", new="another seven boats")
    assert user_with("mia", PASSWORD) is mia


def test_names_differ_by_more_than_case(mia):
    with pytest.raises(Refused, match="a user mia already"), writing():
        add_user("MIA", role="member", password=PASSWORD)


@pytest.mark.parametrize("name", ["", "  ", "\x00", "x" * 301])
def test_a_user_has_a_name(app, name):
    with app.app_context(), pytest.raises(Refused, match="needs a name"), writing():
        add_user(name, role="member", password=PASSWORD)


def test_there_are_three_roles(app):
    with app.app_context(), pytest.raises(Refused, match="no role"), writing():
        add_user("mia", role="king", password=PASSWORD)


def test_only_our_own_people_log_in(app):
    with app.app_context():
        with writing():
            ours = add_person("Wang Wei", side="us")
            assert add_user("wei", role="member", password=PASSWORD, person=ours).person is ours
        with pytest.raises(Refused, match="client's side"), writing():
            add_user("lin", role="member", password=PASSWORD, person=add_person("Lin"))


def test_the_first_administrator_gets_a_password_once(app):
    with app.app_context():
        with writing():
            password = ensure_admin()
        admin = user_with("admin", password)
        assert admin.role == "administrator"
        assert admin.must_change_password
        with writing():
            assert ensure_admin() is None
        assert db.session.scalars(select(User)).all() == [admin]


def test_two_generated_passwords_differ_and_are_strong(app):
    with app.app_context():
        passwords = set()
        for _ in range(2):
            with pytest.raises(InterruptedError), writing():
                passwords.add(ensure_admin())
                raise InterruptedError  # nothing is committed: the next is the first again
        assert len(passwords) == 2
        assert all(len(password.replace("-", "")) == 20 for password in passwords)


def test_whoever_is_deactivated_does_not_log_in(mia):
    with writing():
        deactivate(mia)
    assert user_with("mia", PASSWORD) is None


def test_the_last_administrator_stays(app):
    with app.app_context():
        with writing():
            ensure_admin()
        with pytest.raises(Refused, match="last administrator"), writing():
            deactivate(find_user("admin"))
        with writing():
            add_user("second", role="administrator", password=PASSWORD)
            deactivate(find_user("admin"))
        assert not find_user("admin").is_active


def test_a_grant_is_given_raised_and_taken_back(mia):
    with writing():
        account = open_account("Nordwerk", day=DAY)
        grant(mia, account, "read")
        grant(mia, account, "write")
    assert [held.right for held in db.session.scalars(select(Grant))] == ["write"]
    with writing():
        revoke(mia, account)
    assert db.session.scalars(select(Grant)).all() == []
    verbs = db.session.scalars(select(Change.verb).where(Change.kind == "grant"))
    assert list(verbs) == ["grant", "grant", "revoke"]
    with pytest.raises(Refused, match="Nothing at Nordwerk"), writing():
        revoke(mia, account)


def test_a_grant_needs_a_member_and_a_right(mia):
    with writing():
        account = open_account("Nordwerk", day=DAY)
        boss = add_user("boss", role="manager", password=PASSWORD)
    with pytest.raises(Refused, match="without a grant"), writing():
        grant(boss, account, "read")
    with pytest.raises(Refused, match="no right"), writing():
        grant(mia, account, "own")


def test_an_unknown_user_is_not_found(app):
    with app.app_context(), pytest.raises(NotFound, match="no user 'mia'"):
        find_user("mia")


def test_whoever_is_reactivated_logs_in_again_with_a_new_session(mia):
    stamp = mia.session_stamp
    with writing():
        deactivate(mia)
    assert user_with("mia", PASSWORD) is None
    with writing():
        reactivate(mia)
    assert user_with("mia", PASSWORD) is mia
    assert mia.session_stamp != stamp
    with writing(), pytest.raises(Refused, match="active already"):
        reactivate(mia)


def test_another_role_ends_the_sessions(mia):
    stamp = mia.session_stamp
    with writing():
        change_role(mia, "manager")
    assert (mia.role, mia.session_stamp != stamp) == ("manager", True)
    with writing(), pytest.raises(Refused, match="already"):
        change_role(mia, "manager")
    with writing(), pytest.raises(Refused, match="is no role"):
        change_role(mia, "owner")


def test_the_last_administrator_keeps_the_role(app):
    with app.app_context():
        with writing():
            ensure_admin()
        with writing(), pytest.raises(Refused, match="last administrator"):
            change_role(find_user("admin"), "member")
        with writing():
            add_user("second", role="administrator", password=PASSWORD)
            change_role(find_user("admin"), "member")


def test_users_are_listed_with_their_grants_and_last_log_in(mia):
    with writing():
        north = open_account("Nordwerk", day=DAY)
        grant(mia, north, "write")
        add_user("Kim", role="manager", password=PASSWORD, person=add_person("Kim", side="us"))
        deactivate(find_user("kim"))
        note_log_in(mia, "192.0.2.7")
    kim, row = list_users()
    assert (kim.name, kim.person, kim.is_active, kim.last_login_at) == ("kim", "Kim", False, None)
    assert (row.role, row.grants, row.is_active) == ("member", {"Nordwerk": "write"}, True)
    assert row.last_login_at is not None
