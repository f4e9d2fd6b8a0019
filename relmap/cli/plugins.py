"""Plug-ins at the command line: look, make one, switch, set, resume, forget."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask import current_app

from relmap.cli.options import json_option, with_app
from relmap.cli.plugin_template import make_plugin
from relmap.cli.printing import print_json, say
from relmap.contracts import N_
from relmap.errors import Refused
from relmap.hub import health, registry
from relmap.hub.registry import PluginState, RuleState, registry_of
from relmap.languages import _, _n, commas, label, tell
from relmap.models import writing
from relmap.results.runs.forgetting import (
    forget_plugin,
    gone_plugins,
    held_of_plugin,
    left_behind,
    standing_of_plugin,
)

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
    gone = gone_plugins(registry_of(current_app))
    if as_json:
        print_json([*(_document(state) for state in states), *map(_document_of_gone, gone)])
        return
    for state in states:
        text = N_("{plugin}, active") if state.is_active else N_("{plugin}, inactive")
        say(text, plugin=f"{state.name} {state.version}")
        for reason in state.reasons:
            click.echo(f"    {tell(reason)}")
        for rule in state.rules:
            status = label("rule_status", rule.status)
            named = _(
                "{what}: {more} ({detail})",
                what=f"{rule.key} {rule.version}",
                more=_(rule.title),
                detail=status,
            )
            click.echo(f"    {named}")
            if rule.suspended_for:
                rests = _("suspended for {accounts}", accounts=commas(rule.suspended_for))
                click.echo(f"        {rests}")
            if rule.last_error and (rule.failures_in_row or rule.suspended_for):
                click.echo(f"        {_(rule.last_error)}")
        for setting in state.settings:
            said = f"    {setting.field.name} = {setting.value}"
            if not setting.is_default:
                said = _(
                    "{setting} (default {default})",
                    setting=said,
                    default=str(setting.field.default),
                )
            click.echo(said)
        if not state.is_active:
            _say_left(state.name)
    for name in gone:
        say("{plugin}, not installed any more", plugin=name)
        _say_left(name)


def _say_left(name: str) -> None:
    left = left_behind(held_of_plugin(name))
    if left:
        click.echo(f"    {tell(left)}")
        told = _("To clear what is stored of it: relmap plugin forget {name}", name=name)
        click.echo(f"    {told}")


def _document_of_gone(name: str) -> dict[str, Any]:
    left = left_behind(held_of_plugin(name))
    reason = _("It is not installed any more. {left}", left=left or "")
    return {
        "name": name,
        "version": None,
        "bundled": False,
        "active": False,
        "reason": reason,
        "hooks": [],
        "rules": [],
        "settings": {},
        "health": "ok",
    }


def _document(state: PluginState) -> dict[str, Any]:
    return {
        "name": state.name,
        "version": state.version,
        "bundled": state.is_bundled,
        "active": state.is_active,
        "reason": " ".join(map(tell, state.reasons)) or None,
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
        "suspended_for": list(rule.suspended_for),
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
    say("{folder} is a plug-in with one rule. Install it and look:", folder=str(made))
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
    say("{name} is on.", name=name)


@plugin.command("off")
@click.argument("name")
@with_app
def switch_off(name: str) -> None:
    """Let a plug-in rest: none of its rules runs."""
    with writing():
        registry.switch(registry_of(current_app), name, is_on=False)
    say("{name} is off.", name=name)
    left = standing_of_plugin(name)
    if left:
        click.echo(
            _n(
                "{count} alert of it stands, and nothing looks after it any more.",
                "{count} alerts of it stand, and nothing looks after them any more.",
                left,
            )
        )
        say("To clear what is stored of it: relmap plugin forget {name}", name=name)


@plugin.command("forget")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Clear it; else only what would go is said.")
@with_app
def forget(name: str, yes: bool) -> None:
    """Clear alerts, settings, health and results of a plug-in, also of one that is gone."""
    held = held_of_plugin(name)
    if not any(held.values()):
        registry_of(current_app).plugin(name)  # raises where nobody has heard of it
        say("Nothing is stored of {name}.", name=name)
        return
    if yes:
        with writing():
            held = forget_plugin(name)
    values: dict[str, Any] = {
        "name": name,
        "alerts": held["alert"],
        "settings": held["plugin_setting"],
        "results": held["score"] + held["scan"],
    }
    if not yes:
        raise Refused(
            "Stored of {name}: {alerts} alerts, {settings} settings, {results} results of rules. "
            "To clear them, and how its rules fared, add --yes.",
            **values,
        )
    say(
        "Cleared of {name}: {alerts} alerts, {settings} settings, {results} results of rules.",
        **values,
    )


@plugin.command("resume")
@click.argument("name")
@with_app
def resume(name: str) -> None:
    """Let the suspended rules of a plug-in run again."""
    with writing():
        registry_of(current_app).plugin(name)
        health.resume(name)
    say("The rules of {name} run again.", name=name)


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
            raise click.BadParameter(
                _("{pair!r} should read key=value.", pair=pair), param_hint="KEY=VALUE"
            )
        typed[key.strip()] = value
    with writing():
        registry.set_setting(registry_of(current_app), name, typed)
    click.echo(f"{name}: {', '.join(f'{key} = {value}' for key, value in typed.items())}")
