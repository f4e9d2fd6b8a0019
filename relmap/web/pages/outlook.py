"""The outlook of an account: what may change, whom to meet, what to ask; a plan taken over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from relmap.contracts import Ref
from relmap.errors import Refused
from relmap.facts.next_steps import PlannedStep, take_plan_over
from relmap.graph import view
from relmap.insight.concentration import effective_threads
from relmap.models import Person, db
from relmap.permissions import can
from relmap.results.taking_over import introducer_of
from relmap.web import words
from relmap.web.account_head import account_head, tabs
from relmap.web.ahead import Ahead, plan_lines, read_ahead, taken_beside
from relmap.web.asked import chosen, day_asked, today
from relmap.web.dates import day_text
from relmap.web.may_change import (
    answer_of,
    posts_ahead,
    questions_of,
    read_posts_ahead,
)
from relmap.web.texts import line, names_in
from relmap.web.viewer import account_or_404, current_viewer, writing_as_viewer

pages = Blueprint("outlook", __name__, url_prefix="/accounts/<int:account_id>")

HORIZONS: Final = ("90", "180", "365")
QUESTIONS: Final = 8
SHORT: Final = 4


@pages.get("/outlook")
def of_account(account_id: int) -> str:
    """Posts that may change, the plan, the questions worth asking and what our way hangs on."""
    account, day = account_or_404(account_id), day_asked()
    seen = view(account.id, day)
    horizon = int(chosen("horizon", HORIZONS) or 180)
    (ahead, rows), names = read_posts_ahead(seen), names_in(seen)
    rows = rows if day == today() else []
    spread, plan = effective_threads(seen), plan_lines(ahead, names, most=None)
    return render_template(
        "account/tab.html",
        active="accounts",
        head=account_head(account, day, seen=seen),
        tabs=tabs(account.id, day),
        tab="outlook",
        part="parts/outlook_tab.html",
        account_id=account.id,
        ahead=ahead,
        posts=posts_ahead(seen, ahead, rows, names, horizon=horizon),
        answer=answer_of(seen, rows, horizon=horizon) if rows else None,
        horizon=horizon,
        horizons=[days for days in HORIZONS if days != "90" or _has_90(rows)],
        plan=plan,
        beside=taken_beside(ahead, plan, names),
        left_out=[line(row, names) for row in ahead.plan["left_out"]] if ahead else [],
        questions=questions_of(ahead, names, most=QUESTIONS),
        threads=spread,
        ours=sorted((row.ref.id, row.name) for row in seen.people_of("us")),
        to_take=_to_take(ahead, day),
        may_take=day == today() and can(current_viewer(), "write", account),
        earliest=day,
        is_today=day == today(),
        asked_on=None if day == today() else day.isoformat(),
    )


def _has_90(rows: Any) -> bool:
    return any(row.change90 is not None for row in rows)


def _to_take(ahead: Ahead | None, day: date) -> list[dict[str, Any]]:
    """The visits of the plan that nobody has taken, in the order in which they are due."""
    if ahead is None:
        return []
    taken = Counter(step.person_id for step in ahead.steps)
    found = []
    for step in sorted(ahead.plan["steps"], key=lambda step: step["in_days"]):
        person = Ref.parse(step["person"]).id
        if taken[person] > 0:
            taken[person] -= 1
            continue
        due_on = max(ahead.on + timedelta(days=step["in_days"]), day)
        by = Ref.parse(step["by"]).id if step["by"] else None
        found.append({"person_id": person, "by_id": by, "due_on": due_on, "number": step["number"]})
    return found


@pages.get("/outlook/short")
def short(account_id: int) -> str:
    """The posts likeliest to be lost, for the overview (loaded after it)."""
    account, day = account_or_404(account_id), day_asked()
    seen = view(account.id, day)
    ahead, rows = read_posts_ahead(seen)
    posts = posts_ahead(seen, ahead, rows, names_in(seen), horizon=180)
    return render_template(
        "parts/may_change.html",
        account_id=account.id,
        posts=[post for post in posts if post.chance][:SHORT],
        post_count=len(posts),
        horizon=180,
    )


# --- taking a plan over


@pages.post("/plan")
def take_over(account_id: int) -> Response:
    """Store the chosen visits of the plan as next steps, with who of us goes until when."""
    account = account_or_404(account_id, "write")
    ahead = read_ahead(account.id, today())
    chosen_steps = list(_chosen(ahead))
    if not chosen_steps:
        raise Refused("No visit was chosen. Tick at least one of the plan.")
    with writing_as_viewer():
        taken = take_plan_over(
            account, [*_on_file(ahead, chosen_steps), *chosen_steps], day=today()
        )
    flash(
        f"{words.plural(len(taken), 'visit')} taken over. The plan shows who has which until when."
    )
    return redirect(url_for("outlook.of_account", account_id=account_id, _anchor="plan"), 303)


def _on_file(ahead: Ahead | None, chosen_steps: list[PlannedStep]) -> Iterator[PlannedStep]:
    """The steps on file with the same people: a plan taken over counts them first."""
    people = {step.person_id for step in chosen_steps}
    for step in ahead.steps if ahead else ():
        if step.person_id in people:
            yield PlannedStep(step.person_id, step.owner_id, step.due_on)


def _chosen(ahead: Ahead | None) -> Iterator[PlannedStep]:
    """The visits that were ticked, each with owner and day; raises ``Refused``."""
    planned = {Ref.parse(step["person"]).id for step in ahead.plan["steps"]} if ahead else set()
    introducers = _introducers(ahead)
    for number in request.form.getlist("take"):
        person_id = _id_of_form(f"person-{number}")
        if person_id not in planned:
            raise Refused("The plan has changed meanwhile. Look at it again, then take it over.")
        owner_id = _one_of_us(f"owner-{number}")
        yield PlannedStep(
            person_id=person_id,
            owner_id=owner_id,
            through_id=introducers.pop((person_id, owner_id), None),
            due_on=_day_of_form(f"due-{number}"),
            what=f"Visit of the plan of {day_text(ahead.on)}" if ahead else None,
        )


def _introducers(ahead: Ahead | None) -> dict[tuple[int | None, int], int]:
    """Who is asked first, by whom to meet and who of us goes; nobody where a visit is on file."""
    steps = ahead.plan["steps"] if ahead else []
    waiting = {f"person:{step.person_id}" for step in ahead.steps} if ahead else set()
    return {
        (Ref.parse(step["person"]).id, Ref.parse(step["by"]).id): through
        for step in steps
        if step["person"] not in waiting and (through := introducer_of(step)) is not None
    }


def _id_of_form(name: str) -> int | None:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _one_of_us(name: str) -> int:
    """The colleague who goes; raises ``Refused``."""
    number = _id_of_form(name)
    found = select(Person.id).where(Person.id == number, Person.side == "us")
    if number is None or db.session.scalar(found) is None:
        raise Refused("Say of each visit who of us goes.")
    return number


def _day_of_form(name: str) -> date:
    text = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text[:20]!r} is no day. Write it as 2026-12-31.") from None
