"""The accounts, units and posts that a history names: found on file, or made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from sqlalchemy import select

from relmap.contracts.words import Function, Level
from relmap.errors import Refused
from relmap.imports import cautions
from relmap.imports.history.draft import Additions, revisions_of
from relmap.imports.history.parties import find_accounts
from relmap.imports.plan import Made, Revised
from relmap.imports.sheets.tenure_rows import FileTenure
from relmap.models import Post, Unit, db
from relmap.names.matching import title_key, unit_key
from relmap.names.search import search_text
from relmap.names.titles import guess_function, guess_level

__all__ = ["HistoryPost", "Places"]


@dataclass(slots=True)
class _Unit:
    id: int
    account_id: int
    parent_id: int | None
    name: str
    external_id: str | None
    is_root: bool
    starts_on: date
    ends_on: date | None


@dataclass(slots=True)
class HistoryPost:
    """A post, on file or to be made, with what the rows say of it."""

    id: int
    account_id: int
    unit_id: int
    title: str
    level: Level
    function: Function
    level_is_given: bool
    function_is_given: bool
    seats: int
    starts_on: date
    ends_on: date | None = None
    vacant_since: date | None = None
    filled_on: date | None = None
    """When a vacant seat is taken: by whom the rows announce, or where they end a vacancy."""


class Places:
    """Finds the seat of each row; what it makes is in the draft after :meth:`finish`."""

    def __init__(self, draft: Additions, rows: tuple[FileTenure, ...], *, on: date) -> None:
        self._draft = draft
        self._on = on
        names: dict[str, int] = {}
        for row in rows:
            names.setdefault(row.account, row.row)
        self.accounts = find_accounts(names)
        self._new: dict[str, int | None] = {}
        """The accounts that are opened, each with the first row that names it."""
        ids = {account_id for account_id, _ in self.accounts.values()}
        draft.revisions = revisions_of(ids)
        self._units: dict[int, _Unit] = {}
        self._units_named: defaultdict[tuple[int, str], list[_Unit]] = defaultdict(list)
        self._units_by_id: dict[tuple[int, str], _Unit] = {}
        self._roots: dict[int, _Unit] = {}
        self.seats: dict[int, HistoryPost] = {}
        self._seats_titled: defaultdict[tuple[int, str], list[HistoryPost]] = defaultdict(list)
        self._starts: dict[int, date] = {}
        self._stored: dict[int, HistoryPost] = {}
        self._load(ids)

    def _load(self, ids: set[int]) -> None:
        columns = (Unit.id, Unit.account_id, Unit.parent_id, Unit.name, Unit.external_id)
        query = select(*columns, Unit.is_root, Unit.starts_on, Unit.ends_on)
        for row in db.session.execute(query.where(Unit.account_id.in_(ids))):
            self._add_unit(_Unit(*row))
            self._starts[row.id] = row.starts_on
        posts = select(Post, Unit.account_id).join(Unit, Unit.id == Post.unit_id)
        for post, account_id in db.session.execute(posts.where(Unit.account_id.in_(ids))):
            seat = HistoryPost(
                id=post.id,
                account_id=account_id,
                unit_id=post.unit_id,
                title=post.title,
                level=cast("Level", post.level),
                function=cast("Function", post.function),
                level_is_given=post.level_is_given,
                function_is_given=post.function_is_given,
                seats=post.seats,
                starts_on=post.starts_on,
                ends_on=post.ends_on,
                vacant_since=post.vacant_since,
            )
            self.seats[seat.id] = seat
            self._stored[seat.id] = replace(seat)
            self._seats_titled[seat.unit_id, title_key(seat.title)].append(seat)

    def _add_unit(self, unit: _Unit) -> None:
        self._units[unit.id] = unit
        if unit.is_root:
            self._roots[unit.account_id] = unit
        self._units_named[unit.account_id, unit_key(unit.name)].append(unit)
        if unit.external_id:
            self._units_by_id[unit.account_id, unit.external_id.casefold()] = unit

    def account(self, row: FileTenure) -> int:
        """The account of a row, opened if the book has none of this name."""
        known = self.accounts.get(row.account.casefold())
        if known is not None:
            return known[0]
        account_id = self._draft.new_id("account")
        self._draft.made.append(
            Made(
                "account",
                account_id,
                {"name": row.account, "search_text": search_text([row.account])},
            )
        )
        self._new.setdefault(row.account, row.row)
        self._draft.count("accounts_opened")
        self.accounts[row.account.casefold()] = (account_id, row.account)
        root = self._new_unit(account_id, row.account, self._known_on(row), parent_id=None)
        root.is_root = True
        self._roots[account_id] = root
        return account_id

    def _new_unit(
        self,
        account_id: int,
        name: str,
        day: date,
        *,
        parent_id: int | None,
        external_id: str | None = None,
    ) -> _Unit:
        unit = _Unit(
            id=self._draft.new_id("unit"),
            account_id=account_id,
            parent_id=parent_id,
            name=name,
            external_id=external_id,
            is_root=False,
            starts_on=day,
            ends_on=None,
        )
        self._add_unit(unit)
        return unit

    def seat(self, row: FileTenure) -> HistoryPost:
        """The post of a row, in its unit; both reach back to the row's start."""
        account_id = self.account(row)
        unit = self._unit(row, account_id)
        self._reach_back(unit, self._known_on(row))
        seat = self._seat_in(unit, row)
        seat.starts_on = min(seat.starts_on, self._known_on(row))
        if row.level is not None and not seat.level_is_given:
            seat.level, seat.level_is_given = row.level, True
        if row.function is not None and not seat.function_is_given:
            seat.function, seat.function_is_given = row.function, True
        return seat

    def _known_on(self, row: FileTenure) -> date:
        """From when on the row knows of its seat: for whom it is announced, it is there already."""
        return min(row.starts.on, self._on)

    def _unit(self, row: FileTenure, account_id: int) -> _Unit:
        if row.unit_id and (known := self._units_by_id.get((account_id, row.unit_id.casefold()))):
            return known
        if row.unit is None:
            return self._roots[account_id]
        parent = None
        for name in row.above or filter(None, (row.parent_unit,)):
            parent = self._parent(row, account_id, name, parent)
        named = [
            unit
            for unit in self._units_named[account_id, unit_key(row.unit)]
            if (parent is None or unit.parent_id == parent.id) and _fits(unit, row)
        ]
        if len(named) > 1:
            raise Refused(
                "Row {row}: {account} has {number} units called {unit}. Give the column "
                "parent_unit or unit_id.",
                row=row.row,
                column="unit",
                account=row.account,
                number=len(named),
                unit=row.unit,
            )
        if named:
            return named[0]
        self._draft.count("units_opened")
        return self._new_unit(
            account_id,
            row.unit,
            self._known_on(row),
            parent_id=(parent or self._roots[account_id]).id,
            external_id=row.unit_id,
        )

    def _parent(self, row: FileTenure, account_id: int, name: str, above: _Unit | None) -> _Unit:
        """A unit that others of the row are parts of, itself a part of the one ``above``."""
        root = self._roots[account_id]
        is_account = unit_key(name) in (unit_key(root.name), unit_key(row.account))
        if is_account and above in (None, root):
            return root
        named = [
            unit
            for unit in self._units_named[account_id, unit_key(name)]
            if above is None or unit.parent_id == above.id
        ]
        if len(named) > 1:
            raise Refused(
                "Row {row}: {account} has {number} units called {unit}. Give unit_id instead.",
                row=row.row,
                column="parent_unit",
                account=row.account,
                number=len(named),
                unit=name,
            )
        if named:
            return named[0]
        self._draft.count("units_opened")
        return self._new_unit(account_id, name, self._known_on(row), parent_id=(above or root).id)

    def _reach_back(self, unit: _Unit, day: date) -> None:
        """Open a unit by that day, and those above; a new one was opened for it, not they."""
        above: _Unit | None = unit
        while above is not None and (above.id < 0 or day < above.starts_on):
            above.starts_on = min(day, above.starts_on)
            above = None if above.parent_id is None else self._units[above.parent_id]

    def _seat_in(self, unit: _Unit, row: FileTenure) -> HistoryPost:
        titled = [
            seat for seat in self._seats_titled[unit.id, title_key(row.post)] if _fits(seat, row)
        ]
        if titled:
            return titled[0]
        seat = HistoryPost(
            id=self._draft.new_id("post"),
            account_id=unit.account_id,
            unit_id=unit.id,
            title=row.post,
            level=guess_level(row.post),
            function=guess_function(row.post, unit=None if unit.is_root else unit.name),
            level_is_given=False,
            function_is_given=False,
            seats=1,
            starts_on=self._known_on(row),
        )
        self.seats[seat.id] = seat
        self._seats_titled[unit.id, title_key(seat.title)].append(seat)
        self._draft.count("posts_opened")
        return seat

    def finish(self) -> None:
        """Put the units and posts that were made, and what changed of others, into the draft."""
        for unit in self._units.values():
            if unit.id < 0:
                self._draft.made.append(Made("unit", unit.id, _columns_of_unit(unit)))
        for seat in self.seats.values():
            if seat.id < 0:
                self._draft.made.append(Made("post", seat.id, _columns_of_seat(seat)))
        self._revise_stored()
        self._draft.notes += cautions.of_new_accounts(self._new)
        if question := cautions.question_of_new_accounts(self._new):
            self._draft.asked.append(question)

    def _revise_stored(self) -> None:
        for unit in self._units.values():
            if unit.id > 0 and unit.starts_on != self._starts[unit.id]:
                earlier = {"starts_on": unit.starts_on, "starts_after": None}
                self._revise("open_unit_earlier", "unit", unit, earlier)
        for seat in self.seats.values():
            if seat.id > 0 and (values := _differences(seat, self._stored[seat.id])):
                self._revise("change_post", "post", seat, values)
            if seat.filled_on is not None and (seat.id > 0 or seat.filled_on <= self._on):
                filled = {"vacant_since": None}
                self._revise("fill_post", "post", seat, filled, effective_on=seat.filled_on)

    def _revise(
        self,
        verb: str,
        kind: str,
        place: _Unit | HistoryPost,
        values: Mapping[str, object],
        *,
        effective_on: date | None = None,
    ) -> None:
        self._draft.revised.append(
            Revised(verb, kind, place.id, place.account_id, values, effective_on)
        )
        self._draft.concerned.add(place.account_id)


def _fits(place: _Unit | HistoryPost, row: FileTenure) -> bool:
    """Whether the tenure can lie within the place: nothing is reopened after its end."""
    if place.ends_on is None:
        return True
    return row.ends is not None and row.ends.on <= place.ends_on


def _differences(seat: HistoryPost, stored: HistoryPost) -> dict[str, object]:
    names = (
        *("level", "function", "level_is_given", "function_is_given"),
        *("seats", "starts_on", "vacant_since"),
    )
    values = {
        name: getattr(seat, name) for name in names if getattr(seat, name) != getattr(stored, name)
    }
    return {**values, "starts_after": None} if "starts_on" in values else values


def _columns_of_unit(unit: _Unit) -> dict[str, object]:
    return {
        "account_id": unit.account_id,
        "parent_id": unit.parent_id,
        "name": unit.name,
        "external_id": unit.external_id,
        "is_root": unit.is_root,
        "starts_on": unit.starts_on,
    }


def _columns_of_seat(seat: HistoryPost) -> dict[str, object]:
    return {
        "unit_id": seat.unit_id,
        "title": seat.title,
        "level": seat.level,
        "function": seat.function,
        "level_is_given": seat.level_is_given,
        "function_is_given": seat.function_is_given,
        "seats": seat.seats,
        "vacant_since": seat.vacant_since,
        "starts_on": seat.starts_on,
        "ends_on": seat.ends_on,
    }
