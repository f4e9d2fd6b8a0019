"""A post: who sits there, who sat there before, what it decides, to whom it reports."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from sqlalchemy import select

from relmap.contracts import AccountView, Ref
from relmap.graph import view
from relmap.insight.introductions import introducers
from relmap.insight.seating import seats
from relmap.models import Post, Unit, db
from relmap.permissions import accounts_open_to
from relmap.web import words
from relmap.web.ahead import foreseen
from relmap.web.asked import today
from relmap.web.held import chances_in
from relmap.web.may_change import followers_of
from relmap.web.names import language_of, written_name
from relmap.web.pages.timeline import drawn
from relmap.web.prospect import held_ahead
from relmap.web.seats import seat_card
from relmap.web.texts import names_in, page_of
from relmap.web.viewer import current_viewer

pages = Blueprint("post", __name__, url_prefix="/posts")


@pages.get("/<int:post_id>")
def show(post_id: int) -> str:
    """The seat as it stands today, and its history."""
    query = (
        select(Unit.account_id)
        .join(Post, Post.unit_id == Unit.id)
        .where(Post.id == post_id, accounts_open_to(current_viewer(), "read", Unit.account_id))
    )
    account_id = db.session.scalar(query)
    if account_id is None:
        abort(404)
    (seen, ahead), ref = foreseen(view(account_id, today())), Ref("post", post_id)
    if ref not in seen:
        abort(404)
    post, chances = seen.post(ref), chances_in(seen)
    lanes, wide, narrow = drawn(seen, [post], chances)
    return render_template(
        "post.html",
        active="accounts",
        post=post,
        lang=language_of(post.title),
        status=seen.status(post),
        status_word=words.STATUSES[seen.status(post)],
        unit=seen.unit(post.unit),
        account=seen.account,
        function=words.FUNCTIONS.get(post.function, (words.word(post.function), "")),
        level=words.LEVELS[post.level],
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
    )


def _names(seen: AccountView, person: Ref) -> tuple[str, str | None]:
    row = seen.person(person)
    return row.name, row.latin_name
