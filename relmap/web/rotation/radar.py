"""The rotation radar asked of the database: deciding posts in order, counts over all of them.

What is at stake in a post is one number, the same for the order and for the size of a dot: chance
of a change × (decision weight + value of its projects) × what we shall not know of who sits there.
Currencies are not converted: a value counts as its part of the largest project of its currency.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Row,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from relmap.insight.thresholds import LIKELY
from relmap.languages import _
from relmap.languages.formats import month_name
from relmap.models import Account, Person, Post, PostOutlook, Project, db
from relmap.permissions import accounts_open_to
from relmap.web.security.viewer import current_viewer

__all__ = [
    "PAGE_SIZE",
    "PICTURED",
    "READY",
    "SORTS",
    "Month",
    "RadarQuery",
    "Totals",
    "page_of_posts",
    "totals",
]

PAGE_SIZE: Final = 25
PICTURED: Final = 150  # posts in the picture, at most
READY: Final = 0.4  # two of five: up to it we are not

SORTS: Final = ("loss", "chance", "due", "ready")
NEVER: Final = date.max
CURRENCIES: Final = 12

Columns = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class RadarQuery:
    """Which posts: within how many days, of whose accounts, of which function, in which order.

    ``after`` is the last row of the page before: what it was sorted by, and its id.
    """

    horizon: int
    owner_id: int | None = None
    function: str | None = None
    sort: str = SORTS[0]
    after: tuple[float | date, int] | None = None

    @property
    def query(self) -> dict[str, Any]:
        """The address of the same posts in the same order, from the first on."""
        sort = None if self.sort == SORTS[0] else self.sort
        return {
            "owner": self.owner_id,
            "function": self.function,
            "horizon": self.horizon,
            "sort": sort,
        }

    @property
    def change(self) -> Any:
        """The column with the chance of a change."""
        return getattr(PostOutlook, f"change{self.horizon}")

    @property
    def ready(self) -> Any:
        """The column with the coverage to be expected."""
        return getattr(PostOutlook, f"ready{self.horizon}")

    @property
    def is_hot(self) -> ColumnElement[bool]:
        """SQL condition: a change may come and we are not ready; never said of a band."""
        return and_(self.is_likely, self.ready <= READY)

    @property
    def is_likely(self) -> ColumnElement[bool]:
        """SQL condition: a change may come; never said of a band."""
        return and_(PostOutlook.is_band.is_(False), self.change >= LIKELY)

    def stake(self, scales: Mapping[str, float]) -> ColumnElement[float]:
        """The column with what is at stake: 0 to 1 by weight alone, to 2 with projects."""
        worth: Any = 0.0
        for currency in sorted(scales)[:CURRENCIES]:
            share = func.coalesce(PostOutlook.values[currency].as_float(), 0.0) / scales[currency]
            worth = worth + case((share > 1.0, 1.0), else_=share)
        stake: ColumnElement[float] = (
            self.change * (PostOutlook.weight + worth) * (1 - func.coalesce(self.ready, 0.0))
        )
        return stake

    @property
    def where(self) -> ColumnElement[bool]:
        """SQL condition: the post is of such an account and function."""
        asked = [PostOutlook.function == self.function] if self.function else []
        if self.owner_id is not None:
            asked.append(Account.owner_id == self.owner_id)
        return and_(accounts_open_to(current_viewer(), "read", PostOutlook.account_id), *asked)


@dataclass(frozen=True, slots=True)
class Month:
    """How many terms end in a month, by what says so."""

    label: str
    announced: int
    term: int
    policy: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over all posts asked for, whatever page is shown.

    ``figures`` have a chance that is a point, ``bands`` too short a history for one, ``blank`` are
    seats without a holder we can name, ``unsaid`` have no chance within the days asked for.
    ``likely`` have a chance from 30 % on, ``hot`` are those of them for which we are not ready;
    ``expected`` is the sum of the chances. ``scales`` holds the largest project by currency.
    """

    hot: int
    likely: int
    expected: int
    figures: int
    bands: int
    blank: int
    unsaid: int
    accounts: int
    months: tuple[Month, ...]
    owners: tuple[tuple[int, str], ...]
    functions: tuple[str, ...]
    has_90: bool
    scales: Mapping[str, float]

    @property
    def listed(self) -> int:
        """The posts of the list: those of which a chance can be said."""
        return self.figures + self.bands

    @property
    def posts(self) -> int:
        """All deciding posts that were foreseen."""
        return self.listed + self.blank + self.unsaid


def page_of_posts(asked: RadarQuery, scales: Mapping[str, float]) -> list[Row[Columns]]:
    """One page and one row more; of the first page as many as the picture holds.

    By ``loss``, what is likely and unready comes first, then what has most at stake.
    """
    holder, owner = aliased(Person), aliased(Person)
    stake = asked.stake(scales)
    key, is_falling = _sorted_by(asked, stake)
    key = key.label("sort_key")
    page = (
        select(
            PostOutlook,
            key,
            stake.label("stake"),
            asked.is_hot.label("is_hot"),
            Post.title,
            *(column.label(f"account_{column.key}") for column in _named(Account, "country")),
            *(column.label(f"holder_{column.key}") for column in _named(holder, "language")),
            owner.name.label("owner"),
        )
        .join(Account, Account.id == PostOutlook.account_id)
        .join(Post, Post.id == PostOutlook.post_id)
        .join(holder, holder.id == PostOutlook.person_id)
        .outerjoin(owner, owner.id == Account.owner_id)
        .where(asked.where, asked.change.is_not(None))
        .order_by(key.desc() if is_falling else key.asc(), PostOutlook.id)
        .limit(PICTURED if asked.after is None else PAGE_SIZE + 1)
    )
    if asked.after is not None:
        value, last_id = asked.after
        is_later = key < value if is_falling else key > value
        page = page.where(or_(is_later, and_(key == value, PostOutlook.id > last_id)))
    return list(db.session.execute(page).all())


def _sorted_by(asked: RadarQuery, stake: ColumnElement[float]) -> tuple[ColumnElement[Any], bool]:
    """The column to sort by, and whether the largest comes first."""
    if asked.sort == "chance":
        return asked.change, True
    if asked.sort == "ready":
        return func.coalesce(asked.ready, 0.0), False
    if asked.sort == "due":
        is_said = and_(PostOutlook.source != "model", PostOutlook.due_on.is_not(None))
        return case((is_said, PostOutlook.due_on), else_=NEVER), False
    return case((asked.is_hot, 10.0), else_=0.0) + stake, True


def _named(table: Any, *more: str) -> list[Any]:
    return [getattr(table, name) for name in ("name", "latin_name", *more)]


COUNTED: Final = ("hot", "likely", "expected", "figures", "bands", "blank", "unsaid", "accounts")


def totals(asked: RadarQuery, today: date) -> Totals:
    """The counts, the months in which terms end and what can be asked for (one query)."""
    rows = db.session.execute(union_all(*_parts(asked, today))).all()
    counts = {row.key: round(row.n) for row in rows if row.kind == "count"}
    due = [
        (row.kind[4:], date.fromisoformat(row.key), round(row.n))
        for row in rows
        if row.kind[:4] == "due:"
    ]
    owners = [(int(row.key), row.label) for row in rows if row.kind == "owner"]
    return Totals(
        **{name: counts.get(name, 0) for name in COUNTED},
        months=_months(due, today),
        owners=tuple(sorted(owners, key=lambda row: row[1])),
        functions=tuple(sorted(row.key for row in rows if row.kind == "function")),
        has_90=bool(counts.get("has_90")),
        scales={row.key: float(row.n) for row in rows if row.kind == "currency"},
    )


def _parts(asked: RadarQuery, today: date) -> list[Select[Columns]]:
    kind = case(
        (PostOutlook.tenure_id.is_(None), "blank"),
        (asked.change.is_(None), "unsaid"),
        (PostOutlook.is_band, "bands"),
        else_="figures",
    )
    has_90 = func.sum(case((PostOutlook.change90.is_not(None), 1), else_=0))
    figure = case((PostOutlook.is_band.is_(False), asked.change), else_=0.0)
    over_all = {
        "hot": func.sum(case((asked.is_hot, 1), else_=0)),
        "likely": func.sum(case((asked.is_likely, 1), else_=0)),
        "expected": cast(func.round(func.sum(func.coalesce(figure, 0.0))), Integer),
        "accounts": func.count(PostOutlook.account_id.distinct()),
        "has_90": has_90,
    }
    return [
        _part("count", kind, null(), func.count()).where(asked.where).group_by(kind),
        *(
            _part("count", literal(name), null(), func.coalesce(count, 0)).where(asked.where)
            for name, count in over_all.items()
        ),
        _terms(asked, today),
        _scales(),
        _owners(),
        _part("function", PostOutlook.function, null(), func.count())
        .where(accounts_open_to(current_viewer(), "read", PostOutlook.account_id))
        .group_by(PostOutlook.function),
    ]


def _part(kind: Any, key: Any, label: Any, count: Any) -> Select[Columns]:
    kind = literal(kind) if isinstance(kind, str) else kind
    columns = (kind.label("kind"), cast(key, String).label("key"), label.label("label"))
    plain: Select[Columns] = select(*columns, count.label("n"))
    return plain.select_from(PostOutlook).join(Account, Account.id == PostOutlook.account_id)


def _terms(asked: RadarQuery, today: date) -> Select[Columns]:
    """The days of the coming year on which terms end, by what says so."""
    due = PostOutlook.due_on
    return (
        _part(literal("due:") + PostOutlook.due_kind, due, null(), func.count())
        .where(asked.where, due > today, due < _month_of(today, 12))
        .group_by(PostOutlook.due_kind, due)
    )


def _scales() -> Select[Columns]:
    """The value of the largest project by currency."""
    largest = cast(func.max(Project.value), Float)
    columns = (literal("currency").label("kind"), Project.currency.label("key"))
    return (
        select(*columns, cast(null(), String).label("label"), largest.label("n"))
        .where(
            accounts_open_to(current_viewer(), "read", Project.account_id),
            Project.currency.is_not(None),
            Project.value > 0,
        )
        .group_by(Project.currency)
    )


def _owners() -> Select[Columns]:
    return (
        _part("owner", Person.id, Person.name, func.count())
        .join(Person, Person.id == Account.owner_id)
        .where(accounts_open_to(current_viewer(), "read", PostOutlook.account_id))
        .group_by(Person.id, Person.name)
    )


def _month_of(today: date, later: int) -> date:
    """The first of the month so many months later."""
    count = today.year * 12 + today.month - 1 + later
    return date(count // 12, count % 12 + 1, 1)


def _months(due: Iterable[tuple[str, date, int]], today: date) -> tuple[Month, ...]:
    """The twelve months from this one on, those without a term too."""
    found: Counter[tuple[str, date]] = Counter()
    for kind, day, count in due:
        found[kind, day.replace(day=1)] += count
    firsts = [_month_of(today, later) for later in range(12)]
    return tuple(
        Month(
            label=_month_said(
                first, with_year=first.month == 1 or (not place and first.month < 11)
            ),
            announced=found["announced", first],
            term=found["term", first],
            policy=found["policy", first],
        )
        for place, first in enumerate(firsts)
    )


def _month_said(first: date, *, with_year: bool) -> str:
    """``Jan 26``, or ``Feb`` where the year is clear from those beside it."""
    name = month_name(first)
    return _("{month} {year}", month=name, year=f"{first:%y}") if with_year else name
