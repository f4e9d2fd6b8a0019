"""Scores read back: the newest pass at or before a day, totals of many accounts, their history."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    Subquery,
    bindparam,
    case,
    func,
    select,
)
from sqlalchemy.orm import aliased

from relmap.contracts import N_, Ref
from relmap.languages import _, commas
from relmap.models import Account, Score, db
from relmap.results.ref_names import plain_names, refs_in
from relmap.results.reports.documents import actions_with_names, evidence_with_names

__all__ = [
    "RuleRow",
    "ScoreCard",
    "Total",
    "as_json",
    "history",
    "newest_totals",
    "read_scores",
    "rules_of",
    "total_of",
    "total_of_rules",
    "totals",
    "weighted_total",
]

ACCOUNT, DAY = bindparam("account_id", type_=Integer), bindparam("day", type_=Date)
RuleRow = Row[*tuple[Any, ...]]
STOPPED = {
    "n/a": N_("{count} not applicable"),
    "failed": N_("{count} failed"),
    "timed_out": N_("{count} timed out"),
}


@dataclass(frozen=True, slots=True)
class Total:
    """An account's total of one day, 0 to 100; ``None`` where no rule ended well.

    The counts are of rules that weigh: one of weight 0 is shown beside and adds nothing.
    """

    on: date
    total: float | None
    ok_count: int
    rule_count: int


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """The scores of one account as stored on one day, at or before that asked for."""

    account_id: int
    on: date
    revision: int
    rows: tuple[Score, ...]

    @property
    def total(self) -> float | None:
        """100 x Σ(weight x points / out_of) / Σ weight over the rules that ended ``ok``."""
        return total_of(self.rows)

    @property
    def summary(self) -> str:
        """How many of the rules that weigh the total rests on: "4 of 5 rules, 1 timed out"."""
        found = Counter(row.status for row in self.rows if row.weight)
        words = [_ended_well(found["ok"], found.total())]
        words += [_(said, count=found[status]) for status, said in STOPPED.items() if found[status]]
        return commas(words)


def _ended_well(ok_count: int, rule_count: int) -> str:
    return _("{ok_count} of {rule_count} rules", ok_count=ok_count, rule_count=rule_count)


def total_of(rows: Iterable[Score | RuleRow]) -> float | None:
    """The total of the rows that are ``ok``; ``None`` where none of any weight is."""
    ok = (row for row in rows if row.status == "ok")
    return weighted_total((row.weight, row.points or 0, row.out_of or 1) for row in ok)


def weighted_total(parts: Iterable[tuple[float, float, float]]) -> float | None:
    """The same of (weight, points, out of)."""
    parts = list(parts)
    weight = sum(part[0] for part in parts)
    if not weight:
        return None
    return 100 * sum(each * points / out_of for each, points, out_of in parts) / weight


def read_scores(account_id: int, day: date) -> ScoreCard | None:
    """The newest stored scores at or before a day; ``None`` where there are none. One query."""
    rows = db.session.scalars(_newest_scores(), {"account_id": account_id, "day": day}).all()
    if not rows:
        return None
    return ScoreCard(account_id, rows[0].on, max(row.revision for row in rows), tuple(rows))


@lru_cache(maxsize=1)  # here and below: putting a statement together costs more than running it
def _newest_scores() -> Select[Any]:
    newest = select(func.max(Score.on)).where(Score.account_id == ACCOUNT, Score.on <= DAY)
    is_newest = Score.on == newest.scalar_subquery()
    return select(Score).where(Score.account_id == ACCOUNT, is_newest).order_by(Score.id)


# --- many at once


def newest_totals(day: date, of: Sequence[int] | None = None) -> Subquery:
    """SQL: of each account, or of some, the total of its newest scores at or before a day.

    Columns: account_id, on, total (NULL where no rule ended well), ok_count, rule_count.
    """
    summed = _summed(Account.id, func.max(Score.on)).select_from(Account)
    summed = summed.join(Score, _is_newest(day))
    if of is not None:
        summed = summed.where(Account.id.in_(of))
    table: Subquery = summed.group_by(Account.id).subquery()
    return table


def _is_newest(day: Any) -> ColumnElement[bool]:
    """SQL condition: the score is of the newest day of its account, at or before a day.

    Asked account by account: an index has that day at hand, however many there are.
    """
    older = aliased(Score)
    days = select(func.max(older.on)).where(older.account_id == Account.id, older.on <= day)
    return (Score.account_id == Account.id) & (Score.on == days.scalar_subquery())


def _summed(account_id: Any = Score.account_id, on: Any = Score.on) -> Any:
    is_ok, weighs = Score.status == "ok", Score.weight > 0
    weight = func.sum(case((is_ok, Score.weight), else_=0.0))
    reached = func.sum(case((is_ok, Score.weight * Score.points / Score.out_of), else_=0.0))
    return select(
        account_id.label("account_id"),
        on.label("on"),
        (100 * reached / func.nullif(weight, 0)).label("total"),
        func.sum(case((is_ok & weighs, 1), else_=0)).label("ok_count"),
        func.sum(case((weighs, 1), else_=0)).label("rule_count"),
    )


def totals(account_ids: Sequence[int], day: date) -> dict[int, Total]:
    """The newest totals of these accounts at or before a day; those without scores are absent."""
    return {
        row.account_id: Total(row.on, row.total, row.ok_count, row.rule_count)
        for row in db.session.execute(select(newest_totals(day, account_ids)))
    }


def total_of_rules(rows: Sequence[RuleRow]) -> Total | None:
    """The total of an account's rows of :func:`rules_of`; ``None`` where there are none."""
    if not rows:
        return None
    weighing = [row for row in rows if row.weight]
    ok_count = sum(row.status == "ok" for row in weighing)
    return Total(rows[0].on, total_of(rows), ok_count, len(weighing))


def history(account_id: int, until: date, *, most: int = 60) -> list[Total]:
    """The stored totals of an account up to a day, the oldest first, for a sparkline."""
    asked = {"account_id": account_id, "day": until, "most": most}
    rows = db.session.execute(_past_totals(), asked).all()
    return [Total(row.on, row.total, row.ok_count, row.rule_count) for row in reversed(rows)]


@lru_cache(maxsize=1)
def _past_totals() -> Any:
    return (
        _summed()
        .where(Score.account_id == ACCOUNT, Score.on <= DAY)
        .group_by(Score.account_id, Score.on)
        .order_by(Score.on.desc())
        .limit(bindparam("most", type_=Integer))
    )


def rules_of(account_ids: Sequence[int], day: date) -> dict[int, list[RuleRow]]:
    """The newest outcome of each rule for several accounts, without evidence (one query)."""
    found: defaultdict[int, list[RuleRow]] = defaultdict(list)
    asked = {"account_ids": list(account_ids), "day": day}
    for row in db.session.execute(_newest_rules(), asked):
        found[row.account_id].append(row)
    return found


@lru_cache(maxsize=1)
def _newest_rules() -> Select[*tuple[Any, ...]]:
    columns = (
        Score.account_id,
        Score.on,
        Score.rule_title,
        Score.weight,
        Score.status,
        Score.points,
        Score.out_of,
    )
    wanted = Account.id.in_(bindparam("account_ids", expanding=True))
    query = select(*columns).select_from(Account).join(Score, _is_newest(DAY)).where(wanted)
    return query.order_by(Score.id)


# --- as commands print them


def as_json(account_ids: Sequence[int], day: date) -> list[dict[str, Any]]:
    """The newest scores of accounts at or before a day, with names, as ``relmap score --json``."""
    cards = {number: read_scores(number, day) for number in account_ids}
    parts = [
        part
        for card in cards.values()
        for row in (card.rows if card else ())
        for part in (*row.evidence, *row.actions)
    ]
    accounts = {Ref("account", number) for number in account_ids}
    names = plain_names(refs_in(parts) | accounts)
    return [
        _card(names[Ref("account", number)], day, card, names) for number, card in cards.items()
    ]


def _card(
    account: str, day: date, card: ScoreCard | None, names: Mapping[Ref, str]
) -> dict[str, Any]:
    return {
        "account": account,
        "on": (card.on if card else day).isoformat(),
        "total": card.total if card else None,
        "summary": card.summary
        if card
        else _("{ok_count} of {rule_count} rules", ok_count=0, rule_count=0),
        "rules": [_rule(row, names) for row in (card.rows if card else ())],
    }


def _rule(row: Score, names: Mapping[Ref, str]) -> dict[str, Any]:
    return {
        "key": row.rule_key,
        "version": row.rule_version,
        "title": row.rule_title,
        "status": row.status,
        "points": row.points,
        "out_of": row.out_of,
        "reason": row.reason,
        "evidence": evidence_with_names(row.evidence, names),
        "actions": actions_with_names(row.actions, names),
    }
