"""How often people left in the book's other accounts: the one number that carries over.

It is fitted once a day and stored: what is written in one account changes no other account's
forecast of the same day. Real accounts lend to real ones only, invented ones to invented ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from relmap.insight.outlook import RateElsewhere
from relmap.insight.outlook.rate import LOOK_BACK, recorded
from relmap.insight.outlook.stays import Span, last_day, sittings
from relmap.models import Account, BookRate, Post, Tenure, Unit, db, writing
from relmap.models.chunks import streamed

__all__ = ["rate_elsewhere"]

Part = tuple[int, int, int]
"""Ends, person-days and tenures of one account within the last three years."""


def rate_elsewhere(account_id: int, day: date) -> RateElsewhere | None:
    """The rate of all other accounts of its kind as of ``day``; ``None`` where nobody was in post.

    Fits and stores the rate where the day has none: call it outside any unit of work.
    """
    is_sample = db.session.scalar(select(Account.is_sample).where(Account.id == account_id))
    if is_sample is None:
        return None
    ends, days, tenures = _others(account_id, day, is_sample) or _fitted(account_id, day, is_sample)
    return RateElsewhere(ends, days / 365, tenures) if days else None


def _others(account_id: int, day: date, is_sample: bool) -> Part | None:
    """The stored sums less the account's own part, which the database picks out of them."""
    row = db.session.execute(
        select(
            BookRate.ends,
            BookRate.person_days,
            BookRate.tenures,
            BookRate.parts[str(account_id)].label("own"),
        ).where(BookRate.on == day, BookRate.is_sample == is_sample)
    ).one_or_none()
    if row is None:
        return None
    own = row.own or (0, 0, 0)  # an account that came after the fit has none
    return row.ends - own[0], row.person_days - own[1], row.tenures - own[2]


def _fitted(account_id: int, day: date, is_sample: bool) -> Part:
    """Reckon and store the rate; whoever comes second at the same time takes the first's."""
    parts = {number: _part(spans, day) for number, spans in _spans(day, is_sample)}
    try:
        with writing():
            if (stored := _others(account_id, day, is_sample)) is not None:
                return stored
            db.session.add(_rate(day, is_sample, parts))
    except IntegrityError:
        if (stored := _others(account_id, day, is_sample)) is not None:
            return stored
    return _sum({number: part for number, part in parts.items() if number != account_id})


def _rate(day: date, is_sample: bool, parts: dict[int, Part]) -> BookRate:
    ends, days, tenures = _sum(parts)
    values = {str(number): list(part) for number, part in sorted(parts.items())}
    return BookRate(
        on=day, is_sample=is_sample, ends=ends, person_days=days, tenures=tenures, parts=values
    )


def _sum(parts: dict[int, Part]) -> Part:
    rows = list(parts.values())
    return sum(row[0] for row in rows), sum(row[1] for row in rows), sum(row[2] for row in rows)


def _spans(day: date, is_sample: bool) -> Iterator[tuple[int, list[Span]]]:
    """Of each account of a kind who sat in a post when, within the last three years; one query."""
    query = (
        select(Unit.account_id, Tenure.post_id, Tenure.person_id, Tenure.starts_on, Tenure.ends_on)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Account, Account.id == Unit.account_id)
        .where(
            Account.is_sample == is_sample,
            Tenure.starts_on <= day,
            Tenure.came(),
            or_(Tenure.ends_on.is_(None), Tenure.ends_on > day - timedelta(days=LOOK_BACK)),
        )
        .order_by(Unit.account_id, Tenure.starts_on, Tenure.id)
    )
    for account_id, rows in groupby(streamed(query), itemgetter(0)):
        yield account_id, list(_sat(rows))


def _sat(rows: Iterable[Any]) -> Iterator[Span]:
    """From when to when somebody sat in a post, of one account."""
    seats: defaultdict[tuple[int, int], list[Span]] = defaultdict(list)
    for _, post_id, person_id, starts_on, ends_on in rows:
        seats[post_id, person_id].append((starts_on, ends_on))
    for spans in seats.values():
        for sitting in sittings(spans, lambda span: span):
            yield sitting[0][0], last_day(sitting)


def _part(spans: list[Span], day: date) -> Part:
    """What an account lends: all that is on record of its last three years."""
    start = np.array([since.toordinal() for since, _ in spans], dtype=np.int64)
    end = np.array([(until or date.max).toordinal() for _, until in spans], dtype=np.int64)
    return recorded(start, end, day.toordinal())
