"""The rotation radar asked of the database: deciding posts in order, counts over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
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

from relmap.models import Account, Person, Post, PostOutlook, db
from relmap.permissions import accounts_open_to
from relmap.web.dates import MONTHS
from relmap.web.viewer import current_viewer

__all__ = ["LIKELY", "PAGE_SIZE", "READY", "Asked", "Month", "Totals", "page_of_posts", "totals"]

PAGE_SIZE: Final = 25
LIKELY: Final = 0.3  # from this chance of a change on we ask whether we are ready
READY: Final = 0.4  # two of five: up to it we are not

Columns = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which posts: within how many days, of whose accounts, of which function, after which row."""

    horizon: int
    owner_id: int | None = None
    function: str | None = None
    after: tuple[float, int] | None = None

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
        return and_(PostOutlook.is_band.is_(False), self.change >= LIKELY, self.ready <= READY)

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
    """

    hot: int
    figures: int
    bands: int
    blank: int
    unsaid: int
    accounts: int
    months: tuple[Month, ...]
    owners: tuple[tuple[int, str], ...]
    functions: tuple[str, ...]
    has_90: bool

    @property
    def posts(self) -> int:
        """All deciding posts that were foreseen."""
        return self.figures + self.bands + self.blank + self.unsaid


def page_of_posts(asked: Asked) -> list[Row[Columns]]:
    """One page and one row more: first what is likely and unready, then by the likely loss.

    The order is change × weight × (1 - ready): how much of a deciding word we may not reach.
    """
    holder, owner = aliased(Person), aliased(Person)
    gap = asked.change * PostOutlook.weight * (1 - func.coalesce(asked.ready, 0.0))
    key = (case((asked.is_hot, 10.0), else_=0.0) + gap).label("sort_key")
    page = (
        select(
            PostOutlook,
            key,
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
        .order_by(key.desc(), PostOutlook.id)
        .limit(PAGE_SIZE + 1)
    )
    if asked.after is not None:
        value, last_id = asked.after
        page = page.where(or_(key < value, and_(key == value, PostOutlook.id > last_id)))
    return list(db.session.execute(page).all())


def _named(table: Any, *more: str) -> list[Any]:
    return [getattr(table, name) for name in ("name", "latin_name", *more)]


def totals(asked: Asked, today: date) -> Totals:
    """The counts, the months in which terms end and what can be asked for (one query)."""
    rows = db.session.execute(union_all(*_parts(asked, today))).all()
    counts = {row.key: row.n for row in rows if row.kind == "count"}
    due = [
        (row.kind[4:], date.fromisoformat(row.key), row.n) for row in rows if row.kind[:4] == "due:"
    ]
    owners = [(int(row.key), row.label) for row in rows if row.kind == "owner"]
    return Totals(
        **{name: counts.get(name, 0) for name in ("hot", "figures", "bands", "blank", "unsaid")},
        accounts=counts.get("accounts", 0),
        months=_months(due, today),
        owners=tuple(sorted(owners, key=lambda row: row[1])),
        functions=tuple(sorted(row.key for row in rows if row.kind == "function")),
        has_90=bool(counts.get("has_90")),
    )


def _parts(asked: Asked, today: date) -> list[Select[Columns]]:
    kind = case(
        (PostOutlook.tenure_id.is_(None), "blank"),
        (asked.change.is_(None), "unsaid"),
        (PostOutlook.is_band, "bands"),
        else_="figures",
    )
    has_90 = func.sum(case((PostOutlook.change90.is_not(None), 1), else_=0))
    over_all = {
        "hot": func.sum(case((asked.is_hot, 1), else_=0)),
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


def _terms(asked: Asked, today: date) -> Select[Columns]:
    """The days of the coming year on which terms end, by what says so."""
    due = PostOutlook.due_on
    return (
        _part(literal("due:") + PostOutlook.due_kind, due, null(), func.count())
        .where(asked.where, due > today, due < _month_of(today, 12))
        .group_by(PostOutlook.due_kind, due)
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
            label=MONTHS[first.month - 1]
            + (f" {first:%y}" if first.month == 1 or not place else ""),
            announced=found["announced", first],
            term=found["term", first],
            policy=found["policy", first],
        )
        for place, first in enumerate(firsts)
    )
