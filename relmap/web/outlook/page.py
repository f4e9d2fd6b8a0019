"""The outlook of an account: what may change, whom to meet, what to ask."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from relmap.clock import today
from relmap.graph import view
from relmap.insight.concentration import effective_threads
from relmap.insight.thresholds import HORIZON, HORIZONS
from relmap.models import Due, db
from relmap.permissions import can
from relmap.results.reports.foresight import read_post_outlooks
from relmap.results.runs import scoring
from relmap.web.layout.account_head import account_head, tabs
from relmap.web.layout.query import day_asked, horizon_asked
from relmap.web.layout.sentences import line, names_in
from relmap.web.outlook.deciding_posts import answer_of, posts_ahead, questions_of
from relmap.web.outlook.plan_lines import plan_lines, taken_beside
from relmap.web.security.viewer import account_or_404, current_viewer, writing_as_viewer

pages = Blueprint("outlook", __name__, url_prefix="/accounts/<int:account_id>")

QUESTIONS: Final = 8
SHORT: Final = 4


@pages.get("/outlook")
def of_account(account_id: int) -> str:
    """Posts that may change, the plan, the questions worth asking and what our way hangs on."""
    account, day = account_or_404(account_id), day_asked(account_id)
    seen = view(account.id, day)
    horizon = horizon_asked()
    (ahead, rows), names = read_post_outlooks(seen), names_in(seen)
    rows = rows if day == today() else []
    is_asking = ahead is None and day < today()
    spread, plan = effective_threads(seen), plan_lines(ahead, names, most=None)
    return render_template(
        "layout/account_tab.html",
        active="accounts",
        head=account_head(account, day, seen=seen),
        tabs=tabs(account.id, day),
        tab="outlook",
        part="outlook/outlook_tab.html",
        account_id=account.id,
        ahead=ahead,
        posts=posts_ahead(seen, ahead, rows, names, horizon=horizon),
        answer=answer_of(seen, rows, horizon=horizon) if rows else None,
        horizon=horizon,
        horizons=[days for days in HORIZONS if days != 90 or _has_90(rows)],
        plan=plan,
        beside=taken_beside(ahead, plan, names),
        left_out=[line(row, names) for row in ahead.plan["left_out"]] if ahead else [],
        questions=questions_of(ahead, names, most=QUESTIONS),
        threads=spread,
        may_take=day == today() and can(current_viewer(), "write", account),
        may_ask=is_asking and can(current_viewer(), "write", account),
        is_asked=is_asking and _is_asked(account_id, day),
        is_today=day == today(),
        asked_on=None if day == today() else day.isoformat(),
    )


def _is_asked(account_id: int, day: date) -> bool:
    """Whether somebody asked for this very day and the sweep has not come to it."""
    waiting = select(Due.id).where(Due.account_id == account_id, Due.on == day)
    return db.session.scalar(waiting) is not None


@pages.post("/outlook")
def ask(account_id: int) -> Response:
    """Ask for the forecast of the very day, with its scores; the sweep works it off."""
    account, day = account_or_404(account_id, "write"), day_asked()
    with writing_as_viewer():
        scoring.ask(account.id, day)
    on = None if day == today() else day.isoformat()
    return redirect(url_for("outlook.of_account", account_id=account_id, on=on), 303)


def _has_90(rows: Any) -> bool:
    return any(row.change90 is not None for row in rows)


@pages.get("/outlook/short")
def short(account_id: int) -> str:
    """The posts likeliest to be lost, for the overview (loaded after it)."""
    account, day = account_or_404(account_id), day_asked(account_id)
    seen = view(account.id, day)
    ahead, rows = read_post_outlooks(seen)
    posts = posts_ahead(seen, ahead, rows, names_in(seen), horizon=HORIZON)
    return render_template(
        "outlook/may_change.html",
        account_id=account.id,
        posts=[post for post in posts if post.chance][:SHORT],
        post_count=len(posts),
        horizon=HORIZON,
    )
