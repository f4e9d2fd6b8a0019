"""The lasting relations of an account's people, and of the outsiders they are tied to.

An outsider is one of theirs who never was in the account: a former colleague who is elsewhere now.
Ours know them and they know insiders, so that their ties to us and to each other make a way in.
Touches with them stay out: others of their present account took part; so does a tie between two who
were both at accounts, which is theirs. Who went to another account
is one from then on: of them, too, our ties stay, and their ties to others there do not come in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, union

from relmap.clock import day_end
from relmap.contracts import TieRow
from relmap.contracts.refs import ref_of
from relmap.graph.columns import DAY, end_as_of, ref_or_none, rows_of
from relmap.graph.people import insiders, is_of_insiders_time, is_of_the_account
from relmap.models import Person, Tie

__all__ = ["TIE_COLUMNS", "tie_row", "tie_rows"]

TIE_COLUMNS: Final = (
    Tie.id,
    Tie.a_id,
    Tie.b_id,
    Tie.kind,
    Tie.sign,
    Tie.level,
    Tie.starts_on,
    Tie.observed_on,
    Tie.ends_on,
    Tie.basis,
    Tie.observer_id,
)


def tie_rows(account_id: int, day: date) -> tuple[TieRow, ...]:
    """The ties of the account's people, and of outsiders to us, that began by ``day``, by ids."""
    asked = {"account_id": account_id, "day": day, "day_over": day_end(day)}
    found = rows_of(_ties(), asked)
    return tuple(tie_row(row, day) for row in found)


@cache
def _ties() -> Any:
    began = or_(Tie.starts_on.is_(None), Tie.starts_on <= DAY)
    inside = select(insiders().cte("inside"))
    outside = select(_outsiders(inside, began).cte("outside"))
    a_is_ours, b_is_ours = (
        exists().where(Person.id == end, Person.side == "us") for end in (Tie.a_id, Tie.b_id)
    )
    nowhere = or_(*(is_of_the_account(end, Tie.made_on()) for end in (Tie.a_id, Tie.b_id)))
    among_outsiders = and_(Tie.b_id.in_(outside), nowhere)
    known = union(  # each by an index: one condition for all of them would read every tie
        select(Tie.id).where(Tie.a_id.in_(inside), or_(b_is_ours, _is_here(Tie.a_id))),
        select(Tie.id).where(Tie.b_id.in_(inside), or_(a_is_ours, _is_here(Tie.b_id))),
        select(Tie.id).where(Tie.a_id.in_(outside), or_(among_outsiders, b_is_ours)),
        select(Tie.id).where(Tie.b_id.in_(outside), a_is_ours),
    )
    return select(*TIE_COLUMNS).where(Tie.id.in_(known), began).order_by(Tie.id)


def _outsiders(inside: Select[Any], began: ColumnElement[bool]) -> Select[Any]:
    """SQL: those of their side who are tied to an insider and are none."""
    tied = union(
        select(Tie.b_id).where(Tie.a_id.in_(inside), began, _is_here(Tie.a_id)),
        select(Tie.a_id).where(Tie.b_id.in_(inside), began, _is_here(Tie.b_id)),
    )
    return select(Person.id).where(
        Person.id.in_(tied), Person.side == "client", Person.id.not_in(inside)
    )


def _is_here(end: Any) -> ColumnElement[bool]:
    """SQL: the tie was made, or last judged, while this end of it was at the account."""
    return is_of_insiders_time(end, Tie.made_on())


def tie_row(values: Iterable[Any], day: date) -> TieRow:
    """A tie as it was on ``day``; ``values`` are those of :data:`TIE_COLUMNS`."""
    number, a_id, b_id, kind, sign, level, starts_on, observed_on, *rest = values
    ends_on, basis, observer_id = rest
    is_judged = starts_on is not None or observed_on <= day
    return TieRow(
        ref=ref_of("tie", number),
        a=ref_of("person", a_id),
        b=ref_of("person", b_id),
        kind=kind,
        sign=sign,
        level=level if is_judged else None,  # from a known start: another level, another tie
        starts_on=starts_on,
        observed_on=min(observed_on, day),
        ends_on=end_as_of(day, ends_on),
        basis=basis,
        observer=ref_or_none("person", observer_id),
    )
