"""Who may log in, for administrators: roles, and who is let in no more or again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from relmap.errors import NotFound, Refused
from relmap.facts.audit import lock_kind
from relmap.facts.users import ROLES, change_role, deactivate, list_users, reactivate
from relmap.languages import _
from relmap.models import User, db
from relmap.permissions import can
from relmap.web.security.viewer import require, writing_as_viewer

pages = Blueprint("users", __name__, url_prefix="/users")


@pages.get("")
def index() -> str:
    """All users, the deactivated ones too."""
    require("administer")
    return render_template("users/users.html", active="hub", rows=list_users(), roles=ROLES)


@pages.post("/<int:user_id>/role")
def save_role(user_id: int) -> Response:
    """Give somebody another role; their sessions end."""
    require("administer")
    with _administering():
        user = change_role(_user(user_id), request.form.get("role", ""))
        said = _(
            "{name} is {role} now, and is logged out everywhere.", name=user.name, role=user.role
        )
    return _back(said)


@pages.post("/<int:user_id>/switch")
def switch(user_id: int) -> Response:
    """Let somebody in no more, or again."""
    require("administer")
    with _administering():
        if request.form.get("on") == "1":
            name = reactivate(_user(user_id)).name
            said = _(
                "{name} may log in again, with the password and the grants of before.", name=name
            )
        else:
            said = _("{name} may not log in any more.", name=deactivate(_user(user_id)).name)
    return _back(said)


@contextmanager
def _administering() -> Iterator[None]:
    """One unit of work of somebody who is an administrator still, and stays one until its end."""
    with writing_as_viewer() as viewer:
        lock_kind(User)  # as the verbs do: two who take each other's rights come one by one
        db.session.refresh(viewer)
        if not can(viewer, "administer"):
            raise Refused("You are no administrator any more. Nothing was changed.")
        yield


def _user(user_id: int) -> User:
    user = db.session.get(User, user_id)  # the verbs lock it, in their order
    if user is None:
        raise NotFound("There is no user {user_id}.", user_id=user_id)
    return user


def _back(said: str) -> Response:
    flash(said)
    return redirect(url_for("users.index"), 303)
