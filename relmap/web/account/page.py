"""An account: the overview with its three answers, the grid, the people, the history."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from relmap.clock import today
from relmap.contracts import LEVELS, AccountView, Ref
from relmap.contracts.words import FUNCTIONS
from relmap.graph import view
from relmap.languages import label, sort_key
from relmap.models import Account
from relmap.results.runs import scoring
from relmap.web.account.history import chronicle, sources_of
from relmap.web.account.overview import overview_of, score_of
from relmap.web.layout.account_head import account_head, tabs
from relmap.web.layout.query import chosen, day_asked, number_asked, wants_part
from relmap.web.layout.sentences import page_of
from relmap.web.outlook.plan_lines import foreseen, numbers_of_plan
from relmap.web.seats import Filters, account_grid
from relmap.web.seats import people as people_of
from relmap.web.security.viewer import account_or_404, writing_as_viewer

pages = Blueprint("account", __name__, url_prefix="/accounts/<int:account_id>")

SINCE: Final = {"30": 30, "90": 90, "365": 365, "none": None}
PEOPLE_PAGE: Final = 100
GRID_ASKS: Final = ("on", "since", "function", "level", "known", "ours", "as")


@pages.get("")
def overview(account_id: int) -> str:
    """The answers first: what matters now, the score, whom to meet next; the grid loads below."""
    account, day = account_or_404(account_id), day_asked(account_id)
    found = overview_of(account, day)
    asked: dict[str, Any] = {key: request.args[key] for key in GRID_ASKS if key in request.args}
    return render_template(
        "account/overview.html",
        active="accounts",
        head=account_head(account, day, found.names),
        tabs=tabs(account.id, day),
        tab="grid",
        found=found,
        grid_url=url_for("account.grid", account_id=account.id, **asked),
    )


@pages.get("/score")
def score(account_id: int) -> str:
    """The score panel alone: polled while a day that was asked for is worked out."""
    account, day = account_or_404(account_id), day_asked(account_id)
    found = score_of(account, day)
    if not wants_part() or found.score.card is None:
        return render_template("account/score.html", found=found)
    return render_template("account/score_and_next.html", found=found, is_beside=True)


@pages.post("/score")
def ask_for_score(account_id: int) -> Response | str:
    """Ask for the scores of the very day; the sweep works it off."""
    account, day = account_or_404(account_id, "write"), day_asked()
    with writing_as_viewer():
        scoring.ask(account.id, day)
    if wants_part():
        return score(account_id)
    return redirect(url_for("account.overview", account_id=account_id, on=day.isoformat()), 303)


def _filters() -> Filters:
    ours = number_asked("ours")
    return Filters(
        function=chosen("function", FUNCTIONS),
        level=chosen("level", LEVELS),
        known=chosen("known", ("yes", "no")),
        ours=Ref("person", ours) if ours else None,
    )


@pages.get("/grid")
def grid(account_id: int) -> str:
    """Functions by levels with a card for each seat, or the same as a table."""
    account, day = account_or_404(account_id), day_asked(account_id)
    seen, ahead = foreseen(view(account.id, day))
    chosen_since = chosen("since", SINCE) or "90"
    days = SINCE[chosen_since]
    since = None if days is None else day - timedelta(days=days)
    context = {
        "account_id": account.id,
        "grid": account_grid(
            seen,
            link=page_of,
            since=since,
            filters=_filters(),
            steps=numbers_of_plan(ahead),
        ),
        "as_of": day,
        "since": since,
        "since_chosen": chosen_since,
        "shown_as": chosen("as", ("table",)) or "picture",
        "functions": {key: label("function", key) for key in FUNCTIONS},
        "levels": {key: label("level", key) for key in LEVELS},
        "ours": _ours(seen),
        "filters": _filters(),
        "asked_on": None if day == today() else day.isoformat(),
    }
    if wants_part():
        return render_template("account/grid_tab.html", **context)
    return _tab_page(account, day, "grid", "account/grid_tab.html", context, seen)


def _ours(seen: AccountView) -> list[tuple[int, str]]:
    ours = ((row.ref.id, row.name) for row in seen.people_of("us"))
    return sorted(ours, key=lambda row: sort_key(row[1]))


def _tab_page(
    account: Account,
    day: date,
    key: str,
    part: str,
    context: dict[str, Any],
    seen: AccountView,
    changed_on: list[date] | None = None,
) -> str:
    return render_template(
        "layout/account_tab.html",
        active="accounts",
        head=account_head(account, day, seen=seen, changed_on=changed_on),
        tabs=tabs(account.id, day),
        tab=key,
        part=part,
        **context,
    )


@pages.get("/people")
def people(account_id: int) -> str:
    """Everybody of theirs in one list: in post, as a contact, or gone."""
    account, day = account_or_404(account_id), day_asked(account_id)
    seen = view(account.id, day)
    found = people_of(seen, link=page_of, wanted=request.args.get("name", ""))
    state = chosen("state", ("here", "gone")) or "here"
    shown = [person for person in found if person.is_here == (state == "here")]
    start = max(0, (number_asked("from") or 1) - 1)
    context = {
        "account_id": account.id,
        "people": shown[start : start + PEOPLE_PAGE],
        "start": start,
        "people_count": len(shown),
        "here_count": sum(1 for person in found if person.is_here),
        "gone_count": sum(1 for person in found if not person.is_here),
        "known_count": sum(1 for person in shown if person.is_known),
        "state": state,
        "name": request.args.get("name", ""),
        "asked_on": None if day == today() else day.isoformat(),
        "page_size": PEOPLE_PAGE,
    }
    return _tab_page(account, day, "people", "account/people_tab.html", context, seen)


@pages.get("/history")
def history(account_id: int) -> str:
    """What changed, newest day first, each line with where it comes from."""
    account, day = account_or_404(account_id), day_asked(account_id)
    seen = view(account.id, day)
    sources, changed_on = sources_of(account.id)
    days, has_more = chronicle(seen, sources, limit=number_asked("days") or 40)
    context = {
        "account_id": account.id,
        "days": days,
        "has_more": has_more,
        "more_days": (number_asked("days") or 40) + 80,
        "asked_on": None if day == today() else day.isoformat(),
    }
    return _tab_page(account, day, "history", "account/history_tab.html", context, seen, changed_on)
