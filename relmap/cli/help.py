"""The help of commands and options in the reader's language; in the sources it is English."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager

import click

from relmap.languages import current_language, tell

__all__ = ["told_help"]


@contextmanager
def told_help(command: click.Command) -> Iterator[None]:
    """Inside, a command and all below it explain themselves in the language of the moment."""
    kept: list[tuple[click.Command | click.Option, dict[str, str | None]]] = []
    if current_language() != "en":
        for one in _all_below(command):
            kept.append((one, {"help": one.help, "short_help": getattr(one, "short_help", None)}))
            one.help = one.help and tell(inspect.cleandoc(one.help))
            if isinstance(one, click.Command) and one.help:  # click shortens at English full stops
                one.short_help = one.help.partition("\n")[0].partition("。")[0]
    try:
        yield
    finally:
        for one, texts in kept:
            vars(one).update(texts)


def _all_below(command: click.Command) -> Iterator[click.Command | click.Option]:
    yield command
    yield from (one for one in command.params if isinstance(one, click.Option))
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _all_below(inner)
