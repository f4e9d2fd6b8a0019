"""One next step: who of us means to meet whom by when; done, dropped with a reason, or reopened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from relmap.clock import today
from relmap.contracts import N_, Ref
from relmap.errors import NotFound
from relmap.facts import next_steps
from relmap.languages import _
from relmap.models import NextStep
from relmap.permissions import Verb, can
from relmap.web.forms import Day, Form, Text, Watched, saved
from relmap.web.layout.sentences import names_of
from relmap.web.security.viewer import account_or_404, current_viewer

Answer = Response | tuple[str, int]
AnyForm = TypeVar("AnyForm", bound=Form)

pages = Blueprint("next_step", __name__, url_prefix="/next-steps/<int:step_id>")


@pages.get("")
def show(step_id: int) -> str:
    """The step, and what may be said of it."""
    return _page(_step_or_404(step_id))


class StepForm(Form):
    """What may be said of a step, as long as nobody else has said how it ended."""

    done = Watched(N_("Met on"), column="done_on")
    dropped = Watched(N_("Dropped on"), column="dropped_on")
    why = Watched(N_("Why"), column="dropped_because")


class DoneForm(StepForm):
    """They met."""

    on = Day(
        N_("they met on"),
        column=None,
        about="done_on",
        default=today,
        required=N_("Say on which day they met."),
    )

    def prepare(self) -> None:
        """Not before it was planned."""
        self.on.earliest = self.row.planned_on


class DropForm(StepForm):
    """Nobody means to any more."""

    because = Text(
        N_("nobody means to any more, because"),
        column=None,
        about="dropped_because",
        required=N_("Say why it is dropped."),
    )


class ReopenForm(StepForm):
    """It was neither done nor dropped."""


def _page(step: NextStep, *, sent: Form | None = None) -> str:
    """The step and its forms; the one that was not taken as it was filled in."""
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
    forms = {
        name: sent if type(sent) is kind else kind(step)
        for name, kind in (("done", DoneForm), ("drop", DropForm), ("reopen", ReopenForm))
    }
    return render_template(
        "next_step/next_step.html",
        active="accounts",
        step=step,
        people={key: names.link(ref) for key, ref in refs.items()},
        may_write=can(current_viewer(), "write", step.account_id),
        sent=sent,
        **forms,
    )


@pages.post("/done")
def done(step_id: int) -> Answer:
    """They met, on a day that has come."""
    return _written(
        step_id,
        DoneForm,
        lambda form: next_steps.do_next_step(form.row, form.on.data),
        N_("Done. It is open no more, and the next plan is made without it."),
    )


@pages.post("/drop")
def drop(step_id: int) -> Answer:
    """Nobody means to do it any more, for a reason."""
    return _written(
        step_id,
        DropForm,
        lambda form: next_steps.drop_next_step(form.row, today(), because=form.because.data),
        N_("Dropped. The plan may propose the visit again."),
    )


@pages.post("/reopen")
def reopen(step_id: int) -> Answer:
    """Take back that it was done or dropped."""
    return _written(
        step_id,
        ReopenForm,
        lambda form: next_steps.reopen_next_step(form.row),
        N_("Taken back. The step is open as before."),
    )


def _written(
    step_id: int, kind: type[AnyForm], write: Callable[[AnyForm], object], said: str
) -> Answer:
    """Write what was said of a step; else the page again, as it was filled in."""
    step = _step_or_404(step_id, "write")
    form = kind(step, sent=True)
    if not saved(form, lambda: write(form)):
        return _page(step, sent=form), form.http_status
    flash(_(said))
    return redirect(url_for("next_step.show", step_id=step_id), 303)


def _step_or_404(step_id: int, verb: Verb = "read") -> NextStep:
    try:
        step = next_steps.get_next_step(step_id)
    except NotFound:
        abort(404)
    account_or_404(step.account_id, verb)
    return step
