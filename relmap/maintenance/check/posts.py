"""Posts that break the rules of the services."""

from __future__ import annotations

from collections.abc import Iterator

from relmap.contracts import Message, Ref
from relmap.maintenance.check.structure import Fact, Structure, circles, lies_within, span_of
from relmap.maintenance.check.violation import Violation

__all__ = ["check_posts"]


def check_posts(book: Structure) -> Iterator[Violation]:
    """Posts outside their unit, that report in circles, or are vacant and held."""
    for post in book.posts.values():
        ref, unit = Ref("post", post.id), book.units[post.unit_id]
        if not lies_within(post, unit, may_be_older=("post", post.id) in book.moved):
            text = Message(
                "{post} ({span}) outlasts its unit {unit} ({unit_span}).",
                {
                    "post": post.title,
                    "span": span_of(post),
                    "unit": unit.name,
                    "unit_span": span_of(unit),
                },
            )
            yield Violation("post_outside_unit", ref, text)
        superior = book.posts.get(post.reports_to_id)
        if superior is not None and book.account_of(superior) != book.account_of(post):
            text = Message(
                "{post} reports to {superior}, a post of another account.",
                {"post": post.title, "superior": superior.title},
            )
            yield Violation("superior_elsewhere", ref, text)
        yield from _vacancies(book, post)
    above = {post.id: post.reports_to_id for post in book.posts.values()}
    for circle in circles(above):
        titles = " → ".join(book.posts[post].title for post in circle)
        text = Message("{titles} report to each other in a circle.", {"titles": titles})
        yield Violation("reporting_circle", Ref("post", circle[0]), text)


def _vacancies(book: Structure, post: Fact) -> Iterator[Violation]:
    if post.vacant_since is None:
        return
    for tenure in book.tenures.get(post.id, ()):
        if tenure.ends_on is None or tenure.ends_on > post.vacant_since:
            text = Message(
                "{post} is marked vacant since {day} and has a holder.",
                {"post": post.title, "day": post.vacant_since},
            )
            yield Violation("vacant_but_held", Ref("post", post.id), text)
            return
