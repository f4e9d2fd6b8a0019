"""Files at the command line: import, look, resolve, apply, undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import current_app

from relmap import imports
from relmap.cli.options import DAY, json_option, today, with_app
from relmap.cli.printing import placed, print_json, say
from relmap.cli.root import HELD, REFUSED
from relmap.config import config_of, load_config
from relmap.contracts.signs import shown
from relmap.errors import ImportHeld, Refused
from relmap.imports import history
from relmap.imports.check import KINDS_OF_LISTS, check_file
from relmap.imports.report import ImportReport
from relmap.imports.sheets.table import Reading
from relmap.languages import _, commas

__all__ = ["import_"]

F = TypeVar("F", bound=Callable[..., Any])
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


READING = (
    click.option("--sheet", "sheets", multiple=True, help="Read this sheet of the workbook only."),
    click.option(
        "--header-row", type=click.IntRange(min=1), help="The row that names the columns."
    ),
    click.option(
        "--hidden",
        type=click.Choice(["read", "skip"]),
        help="Read or skip hidden rows and columns.",
    ),
    click.option(
        "--blank-unit",
        type=click.Choice(["above", "account"]),
        help="A row without a unit is of the one above, or of the account.",
    ),
    click.option("--encoding", help="What a text file is written in, such as GB18030 or cp1250."),
)


def file_options(command: F) -> F:
    """The options that every kind of file takes."""
    command = what_file_says(with_reading(command))
    for option in (
        click.argument("file", type=FILE),
        click.option("--dry-run", is_flag=True, help="Say what would change, write nothing."),
        json_option,
    ):
        command = option(command)
    return command


def what_file_says(command: F) -> F:
    """The options that tell what a file does not say, or not so that relmap finds it."""
    for option in (
        click.option("--account", help="The account, where the file does not say."),
        click.option(
            "--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="A column's name."
        ),
        *READING,
    ):
        command = option(command)
    return command


def with_reading(command: F) -> F:
    """Hand a command what was said of how to read its file as one value, ``reading``."""

    @wraps(command)
    def run(
        *,
        sheets: tuple[str, ...],
        header_row: int | None,
        hidden: Any,
        blank_unit: Any,
        encoding: str | None,
        **given: Any,
    ) -> Any:
        reading = Reading(sheets, header_row, hidden, blank_unit, encoding)
        return command(reading=reading, **given)

    return run  # type: ignore[return-value]  # click gives the arguments by name


def _column_map(pairs: tuple[str, ...]) -> dict[str, str]:
    columns = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not (field and equals and column):
            raise click.BadParameter(
                _("{pair!r} should read field=column.", pair=pair), param_hint="--map"
            )
        columns[field.strip()] = column
    return columns


def _given(
    file: Path,
    account: str | None,
    pairs: tuple[str, ...],
    reading: Reading,
    dry_run: bool,
) -> dict[str, Any]:
    """What every import is handed."""
    return {
        "data": file.read_bytes(),
        "file_name": shown(file.name),
        "account": account,
        "column_map": _column_map(pairs),
        "reading": reading,
        "dry_run": dry_run,
        "cap": config_of(current_app).max_upload,
    }


def _print(report: ImportReport, as_json: bool) -> None:
    if as_json:
        print_json(report.to_json())
    else:
        click.echo(report.to_text())


def _tell(report: ImportReport, as_json: bool) -> None:
    """Print what became of a file; one that the guard holds, or would hold, ends with status 3."""
    _print(report, as_json)
    if report.held is not None:
        again = "--yes" if report.import_id is None else f"relmap import apply {report.import_id}"
        click.echo(_("{held} ({command})", held=report.held, command=again), err=True)
        click.get_current_context().exit(HELD)


@click.group("import")
def import_() -> None:
    """Files that become facts."""


@import_.command("snapshot")
@file_options
@click.option("--on", "on", type=DAY, required=True, help="The day the list was true.")
@click.option("--complete", is_flag=True, help="The file lists every unit of its accounts.")
@click.option("--yes", is_flag=True, help="Apply even where the guard would hold.")
@with_app
def import_snapshot(
    file: Path,
    account: str | None,
    pairs: tuple[str, ...],
    reading: Reading,
    dry_run: bool,
    as_json: bool,
    on: date,
    complete: bool,
    yes: bool,
) -> None:
    """A file that lists who sits where on a day: CSV, XLSX, XLS or ODS."""
    given = _given(file, account, pairs, reading, dry_run)
    try:
        report = imports.import_snapshot(**given, day=on, complete=complete, yes=yes, today=today())
    except ImportHeld as held:
        if held.import_id is None:
            raise
        report = imports.show_import(held.import_id, today=today())
    _tell(report, as_json)


@import_.command("ties")
@file_options
@click.option("--among-client", is_flag=True, help="Both people of each row are theirs.")
@click.option("--create-people", is_flag=True, help="Add people the book does not know.")
@with_app
def import_ties(
    file: Path,
    account: str | None,
    pairs: tuple[str, ...],
    reading: Reading,
    dry_run: bool,
    as_json: bool,
    among_client: bool,
    create_people: bool,
) -> None:
    """A file that lists who of us knows whom, and how well."""
    given = _given(file, account, pairs, reading, dry_run)
    report = history.import_ties(
        **given, on=today(), among_client=among_client, create_people=create_people
    )
    _tell(report, as_json)


@import_.command("touches")
@file_options
@click.option("--create-people", is_flag=True, help="Add people the book does not know.")
@with_app
def import_touches(
    file: Path,
    account: str | None,
    pairs: tuple[str, ...],
    reading: Reading,
    dry_run: bool,
    as_json: bool,
    create_people: bool,
) -> None:
    """A file that lists visits, calls and mails."""
    given = _given(file, account, pairs, reading, dry_run)
    _tell(history.import_touches(**given, create_people=create_people), as_json)


@import_.command("tenures")
@file_options
@click.option("--yes", is_flag=True, help="Apply even where relmap asks first.")
@with_app
def import_tenures(
    file: Path,
    account: str | None,
    pairs: tuple[str, ...],
    reading: Reading,
    dry_run: bool,
    as_json: bool,
    yes: bool,
) -> None:
    """A file that lists who held which post from when to when."""
    given = _given(file, account, pairs, reading, dry_run)
    _tell(history.import_tenures(**given, on=today(), yes=yes), as_json)


@import_.command("projects")
@file_options
@click.option("--on", "on", type=DAY, help="The day the list was true; today unless given.")
@with_app
def import_projects(
    file: Path,
    account: str | None,
    pairs: tuple[str, ...],
    reading: Reading,
    dry_run: bool,
    as_json: bool,
    on: date | None,
) -> None:
    """A file that lists the chances to sell, and the posts that decide them."""
    given = _given(file, account, pairs, reading, dry_run)
    _tell(history.import_projects(**given, on=on or today()), as_json)


@import_.command("check")
@click.argument("file", type=FILE)
@click.option(
    "--as",
    "kind",
    type=click.Choice(KINDS_OF_LISTS),
    default="snapshot",
    show_default=True,
    help="What the file lists.",
)
@click.option("--on", "on", type=DAY, help="The day the list was true; today unless given.")
@what_file_says
@json_option
@with_reading
def check_file_command(
    file: Path,
    kind: str,
    on: date | None,
    account: str | None,
    pairs: tuple[str, ...],
    reading: Reading,
    as_json: bool,
) -> None:
    """How a file would be read: what from where, what is guessed, what is left out.

    Needs no database. Ends with status 1 where an import would be refused, and with 3 where it
    would be held for an answer.
    """
    found = check_file(
        file.read_bytes(),
        file_name=shown(file.name),
        kind=kind,
        on=on or today(),
        account=account,
        column_map=_column_map(pairs),
        reading=reading,
        cap=load_config().max_upload,
    )
    if as_json:
        print_json(found.to_json())
    else:
        click.echo(found.to_text())
    if found.problem is not None:
        click.echo(placed(found.problem), err=True)
        click.get_current_context().exit(REFUSED)
    if found.table.questions:
        click.get_current_context().exit(HELD)


@import_.command("list")
@json_option
@with_app
def list_imports(as_json: bool) -> None:
    """The imports, newest first."""
    reports = imports.list_imports()
    if as_json:
        print_json([report.to_json() for report in reports])
        return
    for report in reports:
        click.echo(report.to_line())
    if not reports:
        say("No file was imported yet.")


@import_.command("show")
@click.argument("import_id", metavar="IMPORT", type=int)
@json_option
@with_app
def show_import(import_id: int, as_json: bool) -> None:
    """What one import changed, and what it leaves to be resolved."""
    _print(imports.show_import(import_id, today=today()), as_json)


@import_.command("apply")
@click.argument("import_id", metavar="IMPORT", type=int)
@json_option
@with_app
def apply_import(import_id: int, as_json: bool) -> None:
    """Apply an import that the guard holds."""
    _tell(imports.apply_import(import_id, today=today()), as_json)


@import_.command("undo")
@click.argument("import_id", metavar="IMPORT", type=int)
@json_option
@with_app
def undo_import(import_id: int, as_json: bool) -> None:
    """Take an import back: what it made goes, what it changed is restored."""
    _tell(imports.undo_import(import_id), as_json)


@import_.command("resolve")
@click.argument("import_id", metavar="IMPORT", type=int)
@click.argument("row")
@click.option("--same", metavar="PERSON", help="The row is this person: an id or a name.")
@click.option("--different", is_flag=True, help="The row is somebody new.")
@json_option
@with_app
def resolve_row(import_id: int, row: str, same: str | None, different: bool, as_json: bool) -> None:
    """Say who an uncertain row is; of several sheets a row is SHEET:ROW."""
    if (same is None) == (not different):
        raise click.UsageError(_("Say either --same PERSON or --different."))
    number = imports.row_of_import(import_id, row)
    person = None if same is None else _candidate(import_id, number, same)
    _tell(imports.resolve_row(import_id, number, same=person), as_json)


def _candidate(import_id: int, row: int, text: str) -> int:
    """The id of the person somebody means, who is named by it or is one the row may be."""
    if text.isdecimal():
        return int(text)
    waiting = [line for line in imports.show_import(import_id).uncertain if line["row"] == row]
    people = [person for line in waiting for person in line["candidates"]]
    found = {person["id"] for person in people if person["person"] == text}
    if len(found) != 1:
        if not people:
            raise Refused(
                "{text!r} does not say which person row {row} is. Nothing waits in that row.",
                text=text,
                row=row,
            )
        named = commas(f"{person['person']} ({person['id']})" for person in people)
        raise Refused(
            "{text!r} does not say which person row {row} is. It may be {people}: give the id.",
            text=text,
            row=row,
            people=named,
        )
    return int(found.pop())
