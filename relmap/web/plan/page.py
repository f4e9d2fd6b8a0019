"""Whom to cultivate in an account: the plan as a list, a map of it, and all deciding posts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from relmap.clock import today
from relmap.graph import view
from relmap.insight.questions import VISITS
from relmap.insight.thresholds import HORIZONS
from relmap.languages import label
from relmap.permissions import can
from relmap.web.layout.account_head import account_head, tabs
from relmap.web.layout.query import day_asked
from relmap.web.maps.map_words import map_words
from relmap.web.plan.cultivation import read
from relmap.web.plan.loss import loss_of
from relmap.web.plan.query import MOST_VISITS, STEPS_OF_POSTS
from relmap.web.security.viewer import account_or_404, current_viewer

pages = Blueprint("cultivate", __name__, url_prefix="/accounts/<int:account_id>/cultivate")


@pages.get("")
def show(account_id: int) -> str:
    """The list first, the map beside it, the table below; with a what-if its differences on top."""
    account, day = account_or_404(account_id), day_asked()
    seen = view(account.id, day)
    found = read(seen)
    return render_template(
        "plan/cultivate.html",
        active="accounts",
        head=account_head(account, day, seen=seen),
        tabs=tabs(account.id, day),
        tab="map",
        found=found,
        asked=found.asked,
        loss=loss_of(found),
        horizons=HORIZONS,
        words=map_words(),
        most_visits=MOST_VISITS,
        usual_visits=VISITS,
        may_take=day == today() and can(current_viewer(), "write", account),
        steps_of_posts=STEPS_OF_POSTS,
        functions={
            key: label("function", key)
            for key in dict.fromkeys(seen.post(row.post).function for row in found.found.targets)
        },
    )


@pages.get("/map.json")
def data(account_id: int) -> dict[str, Any]:
    """What map.js draws."""
    account, day = account_or_404(account_id), day_asked()
    return read(view(account.id, day)).content()
