"""The outlook tested on the past of accounts on file, with the names of today."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date

from sqlalchemy import select

from relmap import graph
from relmap.contracts import AccountView, Ref
from relmap.insight.back_test import BacktestReport, backtest
from relmap.insight.outlook import History, Spell, spells_of
from relmap.models import Account, db
from relmap.results.ref_names import plain_names

__all__ = ["histories", "rotation_back_test"]


def rotation_back_test(
    every: Mapping[int, History],
    account_id: int | None,
    *,
    start: date,
    end: date,
    every_months: int,
    horizon: int,
    today: date,
) -> BacktestReport:
    """Refit at each day from ``start`` to ``end`` and compare with what followed. No query.

    One account, or all (``None``); each is fitted alone, and its rate starts from that of the
    book's other accounts as of that day, as in use. ``every`` are the :func:`histories` of the
    book. Raises ``Refused`` where a horizon reaches beyond ``today`` or there is too little
    history.
    """
    return backtest(
        [row for number, row in every.items() if account_id in (None, number)],
        start=start,
        end=end,
        every_months=every_months,
        horizon=horizon,
        known_until=today,
        lending=[row for number, row in every.items() if account_id not in (None, number)],
    )


def histories(today: date, account_id: int | None = None) -> dict[int, History]:
    """The spells of each account that a back-test of one, or of the book (``None``), may read.

    Invented accounts tell nothing of real ones, so these are the accounts of its kind; of the book
    the real ones, and where there is none yet the invented. A term counts from the day on which it
    was declared.
    """
    views = graph.past_views(today, account_ids=_alike(account_id))
    declared = graph.declared_days(today)
    found = {row.account.ref.id: (row, spells_of(row, declared_on=declared)) for row in views}
    called = plain_names(ref for view, spells in found.values() for ref in _refs(view, spells))
    names: dict[Hashable, str] = {ref: called[ref] for ref in called}
    return {
        number: History(called[view.account.ref], spells, names)
        for number, (view, spells) in found.items()
    }


def _alike(account_id: int | None) -> set[int]:
    kinds = {
        row.id: row.is_sample for row in db.session.execute(select(Account.id, Account.is_sample))
    }
    wanted = all(kinds.values()) if account_id is None else kinds.get(account_id)
    return {number for number, is_sample in kinds.items() if is_sample == wanted}


def _refs(view: AccountView, spells: Sequence[Spell]) -> set[Ref]:
    keys = {key for row in spells for key in (row.person, row.post, row.unit)}
    return {view.account.ref, *(key for key in keys if isinstance(key, Ref))}
