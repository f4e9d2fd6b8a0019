"""The page on which the viewer chooses another password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from relmap.contracts import N_, Message
from relmap.errors import Refused
from relmap.facts.audit import acting_as
from relmap.facts.logins import TooManyAttempts, count_attempt, forgive_attempt
from relmap.facts.users import LEAST_LENGTH, change_own_password
from relmap.languages import _
from relmap.models import User, utc_now, writing
from relmap.web.forms import Form, Secret
from relmap.web.security.login import begin_session, first_page
from relmap.web.security.viewer import current_viewer

pages = Blueprint("password", __name__, url_prefix="/password")


class PasswordForm(Form):
    """Another password for who is logged in."""

    current = Secret(
        N_("Present password"), use="current-password", required=N_("Type the present password.")
    )
    new = Secret(
        N_("New password"),
        use="new-password",
        least=LEAST_LENGTH,
        required=N_("Type a new one."),
        help=Message(
            "At least {least} characters. A short sentence is easy to keep.",
            {"least": LEAST_LENGTH},
        ),
    )
    again = Secret(
        N_("The new one again"), use="new-password", required=N_("Type the new one again.")
    )


@pages.get("")
def show() -> ResponseReturnValue:
    """The form to choose another password."""
    return _page(PasswordForm())


@pages.post("")
def save() -> ResponseReturnValue:
    """Give the viewer the password they chose; it ends their other sessions."""
    form = PasswordForm(sent=True)
    if not form.validate():
        return _page(form), form.http_status
    try:
        user = _change_password(current_viewer(), form)
    except TooManyAttempts:
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return _page(form), form.http_status
    begin_session(user)
    flash(_("The password is changed. All other sessions have ended."))
    return redirect(first_page(), 303)


def _change_password(user: User, form: PasswordForm) -> User:
    if form.new.data != form.again.data:
        said = "The new password was not typed the same twice. Type both again."
        raise Refused(said, about="again")
    address = request.remote_addr or ""
    with writing():
        count_attempt(user.name, address, now=utc_now())
    with acting_as(user.id), writing():
        change_own_password(user, current=form.current.data, new=form.new.data)
        forgive_attempt(user.name, address)
    return user


def _page(form: PasswordForm) -> str:
    return render_template(
        "password/password.html", form=form, is_first=current_viewer().must_change_password
    )
