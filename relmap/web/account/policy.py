"""An account's policy of rotation and its owner: what is declared, from which day on."""

from __future__ import annotations

from calendar import month_name
from datetime import date
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from relmap.errors import Refused
from relmap.facts.audit import refuse_changed_later
from relmap.facts.structure import change_account
from relmap.languages import sort_key, tell
from relmap.models import Account, Person, db
from relmap.permissions import can
from relmap.web.forms.typed import day_typed, number_typed
from relmap.web.layout.query import EARLIEST, today
from relmap.web.security.viewer import account_or_404, current_viewer, writing_as_viewer

pages = Blueprint("policy", __name__, url_prefix="/accounts/<int:account_id>/policy")

MONTHS: Final = tuple(enumerate(month_name))[1:]


@pages.get("")
def show(account_id: int) -> str:
    """The policy, and a form for those who may write."""
    return _page(account_or_404(account_id))


@pages.post("")
def save(account_id: int) -> Response | tuple[str, int]:
    """Declare the policy and the owner; a refusal shows the form again as it was filled in."""
    account = account_or_404(account_id, "write")
    try:
        day = day_typed("on") or today()
        values = _declared(account, day)
        with writing_as_viewer():
            change_account(account, values, day=day)
    except Refused as error:
        return _page(account_or_404(account_id), refused=tell(error)), 422
    flash("Stored. The next forecast goes by it." if values else "Nothing was different.")
    return redirect(url_for("policy.show", account_id=account_id), 303)


def _declared(account: Account, day: date) -> dict[str, Any]:
    """What differs from what is on record; raises ``Refused`` where that began after the day."""
    owner_id = number_typed("owner", "Owner")
    if owner_id is not None and db.session.get(Person, owner_id) is None:
        raise Refused("The owner is not on record any more. Choose another.")
    said = {
        "rotation_months": number_typed("rotation_months", "Months to rotation"),
        "review_month": number_typed("review_month", "Month of review"),
        "handover_months": number_typed("handover_months", "Months of handover"),
        "owner_id": owner_id,
    }
    refuse_changed_later(account, said, day)
    return {key: value for key, value in said.items() if value != getattr(account, key)}


def _page(account: Account, *, refused: str | None = None) -> str:
    on_record = {
        "rotation_months": account.rotation_months,
        "review_month": account.review_month,
        "handover_months": account.handover_months,
        "owner": account.owner_id,
        "on": today().isoformat(),
    }
    ours = select(Person.id, Person.name).where(Person.side == "us", Person.erased_at.is_(None))
    return render_template(
        "account/policy.html",
        active="accounts",
        account=account,
        may_write=can(current_viewer(), "write", account),
        months=MONTHS,
        owners=sorted(db.session.execute(ours).all(), key=lambda row: (sort_key(row.name), row.id)),
        filled=request.form if refused else on_record,
        refused=refused,
        today=today(),
        earliest=EARLIEST,
    )
