"""What commands say in both Chinese scripts: no English is left over in their help and answers."""

import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from relmap.cli import main
from tests.commands import commands_of

from .conftest import READER, TODAY
from .leftovers import DATUM, Reader

ACCOUNT, THEIRS = "铭川通信", "郭云飞"
YEARS = ("--from", "2023-01-01", "--to", "2025-06-01")
ANSWERS = [
    ("account", "list"),
    ("alerts",),
    ("backtest", "rotation", *YEARS),
    ("backtest", "rotation", "--account", ACCOUNT, *YEARS),
    ("check",),
    ("forecast", "--account", ACCOUNT),
    ("import", "list"),
    ("import", "show", "2"),
    ("lag",),
    ("path", ACCOUNT, THEIRS),
    ("plan", "--book", "--visits", "5"),
    ("plan", ACCOUNT, "--visits", "3"),
    ("plugin", "list"),
    ("power", ACCOUNT),
    ("questions", ACCOUNT),
    ("scan",),
    ("score", "--account", ACCOUNT),
    ("threads", ACCOUNT),
    ("view", ACCOUNT, "--on", str(TODAY)),
    ("whatif", ACCOUNT, "--without", THEIRS),
    ("whatif", ACCOUNT, "--unit", "采购部"),
]
REFUSALS = [
    ("account", "add", ACCOUNT),
    ("account", "set", ACCOUNT),
    ("account", "set", ACCOUNT, "--review-month", "13"),
    ("account", "set", "???", "--rotation-months", "3"),
    ("alerts", "close", "999", "--reason", "done"),
    ("backtest", "rotation", "--from", "2026-01-01", "--to", "2020-01-01"),
    ("import", "apply", "1"),
    ("import", "resolve", "2", "999", "--different"),
    ("import", "show", "99"),
    ("import", "undo", "99"),
    ("path", ACCOUNT, "???"),
    ("person", "erase", "99999"),
    ("plan",),
    ("plan", "--visits", "3"),
    ("plugin", "off", "???"),
    ("plugin", "set", "breadth", "people=x"),
    ("post", "set", ACCOUNT),
    ("sample",),
    ("user", "add", READER, "--role", "member"),
    ("view", ACCOUNT),
    ("view", ACCOUNT, "--on", "???"),
    ("???",),
]
# What people type as it stands: commands with their options, what stands for a value, settings.
TYPED = re.compile(
    r"^  [a-z]+(?=  )|relmap( [a-z]+)+|--?[a-z][\w-]*|\b[A-Z][A-Z_]+\b|`[^`]*`"
    r"|\[[\w|<>=x]+\]|\{[\w|-]+\}|^ +\w+ = |(person|post):ID|\(今天\)|:$"
)


def commands(above: click.Command, *words: str) -> Iterator[tuple[str, ...]]:
    """Every command and group from here down, by the words that call it."""
    yield words
    if isinstance(above, click.Group):
        for name, command in commands_of(above):
            yield from commands(command, *words, name)


@pytest.fixture
def ask(reader, environment):
    """``ask("plan")`` is what this command answers in the reader's language."""
    tongue = reader.language.replace("_", "-")

    def call(*words: str) -> str:
        environment["COLUMNS"] = "9999"  # a sentence stays in one line
        reader.same |= {"en", "none", "done", "people"}  # what is typed
        result = CliRunner(env=environment).invoke(main, ("--language", tongue, *words))
        assert result.exception is None or isinstance(result.exception, SystemExit), words
        return result.output

    return call


def faults(reader: Reader, words: tuple[str, ...], answer: str) -> Iterator[str]:
    for line in answer.splitlines():
        for fault in reader.faults(TYPED.sub(DATUM, line)):
            yield f"{reader.language}: relmap {' '.join(words)}\n    {fault}\n    {line.strip()}"


def test_no_help_is_in_another_language(reader, ask):
    told = [
        fault for words in commands(main) for fault in faults(reader, words, ask(*words, "--help"))
    ]
    assert not told, "\n".join(told)


def test_no_answer_is_in_another_language(reader, ask):
    told = [fault for words in ANSWERS + REFUSALS for fault in faults(reader, words, ask(*words))]
    assert not told, "\n".join(told)
