"""How commands print: sentences in the reader's language, refusals, JSON documents."""

from __future__ import annotations

import json
from typing import Any, Final

import click

from relmap.errors import RelmapError
from relmap.languages import _, tell

__all__ = ["JSON", "placed", "print_json", "report", "say"]

JSON: Final = "relmap.json"
"""In click's shared notes: the command was asked for one JSON document."""


def say(text: str, /, *, err: bool = False, **values: Any) -> None:
    """Print an English sentence with its values, told in the reader's language."""
    click.echo(_(text, **values), err=err)


def report(ctx: click.Context, error: RelmapError) -> None:
    """Print what was refused, and with ``--json`` a document of it as well."""
    if ctx.meta.get(JSON):
        row, column = getattr(error, "row", None), getattr(error, "column", None)
        print_json({"error": tell(error), "row": row, "column": column})
    click.echo(placed(error), err=True)


def placed(error: RelmapError) -> str:
    """The message with its place in the file in front, unless it names the row itself."""
    row, column = getattr(error, "row", None), getattr(error, "column", None)
    if row is None or f"row {row}" in str(error).lower():
        return tell(error)
    if column is None:
        return _("Row {row}: {problem}", row=row, problem=error.message)
    return _("Row {row}, column {column}: {problem}", row=row, column=column, problem=error.message)


def print_json(document: Any) -> None:
    """One JSON document to standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
