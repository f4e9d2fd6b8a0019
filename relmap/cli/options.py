"""What commands are asked with: the application, days, the account, ``--json``."""

from __future__ import annotations

import atexit
import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from functools import wraps
from typing import Any, Final, TypeVar

import click
from flask import Flask, has_app_context

from relmap import clock
from relmap.app import app_without_pages
from relmap.cli.printing import JSON, say
from relmap.contracts import N_, Message
from relmap.errors import Refused, Unreadable
from relmap.languages import _, tell
from relmap.models import db
from relmap.models.book import refuse_other_book, refusing_failures
from relmap.names.days import one_day

__all__ = [
    "DAY",
    "NONE",
    "ListedFirst",
    "account_named",
    "clearable",
    "day_option",
    "json_option",
    "said_of",
    "since_option",
    "today",
    "with_app",
]

EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)  # what is reckoned from them stays a day
NONE: Final = "none"

F = TypeVar("F", bound=Callable[..., Any])


def with_app(command: F) -> F:
    """Run a command inside the application; tests hand theirs over as click's ``obj``."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        ctx = click.get_current_context()
        own = nullcontext(ctx.obj) if isinstance(ctx.obj, Flask) else _own_app()
        logging.getLogger("alembic").setLevel(logging.WARNING)
        with own as app, app.app_context(), refusing_failures():
            refuse_other_book(
                is_older_taken=ctx.info_name in ("init", "restore"),
                is_newer_taken=ctx.info_name == "restore",  # which puts another in its place
            )
            return command(*args, **kwargs)

    return run  # type: ignore[return-value]  # wraps keeps the signature


@contextmanager
def _own_app() -> Iterator[Flask]:
    """The application of a command that is a process of its own.

    Its connections are closed at the end: SQLite writes its log back into the book. What is left
    then was used to the last; to look for garbage among it took half a second after an import.
    """
    app = app_without_pages()
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()
        atexit.register(gc.freeze)


class DayType(click.ParamType):  # type: ignore[type-arg]  # generic only in click's newest
    """A day, as 2026-07-01 or ``today``."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day of a text; anything else is wrong usage."""
        if isinstance(value, date):
            return value
        if value == "today":
            return today()
        try:
            day = one_day(value)
        except Unreadable as error:
            self.fail(tell(error), param, ctx)
        if not EARLIEST <= day <= LATEST:
            text = "{value!r} does not lie from {first} to {last}."
            self.fail(_(text, value=value, first=EARLIEST, last=LATEST), param, ctx)
        return day


class NotedDay(DayType):
    """A day of which is said on stderr where it lies ahead: clocks differ, so it is taken."""

    def __init__(self, ahead: str) -> None:
        self.ahead = ahead

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day of a text, noted with what follows where it has not come."""
        day = super().convert(value, param, ctx)
        if day > today():
            say(
                "Note: {day} lies ahead: today is {today} ({zone}). {ahead}",
                day=day,
                today=today(),
                zone=_zone_name(),
                ahead=Message(self.ahead),
                err=True,
            )
        return day


class LivedDay(DayType):
    """A day that has come: what is declared from a later one could not be corrected before it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day of a text; raises ``Refused`` where it has not come."""
        day = super().convert(value, param, ctx)
        if day > today():
            raise Refused(
                "{day} has not come: today is {today} ({zone}). Declare it when it holds.",
                day=day,
                today=today(),
                zone=_zone_name(),
            )
        return day


DAY: Final = DayType()


class Clearable(click.ParamType):  # type: ignore[type-arg]  # as above
    """A value of another kind, or ``none`` to take away what is on record."""

    def __init__(self, kind: click.ParamType) -> None:  # type: ignore[type-arg]  # as above
        self.kind, self.name = kind, f"{kind.name}|{NONE}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value of a text, or the word itself."""
        return NONE if value == NONE else self.kind.convert(value, param, ctx)


class ClearableOption(click.Option):
    """An option that says that its value may be ``none``."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help, with what the word means."""
        shown, text = super().get_help_record(ctx) or ("", "")
        return shown, _("{help} (none: take it away)", help=text)


def clearable(name: str, *, kind: click.ParamType, help: str) -> Callable[[F], F]:  # type: ignore[type-arg]  # noqa: A002  # as above; click's own word
    """An option whose value may be ``none``; read what was given by :func:`said_of`."""
    return click.option(name, type=Clearable(kind), help=help, cls=ClearableOption)


def said_of(**options: Any) -> dict[str, Any]:
    """The options that were given; ``None`` where they said to take away what is on record."""
    return {
        key: None if value == NONE else value for key, value in options.items() if value is not None
    }


def today() -> date:
    """Today in the zone of the book; also while options are read, before a command has its app."""
    with _beside_app():
        return clock.today()


def _zone_name() -> str:
    with _beside_app():
        return clock.zone_name()


def _beside_app() -> AbstractContextManager[object]:
    """Inside the application that a test hands over; a command that has none goes by settings."""
    ctx = click.get_current_context(silent=True)
    app = ctx.find_object(Flask) if ctx and not has_app_context() else None
    return app.app_context() if app else nullcontext()


def account_named(*, is_required: bool = False, before: str | None = None) -> Callable[[F], F]:
    """The account as an argument or as ``--account``, whichever comes to mind; handed on as one.

    ``before`` names an argument that follows, which stands alone beside ``--account``.
    """

    def take(command: F) -> F:
        @wraps(command)
        def run(*args: Any, named: str | None, account: str | None, **kwargs: Any) -> Any:
            if before is not None and kwargs[before] is None:
                if not (named and account):
                    raise click.MissingParameter(param=_param(before if named else "named"))
                named, kwargs[before] = None, named
            if named and account and named != account:
                raise click.UsageError(
                    _("Two accounts are named: {one} and {other}.", one=named, other=account)
                )
            if is_required and not (named or account):
                raise click.UsageError(_("Say which account: ACCOUNT or --account."))
            return command(*args, account=named or account, **kwargs)

        metavar = "ACCOUNT" if is_required else "[ACCOUNT]"
        text = "The account." if is_required else "One account; else all."
        taken = click.option("--account", metavar="ACCOUNT", help=text)(run)
        if before is not None:
            taken = click.argument(before, metavar=before.upper(), required=False)(taken)
        return click.argument("named", metavar=metavar, required=False)(taken)  # type: ignore[return-value]  # wraps keeps the signature

    return take


def _param(name: str) -> click.Parameter:
    command = click.get_current_context().command
    return next(param for param in command.params if param.name == name)


class ListedFirst(click.Group):
    """A group whose command ``list`` is meant where no other is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments, with the command put in front where they begin with none."""
        if not args or args[0] not in (*self.commands, *self.get_help_option_names(ctx)):
            args = ["list", *args]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What may stand behind the group's name: mostly that of its ``list``."""
        return self.commands["list"].collect_usage_pieces(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of ``list``, then the commands."""
        self.commands["list"].format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


def day_option(
    help: str = N_("The day; today unless given."),  # noqa: A002  # click's own word
    *,
    ahead: str = N_("Until then nobody is taken to leave; a plan looks ahead by --horizon."),
) -> Callable[[F], F]:
    """The option ``--on``, today unless given; ``ahead`` is noted of a day that has not come."""
    kind = NotedDay(ahead)
    return click.option("--on", "on", type=kind, default=today, help=help, show_default="today")


def since_option() -> Callable[[F], F]:
    """The option ``--on`` of what is declared: from which day on it holds, today unless given."""
    text = "From which day on it holds."
    return click.option("--on", type=LivedDay(), default=today, help=text, show_default="today")


def _note_json(ctx: click.Context, _param: click.Parameter, value: bool) -> bool:
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
