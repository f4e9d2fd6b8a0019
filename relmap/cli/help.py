"""The help of commands and options in the reader's language; in the sources it is English."""

from __future__ import annotations

import gettext
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import click

from relmap.contracts import N_, Message
from relmap.languages import current_language, tell
from relmap.languages.catalogues import sentence

__all__ = ["told_help"]

ENGLISH: Final = (gettext.dgettext, gettext.dngettext)
# What click says by itself, for the catalogues.
OF_CLICK: Final = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Show this message and exit."),
    N_("Show the version and exit."),
    N_("%(prog)s, version %(version)s"),
    N_("default: {default}"),
    N_("required"),
    N_("today"),
    N_("Error: {message}"),
    N_("Aborted!"),
    N_("Try '{command} {option}' for help."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing parameter"),
    N_("Missing command."),
    N_("Choose from:\n\t{choices}"),
    N_("No such command {name!r}."),
    N_("No such option {name!r}."),
    N_("Did you mean {possibility}?"),
    N_("(Did you mean one of: {possibilities}?)"),
    N_("Option {name!r} requires an argument."),
    N_("Option {name!r} does not take a value."),
    N_("{name} {filename!r} does not exist."),
    N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} is a file."),
    N_("{name} {filename!r} is not readable."),
    N_("{name} {filename!r} is not writable."),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value!r} is not one of {choices}."),
    N_("{value} is not in the range {range}."),
    Message(
        "Got unexpected extra argument ({args})",
        {"args": "", "count": 1},
        "Got unexpected extra arguments ({args})",
    ),
)


def _told(domain: str, message: str) -> str:
    return sentence(message, language=current_language())


def _told_counted(domain: str, msgid1: str, msgid2: str, n: int) -> str:
    return sentence(msgid1, many=msgid2, count=n, language=current_language())


@contextmanager
def _clicks_words_by(one: Callable[..., str], counted: Callable[..., str]) -> Iterator[None]:
    """Inside, click's own words are told by these.

    click asks gettext for them, which goes by the environment of the process alone.
    """
    kept = gettext.dgettext, gettext.dngettext
    gettext.dgettext, gettext.dngettext = one, counted
    try:
        yield
    finally:
        gettext.dgettext, gettext.dngettext = kept


@contextmanager
def told_help(command: click.Command) -> Iterator[None]:
    """Inside, a command and all below it explain themselves in the language of the moment."""
    with _help_told(command), _clicks_words_by(_told, _told_counted):
        yield


@contextmanager
def _help_told(command: click.Command) -> Iterator[None]:
    kept: list[tuple[click.Command | click.Option, dict[str, str | bool | None]]] = []
    if current_language() != "en":
        for one in _all_below(command):
            words = ("help", "short_help", "show_default")
            kept.append((one, {name: getattr(one, name) for name in words if hasattr(one, name)}))
            one.help = one.help and tell(inspect.cleandoc(one.help))
            if isinstance(one, click.Option) and isinstance(one.show_default, str):
                one.show_default = tell(one.show_default)
            if isinstance(one, click.Command) and one.help:  # click shortens at English full stops
                one.short_help = one.help.partition("\n")[0].partition("。")[0]
    try:
        yield
    finally:
        for one, texts in kept:
            vars(one).update(texts)


def _all_below(command: click.Command) -> Iterator[click.Command | click.Option]:
    yield command
    with _clicks_words_by(*ENGLISH):  # click keeps the option that it makes here
        options = (*command.params, command.get_help_option(click.Context(command)))
    yield from (one for one in options if isinstance(one, click.Option))
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _all_below(inner)
