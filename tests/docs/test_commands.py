"""Every command that the docs name is there, with the options that they name."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click
import pytest

from relmap.cli import main
from relmap.cli.root import COMMANDS
from relmap.models import db
from tests.commands import commands_of

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
INLINE = re.compile(r"`(?:[A-Z_]+=\S+ )*relmap ([^`]+)`")
LINE = re.compile(r"^ {4}(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?relmap (.+)$", re.MULTILINE)


def told(text: str) -> Iterator[str]:
    """What stands behind ``relmap`` wherever a page tells a command, without its remark."""
    for found in (*INLINE.findall(text), *LINE.findall(text)):
        yield " ".join(found.split("  #")[0].replace("\n", " ").split())


def fault(words: str) -> str | None:
    """What a told command has that relmap has not."""
    command: click.Command = main
    for word in words.split():
        below = dict(commands_of(command)) if isinstance(command, click.Group) else {}
        command = below.get(word, command)
    if command is main and not words.startswith("-"):
        return f"there is no command {words!r}"
    options = {name for param in command.params for name in param.opts} | {"--help"}
    for option in re.findall(r"--[a-z][a-z-]*", words):
        if option not in options:
            return f"{words!r} has no {option}"
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_is_there(page):
    faults = map(fault, told(page.read_text(encoding="utf-8")))
    assert [one for one in faults if one] == []


def test_what_is_not_there_is_found():
    assert fault("score Acme --on 2026-01-01 --json") is None
    assert fault("scored Acme") == "there is no command 'scored Acme'"
    assert fault("account list --on today") == "'account list --on today' has no --on"
    assert len(list(told((ROOT / "README.md").read_text(encoding="utf-8")))) > 5


def test_the_list_of_commands_says_what_each_says_of_itself():
    found = {name: cleandoc(command.help or "") for name, command in commands_of(main)}
    assert {
        name for name, text in found.items() if not text.startswith(COMMANDS[name].line)
    } == set()


def test_the_list_of_commands_loads_none():
    asked = "import sys; from relmap.cli import main; main(['--help'], standalone_mode=False)"
    code = f"{asked}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1].split()
    assert "relmap.cli.root" in loaded
    assert not {"sqlalchemy", "numpy", "relmap.app", "relmap.cli.accounts"} & set(loaded)


def run(code: str, environment: dict[str, str]) -> list[str]:
    """The last line that a process of its own prints, by words."""
    asked = [sys.executable, "-c", code]
    environ = os.environ | environment
    done = subprocess.run(asked, env=environ, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1].split()


def test_a_command_loads_no_pages(app, environment):
    asked = "import sys; from relmap.cli import main; main(['user', 'list'], standalone_mode=False)"
    loaded = run(f"{asked}; print(*sys.modules)", environment)
    assert "relmap.app" in loaded
    assert not [name for name in loaded if name.startswith("relmap.web")]


def test_at_its_end_a_command_closes_the_book_and_looks_for_no_garbage(app, environment):
    book = Path(environment["RELMAP_DATABASE_URL"].removeprefix("sqlite:///"))
    with app.app_context():
        db.engine.dispose()  # the last to close writes the log back
    told = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count()))"
    words = ["user", "add", "ada", "--role", "administrator", "--password-stdin"]
    asked = f"from relmap.cli import main; main({words}, standalone_mode=False)"
    typed = "import io, sys; sys.stdin = io.StringIO('seven boats in a row')"
    (frozen,) = run(f"{told}; {typed}; {asked}", environment)
    assert int(frozen) > 50_000
    assert not book.with_name(f"{book.name}-wal").exists()  # all of it is in the one file
