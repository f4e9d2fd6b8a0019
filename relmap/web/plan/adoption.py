"""A plan taken over: each visit that is ticked becomes a next step of one of us."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from relmap.clock import today
from relmap.contracts import AccountView
from relmap.errors import Refused
from relmap.facts.next_steps import PlannedStep, take_plan_over
from relmap.graph import view
from relmap.languages import _n, sort_key
from relmap.models import Account
from relmap.permissions import can
from relmap.web.layout.account_head import account_head
from relmap.web.layout.query import number_asked
from relmap.web.plan.offer import Offer, OfferForm, offer_of, were_taken
from relmap.web.security.viewer import account_or_404, current_viewer, writing_as_viewer

pages = Blueprint("taking_over", __name__, url_prefix="/accounts/<int:account_id>/plan")


@pages.get("")
def show(account_id: int) -> str:
    """The visits that nobody has, each with who of us goes until when."""
    return _page(account_or_404(account_id))


@pages.post("")
def take_over(account_id: int) -> Response | tuple[str, int]:
    """Store the chosen visits as next steps; what is refused is shown in the form again."""
    account = account_or_404(account_id, "write")
    seen = view(account.id, today())
    form = OfferForm(offer_of(seen), _ours(seen), sent=True)
    if not form.validate():
        return _page(account, form), form.http_status
    try:
        said = _take(account, form)
    except Refused as error:
        form.refuse(error)
        return _page(account, form), form.http_status
    flash(said)
    return redirect(_back(account_id), 303)


def _ours(seen: AccountView) -> dict[int, str]:
    """Whoever of us may go, in their order to the reader."""
    rows = sorted(seen.people_of("us"), key=lambda row: (sort_key(row.name), row.ref.id))
    return {row.ref.id: row.name for row in rows}


def _take(account: Account, form: OfferForm) -> str:
    """Take the chosen visits over; says how many, and how many were taken before."""
    offer, chosen = form.offer, form.steps()
    if were_taken(offer, chosen, request.form.get("mark", "")):
        return _taken_already(len(chosen))
    with writing_as_viewer():
        taken = take_plan_over(account, [*_on_file(offer, chosen), *chosen], day=today())
    if not taken:  # the form was sent twice at the same moment
        return _taken_already(len(chosen))
    return _n(
        "{count} visit taken over. The plan shows who has which until when.",
        "{count} visits taken over. The plan shows who has which until when.",
        len(taken),
    )


def _taken_already(count: int) -> str:
    return _n(
        "{count} visit had been taken over already. Nothing was stored twice.",
        "{count} visits had been taken over already. Nothing was stored twice.",
        count,
    )


def _on_file(offer: Offer, chosen: Iterable[PlannedStep]) -> Iterator[PlannedStep]:
    """The steps on file with the same people: a plan taken over counts them first."""
    people = {step.person_id for step in chosen}
    for step in offer.ahead.steps if offer.ahead else ():
        if step.person_id in people:
            yield PlannedStep(step.person_id, step.owner_id, step.due_on)


def _back(account_id: int) -> str:
    """Where the plan was shown."""
    if number_asked("visits") is None:
        return url_for("outlook.of_account", account_id=account_id, _anchor="plan")
    asked: dict[str, Any] = {name: request.args.get(name) for name in ("visits", "horizon")}
    return url_for("cultivate.show", account_id=account_id, **asked)


def _action(account_id: int) -> str:
    """Where the form is sent: it asks for the same plan."""
    asked: dict[str, Any] = {
        name: request.args[name] for name in ("visits", "horizon") if name in request.args
    }
    return url_for("taking_over.take_over", account_id=account_id, **asked)


def _page(account: Account, sent: OfferForm | None = None) -> str:
    """The form; where it was refused with the reason, as it was filled in, of the plan as it is."""
    seen = view(account.id, today())
    form = sent or OfferForm(offer_of(seen), _ours(seen))
    return render_template(
        "plan/take_over.html",
        active="accounts",
        head=account_head(account, today(), seen=seen),
        offer=form.offer,
        form=form,
        back=_back(account.id),
        action=_action(account.id),
        may_take=can(current_viewer(), "write", account),
    )
