"""What every command shares: the application, exit statuses, ``--json`` and days."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, TypeVar

import click
from flask import Flask
from sqlalchemy.exc import DatabaseError

from relmap import __version__, create_app
from relmap.errors import Held, Refused, RelmapError

__all__ = [
    "DAY",
    "HELD",
    "REFUSED",
    "Relmap",
    "day_option",
    "json_option",
    "print_json",
    "today",
    "with_app",
]

REFUSED, HELD = 1, 3
JSON = "relmap.json"  # in click's shared notes: the command was asked for one JSON document

F = TypeVar("F", bound=Callable[..., Any])


class Relmap(click.Group):
    """The root command: what was refused on purpose leaves as a message and an exit status."""

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(name, **options)
        click.version_option(__version__, prog_name="relmap")(self)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a refusal ends it with status 1, the guard with status 3."""
        try:
            return super().invoke(ctx)
        except RelmapError as error:
            _say(ctx, error)
            ctx.exit(HELD if isinstance(error, Held) else REFUSED)


def _say(ctx: click.Context, error: RelmapError) -> None:
    if ctx.meta.get(JSON):
        row, column = getattr(error, "row", None), getattr(error, "column", None)
        print_json({"error": str(error), "row": row, "column": column})
    click.echo(_placed(error), err=True)


def _placed(error: RelmapError) -> str:
    """The message with its place in the file in front, unless it names the row itself."""
    row, column = getattr(error, "row", None), getattr(error, "column", None)
    text = str(error)
    if row is None or f"row {row}" in text.lower():
        return text
    place = f"Row {row}" + ("" if column is None else f", column {column}")
    return f"{place}: {text}"


def with_app(command: F) -> F:
    """Run a command inside the application; tests hand theirs over as click's ``obj``."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        ctx = click.get_current_context()
        app = ctx.obj if isinstance(ctx.obj, Flask) else create_app()
        logging.getLogger("alembic").setLevel(logging.WARNING)
        with app.app_context():
            try:
                return command(*args, **kwargs)
            except DatabaseError:
                if ctx.info_name != "init":
                    _check_schema()
                raise

    return run  # type: ignore[return-value]  # wraps keeps the signature


def _check_schema() -> None:
    """Raise ``Refused`` where the database is of another version, which explains much else."""
    from relmap.models.schema import is_current  # alembic, which a command that works goes without

    if not is_current():
        raise Refused("The database is not at this version's schema. Run: relmap init")


class Day(click.ParamType):  # type: ignore[type-arg]  # generic only in click's newest
    """A day, as 2026-07-01 or ``today``."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day of a text; anything else is wrong usage."""
        if isinstance(value, date):
            return value
        if value == "today":
            return today()
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it like 2026-07-01.", param, ctx)


DAY = Day()


def today() -> date:
    """Today where relmap runs."""
    return date.today()  # a salesperson's day, not a moment


def day_option(name: str = "--on", help: str = "The day; today unless given.") -> Callable[[F], F]:  # noqa: A002  # click's own word
    """An option that takes a day and defaults to today."""
    return click.option(name, "on", type=DAY, default=today, help=help, show_default="today")


def _note_json(ctx: click.Context, _: click.Parameter, value: bool) -> bool:
    ctx.meta[JSON] = value
    return value


json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    is_eager=True,
    callback=_note_json,
    help="Print one JSON document and nothing else.",
)


def print_json(document: Any) -> None:
    """One JSON document to standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
