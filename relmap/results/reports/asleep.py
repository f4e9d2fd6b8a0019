"""Rules that do not run, of which alerts and scores are shown all the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from flask import current_app

from relmap.contracts import N_, Message
from relmap.hub.registry import built_rules, known_titles, registry_of, switched_off

__all__ = ["Asleep", "asleep_rules", "behind_alerts", "behind_scores"]

Asleep = Literal["gone", "off", "inactive", "no_rule"]

ALERTS: Final[dict[Asleep, str]] = {
    "gone": N_("The plug-in {plugin} is not installed: nothing looks after this alert."),
    "off": N_("The plug-in {plugin} is switched off: nothing looks after this alert."),
    "inactive": N_("The plug-in {plugin} is inactive: nothing looks after this alert."),
    "no_rule": N_("The plug-in {plugin} has no such rule now: nothing looks after this alert."),
}
SCORES: Final[dict[Asleep, str]] = {
    "gone": N_("From the plug-in {plugin}, which is not installed any more."),
    "off": N_("From the plug-in {plugin}, which is switched off now."),
    "inactive": N_("From the plug-in {plugin}, which is inactive now."),
    "no_rule": N_("From a rule that the plug-in {plugin} does not have any more."),
}


def asleep_rules(rules: Iterable[tuple[str, str]]) -> dict[str, Asleep]:
    """Of these (plug-in, rule key) the rules that do not run, and why: one query, three at most."""
    wanted = {key: plugin for plugin, key in rules}
    if not wanted:
        return {}
    registry, off = registry_of(current_app), switched_off()
    found = {plugin.name: plugin for plugin in registry.plugins}
    asleep: dict[str, Asleep] = {}
    for key, plugin in wanted.items():
        if plugin not in found:
            asleep[key] = "gone"
        elif plugin in off:
            asleep[key] = "off"
        elif found[plugin].reason is not None:
            asleep[key] = "inactive"
    left = wanted.keys() - asleep.keys()
    if not left <= known_titles(registry).keys():  # they may have been built before a change
        built = {rule.key for rule in built_rules(registry).rules}
        asleep |= dict.fromkeys(left - built, "no_rule")
    return asleep


def behind_alerts(rules: Iterable[tuple[str, str]]) -> dict[str, Message]:
    """Why nothing looks after the alerts of these (plug-in, rule key), by rule key."""
    return _told(ALERTS, rules)


def behind_scores(rules: Iterable[tuple[str, str]]) -> dict[str, Message]:
    """Whose the scores of rules are that do not run any more, by rule key."""
    return _told(SCORES, rules)


def _told(texts: dict[Asleep, str], rules: Iterable[tuple[str, str]]) -> dict[str, Message]:
    plugins = {key: plugin for plugin, key in rules}
    asleep = asleep_rules((plugin, key) for key, plugin in plugins.items())
    return {key: Message(texts[why], {"plugin": plugins[key]}) for key, why in asleep.items()}
