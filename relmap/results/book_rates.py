"""How often people left in the book's other accounts: the one number that carries over.

It is fitted once a day and stored: what is written in one account changes no other account's
forecast of the same day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from relmap.insight.outlook import BookRate
from relmap.insight.outlook.level import LOOK_BACK
from relmap.models import BookRate as StoredRate
from relmap.models import Post, Tenure, Unit, db, writing

__all__ = ["rate_elsewhere"]

Sitting = tuple[date, date | None]
Part = tuple[float, float, int]
"""Ends, person-years and tenures of one account within the last three years."""


def rate_elsewhere(account_id: int, day: date) -> BookRate | None:
    """The rate of all other accounts as of ``day``; ``None`` where nobody was in post there.

    Fits and stores the book's rate where the day has none: call it outside any unit of work.
    """
    parts = _stored(day) or _fit(day)
    others = [part for number, part in parts.items() if number != account_id]
    years = sum(part[1] for part in others)
    if not years:
        return None
    return BookRate(sum(part[0] for part in others), years, sum(part[2] for part in others))


def _stored(day: date) -> dict[int, Part] | None:
    row = db.session.get(StoredRate, day)
    if row is None:
        return None
    return {int(number): (part[0], part[1], part[2]) for number, part in row.parts.items()}


def _fit(day: date) -> dict[int, Part]:
    """Reckon and store the rate; whoever comes second at the same time takes the first's."""
    parts = {number: _part(sittings, day) for number, sittings in _sittings(day)}
    book = BookRate(
        sum(part[0] for part in parts.values()),
        sum(part[1] for part in parts.values()),
        sum(part[2] for part in parts.values()),
    )
    try:
        with writing():
            if (stored := _stored(day)) is not None:
                return stored
            values = {str(number): list(part) for number, part in sorted(parts.items())}
            db.session.add(StoredRate(on=day, rate=book.rate, tenures=book.tenures, parts=values))
    except IntegrityError:
        return _stored(day) or parts
    return parts


def _sittings(day: date) -> Iterator[tuple[int, list[Sitting]]]:
    """Of each account who sat in a post when, within the last three years; one query.

    An acting holder who is confirmed sits on: tenures of one person in one post that touch are one.
    """
    query = (
        select(Unit.account_id, Tenure.post_id, Tenure.person_id, Tenure.starts_on, Tenure.ends_on)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(
            Tenure.starts_on <= day,
            or_(Tenure.ends_on.is_(None), Tenure.ends_on > day - timedelta(days=LOOK_BACK)),
        )
        .order_by(Unit.account_id, Tenure.post_id, Tenure.person_id, Tenure.starts_on)
    )
    found: defaultdict[int, list[Sitting]] = defaultdict(list)
    last: tuple[int, int] | None = None
    for account_id, post_id, person_id, starts_on, ends_on in db.session.execute(query):
        rows = found[account_id]
        if last == (post_id, person_id) and (rows[-1][1] is None or starts_on <= rows[-1][1]):
            rows[-1] = (rows[-1][0], ends_on)
        else:
            rows.append((starts_on, ends_on))
        last = (post_id, person_id)
    yield from found.items()


def _part(sittings: list[Sitting], day: date) -> Part:
    """Ends and person-years of the last three years, as :func:`relmap.insight.outlook.level`."""
    today = day.toordinal()
    begin = today - LOOK_BACK
    start = np.array([row[0].toordinal() for row in sittings])
    end = np.array([row[1].toordinal() if row[1] else today + 1 for row in sittings])
    ended = (end > begin) & (end <= today)
    days = np.maximum(np.minimum(end, today) - np.maximum(start, begin), 0)
    return float(ended.sum()), float(days.sum()) / 365, int((days > 0).sum())
