"""The list of accounts: who needs somebody, and the search over accounts and people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, case, exists, func, or_, select

from relmap.clock import today
from relmap.contracts import N_, Ref
from relmap.languages import _
from relmap.models import Account, Alert, Person, Post, Score, Tenure, Unit, db
from relmap.names.folding import folded
from relmap.names.honorifics import bare_name
from relmap.names.search import asked_as
from relmap.permissions import accounts_open_to, people_visible_to
from relmap.results.reports.alerts import has_status
from relmap.results.reports.scores import (
    RuleRow,
    Total,
    newest_totals,
    rules_of,
    total_of_rules,
)
from relmap.web.layout.names import WrittenName, written_name
from relmap.web.layout.query import chosen
from relmap.web.layout.sentences import page_of
from relmap.web.security.viewer import current_viewer

pages = Blueprint("accounts", __name__, url_prefix="/accounts")

PAGE_SIZE: Final = 50
PEOPLE_SHOWN: Final = 20
SORTS: Final = {
    "matters": N_("what matters"),
    "name": N_("name"),
    "score": N_("lowest score"),
}
TIERS: Final = ("A", "B", "C")
STATEMENTS_KEPT: Final = 300

Statement = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account of the list."""

    id: int
    href: str
    name: WrittenName
    tier: str | None
    region: str | None
    owner: WrittenName | None
    urgent: int
    warning: int
    note: int
    score: Total | None
    rules: Mapping[str, RuleRow]
    """By title."""

    @property
    def place(self) -> str:
        """What stands below the name."""
        return " · ".join(part for part in (self.name.latin, self.region) if part)


@dataclass(frozen=True, slots=True)
class Found:
    """One person the search found, and where they sit today."""

    id: int
    name: WrittenName
    side: str
    title: str | None
    account: str | None


@pages.get("")
def index() -> str:
    """All accounts the viewer may read, a page at a time; with ``?q=`` what the search finds."""
    query = folded(bare_name(request.args.get("q", "")))[:100]
    sort = chosen("sort", SORTS) or "matters"
    tier = chosen("tier", TIERS)
    rows = db.session.execute(_kept(_page_of_accounts, query, sort, tier, _after(sort))).all()
    lines = _lines(rows[:PAGE_SIZE], today())
    return render_template(
        "accounts/accounts.html",
        active="accounts",
        q=request.args.get("q", ""),
        sort=sort,
        sorts=SORTS,
        tier=tier,
        tiers=TIERS,
        lines=lines,
        parts=_parts(lines),
        found=_people_found(query) if query else [],
        summary=None if query else _summary(),
        next_page=_next_page(rows, sort) if len(rows) > PAGE_SIZE else None,
        alerts_of=url_for("alerts.index", account=0).removesuffix("0"),
        today=today(),
    )


def _kept(build: Callable[..., Statement], *asked: Hashable) -> Statement:
    """The statement for this viewer, this day and what is asked, built once.

    Putting a statement of this size together takes several times as long as running it.
    """
    viewer = current_viewer()
    return _built((viewer.id, viewer.role, viewer.is_active, today()), build, *asked)


@lru_cache(maxsize=STATEMENTS_KEPT)
def _built(_whose: Hashable, build: Callable[..., Statement], *asked: Hashable) -> Statement:
    return build(*asked)


def _open_alerts() -> Subquery:
    """Open alerts by account and severity."""
    columns = [
        func.sum(case((Alert.severity == severity, 1), else_=0)).label(severity)
        for severity in ("urgent", "warning", "note")
    ]
    return (
        select(Alert.account_id, *columns)
        .where(has_status("open", today()))
        .group_by(Alert.account_id)
        .subquery()
    )


def _accounts(query: str, tier: str | None) -> Statement:
    alerts = _open_alerts()
    found = (
        select(
            Account.id,
            Account.name,
            Account.latin_name,
            Account.country,
            Account.tier,
            Account.region,
            Person.name.label("owner"),
            Person.latin_name.label("owner_latin"),
            Person.language.label("owner_language"),
            func.coalesce(alerts.c.urgent, 0).label("urgent"),
            func.coalesce(alerts.c.warning, 0).label("warning"),
            func.coalesce(alerts.c.note, 0).label("note"),
        )
        .outerjoin(Person, Person.id == Account.owner_id)
        .outerjoin(alerts, alerts.c.account_id == Account.id)
        .where(accounts_open_to(current_viewer()))
    )
    if query:
        found = found.where(_says(Account.search_text, query))
    return found.where(Account.tier == tier) if tier else found


def _page_of_accounts(
    query: str, sort: str, tier: str | None, after: tuple[Any, int] | None
) -> Statement:
    """One page and one row more, in the order asked for, after the row of ``?after=``.

    All scores are asked only where these give the order.
    """
    rows = _accounts(query, tier).subquery()
    found = select(rows)
    key: ColumnElement[Any] = rows.c.name
    if sort == "matters":
        key = -(rows.c.urgent * 1_000_000 + rows.c.warning * 1_000 + rows.c.note)
    elif sort == "score":
        stored = newest_totals(today())
        found = found.outerjoin(stored, stored.c.account_id == rows.c.id)
        key = func.coalesce(stored.c.total, 101.0)  # those without a score come last
    page = found.add_columns(key.label("sort_key")).order_by(key, rows.c.id).limit(PAGE_SIZE + 1)
    if after is not None:
        value, last_id = after
        page = page.where(or_(key > value, and_(key == value, rows.c.id > last_id)))
    return page


def _after(sort: str) -> tuple[Any, int] | None:
    """The last row of the page before, from the address; ``None`` on the first page."""
    text, _, last_id = request.args.get("after", "")[:400].rpartition("~")
    try:
        value = {"name": str, "matters": int, "score": float}[sort](text), int(last_id)
    except ValueError:
        return None
    numbers = [number for number in value if isinstance(number, int)]
    return value if max(map(abs, numbers)) < 2**31 else None  # a database would fail on it


def _next_page(rows: Sequence[Row[*tuple[Any, ...]]], sort: str) -> str:
    last = rows[PAGE_SIZE - 1]
    asked: dict[str, Any] = {
        key: value for key, value in request.args.items() if key in ("q", "tier") and value
    }
    return url_for("accounts.index", sort=sort, after=f"{last.sort_key}~{last.id}", **asked)


def _lines(rows: Sequence[Row[*tuple[Any, ...]]], day: date) -> list[AccountLine]:
    rules = rules_of([row.id for row in rows], day) if rows else {}
    totals = {number: total_of_rules(some) for number, some in rules.items()}
    return [
        AccountLine(
            id=row.id,
            href=page_of(Ref("account", row.id)),
            name=written_name(row.name, row.latin_name, country=row.country),
            tier=row.tier,
            region=row.region,
            owner=written_name(row.owner, row.owner_latin, language=row.owner_language)
            if row.owner
            else None,
            urgent=row.urgent,
            warning=row.warning,
            note=row.note,
            score=totals.get(row.id),
            rules={rule.rule_title: rule for rule in rules.get(row.id, ())},
        )
        for row in rows
    ]


def _parts(lines: Sequence[AccountLine]) -> list[tuple[str, str]]:
    """The rules that get a column, and its label: four at most that count for most accounts."""
    rules = ((title, rule) for line in lines for title, rule in line.rules.items())
    titles = Counter(title for title, rule in rules if rule.weight)
    return [(title, _(title)) for title, count in titles.most_common(4)]


def _summary() -> dict[str, int]:
    """Counts over all accounts the viewer may read (one query)."""
    row = db.session.execute(_kept(_counts)).one()
    return {key: int(value) for key, value in row._mapping.items()}


def _counts() -> Statement:
    alerts = _open_alerts()
    scored = exists().where(Score.account_id == Account.id, Score.status == "ok")
    needy = or_(alerts.c.urgent > 0, alerts.c.warning > 0)
    return (
        select(
            func.count().label("accounts"),
            func.coalesce(func.sum(case((needy, 1), else_=0)), 0).label("needy"),
            func.coalesce(func.sum(alerts.c.urgent), 0).label("urgent"),
            func.coalesce(func.sum(alerts.c.warning), 0).label("warning"),
            func.coalesce(func.sum(case((scored, 1), else_=0)), 0).label("scored"),
        )
        .select_from(Account)
        .outerjoin(alerts, alerts.c.account_id == Account.id)
        .where(accounts_open_to(current_viewer()))
    )


def _says(text: Any, query: str) -> ColumnElement[bool]:
    """SQL condition: the text has every word, in whichever order: Dandan Lin is Lin Dandan.

    A word may be written in variant or traditional characters: 髙橋 is 高橋.
    """
    return and_(
        *(
            or_(*(text.contains(form, autoescape=True) for form in sorted(asked_as(word))))
            for word in query.split()
        )
    )


def _people_found(query: str) -> list[Found]:
    """People by any form of their name, with the newest post they hold that the viewer may see."""
    held = (
        select(
            Tenure.id,
            Tenure.person_id,
            Tenure.starts_on,
            Post.title,
            Account.name.label("account"),
        )
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Account, Account.id == Unit.account_id)
        .where(
            or_(Tenure.holding(today()), Tenure.starts_on > today()),
            accounts_open_to(current_viewer()),
        )
        .cte()
    )
    here = func.max(case((held.c.starts_on <= today(), held.c.id)))
    newest = select(func.coalesce(here, func.max(held.c.id))).group_by(held.c.person_id)
    seat = select(held).where(held.c.id.in_(newest)).subquery()
    rows = db.session.execute(
        select(
            Person.id,
            Person.name,
            Person.latin_name,
            Person.language,
            Person.side,
            seat.c.title,
            seat.c.account,
            seat.c.starts_on,
        )
        .outerjoin(seat, seat.c.person_id == Person.id)
        .where(
            _says(Person.search_text, query),
            Person.erased_at.is_(None),
            people_visible_to(current_viewer()),
        )
        .order_by(Person.name, Person.id)
        .limit(PEOPLE_SHOWN + 1)
    )
    return [
        Found(
            row.id,
            written_name(row.name, row.latin_name, language=row.language),
            row.side,
            _post_said(row.title, row.starts_on),
            row.account,
        )
        for row in rows
    ]


def _post_said(title: str | None, starts_on: date | None) -> str | None:
    """The post they hold, or are announced for."""
    if title is None or starts_on is None or starts_on <= today():
        return title
    return _("{post}, from {day}", post=title, day=starts_on)
