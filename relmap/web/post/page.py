"""A post: who sits there, who sat there before, what it decides, to whom it reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from relmap.clock import today
from relmap.contracts import LEVELS, N_, AccountView, Ref
from relmap.contracts.words import END_REASONS
from relmap.facts.audit import refuse_changed_later
from relmap.facts.structure import change_post
from relmap.facts.tenures import correct_end, end_tenure, set_term
from relmap.graph import view
from relmap.insight.introductions import introducers
from relmap.insight.seating import seats
from relmap.languages import _, label, sort_key, tell
from relmap.languages.labels import label_message
from relmap.models import Post, Tenure, Unit, db
from relmap.permissions import Verb, accounts_open_to, can
from relmap.web.account.policy import MONTHS
from relmap.web.forms import Choice, Day, Form, Fraction, Tick, Watched, WholeNumber, saved
from relmap.web.layout.names import language_of, name_of
from relmap.web.layout.sentences import names_in, page_of
from relmap.web.outlook.deciding_posts import followers_of
from relmap.web.outlook.plan_lines import foreseen
from relmap.web.person.prospect import held_ahead
from relmap.web.seats import seat_card
from relmap.web.security.viewer import current_viewer
from relmap.web.timeline.occupancy import chances_in
from relmap.web.timeline.page import drawn

pages = Blueprint("post", __name__, url_prefix="/posts/<int:post_id>")

LEFT_LATELY: Final = timedelta(days=90)
"""So long a departure can be taken back on the page."""
BY_RELMAP: Final = ("acting_ended", "never_came")
REASONS: Final = {key: label_message("end_reason", key) for key in END_REASONS}


class PostForm(Form):
    """For how long a post is given, and what it decides."""

    term_months = WholeNumber(N_("Given for, in months"), most=600)
    review_month = Choice(N_("Decided in"), MONTHS, empty=N_("no month on record"))
    weight = Fraction(
        N_("Weight in decisions, 0 to 1"),
        column="decision_weight",
        help=N_("Empty: by the level and whose word is asked for. From 0.5 up it decides."),
    )
    level = Choice(N_("Level"), {key: label_message("level", key) for key in LEVELS})
    on = Day(
        N_("Holds from"), column=None, default=today, required=N_("Say from which day on it holds.")
    )


class TermForm(Form):
    """Until when a holder has the post as declared."""

    ends_on = Day(
        N_("Declared term ends on"),
        column="term_ends_on",
        may_lie_ahead=True,
        help=N_(
            "Until then the post is given; the person may stay longer. Empty: none is declared."
        ),
    )
    left_on = Watched(N_("Left on"), column="ends_on")


class LeaveForm(Form):
    """A holder has left, or is announced to."""

    left_on = Day(
        N_("Left, or is announced to leave, on"),
        column=None,
        about="ends_on",
        may_lie_ahead=True,
        required=N_("Say on which day the post is left."),
        help=N_("The first day without the post."),
    )
    reason = Choice(
        N_("Why"),
        column=None,
        about="end_reason",
        default="unknown",
    )
    empty = Tick(N_("nobody sits there from then on"), column=None)
    ended_on = Watched(N_("Left on"), column="ends_on")
    end_reason = Watched(N_("Why"), REASONS)

    def prepare(self) -> None:
        """The reasons in their order to the reader; who is confirmed has not left."""
        told = {key: tell(said) for key, said in REASONS.items() if key not in BY_RELMAP}
        self.reason.options = {
            key: told[key] for key in sorted(told, key=lambda key: sort_key(told[key]))
        }


class StayForm(Form):
    """A departure was a slip."""

    ended_on = Watched(N_("Left on"), column="ends_on")
    end_reason = Watched(N_("Why"), REASONS)


AnyForm = TypeVar("AnyForm", bound=Form)


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


def _page(account_id: int, post_id: int, *, sent: Form | None = None) -> str:
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
            (name_of(seen.person(row.person)), row.person.id, seen.person(row.ours).name)
            for row in introducers(seen, post, newcomers=())[:3]
        ],
        declared=_declared(seen, post.ref, sent)
        if can(current_viewer(), "write", account_id)
        else None,
    )


def _declared(seen: AccountView, ref: Ref, sent: Form | None) -> dict[str, Any]:
    """The forms of the page; ``sent`` is the one that was not taken, as it was filled in."""
    lately = seen.as_of - LEFT_LATELY
    rows = [
        row
        for row in sorted(seen.tenures_in(ref), key=lambda row: row.has_ended(seen.as_of))
        if row.ends_on is None or row.ends_on > lately
    ]
    query = select(Tenure).where(Tenure.id.in_([row.ref.id for row in rows]))
    stored = {tenure.id: tenure for tenure in db.session.scalars(query)}

    def form_of(kind: type[AnyForm], row: Post | Tenure) -> AnyForm:
        """The form that was sent where it is this one, else as it is on record."""
        return sent if type(sent) is kind and sent.row is row else kind(row, key=_key(row))

    post = db.session.get_one(Post, ref.id)
    of_post = form_of(PostForm, post)
    of_post.weight.without = f"{seen.post(ref).decision_weight:.2g}"
    return {
        "people": [
            (
                row,
                name_of(seen.person(row.person)),
                [form_of(kind, stored[row.ref.id]) for kind in (StayForm, TermForm, LeaveForm)],
            )
            for row in rows
        ],
        "post": of_post,
        "sent": sent,
    }


# --- what somebody declares


@pages.post("/declared")
def declare(post_id: int) -> Response | tuple[str, int]:
    """For how long the post is given and what it decides, from a day on."""

    def write(form: PostForm) -> str:
        post, differing, day = form.row, form.differing, form.on.data
        refuse_changed_later(post, form.said, day)
        change_post(post, differing, day=day)
        if not differing:
            return _("Nothing was different.")
        return _("Stored. The next forecast goes by it.")

    return _written(post_id, PostForm, write)


@pages.post("/tenures/<int:tenure_id>/term")
def declare_term(post_id: int, tenure_id: int) -> Response | tuple[str, int]:
    """The day on which a holder's term ends as declared, or that none is."""

    def write(form: TermForm) -> str:
        set_term(form.row, form.ends_on.data, day=today())
        return _("Stored. The next forecast goes by it.")

    return _written(post_id, TermForm, write, tenure_id)


@pages.post("/tenures/<int:tenure_id>/end")
def end(post_id: int, tenure_id: int) -> Response | tuple[str, int]:
    """The holder has left, or will leave on a day that is announced."""

    def write(form: LeaveForm) -> str:
        tenure, day = form.row, form.left_on.data
        end_tenure(tenure, day, reason=form.reason.data, nobody_yet=form.empty.data)
        name = tenure.person.name
        if day > today():
            return _("{name} is announced to leave. It can be taken back.", name=name)
        return _("{name} has left. It can be taken back.", name=name)

    return _written(post_id, LeaveForm, write, tenure_id)


@pages.post("/tenures/<int:tenure_id>/stay")
def stay(post_id: int, tenure_id: int) -> Response | tuple[str, int]:
    """Take back that a holder has left or will leave: it was never true."""

    def write(form: StayForm) -> str:
        correct_end(form.row, None)
        return _("Taken back.")

    return _written(post_id, StayForm, write, tenure_id)


def _tenure_or_404(post_id: int, tenure_id: int) -> Tenure:
    tenure = db.session.get(Tenure, tenure_id)
    if tenure is None or tenure.post_id != post_id:
        abort(404)
    return tenure


def _key(row: Post | Tenure) -> str:
    """What the ids of a form's fields begin with: the page has one form a holder."""
    return f"{row.__tablename__}-{row.id}"


def _written(
    post_id: int,
    kind: type[AnyForm],
    write: Callable[[AnyForm], str],
    tenure_id: int | None = None,
) -> Response | tuple[str, int]:
    """One form that was sent, written, and the page again; else the form as it was filled in."""
    account_id = _account_or_404(post_id, "write")
    row: Post | Tenure = db.session.get_one(Post, post_id)
    if tenure_id is not None:
        row = _tenure_or_404(post_id, tenure_id)
    form = kind(row, sent=True, key=_key(row))
    told: list[str] = []
    if not saved(form, lambda: told.append(write(form))):
        return _page(account_id, post_id, sent=form), form.http_status
    flash(told[0])
    return redirect(url_for("post.show", post_id=post_id), 303)
