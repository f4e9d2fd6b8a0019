"""The table that stands in the sheets of a file: its header, its records, and what is no record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, Literal

from relmap.contracts import N_, Message
from relmap.errors import Refused
from relmap.imports.sheets.asides import (
    is_note,
    is_signature,
    is_total,
    looks_like_unit,
    unit_named,
)
from relmap.imports.sheets.blank_units import with_units_above
from relmap.imports.sheets.header import KnownHeadings
from relmap.imports.sheets.pages import MAX_COLUMNS
from relmap.imports.sheets.sheet_choice import ListSheet, choose_sheets
from relmap.imports.sheets.table import (
    CellError,
    Page,
    Part,
    Reading,
    Record,
    Remark,
    Table,
    row_ranges,
)
from relmap.names.folding import letters

__all__ = ["MAX_CELL_LENGTH", "find_table", "too_long"]

MAX_CELL_LENGTH: Final = 10_000
_DITTO: Final = frozenset(
    {
        "同上",
        "〃",
        '"',
        "“",
        "”",
        "＂",
        "″",
        "々",
        "々々",
        "''",
        "do.",
        "ditto",
        "Ditto",
        "DITTO",
    }
    | {
        "同前",
        "（同上）",
        "(同上)",
        "「同上」",
        "same as above",
        "Same as above",
        "as above",
        "As above",
    }
)
UNIT: Final = "unit"


def find_table(
    pages: Sequence[Page],
    *,
    name: str,
    headings: KnownHeadings | None,
    reading: Reading,
    max_rows: int,
) -> Table:
    """The table in the sheets of a file; without ``headings`` the first line names the columns.

    ``Refused`` with row and column where it is broken.
    """
    found, remarks = choose_sheets(pages, name=name, headings=headings, reading=reading)
    tables = []
    for one in found:
        try:
            tables.append(_table(one, name, headings, reading))
        except Refused as refused:
            raise _in_sheet(refused, one.page) if len(found) > 1 else refused from refused
    table = tables[0] if len(tables) == 1 else _joined(tables, headings, pages)
    if len(table.records) > max_rows:
        raise Refused(
            "{name} has more than the {most_count} rows that are read at once. Split it.",
            row=table.records[max_rows][0],
            name=name,
            most_count=max_rows,
        )
    return replace(table, remarks=(*table.remarks, *remarks))


def _in_sheet(refused: Refused, page: Page) -> Refused:
    return Refused(
        "Sheet {sheet}: {problem}",
        row=refused.row,
        column=refused.column,
        sheet=page.name,
        problem=refused.message,
    )


def _table(found: ListSheet, name: str, headings: KnownHeadings | None, reading: Reading) -> Table:
    page, place = found.page, found.place
    header_row, first = page.lines[place]
    header = _header(first, header_row)
    body = _Body(page, header, header_row, headings)
    body.above(page.lines[:place])
    for row, cells in page.lines[place + 1 :]:
        body.take(row, cells)
    part = Part(page.name, header_row, len(body.records))
    table = Table(
        name, body.full_header, tuple(body.records), header_row, tuple(body.remarks()), (), (part,)
    )
    if headings is not None:
        table = _without_hidden(table, page, headings, reading, body.places)
        table = with_units_above(table, headings, reading)
        table = _without_counted_rows(table)
    return _without_nameless_columns(table)


def _header(cells: tuple[str, ...], row: int) -> tuple[str, ...]:
    if len(cells) > MAX_COLUMNS:
        raise Refused(
            "The header has more than {most_count} columns.", row=row, most_count=MAX_COLUMNS
        )
    _refuse_bad_cells(row, cells, cells)
    header = tuple(cell.strip() for cell in cells)
    seen: set[str] = set()
    for heading in header:
        if heading and heading.casefold() in seen:
            raise Refused(
                "Two columns are headed {heading!r}. Rename or remove one of them.",
                row=row,
                column=heading,
                heading=heading,
            )
        seen.add(heading.casefold())
    return header


class _Body:
    """The lines below a header, one after the other: records, and what stands between them."""

    def __init__(
        self,
        page: Page,
        header: tuple[str, ...],
        header_row: int,
        headings: KnownHeadings | None,
    ) -> None:
        self.page = page
        self.header = header
        self.header_row = header_row
        self.headings = headings
        self.records: list[Record] = []
        self.places = list(range(len(header)))
        self._fields = [headings.fields(cell) if headings else frozenset() for cell in header]
        self._texts = {cell.casefold() for cell in header if cell}
        self._key_places = [
            place
            for place, fields in enumerate(self._fields)
            if headings and fields & headings.keys
        ]
        self._order: Sequence[int] | None = None
        self._titles: set[tuple[str, ...]] = set()
        self._left_out: dict[str, list[int]] = {}
        self._units: list[Remark] = []
        self._dittos: set[int] = set()
        self._above: tuple[str, ...] = ()
        self._unit: str | None = None
        self._unit_place = self._place_of_unit()
        self._is_grouped = False

    @property
    def full_header(self) -> tuple[str, ...]:
        """The header, with a column for the units that stand on lines of their own."""
        if self._is_grouped and self._unit_place is None:
            return (*self.header, UNIT)
        return self.header

    def above(self, lines: Iterable[Record]) -> None:
        """Leave out what stands above the header."""
        for row, cells in lines:
            self._titles.add(_trimmed(cells))
            self._leave_out("above", row)

    def take(self, row: int, cells: tuple[str, ...]) -> None:
        """Read one line."""
        if self.headings is not None and self._is_aside(row, cells):
            return
        cells = self._of_full_width(row, cells)
        if self._order is not None:
            cells = tuple(cells[place] for place in self._order)
        if self.headings is not None and not _DITTO.isdisjoint(cells):
            cells = self._without_dittos(row, cells)
        self._above = cells
        if self._unit is not None:
            cells = self._in_unit(cells)
        elif self._is_grouped and self._unit_place is None:
            cells = (*cells, "")
        _refuse_bad_cells(row, cells, self.full_header)
        self._refuse_errors(row, cells)
        self.records.append((row, cells))

    def _of_full_width(self, row: int, cells: tuple[str, ...]) -> tuple[str, ...]:
        width = len(self.header)
        if len(cells) == width:
            return cells
        if self.page.is_padded and len(cells) < width:
            return cells + ("",) * (width - len(cells))
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            return cells[:width]
        if self.page.is_padded:
            place = next(n for n in range(width, len(cells)) if cells[n].strip())
            raise _without_heading(row, cells[place], place)
        raise Refused(
            "Row {row} has {cells} cells where the header has {headings}. Put quotes "
            "around cells that hold the separator, or fill up the row.",
            row=row,
            cells=len(cells),
            headings=width,
        )

    def _refuse_errors(self, row: int, cells: tuple[str, ...]) -> None:
        """Refuse what a broken formula shows, unless nobody reads its column."""
        for place, cell in enumerate(cells):
            if isinstance(cell, CellError) and (self.headings is None or self._fields[place]):
                raise Refused(
                    "Row {row} shows the error {value}. Mend the formula, or leave the cell empty.",
                    row=row,
                    column=self.header[place],
                    value=str(cell),
                )

    # --- lines that are no records

    def _is_aside(self, row: int, cells: tuple[str, ...]) -> bool:
        filled = [cell for cell in cells if cell.strip()]
        if self._repeats_header(row, cells, filled):
            self._leave_out("header", row)
        elif self._titles and _trimmed(cells) in self._titles:
            self._leave_out("title", row)
        elif is_total(filled):
            self._leave_out("total", row)
        elif self._may_be_note(filled):
            self._leave_out("note", row)
        elif len(filled) == 1 and self._names_unit(row, cells, filled[0]):
            pass
        else:
            return False
        return True

    def _may_be_note(self, filled: list[str]) -> bool:
        if len(filled) == 1:
            return is_note(filled)
        return is_signature(filled) or (len(filled) < len(self.header) and is_note(filled))

    def _repeats_header(self, row: int, cells: tuple[str, ...], filled: list[str]) -> bool:
        """Whether a line is the header once more; in another order it counts from here on."""
        assert self.headings is not None
        if not any(
            place < len(cells)
            and (
                cells[place].strip().casefold() in self._texts
                or self.headings.has_written(cells[place])
            )
            for place in self._key_places
        ):
            return False
        if self._is_header_in_place(cells):
            self._order = None
            return True
        if len(filled) < 2 or not all(map(self._is_heading, filled)):
            return False
        if not any(self.headings.fields(cell) & self.headings.keys for cell in filled):
            return False  # a vacant seat: the manager of a unit called Group
        order = self._reordered(cells)
        if order is None:
            raise Refused(
                "Row {row} names other columns than row {header_row}. Split the file there.",
                row=row,
                header_row=self.header_row,
            )
        self._order = order
        return True

    def _is_heading(self, cell: str) -> bool:
        assert self.headings is not None
        return cell.strip().casefold() in self._texts or bool(self.headings.fields(cell))

    def _is_header_in_place(self, cells: tuple[str, ...]) -> bool:
        assert self.headings is not None
        matches = alike = 0
        for place, cell in enumerate(cells):
            if not cell.strip():
                continue
            if place >= len(self.header):
                return False
            is_same = cell.strip().casefold() == self.header[place].casefold()
            if not is_same and not self.headings.fields(cell) & self._fields[place]:
                return False
            matches += 1
            alike += is_same
        # A lone word that another list would head a column with may be a value: a project Socket.
        return matches >= 2 or alike == len(self.header) == 1

    def _reordered(self, cells: tuple[str, ...]) -> list[int] | None:
        """Where each column of the header stands in a line that has the same headings."""
        now = [cell.strip().casefold() for cell in cells]
        if sorted(filter(None, now)) != sorted(self._texts) or len(now) != len(self.header):
            return None
        return [now.index(heading.casefold()) for heading in self.header]

    # --- units on lines of their own

    def _place_of_unit(self) -> int | None:
        if self.headings is None:
            return None
        places = [n for n, fields in enumerate(self._fields) if UNIT in fields]
        return places[0] if places else None

    def _names_unit(self, row: int, cells: tuple[str, ...], text: str) -> bool:
        assert self.headings is not None
        place = next(n for n, cell in enumerate(cells) if cell.strip())
        if text.strip().isdigit() and place not in self._key_places:
            self._leave_out("number", row)
            return True
        if not self.headings.has_units or not self._is_unit(row, place, text):
            return False
        self._unit = unit_named(text)
        if self._unit_place is None and not self._is_grouped:
            self.records = [(line, (*record, "")) for line, record in self.records]
        self._is_grouped = True
        message = Message(
            "Row {row} names a unit, {unit}, and nobody: the rows below it that name no unit "
            "belong to it.",
            {"row": row, "unit": self._unit},
        )
        self._units.append(Remark(message, row, "guess", (row,), self.page.name))
        return True

    def _is_unit(self, row: int, place: int, text: str) -> bool:
        if len(self.header) < 2 or len(text) > 80 or not unit_named(text):
            return False
        if row in self.page.banners or place == self._unit_place:
            return True
        if place in self._key_places or place >= len(self.header):
            return looks_like_unit(text)
        is_known = bool(self._fields[place] - {"level"})
        return looks_like_unit(text) if is_known else any(char.isalpha() for char in text)

    def _in_unit(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        assert self._unit is not None
        if self._unit_place is None:
            return (*cells, self._unit)
        if cells[self._unit_place].strip():
            return cells
        return (*cells[: self._unit_place], self._unit, *cells[self._unit_place + 1 :])

    # --- ditto marks

    def _without_dittos(self, row: int, cells: tuple[str, ...]) -> tuple[str, ...]:
        filled = list(cells)
        for place, cell in enumerate(cells):
            if cell not in _DITTO:
                continue
            above = self._above[place] if self._above else ""
            if not above.strip():
                raise Refused(
                    "Row {row} has {cell}, the sign for what stands above, but nothing stands "
                    "there. Write it out.",
                    row=row,
                    column=self.header[place],
                    cell=cell,
                )
            filled[place] = above
            self._dittos.add(place)
        return tuple(filled)

    # --- what is to be said

    def _leave_out(self, why: str, row: int) -> None:
        self._left_out.setdefault(why, []).append(row)

    def remarks(self) -> list[Remark]:
        """What was guessed, and what was left out."""
        said = [self._said_of(why, rows) for why, rows in self._left_out.items()]
        said += self._units
        if self._dittos:
            values = {"headings": self._named(self._dittos)}
            message = Message("Ditto marks were filled in from above: {headings}.", values)
            said.append(Remark(message, sheet=self.page.name))
        said += self._merged()
        return said

    def _merged(self) -> list[Remark]:
        """The merged cells among the records."""
        rows: dict[int, set[int]] = {}
        for place, first, last in self.page.filled:
            if place < len(self.header) and first > self.header_row:
                rows.setdefault(place, set()).update(range(first, last + 1))
        return [
            Remark(
                Message(
                    "Merged cells of {heading}: each of their rows has the value: row {rows}.",
                    {"heading": self.header[place] or place + 1, "rows": row_ranges(found)},
                ),
                min(found),
                "guess",
                tuple(sorted(found)),
                self.page.name,
            )
            for place, found in sorted(rows.items())
        ]

    def _named(self, places: Iterable[int]) -> list[str]:
        return [self.header[place] or str(place + 1) for place in sorted(places)]

    def _said_of(self, why: str, rows: list[int]) -> Remark:
        values = {"rows": row_ranges(rows), "header": self.header_row}
        return Remark(Message(_WHY[why], values), rows[0], "left_out", tuple(rows), self.page.name)


_WHY: Final = {
    "above": N_("Not read, above the names of the columns in row {header}: row {rows}."),
    "header": N_("Left out, the columns are named again: row {rows}."),
    "title": N_("Left out, a line from above the table again: row {rows}."),
    "total": N_("Left out as a total: row {rows}."),
    "note": N_("Left out as a note: row {rows}."),
    "number": N_("Left out, a number alone: row {rows}."),
}


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in cells if cell.strip())


def _refuse_bad_cells(row: int, cells: tuple[str, ...], header: tuple[str, ...]) -> None:
    for heading, cell in zip(header, cells, strict=True):
        if len(cell) > MAX_CELL_LENGTH:
            raise too_long(row, len(cell), heading[:80].strip())
        if "\0" in cell:
            raise Refused(
                "A cell in row {row} holds a NUL byte: the file is damaged. Export it again.",
                row=row,
                column=heading.replace("\0", "").strip(),
            )


def too_long(row: int, length: int, column: str | None) -> Refused:
    """The refusal of a cell that is longer than any is."""
    return Refused(
        "A cell in row {row} has {character_count} characters; {most_count} are allowed. Shorten "
        "it, or look for a quote that is never closed.",
        row=row,
        column=column,
        character_count=length,
        most_count=MAX_CELL_LENGTH,
    )


def _without_heading(row: int, cell: str, place: int) -> Refused:
    return Refused(
        "Row {row} has {cell!r} in column {place}, which has no heading. Name the "
        "column in the first row.",
        row=row,
        cell=cell[:40],
        place=place + 1,
    )


def _without_nameless_columns(table: Table) -> Table:
    nameless = [place for place, heading in enumerate(table.header) if not heading]
    if not nameless:
        return table
    for row, cells in table.records:
        for place in nameless:
            if cells[place].strip():
                raise _without_heading(row, cells[place], place)
    return _with_columns(table, [n for n, heading in enumerate(table.header) if heading])


def _without_counted_rows(table: Table) -> Table:
    """The table without a column that has no heading and only counts the rows."""
    counted = {
        place
        for place, heading in enumerate(table.header)
        if not heading
        and any(cells[place].strip() for _, cells in table.records)
        and all(
            cells[place].strip().isdigit() or not cells[place].strip() for _, cells in table.records
        )
    }
    if not counted:
        return table
    message = Message(
        "Column {places} has no heading and only numbers: it was not read.",
        {"places": [place + 1 for place in sorted(counted)]},
    )
    remark = Remark(message, kind="left_out", sheet=table.parts[0].sheet)
    rest = [place for place in range(len(table.header)) if place not in counted]
    return _with_columns(replace(table, remarks=(*table.remarks, remark)), rest)


def _with_columns(table: Table, places: Sequence[int]) -> Table:
    return replace(
        table,
        header=tuple(table.header[place] for place in places),
        records=tuple(
            (row, tuple(cells[place] for place in places)) for row, cells in table.records
        ),
    )


# --- hidden rows and columns


def _without_hidden(
    table: Table,
    page: Page,
    headings: KnownHeadings,
    reading: Reading,
    places: Sequence[int],
) -> Table:
    """The table with or without what is hidden, as somebody said, else with the question."""
    rows = [row for row, _ in table.records if row in page.hidden_rows]
    columns = [
        place
        for place in places
        if place in page.hidden_columns and headings.fields(table.header[place])
    ]
    if not (rows or columns):
        return table
    names = [table.header[place] for place in columns]
    told = []
    if rows:
        told.append(Message("row {rows}", {"rows": row_ranges(rows)}))
    if columns:
        told.append(Message("column {headings}", {"headings": names}))
    values = {"file": table.name, "what": told}
    if reading.hidden == "skip":
        message = Message("Hidden in {file} and left out: {what}.", values)
        table = _with_columns(
            replace(table, records=tuple(one for one in table.records if one[0] not in set(rows))),
            [n for n in range(len(table.header)) if n not in columns],
        )
        part = replace(table.parts[0], record_count=len(table.records))
        table = replace(table, parts=(part,))
    else:
        message = Message("Hidden in {file} and read: {what}.", values)
    questions: tuple[Message, ...] = ()
    if reading.hidden is None:
        questions = (
            Message(
                "{file} hides {what}. Whoever sent it may have meant to leave them out: --hidden "
                "skip does so. --hidden read takes them in, as applying this does.",
                values,
            ),
        )
    kind: Literal["guess", "left_out"] = "left_out" if reading.hidden == "skip" else "guess"
    remark = Remark(message, rows[0] if rows else None, kind, tuple(rows), page.name)
    return replace(table, remarks=(*table.remarks, remark), questions=questions)


# --- several sheets


def _joined(
    tables: Sequence[Table], headings: KnownHeadings | None, pages: Sequence[Page]
) -> Table:
    """Sheets with the same list as one table.

    Rows of the first keep their numbers, those of each other sheet count from a round number.
    """
    assert headings is not None
    tables = _with_units_of_sheets(tables, headings)
    header = list(tables[0].header)
    orders = [_order_in(header, table.header, headings) for table in tables]
    step = 10 ** len(str(max(row for page in pages for row, _ in page.lines)))
    records: list[Record] = []
    remarks: list[Remark] = []
    parts: list[Part] = []
    for number, (table, order) in enumerate(zip(tables, orders, strict=True)):
        first = number * step
        for row, cells in table.records:
            values = (*cells, "")  # the last for a column that the sheet does not have
            full = tuple(values[place] for place in order) + ("",) * (len(header) - len(order))
            records.append((row + first, full))
        parts.append(replace(table.parts[0], first=first))
        remarks.append(_joining(parts[-1]))
        remarks += [_of_sheet(remark, first) for remark in table.remarks]
    return Table(
        tables[0].name,
        tuple(header),
        tuple(records),
        tables[0].header_row,
        tuple(remarks),
        tuple(question for table in tables for question in table.questions),
        tuple(parts),
    )


def _order_in(header: list[str], own: Sequence[str], headings: KnownHeadings) -> list[int]:
    """Where each column of the joint header stands in a sheet; unknown ones join the header."""
    order = [-1] * len(header)
    rest = []
    keys = [letters(heading) or heading for heading in header]
    for place, heading in enumerate(own):
        key = letters(heading) or heading
        if key in keys and order[keys.index(key)] < 0:
            order[keys.index(key)] = place
        else:
            rest.append(place)
    for place in rest:
        fields = headings.fields(own[place])
        like = [n for n, other in enumerate(header) if headings.fields(other) & fields]
        free = [n for n in like if order[n] < 0]
        if free:
            order[free[0]] = place
        else:
            header.append(own[place])
            order.append(place)
    return order


def _with_units_of_sheets(tables: Sequence[Table], headings: KnownHeadings) -> Sequence[Table]:
    """Where no sheet has a column of units, each is one: it is named after it."""
    names = [table.parts[0].sheet or "" for table in tables]
    if (
        not headings.has_units
        or any(UNIT in headings.fields(cell) for table in tables for cell in table.header)
        or not all(map(looks_like_unit, names))
    ):
        return tables
    return [
        replace(
            table,
            header=(*table.header, UNIT),
            records=tuple((row, (*cells, unit_named(name))) for row, cells in table.records),
            remarks=(*table.remarks, _named_after_sheet(name)),
        )
        for table, name in zip(tables, names, strict=True)
    ]


def _named_after_sheet(name: str) -> Remark:
    message = Message(
        "Sheet {sheet} has no column for the unit: its people are taken to be in {unit}.",
        {"sheet": name, "unit": unit_named(name)},
    )
    return Remark(message, sheet=name)


def _joining(part: Part) -> Remark:
    values = {"sheet": part.sheet, "number": part.record_count, "first": part.first + 2}
    if part.first:
        message = Message(
            "Sheet {sheet} was read (rows: {number}); its row 2 counts as {first}.", values
        )
    else:
        message = Message("Sheet {sheet} was read (rows: {number}).", values)
    return Remark(message, sheet=part.sheet)


def _of_sheet(remark: Remark, first: int) -> Remark:
    message = Message("Sheet {sheet}: {note}", {"sheet": remark.sheet, "note": remark.message})
    return replace(remark, message=message, row=None if remark.row is None else remark.row + first)
