"""Plug-ins at the command line: look, make one, switch, set, resume."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask import current_app

from relmap.cli.output import json_option, print_json, with_app
from relmap.cli.plugin_template import make_plugin
from relmap.hub import health, registry
from relmap.hub.registry import PluginState, RuleState, registry_of
from relmap.models import writing

__all__ = ["plugin"]


@click.group()
def plugin() -> None:
    """What scores accounts and raises alerts."""


@plugin.command("list")
@json_option
@with_app
def list_plugins(as_json: bool) -> None:
    """Every plug-in: version, hooks, rules, health, last error."""
    states = registry.plugin_states(registry_of(current_app))
    if as_json:
        print_json([_document(state) for state in states])
        return
    for state in states:
        click.echo(f"{state.name} {state.version}, {'active' if state.is_active else 'inactive'}")
        if state.reason:
            click.echo(f"    {state.reason}")
        for rule in state.rules:
            click.echo(f"    {rule.key} {rule.version}: {rule.title} ({rule.status})")
            if rule.last_error and rule.failures_in_row:
                click.echo(f"        {rule.last_error}")
        for setting in state.settings:
            mark = "" if setting.is_default else f" (default {setting.field.default})"
            click.echo(f"    {setting.field.name} = {setting.value}{mark}")


def _document(state: PluginState) -> dict[str, Any]:
    return {
        "name": state.name,
        "version": state.version,
        "bundled": state.is_bundled,
        "active": state.is_active,
        "reason": state.reason,
        "hooks": list(state.hooks),
        "rules": [_rule(rule) for rule in state.rules],
        "settings": {setting.field.name: setting.value for setting in state.settings},
        "health": "suspended" if state.suspended_count else "ok",
    }


def _rule(rule: RuleState) -> dict[str, Any]:
    return {
        "key": rule.key,
        "version": rule.version,
        "title": rule.title,
        "kind": rule.kind,
        "status": rule.status,
        "failures_in_row": rule.failures_in_row,
        "suspended_at": rule.suspended_at and rule.suspended_at.isoformat(),
        "last_error": rule.last_error,
        "last_ran_at": rule.last_ran_at and rule.last_ran_at.isoformat(),
        "last_ms": rule.last_milliseconds,
    }


@plugin.command("new")
@click.argument("name")
@click.option(
    "--in",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(),
    help="The folder to make it in; here unless given.",
)
def new_plugin(name: str, folder: Path) -> None:
    """Make a package with one rule, one test and its entry point."""
    made = make_plugin(name, folder)
    click.echo(f"{made} is a plug-in with one rule. Install it and look:")
    click.echo(f"    pip install -e {made}")
    click.echo("    relmap plugin list")
    click.echo("    pip install pytest")
    click.echo(f"    python -m pytest {made}")


@plugin.command("on")
@click.argument("name")
@with_app
def switch_on(name: str) -> None:
    """Let a plug-in work again."""
    with writing():
        registry.switch(registry_of(current_app), name, is_on=True)
    click.echo(f"{name} is on.")


@plugin.command("off")
@click.argument("name")
@with_app
def switch_off(name: str) -> None:
    """Let a plug-in rest: none of its rules runs."""
    with writing():
        registry.switch(registry_of(current_app), name, is_on=False)
    click.echo(f"{name} is off.")


@plugin.command("resume")
@click.argument("name")
@with_app
def resume(name: str) -> None:
    """Let the suspended rules of a plug-in run again."""
    with writing():
        registry_of(current_app).plugin(name)
        health.resume(name)
    click.echo(f"The rules of {name} run again.")


@plugin.command("set")
@click.argument("name")
@click.argument("pairs", metavar="KEY=VALUE...", nargs=-1, required=True)
@with_app
def set_settings(name: str, pairs: tuple[str, ...]) -> None:
    """Change settings of a plug-in, or of the core as `relmap`."""
    typed = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not (key and equals):
            raise click.BadParameter(f"{pair!r} should read key=value.", param_hint="KEY=VALUE")
        typed[key.strip()] = value
    with writing():
        registry.set_setting(registry_of(current_app), name, typed)
    click.echo(f"{name}: {', '.join(f'{key} = {value}' for key, value in typed.items())}")
