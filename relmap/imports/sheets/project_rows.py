"""One row of a list of projects: what may be sold, how far it is, which posts decide it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from relmap.contracts import Message
from relmap.contracts.words import ProjectStage
from relmap.imports.sheets.amounts import Amount, read_amount, read_currency
from relmap.imports.sheets.columns import Columns, find_columns, require
from relmap.imports.sheets.headings import vocabulary
from relmap.imports.sheets.records import MAX_NAME_LENGTH, Sheet, SheetRecord, lines_of
from relmap.imports.sheets.spellings import read_project_stage
from relmap.imports.sheets.table import Table
from relmap.names.folding import tidy

__all__ = ["FileProject", "read_projects"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProject:
    """What one record says of one project; texts as written, trimmed."""

    row: int
    account: str
    project: str
    part_number: str | None = None
    stage: ProjectStage | None = None
    value: float | None = None
    currency: str | None = None
    starts_on: date | None = None
    decides_on: date | None = None
    ended_on: date | None = None
    ended_because: str | None = None
    unit: str | None = None
    """Where the posts are; ``None``: anywhere in the account."""
    posts: tuple[str, ...] = ()
    """Titles of the posts that decide it, also as ``unit / title``."""


def read_projects(
    table: Table, *, account: str | None = None, mapping: Mapping[str, str] | None = None
) -> Sheet[FileProject]:
    """The rows of a list of projects; several posts in one cell are parted by ; or 、."""
    columns = find_columns(table, vocabulary("projects"), mapping=mapping)
    require(table, columns, ("project",), what=Message("the project's name"))
    if not account:
        require(table, columns, ("account",), what=Message("the account (or give --account)"))
    rows = tuple(_row(line, account, columns) for line in lines_of(table, columns))
    return Sheet(rows, columns)


def _row(line: SheetRecord, account: str | None, columns: Columns) -> FileProject:
    account = line.account(account)
    project = line.name("project")
    if project is None:
        line.refuse("project", "{heading} is empty. Every row names its project.")
    amount = _amount(line, columns)
    return FileProject(
        row=line.row,
        account=account,
        project=project,
        part_number=line.name("part_number"),
        stage=line.read("stage", read_project_stage),
        value=None if amount is None else amount.value,
        currency=None if amount is None else amount.currency,
        starts_on=_day(line, "starts_on"),
        decides_on=_day(line, "decides_on"),
        ended_on=_day(line, "ended_on"),
        ended_because=line.text("ended_because"),
        unit=line.name("unit"),
        posts=_posts(line),
    )


def _amount(line: SheetRecord, columns: Columns) -> Amount | None:
    """The value; its currency may stand in the cell, in the heading or in a column of its own."""
    heading = columns.headings.get("value", "")
    currency = line.read("currency", read_currency)
    return line.read("value", lambda text: read_amount(text, heading, currency))


def _day(line: SheetRecord, field: str) -> date | None:
    found = line.day(field)
    return None if found is None else found.on


def _posts(line: SheetRecord) -> tuple[str, ...]:
    titles = [tidy(part) for part in re.split("[;；、\n]", line.raw("post"))]
    titles = [title for title in titles if title not in ("", "-", "–", "—", "?", "？")]
    if any(len(title) > MAX_NAME_LENGTH for title in titles):
        line.refuse(
            "post", "{heading} has a title of more than {most} characters.", most=MAX_NAME_LENGTH
        )
    return tuple(dict.fromkeys(titles))
