"""Administrators say on a page who may log in, and as what."""

import re
import threading

import pytest
from sqlalchemy import select

from relmap.facts.users import add_user, find_user
from relmap.models import Change, User, db, writing

from .conftest import PASSWORD
from .forms import form_of, send


def user_of(app, name):
    with app.app_context():
        user = find_user(name)
        return user.id, user.role, user.is_active


def test_an_administrator_gives_roles_and_lets_in_again(app, visit, mia):
    with app.app_context(), writing():
        add_user("root", role="administrator", password=PASSWORD)
    client, mias = visit("root"), visit(mia)
    number = user_of(app, mia)[0]
    assert "mia" in client.get("/users").text

    assert send(client, "/users", f"/users/{number}/role", role="manager").status_code == 303
    assert user_of(app, mia)[1:] == ("manager", True)
    assert mias.get("/accounts").status_code == 303  # the session ended with its rights
    for on, is_active in (("0", False), ("1", True)):
        assert client.post(f"/users/{number}/switch", data={"on": on}).status_code == 303
        assert user_of(app, mia)[2] is is_active
    again = client.post(f"/users/{number}/switch", data={"on": "1"})
    assert (again.status_code, "mia is active already" in again.text) == (422, True)
    assert send(client, "/users", f"/users/{number}/role", role="owner").status_code == 422
    assert client.post("/users/999/role", data={"role": "member"}).status_code == 404
    last = user_of(app, "root")[0]
    assert send(client, "/users", f"/users/{last}/role", role="member").status_code == 422
    assert client.post(f"/users/{last}/switch", data={"on": "0"}).status_code == 422
    assert user_of(app, "root")[1:] == ("administrator", True)


BECOMES_A_MEMBER = ("role", {"role": "member"})
IS_OUT = ("switch", {"on": "0"})


@pytest.mark.postgresql
@pytest.mark.parametrize("ada_says", [BECOMES_A_MEMBER, IS_OUT])
@pytest.mark.parametrize("bo_says", [BECOMES_A_MEMBER, IS_OUT])
@pytest.mark.parametrize("others", [(), ("eve",)])
def test_of_two_administrators_who_turn_on_each_other_at_once_one_stays(
    app, visit, ada_says, bo_says, others
):
    with app.app_context(), writing():
        for name in ("ada", "bo", *others):
            add_user(name, role="administrator", password=PASSWORD)
    both, answers = threading.Barrier(2), {}

    def post(who: str, whom: str, says: tuple[str, dict[str, str]]) -> None:
        client, (verb, data) = visit(who), says
        address = f"/users/{user_of(app, whom)[0]}/{verb}"
        sent = form_of(client.get("/users").text, address, **data)
        both.wait()
        answers[who] = client.post(address, data=sent)

    threads = [
        threading.Thread(target=post, args=("ada", "bo", ada_says)),
        threading.Thread(target=post, args=("bo", "ada", bo_says)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with app.app_context():
        left = db.session.scalars(
            select(User.name).where(
                User.role == "administrator", User.is_active, User.name.in_(("ada", "bo"))
            )
        ).all()
        told = db.session.scalars(
            select(Change.verb).where(Change.verb.in_(("change_role", "deactivate_user")))
        ).all()
    (stays,) = left
    (goes,) = {"ada", "bo"} - {stays}
    assert len(told) == 1
    assert answers[stays].status_code == 303
    assert answers[stays].location == "/users"
    if answers[goes].status_code == 303:  # it came when the rights had gone already
        assert answers[goes].location.startswith("/login")
    else:
        assert answers[goes].status_code == 403
        assert re.search("You are no administrator any more", answers[goes].text)
