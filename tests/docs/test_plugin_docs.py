"""docs/plugins.md says what is: hooks, settings, commands, names; its code runs."""

import doctest
import importlib
import inspect
import re
import sys
from pathlib import Path

import click
import pytest

import relmap.api
from relmap.cli.plugin_template import text_of
from relmap.cli.plugins import plugin
from relmap.hub import hookspecs
from relmap.hub.engine import Limits
from relmap.hub.registry import find_plugins
from relmap.hub.registry.discovery import HOOKS
from relmap.hub.settings import CoreSettings, fields_of, setting
from relmap.languages import tell
from relmap.testing import AccountBuilder, check_rule

FILE = Path(__file__).parents[2] / "docs" / "plugins.md"
DOC = FILE.read_text(encoding="utf-8")
HEADINGS = {line.lstrip("# ") for line in DOC.splitlines() if line.startswith("#")}


def blocks(marker: str) -> list[str]:
    """The code blocks that follow a comment with the marker."""
    return re.findall(rf"<!-- {marker} -->\n```python\n(.*?)```", DOC, flags=re.DOTALL)


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_has_its_heading_with_its_arguments(hook):
    arguments = ", ".join(inspect.signature(getattr(hookspecs, hook)).parameters)
    assert f"{hook}({arguments})" in HEADINGS


def test_the_function_for_settings_has_its_heading_with_its_arguments():
    names = list(inspect.signature(setting).parameters)
    arguments = ", ".join([*names[:2], r"\*", *names[2:]])
    assert f"setting({arguments})" in HEADINGS


def row_of(field) -> str:
    return f"| `{field.name}` | {field.default} | {may_be(field)} | {tell(field.label)} |"


def may_be(field) -> str:
    wanted = tell(field.wanted)
    return wanted.removeprefix("a whole number").removeprefix("a number").strip() or "any"


def test_every_setting_of_the_bundled_plug_ins_has_its_row():
    rows = [
        f"| {found.name} {row_of(field)}"
        for found in find_plugins(safe_mode=True).plugins
        if found.settings
        for field in fields_of(found.settings)
    ]
    assert table("| plug-in | setting |") == rows


def test_every_setting_of_the_core_has_its_row():
    rows = [row_of(field) for field in fields_of(CoreSettings)]
    assert table("| setting | default |") == rows


def table(head: str) -> list[str]:
    """The rows of the table whose first line begins so."""
    lines = DOC.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(head)) + 2
    last = next(n for n in range(first, len(lines)) if not lines[n].startswith("|"))
    return lines[first:last]


def usage(name: str, command: click.Command) -> str:
    words = ["relmap plugin", name]
    for item in command.params:
        if isinstance(item, click.Argument):
            words.append(item.make_metavar(click.Context(command)))
        elif item.is_flag:
            words.append(f"[{item.opts[0]}]")
        else:
            words.append(f"[{item.opts[0]} {item.name.upper()}]")
    return " ".join(words)


@pytest.mark.parametrize("name", plugin.commands)
def test_every_command_has_its_heading_with_its_arguments(name):
    assert usage(name, plugin.commands[name]) in HEADINGS


def test_every_name_that_plug_ins_may_import_is_explained():
    missing = [name for name in relmap.api.__all__ if not re.search(rf"\b{name}\b", DOC)]
    assert missing == []


def test_the_rule_and_its_test_are_those_that_plugin_new_makes():
    rule, test = blocks("from relmap/cli/new_plugin")
    assert rule in text_of("rule.py").replace("NAME", "my_rules")
    assert test in text_of("test.py").replace("NAME", "my_rules")


def test_the_examples_in_the_text_run():
    found = doctest.testfile(str(FILE), module_relative=False)
    assert found.attempted > 10
    assert found.failed == 0


def test_the_alert_rule_of_the_text_works(tmp_path, monkeypatch):
    (source,) = blocks("runs in tests/docs")
    (tmp_path / "docs_alerts.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    (rule,) = importlib.import_module("docs_alerts").alert_rules()
    book = AccountBuilder().tenure("Li Na", "Buyer", since="2024-01-01")
    book.tie("Mia", "Li Na", level="credible_source", judged="2025-01-01")
    outcome = check_rule(rule, book.view("2025-02-01"), book.view("2026-07-01"))
    assert [str(alert.refs[0]) for alert in outcome.alerts] == ["person:1"]
    del sys.modules["docs_alerts"]


def test_the_limits_in_the_text_are_those_of_the_engine():
    limits = Limits()
    assert f"It ran longer than {limits.rule_seconds:g} s and was stopped." in DOC
    assert f"It asked for more than {limits.memory_mib} MiB of memory" in DOC
    assert f"more than {limits.alert_count} alerts" in DOC
    assert f"more than {limits.result_kib // 1024} MiB" in DOC
