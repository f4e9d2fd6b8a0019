"""An account: the overview with its three answers, the grid, the people, the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import func, or_, select
from werkzeug.wrappers import Response

from relmap.contracts import LEVELS, AccountView, Ref
from relmap.contracts.words import FUNCTIONS
from relmap.graph import view
from relmap.languages import label, sort_key
from relmap.models import Account, Alert, Due, Score, day_end, db
from relmap.permissions import can
from relmap.results.reports.alerts import SEVERITY_ORDER, has_status
from relmap.results.reports.scores import ScoreCard, read_scores
from relmap.results.reports.scores import history as history_of
from relmap.results.runs import scoring
from relmap.web.account.history import chronicle, sources_of
from relmap.web.account.suggestions import next_steps
from relmap.web.accounts.score_trend import change_since_month, score_line
from relmap.web.layout.account_head import account_head, tabs
from relmap.web.layout.query import chosen, day_asked, number_asked, today, wants_part
from relmap.web.layout.sentences import Line, Names, line, names_of, page_of, refs_in, stored_alert
from relmap.web.outlook.foresight import Ahead, foreseen, numbers_of_plan, plan_lines, read_ahead
from relmap.web.seats import Filters, account_grid
from relmap.web.seats import people as people_of
from relmap.web.security.viewer import account_or_404, current_viewer, writing_as_viewer

pages = Blueprint("account", __name__, url_prefix="/accounts/<int:account_id>")

ALERTS_SHOWN: Final = 4
SINCE: Final = {"30": 30, "90": 90, "365": 365, "none": None}
PEOPLE_PAGE: Final = 100
GRID_ASKS: Final = ("on", "since", "function", "level", "known", "ours", "as")


@dataclass(frozen=True, slots=True)
class Part:
    """One rule of the score for the eye."""

    rule: Score
    evidence: tuple[Line, ...]


@pages.get("")
def overview(account_id: int) -> str:
    """The answers first: what matters now, the score, whom to meet next; the grid loads below."""
    account, day = account_or_404(account_id), day_asked()
    card = read_scores(account.id, day)
    alerts, alert_count = _alerts(account.id, day)
    ahead = read_ahead(account.id, day) if day == today() else None
    names = _names(account, card, alerts, ahead)
    return render_template(
        "account/overview.html",
        active="accounts",
        head=account_head(account, day, names),
        tabs=tabs(account.id, day),
        tab="grid",
        alerts=[(alert, line(stored_alert(alert), names)) for alert in alerts],
        alert_count=alert_count,
        score=_score(account, day, card, names),
        steps=next_steps(card, names),
        ahead=ahead,
        plan=plan_lines(ahead, names),
        grid_url=_grid_url(account.id),
    )


def _grid_url(account_id: int) -> str:
    asked: dict[str, Any] = {key: request.args[key] for key in GRID_ASKS if key in request.args}
    return url_for("account.grid", account_id=account_id, **asked)


def _alerts(account_id: int, day: date) -> tuple[list[Alert], int]:
    """The alerts that stood open on a day, urgent first, and how many there are (one query)."""
    open_then = has_status("open", today())
    if day < today():
        open_then = or_(open_then, Alert.closed_at >= day_end(day))
    rows = db.session.execute(
        select(Alert, func.count().over())
        .where(Alert.account_id == account_id, open_then, Alert.raised_on <= day)
        .order_by(SEVERITY_ORDER, Alert.raised_on.desc(), Alert.id.desc())
        .limit(ALERTS_SHOWN)
    ).all()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def _names(
    account: Account,
    card: ScoreCard | None,
    alerts: Sequence[Alert],
    ahead: Ahead | None,
) -> Names:
    refs = refs_in(stored_alert(alert) for alert in alerts)
    refs |= ahead.refs() if ahead else set()
    for rule in card.rows if card else ():
        refs |= refs_in(rule.evidence) | refs_in(rule.actions)
    if account.owner_id:
        refs.add(Ref("person", account.owner_id))
    return names_of(refs)


def _counted_first(card: ScoreCard | None) -> list[Score]:
    return sorted(card.rows if card else (), key=lambda rule: not rule.weight)


def _score(
    account: Account,
    day: date,
    card: ScoreCard | None,
    names: Names,
    *,
    is_due: bool = False,
) -> dict[str, Any]:
    """What the score panel shows (one query, for the line)."""
    past = history_of(account.id, day)
    return {
        "card": card,
        "line": score_line(past),
        "change": change_since_month(card, past),
        "parts": [
            Part(
                rule,
                tuple(line(item, names, points=item.get("points", 0)) for item in rule.evidence),
            )
            for rule in _counted_first(card)
        ],
        "is_stale": card is not None and day == today() and card.revision < account.revision,
        "is_due": is_due,
        "may_ask": not (card and card.on == day) and can(current_viewer(), "write", account),
        "day": day,
        "is_today": day == today(),
        "account_id": account.id,
    }


@pages.get("/score")
def score(account_id: int) -> str:
    """The score panel alone: polled while a day that was asked for is worked out."""
    account, day = account_or_404(account_id), day_asked()
    card = read_scores(account.id, day)
    ahead = read_ahead(account.id, day) if wants_part() and day == today() else None
    names = _names(account, card, (), ahead)
    due = select(Due.id).where(Due.account_id == account.id, Due.on == day)
    is_due = db.session.scalar(due) is not None
    shown = _score(account, day, card, names, is_due=is_due)
    if not wants_part() or card is None:
        return render_template("account/score.html", score=shown)
    return render_template(
        "account/score_and_next.html",
        score=shown,
        steps=next_steps(card, names),
        ahead=ahead,
        plan=plan_lines(ahead, names),
        is_beside=True,
    )


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
    account, day = account_or_404(account_id), day_asked()
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
    account, day = account_or_404(account_id), day_asked()
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
    account, day = account_or_404(account_id), day_asked()
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
