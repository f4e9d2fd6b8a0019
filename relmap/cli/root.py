"""The root command: which commands there are, and how what was refused ends.

A command is loaded when it is called: all of them together take a second.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from relmap import __version__
from relmap.cli.help import told_help
from relmap.cli.printing import report
from relmap.contracts import N_
from relmap.contracts.words import Language
from relmap.errors import ImportHeld, Refused, RelmapError
from relmap.languages import _, best_language, speaking, tell

__all__ = ["COMMANDS", "HELD", "REFUSED", "CommandPlace", "Relmap"]

REFUSED, HELD = 1, 3


class CommandPlace(NamedTuple):
    """Where a command is: a module of this room, and the first sentence of what it says there."""

    module: str
    line: str


COMMANDS: Final[Mapping[str, CommandPlace]] = {
    "account": CommandPlace("accounts", N_("Client organisations.")),
    "alerts": CommandPlace("results", N_("What one of us should act on, the most urgent first.")),
    "beat": CommandPlace(
        "processes", N_("Ask the workers behind the broker, again and again, to see what is due.")
    ),
    "backtest": CommandPlace("back_tests", N_("Foresight tested on the past.")),
    "backup": CommandPlace(
        "maintenance", N_("Write the whole database to FILE while relmap runs.")
    ),
    "check": CommandPlace(
        "maintenance",
        N_("List facts that violate the rules of the services; status 1 if there are any."),
    ),
    "forecast": CommandPlace(
        "foresight",
        N_("Who may leave a post within a year, on what that rests, and who would follow."),
    ),
    "import": CommandPlace("imports", N_("Files that become facts.")),
    "init": CommandPlace(
        "maintenance",
        N_("Bring the database to the newest schema; the first time, make the administrator."),
    ),
    "lag": CommandPlace("back_tests", N_("How late we learn that somebody has left a post.")),
    "path": CommandPlace(
        "foresight",
        N_("The strongest introductions to a person, by name, id elsewhere or person:ID."),
    ),
    "person": CommandPlace("accounts", N_("People.")),
    "plan": CommandPlace(
        "plans", N_("Whom to meet, by whom, to lose least when those who decide change.")
    ),
    "plugin": CommandPlace("plugins", N_("What scores accounts and raises alerts.")),
    "post": CommandPlace("posts", N_("Seats in the client's organisation.")),
    "power": CommandPlace(
        "foresight",
        N_("Whose word weighs: who is asked for advice and who has the reporting line below."),
    ),
    "questions": CommandPlace(
        "foresight",
        N_("What is worth asking about who decides, what could change the plan most first."),
    ),
    "restore": CommandPlace(
        "maintenance",
        N_("Put the database back as FILE holds it; the present one is kept beside."),
    ),
    "sample": CommandPlace("maintenance", N_("Ten invented customers to look around in.")),
    "scan": CommandPlace(
        "results", N_("Look for alerts: what happened since each rule last looked.")
    ),
    "score": CommandPlace("results", N_("Score accounts on a day, and show every point.")),
    "serve": CommandPlace(
        "processes",
        N_("Serve the pages, with one worker process beside unless RELMAP_BROKER_URL is set."),
    ),
    "threads": CommandPlace(
        "foresight",
        N_(
            "On how many threads an account hangs, and on whom each deciding post and project does."
        ),
    ),
    "user": CommandPlace("accounts", N_("Who logs in, and which accounts they may read or write.")),
    "view": CommandPlace(
        "accounts", N_("One account as it stood on a day, as plug-ins are handed it.")
    ),
    "whatif": CommandPlace(
        "plans", N_("What an account would lose if some people were gone tomorrow.")
    ),
    "worker": CommandPlace(
        "processes", N_("Take turns of background work as the broker says, beside other workers.")
    ),
    "work": CommandPlace(
        "processes", N_("Score and scan every account that is due, again and again.")
    ),
}


class Relmap(click.Group):
    """The root command: what was refused on purpose leaves as a message and an exit status."""

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(name, **options)
        click.version_option(__version__, prog_name="relmap")(self)
        click.option(
            "--language",
            type=Tongue(),
            is_eager=True,
            expose_value=False,
            callback=_speak,
            help="en, zh-Hant or zh-Hans; else RELMAP_LANGUAGE counts.",
        )(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, which explains itself in the language of the moment."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"relmap.cli.{COMMANDS[cmd_name].module}")
        command: click.Command = getattr(module, "import_" if cmd_name == "import" else cmd_name)
        ctx.with_resource(told_help(command))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """All commands, none of which is loaded for it."""
        with formatter.section(_("Commands")):
            formatter.write_dl(
                [(name, tell(place.line)) for name, place in sorted(COMMANDS.items())]
            )

    def get_help(self, ctx: click.Context) -> str:
        """Its help, also where it is asked for before anything else was read."""
        with told_help(self):
            return super().get_help(ctx)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a refusal ends it with status 1, the guard with status 3."""
        # A list makes hundreds of thousands of objects that all stay: looking for garbage after
        # every 700 of them took a quarter of an import.
        gc.set_threshold(50_000, 20, 50)
        try:
            return super().invoke(ctx)
        except RelmapError as error:
            report(ctx, error)
            ctx.exit(HELD if isinstance(error, ImportHeld) else REFUSED)
        except OSError as error:
            if error.filename is None:  # of a pipe, say: no file to look after
                raise
            text = "{file} cannot be used ({reason}). Look whose it is, and where there is room."
            report(ctx, Refused(text, file=Path(error.filename), reason=error.strerror))
            ctx.exit(REFUSED)
        except click.ClickException as error:  # later nobody knows the language any more
            error.show()
            ctx.exit(error.exit_code)


class Tongue(click.ParamType):  # type: ignore[type-arg]  # generic only in click's newest
    """A language that we speak, by its tag."""

    name = "language"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Language:
        """The language of a tag; anything else is wrong usage."""
        found = best_language([value])
        if found is None:
            self.fail(
                _("{value!r} is no language: en, zh-Hant or zh-Hans.", value=value), param, ctx
            )
        return found


def _speak(ctx: click.Context, _param: click.Parameter, value: Language | None) -> None:
    ctx.with_resource(speaking(value))
    ctx.with_resource(told_help(ctx.command))
