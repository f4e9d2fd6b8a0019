"""One table decides: what each role may do, and which people each user sees."""

from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import literal, select

from relmap.facts.claims import add_claim
from relmap.facts.people import add_contact, add_person, end_contact
from relmap.facts.structure import open_account, open_post, root_unit
from relmap.facts.tenures import end_tenure, start_tenure
from relmap.facts.ties import add_tie
from relmap.facts.touches import add_touch
from relmap.facts.users import deactivate, grant
from relmap.graph import view
from relmap.models import Account, Person, User, db, writing
from relmap.permissions import accounts_open_to, can, facts_open_to, people_visible_to

DAY = date(2026, 1, 5)
ROLES = {
    "admin": "administrator",
    "boss": "manager",
    "reader": "member",
    "writer": "member",
    "stranger": "member",
}


def write_world() -> set[str]:
    with writing():
        users = {name: _user(name, role) for name, role in ROLES.items()}
        north, south = (open_account(name, day=DAY) for name in ("Nordwerk", "Suedwerk"))
        grant(users["reader"], north, "read")
        grant(users["writer"], north, "write")
        return set(_people(north, south))


@pytest.fixture
def world(app, filled):
    """Two accounts with people; reader and writer have a grant for the first."""
    with app.app_context():
        people = filled(write_world)
        users = {user.name: user for user in db.session.scalars(select(User))}
        north, south = db.session.scalars(select(Account).order_by(Account.id))
        yield SimpleNamespace(north=north, south=south, **users, people=people)
        db.session.remove()


def _user(name, role):
    user = User(name=name, role=role, password_hash="none", session_stamp="none")
    db.session.add(user)
    db.session.flush()
    return user


def _people(north, south):
    """People by what a reader of the north knows of them."""
    made = {name: add_person(name) for name in ("holder", "former", "contact", "southern")}
    made |= {name: add_person(name) for name in ("friend", "diner", "guest", "outsider")}
    made["ours"] = add_person("ours", side="us")
    seats = [open_post(root_unit(north), title, day=DAY) for title in ("Buyer", "Engineer")]
    start_tenure(made["holder"], seats[0], DAY)
    left = start_tenure(made["former"], seats[1], DAY)
    end_tenure(left, date(2026, 1, 6), reason="left_company")
    add_contact(made["contact"], north, day=DAY)
    for name in ("southern", "friend", "diner", "guest"):
        add_contact(made[name], south, day=DAY)
    add_tie(made["holder"], made["friend"], kind="friend", observed_on=DAY)
    add_touch(DAY, "meal", [made["ours"], made["holder"], made["diner"]])
    add_touch(DAY, "meal", [made["ours"], made["guest"]])
    return made


@pytest.mark.parametrize(
    ("user", "north", "south", "administers"),
    [
        ("admin", {"read", "write"}, {"read", "write"}, True),
        ("boss", {"read", "write"}, {"read", "write"}, False),
        ("reader", {"read"}, set(), False),
        ("writer", {"read", "write"}, set(), False),
        ("stranger", set(), set(), False),
    ],
)
def test_what_each_may_do(world, user, north, south, administers):
    user = getattr(world, user)
    assert {verb for verb in ("read", "write") if can(user, verb, world.north)} == north
    assert {verb for verb in ("read", "write") if can(user, verb, world.south.id)} == south
    assert can(user, "administer") is administers


@pytest.mark.postgresql
@pytest.mark.parametrize("user", ROLES)
@pytest.mark.parametrize("verb", ["read", "write"])
def test_the_condition_for_lists_says_what_the_function_says(world, user, verb):
    user = getattr(world, user)
    listed = set(db.session.scalars(select(Account).where(accounts_open_to(user, verb))))
    assert listed == {account for account in (world.north, world.south) if can(user, verb, account)}


def test_a_member_may_do_nothing_to_no_account_in_particular(world):
    assert not can(world.writer, "read")
    assert not can(world.writer, "write", 12345)


@pytest.mark.postgresql
@pytest.mark.parametrize("user", ["admin", "boss", "writer"])
def test_whoever_is_deactivated_may_nothing(world, user):
    user = getattr(world, user)
    with writing():
        if user.role == "administrator":
            _user("second", "administrator")
        deactivate(user)
    assert not can(user, "read", world.north)
    assert not can(user, "administer")
    assert seen_by(user) == set()


def seen_by(user):
    return set(db.session.scalars(select(Person.name).where(people_visible_to(user))))


@pytest.mark.postgresql
def test_a_reader_sees_ours_and_those_of_whom_a_fact_concerns_the_account(world):
    assert seen_by(world.reader) == {"ours", "holder", "former", "contact", "friend", "diner"}


def test_a_stranger_sees_our_own_people_only(world):
    assert seen_by(world.stranger) == {"ours"}


@pytest.mark.postgresql
@pytest.mark.parametrize("user", ["admin", "boss"])
def test_who_reads_every_account_sees_everybody(world, user):
    assert seen_by(getattr(world, user)) == world.people


# --- somebody who moves


def spans(*days: str) -> list[tuple[date, date | None]]:
    """Each as "03-01 04-01", the end not included, or "03-01" for one that lasts."""
    ends = (text.split() for text in days)
    return [(day_of(start), day_of(*end) if end else None) for start, *end in ends]


def day_of(text: str) -> date:
    return date.fromisoformat(f"2025-{text}")


def move(world, north, south):
    """Somebody with these spans at the two accounts."""
    with writing():
        person = add_person("mover")
        for account, held in ((world.north, north), (world.south, south)):
            for starts_on, ends_on in held:
                contact = add_contact(person, account, day=starts_on)
                if ends_on:
                    end_contact(contact, ends_on)
    return person


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("north", "south", "day", "is_open"),
    [
        (("02-01 05-01",), ("05-01",), "04-30", True),  # their time here
        (("02-01 05-01",), ("05-01",), "05-01", False),  # the new employer's
        (("02-01 05-01",), ("05-01",), "01-01", True),  # before we knew them, they came here first
        (("05-01",), ("02-01 05-01",), "01-01", False),  # and there first
        (("05-01",), ("02-01 05-01",), "04-30", False),  # what was before they came
        (("05-01",), ("02-01 05-01",), "06-01", True),
        (("02-01 05-01",), ("07-01",), "06-01", True),  # between the two
        (("02-01 05-01",), ("07-01 08-01",), "09-01", False),  # last seen there
        (("02-01 05-01", "08-01"), ("05-01 08-01",), "06-01", False),  # came back
        (("02-01 05-01", "08-01"), ("05-01 08-01",), "09-01", True),
        (("02-01",), ("05-01",), "06-01", True),  # at both at once
        (("02-01 05-01",), (), "06-01", True),  # nowhere else: nobody else's
        ((), ("02-01 05-01",), "06-01", False),
        ((), (), "06-01", True),
    ],
)
def test_a_fact_of_a_person_is_of_the_account_where_they_were(world, north, south, day, is_open):
    person, on = move(world, spans(*north), spans(*south)), day_of(day)
    rule = facts_open_to(world.reader, Person.id, literal(on))
    found = db.session.scalar(select(Person.id).where(Person.id == person.id, rule))
    assert (found is not None) is is_open
    with writing():
        ours = add_person("also ours", side="us")
        touch = add_touch(on, "visit", [ours, person])
        claim = add_claim(person, "stance", "enemy", on=on, basis="seen", observer=ours)
    seen = view(world.north.id, date(2026, 1, 6))
    is_shown = is_open and bool(north)
    assert (touch.id in {row.ref.id for row in seen.touches}) is is_shown
    assert (claim.id in {row.ref.id for row in seen.claims}) is is_shown


@pytest.mark.postgresql
def test_whom_somebody_met_after_leaving_is_not_there(world):
    person = move(world, spans("02-01 05-01"), spans("05-01"))
    with writing():
        ours = add_person("also ours", side="us")
        late, early = add_person("late"), add_person("early")
        for other in (late, early):
            add_contact(other, world.south, day=DAY)
        add_touch(date(2025, 3, 1), "meal", [ours, person, early])
        add_touch(date(2025, 6, 1), "meal", [ours, person, late])
        boss, peer = add_person("their boss"), add_person("their peer")
        add_tie(boss, person, kind="influences", observed_on=date(2025, 6, 1))
        add_tie(person, peer, kind="friend", observed_on=date(2025, 3, 1))
    assert {"early", "their peer"} <= seen_by(world.reader)
    assert not {"late", "their boss"} & seen_by(world.reader)
