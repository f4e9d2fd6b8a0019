"""What if: who is taken away, theirs or ours or a whole unit, and everything that differs then."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from relmap.contracts import AccountView
from relmap.errors import Refused
from relmap.graph import view
from relmap.languages import _, sort_key
from relmap.models import Account
from relmap.permissions import can
from relmap.results.runs.what_ifs import ask_what_if, read_what_if
from relmap.web.layout.account_head import account_head, tabs
from relmap.web.layout.query import day_asked, wants_part
from relmap.web.plan.cultivation import read
from relmap.web.plan.loss import loss_of
from relmap.web.plan.query import PlanQuery
from relmap.web.plan.query import asked as asked_of
from relmap.web.security.viewer import account_or_404, current_viewer, writing_as_viewer

pages = Blueprint("what_if", __name__, url_prefix="/accounts/<int:account_id>/what-if")


@pages.get("")
def show(account_id: int) -> str:
    """Whom to take away, and what is lost without them."""
    account, day = account_or_404(account_id), day_asked()
    seen = view(account.id, day)
    found = read(seen)
    return render_template(
        "what_if/what_if.html",
        active="accounts",
        head=account_head(account, day, seen=seen),
        tabs=tabs(account.id, day),
        tab="what_if",
        found=found,
        asked=found.asked,
        loss=loss_of(found),
        theirs=_theirs(seen, found.asked),
        ours=sorted(
            (row.ref.id, row.name)
            for row in seen.people_of("us")
            if row.ref not in found.asked.people
        ),
        units=_units(seen, found.asked),
    )


def _theirs(seen: AccountView, wanted: PlanQuery) -> list[tuple[int, str]]:
    """Who is in post, the weightiest first, without those taken away."""
    found: dict[int, str] = {}
    for post in sorted(seen.open_posts, key=lambda row: (-row.decision_weight, row.ref)):
        for tenure in seen.holders(post.ref):
            if tenure.person not in wanted.gone:
                person = seen.person(tenure.person)
                name = f"{person.name} {person.latin_name or ''}".strip()
                found.setdefault(person.ref.id, _("{name}, {post}", name=name, post=post.title))
    return list(found.items())


def _units(seen: AccountView, wanted: PlanQuery) -> list[tuple[int, str]]:
    """The units with somebody in post: a wave may take all of them."""
    held = {seen.post(row.post).unit for row in seen.open_tenures}
    rows = [row for row in seen.open_units if row.ref in held and row.ref not in wanted.units]
    return sorted(((row.ref.id, row.name) for row in rows), key=lambda row: sort_key(row[1]))


# --- the scores, which rules give


@pages.get("/scores")
def scores(account_id: int) -> str:
    """What the rules say without them; polled while it is worked out."""
    account, day = account_or_404(account_id), day_asked()
    seen = view(account.id, day)
    context = _scores(account, asked_of(seen))
    if wants_part():
        return render_template("what_if/lost_scores.html", **context)
    return render_template(
        "layout/account_tab.html",
        active="accounts",
        head=account_head(account, day, seen=seen),
        tabs=tabs(account.id, day),
        tab="what_if",
        part="what_if/lost_scores.html",
        **context,
    )


@pages.post("/scores")
def ask(account_id: int) -> Response | str:
    """Ask for the scores without them; the sweep works it off."""
    account, day = account_or_404(account_id, "write"), day_asked()
    wanted = asked_of(view(account.id, day))
    if not wanted.gone:
        raise Refused("Nobody is taken away, so no score differs. Choose somebody first.")
    with writing_as_viewer():
        ask_what_if(account, day, wanted.gone)
    if wants_part():
        return render_template("what_if/lost_scores.html", **_scores(account, wanted))
    return redirect(wanted.url("what_if.scores"), 303)


def _scores(account: Account, wanted: PlanQuery) -> dict[str, Any]:
    return {
        "asked": wanted,
        "row": read_what_if(account, wanted.day, wanted.gone) if wanted.gone else None,
        "may_ask": bool(wanted.gone) and can(current_viewer(), "write", account),
    }
