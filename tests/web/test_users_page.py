"""Administrators say on a page who may log in, and as what."""

from relmap.facts.users import add_user, find_user
from relmap.models import writing

from .conftest import PASSWORD


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

    assert client.post(f"/users/{number}/role", data={"role": "manager"}).status_code == 303
    assert user_of(app, mia)[1:] == ("manager", True)
    assert mias.get("/accounts").status_code == 303  # the session ended with its rights
    for on, is_active in (("0", False), ("1", True)):
        assert client.post(f"/users/{number}/switch", data={"on": on}).status_code == 303
        assert user_of(app, mia)[2] is is_active
    assert client.post(f"/users/{number}/role", data={"role": "owner"}).status_code == 422
    assert client.post("/users/999/role", data={"role": "member"}).status_code == 404
    last = user_of(app, "root")[0]
    assert client.post(f"/users/{last}/role", data={"role": "member"}).status_code == 422
    assert client.post(f"/users/{last}/switch", data={"on": "0"}).status_code == 422
    assert user_of(app, "root")[1:] == ("administrator", True)
