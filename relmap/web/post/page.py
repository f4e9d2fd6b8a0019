"""A post: who sits there, who sat there before, what it decides, to whom it reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final, cast

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from relmap.contracts import LEVELS, AccountView, PostRow, Ref
from relmap.contracts.words import END_REASONS, EndReason
from relmap.errors import Refused
from relmap.facts.audit import refuse_changed_later
from relmap.facts.structure import change_post
from relmap.facts.tenures import correct_end, end_tenure, set_term
from relmap.graph import view
from relmap.insight.introductions import introducers
from relmap.insight.seating import seats
from relmap.languages import label, tell
from relmap.models import Post, Tenure, Unit, db
from relmap.permissions import Verb, accounts_open_to, can
from relmap.web.account.policy import MONTHS
from relmap.web.forms.typed import LATEST, day_typed, number_typed, share_typed
from relmap.web.layout.names import language_of, written_name
from relmap.web.layout.query import EARLIEST, today
from relmap.web.layout.sentences import names_in, page_of
from relmap.web.outlook.deciding_posts import followers_of
from relmap.web.outlook.foresight import foreseen
from relmap.web.person.prospect import held_ahead
from relmap.web.post.occupancy import chances_in
from relmap.web.seats import seat_card
from relmap.web.security.viewer import current_viewer, writing_as_viewer
from relmap.web.timeline.page import drawn

pages = Blueprint("post", __name__, url_prefix="/posts/<int:post_id>")

LEFT_LATELY: Final = timedelta(days=90)
"""So long a departure can be taken back on the page."""
REASONS: Final = tuple(key for key in END_REASONS if key != "acting_ended")


@pages.get("")
def show(post_id: int) -> str:
    """The seat as it stands today, and its history."""
    return _page(_account_or_404(post_id), post_id)


def _account_or_404(post_id: int, verb: Verb = "read") -> int:
    """The id of the post's account; ends the request as :func:`account_or_404` does."""
    query = (
        select(Unit.account_id)
        .join(Post, Post.unit_id == Unit.id)
        .where(Post.id == post_id, accounts_open_to(current_viewer(), "read", Unit.account_id))
    )
    account_id = db.session.scalar(query)
    if account_id is None:
        abort(404)
    if verb != "read" and not can(current_viewer(), verb, account_id):
        abort(403)
    return account_id


def _page(account_id: int, post_id: int, *, refused: str | None = None) -> str:
    (seen, ahead), ref = foreseen(view(account_id, today())), Ref("post", post_id)
    if ref not in seen:
        abort(404)
    post, chances = seen.post(ref), chances_in(seen)
    lanes, wide, narrow = drawn(seen, [post], chances)
    return render_template(
        "post/post.html",
        active="accounts",
        post=post,
        lang=language_of(post.title),
        status=seen.status(post),
        status_word=label("status", seen.status(post)),
        unit=seen.unit(post.unit),
        account=seen.account,
        function=label("function", post.function),
        level=label("level", post.level),
        is_deciding=seen.is_deciding(post),
        cards=[seat_card(seen, seat, link=page_of) for seat in seats(seen) if seat.post.ref == ref],
        lane=lanes[0],
        wide=wide,
        narrow=narrow,
        has_chances=bool(chances),
        ahead=held_ahead(seen, seen.holders(ref)),
        followers=followers_of(ref, ahead, names_in(seen)),
        today=today(),
        superior=seen.post(post.reports_to)
        if post.reports_to and post.reports_to in seen
        else None,
        reports=[row for row in seen.open_posts if row.reports_to == ref],
        inside=[
            (written_name(*_names(seen, row.person)), row.person.id, seen.person(row.ours).name)
            for row in introducers(seen, post, newcomers=())[:3]
        ],
        declared=_declared(seen, post, refused)
        if can(current_viewer(), "write", account_id)
        else None,
    )


def _declared(seen: AccountView, post: PostRow, refused: str | None) -> dict[str, Any]:
    """What the forms of the page are filled with; ``refused`` is why the last one was not taken."""
    lately = seen.as_of - LEFT_LATELY
    people = [
        (row, written_name(*_names(seen, row.person)))
        for row in sorted(seen.tenures_in(post.ref), key=lambda row: row.has_ended(seen.as_of))
        if row.ends_on is None or row.ends_on > lately
    ]
    on_record = {
        "term_months": post.term_months,
        "review_month": post.review_month,
        "weight": f"{post.decision_weight:g}" if post.weight_given else "",
        "level": post.level,
        "on": today().isoformat(),
    }
    form = request.form.get("form", "") if refused else ""
    return {
        "people": people,
        "months": MONTHS,
        "levels": {key: label("level", key) for key in LEVELS},
        "reasons": {key: label("end_reason", key) for key in REASONS},
        "filled": request.form if form == "post" else on_record,
        "typed": request.form,
        "form": form,
        "refused": refused,
        "earliest": EARLIEST,
        "latest": today() + LATEST,
    }


# --- what somebody declares


@pages.post("/declared")
def declare(post_id: int) -> Response | tuple[str, int]:
    """For how long the post is given and what it decides, from a day on."""

    def write() -> str:
        post = db.session.get_one(Post, post_id)
        day = day_typed("on") or today()
        values = _said_of(post, day)
        change_post(post, values, day=day)
        return "Stored. The next forecast goes by it." if values else "Nothing was different."

    return _written(post_id, write)


def _said_of(post: Post, day: date) -> dict[str, Any]:
    """What differs from what is on record; raises ``Refused`` where that began after the day."""
    said = {
        "term_months": number_typed("term_months", "Months of the term"),
        "review_month": number_typed("review_month", "Month of review"),
        "decision_weight": share_typed("weight", "Weight"),
        "level": request.form.get("level", post.level),
    }
    refuse_changed_later(post, said, day)
    return {key: value for key, value in said.items() if value != getattr(post, key)}


@pages.post("/tenures/<int:tenure_id>/term")
def declare_term(post_id: int, tenure_id: int) -> Response | tuple[str, int]:
    """The day on which a holder's term ends as declared, or that none is."""

    def write() -> str:
        ends_on = day_typed("ends_on", may_lie_ahead=True)
        set_term(_tenure_or_404(post_id, tenure_id), ends_on, day=today())
        return "Stored. The next forecast goes by it."

    return _written(post_id, write, tenure_id)


@pages.post("/tenures/<int:tenure_id>/end")
def end(post_id: int, tenure_id: int) -> Response | tuple[str, int]:
    """The holder has left, or will leave on a day that is announced."""

    def write() -> str:
        tenure = _tenure_or_404(post_id, tenure_id)
        day = day_typed("left_on", may_lie_ahead=True)
        if day is None:
            raise Refused("Say on which day the post is left.")
        reason = cast(EndReason, request.form.get("reason", "unknown"))  # refused if it is none
        end_tenure(tenure, day, reason=reason, nobody_yet="empty" in request.form)
        name, past = tenure.person.name, day <= today()
        return f"{name} {'has left' if past else 'is announced to leave'}. It can be taken back."

    return _written(post_id, write, tenure_id)


@pages.post("/tenures/<int:tenure_id>/stay")
def stay(post_id: int, tenure_id: int) -> Response | tuple[str, int]:
    """Take back that a holder has left or will leave: it was never true."""

    def write() -> str:
        correct_end(_tenure_or_404(post_id, tenure_id), None)
        return "Taken back."

    return _written(post_id, write, tenure_id)


def _tenure_or_404(post_id: int, tenure_id: int) -> Tenure:
    tenure = db.session.get(Tenure, tenure_id)
    if tenure is None or tenure.post_id != post_id:
        abort(404)
    return tenure


def _written(
    post_id: int, write: Callable[[], str], tenure_id: int | None = None
) -> Response | tuple[str, int]:
    """One unit of work, and the page again; a refusal shows the form as it was filled in."""
    account_id = _account_or_404(post_id, "write")
    if tenure_id is not None:
        _tenure_or_404(post_id, tenure_id)
    try:
        with writing_as_viewer():
            said = write()
    except Refused as error:
        return _page(account_id, post_id, refused=tell(error)), 422
    flash(said)
    return redirect(url_for("post.show", post_id=post_id), 303)


def _names(seen: AccountView, person: Ref) -> tuple[str, str | None]:
    row = seen.person(person)
    return row.name, row.latin_name
