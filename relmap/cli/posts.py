"""Posts at the command line: what a seat decides, and for how long it is given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import click

from relmap import graph
from relmap.cli.choice import find_post
from relmap.cli.options import account_named, clearable, said_of, since_option, with_app
from relmap.cli.printing import say
from relmap.contracts.words import LEVELS
from relmap.facts import structure
from relmap.languages import _, clauses, label_message, word
from relmap.models import Post, db, writing

__all__ = ["post"]


@click.group()
def post() -> None:
    """Seats in the client's organisation."""


@post.command("set")
@account_named(is_required=True, before="post")
@clearable("--term-months", kind=click.INT, help="For so many months the post is given.")
@clearable("--review-month", kind=click.INT, help="The month in which that is decided, 1 to 12.")
@clearable(
    "--weight", kind=click.FLOAT, help="What the post decides, 0 to 1; by its level unless said."
)
@click.option("--level", type=click.Choice(LEVELS), help="The level, where the title misleads.")
@since_option()
@with_app
def set_post(
    account: str,
    post: str,
    weight: float | str | None,
    level: str | None,
    on: date,
    **months: int | str | None,
) -> None:
    """Say for how long a post is given and what it decides, from a day on.

    POST is a title, or post:ID where several posts have it.
    """
    values = said_of(decision_weight=weight, level=level, **months)
    if not values:
        raise click.UsageError(_("Say what to set: --term-months, --weight, ..."))
    with writing():
        ref = find_post(graph.view(structure.find_account(account).id, on), post)
        found = db.session.get_one(Post, ref.id)
        structure.change_post(found, values, day=on)
        title, unit, said = found.title, found.unit.name, clauses(_told(found))
    say("{post} ({unit}): {said}.", post=title, unit=unit, said=said)


def _told(found: Post) -> Iterator[str]:
    yield word("level", found.level)
    if found.decision_weight is None:
        yield _("weight by its level")
    else:
        yield _("weight {weight:g}", weight=found.decision_weight)
    if found.term_months is None:
        yield _("no term of its own")
    else:
        yield _("given for {months} months", months=found.term_months)
    if found.review_month is not None:
        yield _("reviewed in {month}", month=label_message("month", str(found.review_month)))
