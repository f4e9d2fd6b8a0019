"""Who may log in, for administrators: roles, and who is let in no more or again."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from relmap.contracts import N_
from relmap.errors import NotFound
from relmap.facts.locks import lock_kind
from relmap.facts.users import ROLES, change_role, deactivate, list_users, reactivate
from relmap.languages import _
from relmap.languages.labels import label_message
from relmap.models import User, db
from relmap.permissions import can
from relmap.web.forms import Choice, Form, saved
from relmap.web.security.viewer import current_viewer, require, writing_as_viewer

pages = Blueprint("users", __name__, url_prefix="/users")


class RoleForm(Form):
    """What somebody may do."""

    role = Choice(N_("Role"), {role: label_message("role", role) for role in ROLES})

    def lock(self) -> None:
        """The user, in the order of the verbs."""
        _lock_users()
        super().lock()


@pages.get("")
def index() -> str:
    """All users, the deactivated ones too."""
    require("administer")
    return _page()


def _page(sent: RoleForm | None = None) -> str:
    rows = list_users()
    forms = {row.id: RoleForm(row, key=f"user-{row.id}") for row in rows}
    if sent is not None:
        forms[sent.row.id] = sent
    return render_template("users/users.html", active="hub", rows=rows, forms=forms)


@pages.post("/<int:user_id>/role")
def save_role(user_id: int) -> Response | tuple[str, int]:
    """Give somebody another role; their sessions end."""
    require("administer")
    user = _user(user_id)
    form = RoleForm(user, sent=True, key=f"user-{user_id}")
    if not saved(form, lambda: change_role(user, form.role.data)):
        return _page(form), form.http_status
    return _back(
        _("{name} is {role} now, and is logged out everywhere.", name=user.name, role=user.role)
    )


@pages.post("/<int:user_id>/switch")
def switch(user_id: int) -> Response:
    """Let somebody in no more, or again."""
    require("administer")
    with writing_as_viewer():
        _lock_users()
        if request.form.get("on") == "1":
            name = reactivate(_user(user_id)).name
            said = _(
                "{name} may log in again, with the password and the grants of before.", name=name
            )
        else:
            said = _("{name} may not log in any more.", name=deactivate(_user(user_id)).name)
    return _back(said)


def _lock_users() -> None:
    """Lock them, as the verbs do: of two who take each other's rights the second has none left."""
    lock_kind(User)
    viewer = current_viewer()
    db.session.refresh(viewer)
    if not can(viewer, "administer"):
        abort(403, _("You are no administrator any more. Nothing was changed."))


def _user(user_id: int) -> User:
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound("There is no user {user_id}.", user_id=user_id)
    return user


def _back(said: str) -> Response:
    flash(said)
    return redirect(url_for("users.index"), 303)
