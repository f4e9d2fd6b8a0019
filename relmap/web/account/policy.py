"""An account's policy of rotation and its owner: what is declared, from which day on."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from relmap.clock import today
from relmap.contracts import N_
from relmap.facts.audit import refuse_changed_later
from relmap.facts.structure import change_account
from relmap.languages import _, label_message, sort_key
from relmap.models import Account, Person, db
from relmap.permissions import can
from relmap.web.forms import Choice, Day, Form, WholeNumber, saved
from relmap.web.security.viewer import account_or_404, current_viewer

pages = Blueprint("policy", __name__, url_prefix="/accounts/<int:account_id>/policy")

MONTHS: Final = {number: label_message("month", str(number)) for number in range(1, 13)}


class PolicyForm(Form):
    """How long people stay in a post there, and who of us has the account."""

    rotation_months = WholeNumber(
        N_("Rotation after, in months"),
        most=600,
        help=N_("As their rules say. Empty where they have none, or we do not know it."),
    )
    review_month = Choice(N_("Decided in"), MONTHS, empty=N_("no month on record"))
    handover_months = WholeNumber(N_("Handover side by side, in months"), most=60)
    owner = Choice(N_("Who of us has the account"), column="owner_id", empty=N_("nobody"))
    on = Day(
        N_("Holds from"),
        column=None,
        default=today,
        required=N_("Say from which day on it holds."),
        help=N_("Forecasts and views of earlier days keep what was said before."),
    )

    def prepare(self) -> None:
        """Whoever of us is on record may have the account."""
        ours = select(Person.id, Person.name).where(Person.side == "us", Person.erased_at.is_(None))
        rows = db.session.execute(ours).all()
        rows = sorted(rows, key=lambda row: (sort_key(row.name), row.id))
        self.owner.options = {row.id: row.name for row in rows}


@pages.get("")
def show(account_id: int) -> str:
    """The policy, and a form for those who may write."""
    account = account_or_404(account_id)
    return _page(account, PolicyForm(account))


@pages.post("")
def save(account_id: int) -> Response | tuple[str, int]:
    """Declare the policy and the owner; what cannot be is shown in the form as it was filled in."""
    account = account_or_404(account_id, "write")
    form, differs = PolicyForm(account, sent=True), False

    def declare() -> None:
        nonlocal differs
        differs = bool(form.differing)
        refuse_changed_later(account, form.said, form.on.data)
        change_account(account, form.differing, day=form.on.data)

    if not saved(form, declare):
        return _page(account, form), form.http_status
    flash(_("Stored. The next forecast goes by it.") if differs else _("Nothing was different."))
    return redirect(url_for("policy.show", account_id=account_id), 303)


def _page(account: Account, form: PolicyForm) -> str:
    return render_template(
        "account/policy.html",
        active="accounts",
        account=account,
        may_write=can(current_viewer(), "write", account),
        form=form,
    )
