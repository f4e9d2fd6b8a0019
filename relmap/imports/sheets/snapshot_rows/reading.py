"""A snapshot's table as rows, and what of the list can only be seen as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from relmap.contracts import Message
from relmap.errors import Refused
from relmap.imports.sheets.columns import Columns, find_columns, is_of_tier, require
from relmap.imports.sheets.headings import people_of_companies, vocabulary
from relmap.imports.sheets.records import Sheet, SheetRecord, lines_of
from relmap.imports.sheets.row_numbers import set_row_numbers_apart
from relmap.imports.sheets.snapshot_rows.missing_columns import missing_columns
from relmap.imports.sheets.snapshot_rows.notes import Notes
from relmap.imports.sheets.snapshot_rows.row import SnapshotRow
from relmap.imports.sheets.snapshot_rows.seats import rows_of_record
from relmap.imports.sheets.snapshot_rows.title_lines import contradictions
from relmap.imports.sheets.table import Table
from relmap.imports.sheets.unit_paths import is_same_unit, unit_paths
from relmap.names.folding import tidy

__all__ = ["read_snapshot"]


def read_snapshot(
    table: Table,
    *,
    on: date,
    account: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Sheet[SnapshotRow]:
    """The rows of a snapshot of the day ``on``.

    With ``account`` the whole file is of that account, and a column of companies says whom people
    work for. ``Refused`` with row and column where a cell cannot be what its column says.
    """
    columns, counted = set_row_numbers_apart(table, _columns(table, account, mapping or {}))
    lines = list(lines_of(table, columns))
    _refuse_several_accounts(table, lines, columns, account)
    employer_is_account = _names_one_company(lines, columns)
    notes = Notes()
    units = unit_paths(lines, account)
    names_holders = not columns.places.keys().isdisjoint(("person", "first_name", "last_name"))
    rows = []
    for line in lines:
        _refuse_other_day(line, on)
        for row in rows_of_record(line, account, on, units, columns.certain, notes):
            employer = row.affiliation
            if employer and (employer_is_account or is_same_unit(employer, row.account)):
                row = replace(row, affiliation=None)
            if not names_holders and row.holder == "vacant":
                row = replace(row, holder="unknown")  # a list of seats names no holders
            rows.append(row)
    for paths in units.values():
        for about, note in paths.notes.items():
            notes.once(note, about)
    asked = tuple(missing_columns(table, columns))
    above = contradictions(table, on=on, account=account)
    return Sheet(tuple(rows), columns, (*above, *counted, *notes.told()), asked)


def _columns(table: Table, account: str | None, mapping: Mapping[str, str]) -> Columns:
    companies = frozenset({("account", 1), ("account", 2)}) if account else frozenset()
    columns = find_columns(table, vocabulary("snapshot"), mapping=mapping, without=companies)
    require(
        table,
        columns,
        ("person", "post", "first_name", "last_name"),
        what=Message("the person or the post"),
    )
    if not account:
        require(table, columns, ("account",), what=Message("the account (or give --account)"))
    _refuse_cards(table, columns)
    return columns


def _refuse_cards(table: Table, columns: Columns) -> None:
    """Refuse a list whose people stand as cards, one below the other: Name | Title | Department."""
    place = columns.places.get("person")
    if place is None:
        return
    known = {
        key
        for tiers in vocabulary("snapshot").values()
        for tier in tiers
        for key in tier.split("|")
    }
    cells = [cells[place].strip().casefold() for _, cells in table.records]
    named = [cell for cell in cells if cell in known]
    if len(set(named)) > 1 and 2 * len(named) >= len(cells):
        raise Refused(
            "{file} names its columns one below the other ({headings}), like cards. Give each "
            "person a row, and each of these a column.",
            row=table.header_row,
            file=table.name,
            headings=sorted(set(named))[:5],
        )


def _refuse_several_accounts(
    table: Table, lines: list[SheetRecord], columns: Columns, account: str | None
) -> None:
    if not account or "account" not in columns:
        return
    names: dict[str, SheetRecord] = {}
    for line in lines:
        if name := line.name("account"):
            names.setdefault(name.casefold(), line)
    if len(names) > 1:
        _, second, *_ = names.values()
        raise second.refusal(
            "account",
            "{file} lists {number} accounts, but --account {account} says it is of one. "
            "Leave --account out, or split the file.",
            file=table.name,
            number=len(names),
            account=account,
        )


def _names_one_company(lines: list[SheetRecord], columns: Columns) -> bool:
    """Whether a column of companies names one only: then it is the account, nobody's employer."""
    heading = columns.headings.get("affiliation")
    if heading is None or not is_of_tier(heading, people_of_companies()):
        return False
    return len({name.casefold() for line in lines if (name := line.name("affiliation"))}) == 1


def _refuse_other_day(line: SheetRecord, on: date) -> None:
    day = line.day("snapshot_date")
    if day is not None and not day.after < on <= day.on:
        raise line.refusal(
            "snapshot_date",
            "the row is of {cell}, but --on says {day}. Import each day by itself.",
            cell=tidy(line.raw("snapshot_date")),
            day=on,
        )
