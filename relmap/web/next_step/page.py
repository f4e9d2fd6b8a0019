"""One next step: who of us means to meet whom by when; done, dropped with a reason, or reopened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from relmap.contracts import Ref
from relmap.errors import NotFound, Refused
from relmap.facts import next_steps
from relmap.languages import tell
from relmap.models import NextStep
from relmap.permissions import Verb, can
from relmap.web.forms.typed import day_of
from relmap.web.layout.query import today
from relmap.web.layout.sentences import names_of
from relmap.web.security.viewer import account_or_404, current_viewer, writing_as_viewer

Answer = Response | tuple[str, int]

pages = Blueprint("next_step", __name__, url_prefix="/next-steps/<int:step_id>")


@pages.get("")
def show(step_id: int) -> str:
    """The step, and what may be said of it."""
    return _page(_step_or_404(step_id))


def _page(step: NextStep, *, refused: str | None = None) -> str:
    """The step; where something was refused with the reason and with what was entered."""
    refs = {
        key: Ref("person", number)
        for key, number in (
            ("who", step.person_id),
            ("owner", step.owner_id),
            ("through", step.through_id),
        )
        if number is not None
    }
    names = names_of(refs.values())
    return render_template(
        "next_step/next_step.html",
        active="accounts",
        step=step,
        people={key: names.link(ref) for key, ref in refs.items()},
        may_write=can(current_viewer(), "write", step.account_id),
        today=today(),
        refused=refused,
        entered=request.form if refused else {},
    )


@pages.post("/done")
def done(step_id: int) -> Answer:
    """They met, on a day that has come."""
    return _written(
        step_id,
        lambda step: next_steps.do_next_step(step, _day_of_form()),
        "Done. It is open no more, and the next plan is made without it.",
    )


@pages.post("/drop")
def drop(step_id: int) -> Answer:
    """Nobody means to do it any more, for a reason."""
    because = request.form.get("because", "")[:500]
    return _written(
        step_id,
        lambda step: next_steps.drop_next_step(step, today(), because=because),
        "Dropped. The plan may propose the visit again.",
    )


@pages.post("/reopen")
def reopen(step_id: int) -> Answer:
    """Take back that it was done or dropped."""
    return _written(step_id, next_steps.reopen_next_step, "Taken back. The step is open as before.")


def _written(step_id: int, write: Callable[[NextStep], object], said: str) -> Answer:
    """Write what was said of a step; a refusal shows the page again as it was filled in."""
    step = _step_or_404(step_id, "write")
    try:
        with writing_as_viewer():
            write(step)
    except Refused as error:
        return _page(step, refused=tell(error)), 422
    flash(said)
    return redirect(url_for("next_step.show", step_id=step_id), 303)


def _step_or_404(step_id: int, verb: Verb = "read") -> NextStep:
    try:
        step = next_steps.get_next_step(step_id)
    except NotFound:
        abort(404)
    account_or_404(step.account_id, verb)
    return step


def _day_of_form() -> date:
    day = day_of(request.form.get("on", "").strip())
    if day > today():
        raise Refused(f"{day} has not come. Say that they met once they have.")
    return day
