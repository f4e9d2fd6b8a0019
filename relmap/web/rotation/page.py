"""Rotation: which deciding posts may change, how ready we are, and how good we are at saying so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from relmap.clock import today
from relmap.contracts import Ref
from relmap.contracts.message import N_
from relmap.contracts.words import FUNCTIONS
from relmap.insight.detection import Lag, detection_lags
from relmap.insight.percentages import ENOUGH
from relmap.insight.thresholds import HORIZONS, LIKELY
from relmap.languages import _, _n, label, sort_key
from relmap.models import Account, db
from relmap.permissions import accounts_open_to, can
from relmap.results.reports.detection import departed
from relmap.results.runs.back_tests import ask_back_test, newest_back_tests
from relmap.web.layout.query import chosen, horizon_asked, number_asked, wants_part
from relmap.web.layout.sentences import Names, names_of
from relmap.web.outlook.post_outlook import none_stands_out
from relmap.web.rotation.back_test import bins_of, refusal, verdict
from relmap.web.rotation.chart_words import (
    calibration_words,
    months_words,
    quarters_words,
    radar_words,
)
from relmap.web.rotation.radar import (
    PAGE_SIZE,
    PICTURED,
    READY,
    SORTS,
    Month,
    RadarQuery,
    Totals,
    page_of_posts,
    totals,
)
from relmap.web.rotation.radar_lines import RadarLine, lines_of, points_beside
from relmap.web.security.viewer import account_or_404, current_viewer, require, writing_as_viewer

pages = Blueprint("rotation", __name__, url_prefix="/rotation")

DAYS_LOOKED_BACK: Final = 730
LISTED: Final = 60
ORDERS: Final = {
    "loss": N_("what is at stake"),
    "chance": N_("chance of a change"),
    "due": N_("day due"),
    "ready": N_("least ready"),
}


@pages.get("")
def index() -> str:
    """The radar of the book: the answer, the two pictures, the list."""
    asked = _asked()
    first = _number_of_first(asked)
    counted = totals(asked, today())
    rows = page_of_posts(asked, counted.scales)
    lines = lines_of(rows[:PAGE_SIZE], horizon=asked.horizon, first=first)
    return render_template(
        "rotation/radar.html",
        active="rotation",
        tab="radar",
        asked=asked,
        totals=counted,
        answer=_answer(counted, asked.horizon),
        lines=lines,
        points=_points(lines, rows, asked.horizon, first),
        radar_words=radar_words(asked.horizon),
        months_words=months_words(),
        pictured=min(PICTURED, len(rows)),
        orders=ORDERS,
        months=_drawn(counted.months),
        owners=counted.owners,
        functions={key: label("function", key) for key in FUNCTIONS if key in counted.functions},
        horizons=[days for days in HORIZONS if days != 90 or counted.has_90],
        likely=round(100 * LIKELY),
        ready=round(5 * READY),
        next_page=_next_page(asked, rows, first),
        is_first=asked.after is None,
        today=today(),
    )


def _answer(counted: Totals, days: int) -> str:
    """The first line: what may change, or why that cannot be said."""
    if not counted.posts:
        return _("Here will be the posts that may change")
    if counted.hot:
        return _n(
            "{count} post may change soon and we are not ready",
            "{count} posts may change soon and we are not ready",
            counted.hot,
        )
    if counted.likely:
        return _("Where a change may come soon, we are ready")
    if counted.figures:
        return none_stands_out(counted.expected, counted.figures, days=days)
    if counted.bands:
        return _("Too little history to say which posts may change")
    if counted.unsaid:
        return _("Nothing can be said of a change within {days} days", days=days)
    return _("Nobody we can name holds a deciding post")


def _points(
    lines: list[RadarLine], rows: list[Any], horizon: int, first: int
) -> list[dict[str, Any]]:
    """The dots of this page's posts, and those of later pages as far as they were read."""
    here = [line.point for line in lines if not line.chance.is_band]
    later = rows[PAGE_SIZE:]
    return here + points_beside(later, horizon=horizon, first=first + PAGE_SIZE)


def _asked() -> RadarQuery:
    sort = chosen("sort", SORTS) or SORTS[0]
    return RadarQuery(
        horizon=horizon_asked(),
        owner_id=number_asked("owner"),
        function=chosen("function", FUNCTIONS),
        sort=sort,
        after=_after(sort),
    )


def _after(sort: str) -> tuple[float | date, int] | None:
    """The last row of the page before, from the address; ``None`` on the first page."""
    key, _, rest = request.args.get("after", "")[:80].partition("~")
    try:
        last_id = int(rest.partition("~")[0])
        value = date.fromisoformat(key) if sort == "due" else float(key)
    except ValueError:
        return None
    is_sane = isinstance(value, date) or abs(value) < 1e6
    return (value, last_id) if 0 <= last_id < 2**31 and is_sane else None


def _number_of_first(asked: RadarQuery) -> int:
    """The number of the first row: those of the pages before go on."""
    number = request.args.get("after", "").rpartition("~")[2]
    is_number = number.isascii() and number.isdecimal() and len(number) < 8
    return int(number) if asked.after is not None and is_number else 1


def _next_page(asked: RadarQuery, rows: list[Any], first: int) -> str | None:
    if len(rows) <= PAGE_SIZE:
        return None
    last = rows[PAGE_SIZE - 1]
    key = last.sort_key
    value = key.isoformat() if isinstance(key, date) else repr(key)
    after = f"{value}~{last.PostOutlook.id}~{first + PAGE_SIZE}"
    return url_for("rotation.index", after=after, **asked.query)


def _drawn(months: tuple[Month, ...]) -> list[list[Any]]:
    """The bars: month, announced, declared, by policy."""
    return [[row.label, row.announced, row.term, row.policy] for row in months]


# --- how good the forecasts were


@pages.get("/backtest")
def back_test() -> str:
    """The newest back-test of an account, or of the whole book for who may read every account."""
    account_id, choices = number_asked("account"), _choices()
    may_read_all = can(current_viewer(), "read")
    if account_id is not None:
        account_or_404(account_id)
    elif not may_read_all:
        account_id = choices[0][0] if choices else None
    is_anything = account_id is not None or may_read_all
    done, waiting = newest_back_tests(account_id) if is_anything else (None, None)
    report = done.report if done else None
    context: dict[str, Any] = {
        "account_id": account_id,
        "done": done,
        "waiting": waiting,
        "report": report,
        "refused": refusal(done.refused) if done and done.refused else None,
        "bins": bins_of(report) if report else [],
        "words": calibration_words(),
        "verdict": verdict(report) if report else None,
        "may_ask": _may_ask(account_id),
    }
    if wants_part():
        return render_template("rotation/back_test_part.html", **context, is_beside=True)
    return render_template(
        "rotation/back_test.html",
        active="rotation",
        tab="backtest",
        choices=choices,
        may_read_all=may_read_all,
        **context,
    )


@pages.post("/backtest")
def ask_of_book() -> Response:
    """Ask for a back-test of the whole book; the sweep works it off."""
    require("write")
    with writing_as_viewer():
        ask_back_test(None, today())
    return redirect(url_for("rotation.back_test"), 303)


@pages.post("/backtest/<int:account_id>")
def ask_of_account(account_id: int) -> Response:
    """Ask for a back-test of one account."""
    account_or_404(account_id, "write")
    with writing_as_viewer():
        ask_back_test(account_id, today())
    return redirect(url_for("rotation.back_test", account=account_id), 303)


def _may_ask(account_id: int | None) -> bool:
    viewer = current_viewer()
    return can(viewer, "write") if account_id is None else can(viewer, "write", account_id)


def _choices() -> list[tuple[int, str]]:
    """The accounts the viewer may read, by name."""
    query = select(Account.id, Account.name).where(accounts_open_to(current_viewer()))
    rows = db.session.execute(query)
    return sorted(((row.id, row.name) for row in rows), key=lambda row: sort_key(row[1]))


# --- how soon we learn of a departure


@pages.get("/learning")
def learning() -> str:
    """Days between a departure and our learning of it: over all, by account and by colleague."""
    lags = detection_lags(departed(current_viewer(), today(), days=DAYS_LOOKED_BACK))
    names = names_of([*lags.by_account, *lags.by_colleague])
    return render_template(
        "rotation/learning.html",
        active="rotation",
        tab="learning",
        overall=lags.overall,
        enough=ENOUGH,
        words=quarters_words(),
        quarters=[
            [row.quarter, round(row.median), row.count]
            for row in (lags.overall.quarters if lags.overall else ())
        ],
        tables=(
            (_("By account"), _("Account"), _slowest(lags.by_account, names)),
            (_("By colleague who entered it"), _("Colleague"), _slowest(lags.by_colleague, names)),
        ),
        years=DAYS_LOOKED_BACK // 365,
    )


def _slowest(lags: Mapping[Ref, Lag], names: Names) -> list[tuple[Any, Lag]]:
    """The slowest first, those with a name the viewer may see."""
    known = [(names.link(ref), lag) for ref, lag in lags.items() if ref in names]
    return sorted(known, key=lambda row: (-row[1].median, -row[1].count))[:LISTED]
