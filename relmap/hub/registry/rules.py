"""The rules that plug-ins give under certain settings: asked one by one, guarded, checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from relmap.contracts import Message
from relmap.hub.engine import ActiveRule, RuleKind
from relmap.hub.engine.call import described
from relmap.hub.engine.rules import flaw
from relmap.hub.registry.discovery import Plugin
from relmap.hub.settings import digest, load

__all__ = ["Built", "build"]

HOOKS: dict[str, RuleKind] = {"scoring_rules": "score", "alert_rules": "alert"}


@dataclass(frozen=True, slots=True)
class Built:
    """Rules in the order of their plug-ins, and a line for all that was left out."""

    rules: tuple[ActiveRule, ...] = ()
    problems: tuple[tuple[str, Message], ...] = ()  # (plug-in, what is wrong)


def build(plugins: Iterable[Plugin], stored: Mapping[str, Mapping[str, Any]]) -> Built:
    """Ask usable plug-ins for their rules, with the settings stored for each of them.

    Raises nothing that a plug-in raises: such a hook, or a rule that is none, becomes a problem.
    """
    rules: list[ActiveRule] = []
    problems: list[tuple[str, Message]] = []
    for plugin in plugins:
        made, wrong = _rules_of(plugin, stored.get(plugin.name, {}))
        rules += made
        problems += [(plugin.name, line) for line in wrong]
    return Built(tuple(rules), tuple(problems))


def _rules_of(plugin: Plugin, stored: Mapping[str, Any]) -> tuple[list[ActiveRule], list[Message]]:
    settings: Any = None
    problems: list[Message] = []
    if plugin.settings is not None:
        loaded = load(plugin.settings, stored)
        settings = loaded.value
        problems += loaded.problems
    rules: list[ActiveRule] = []
    for hook, kind in HOOKS.items():
        if hook not in plugin.implementations:
            continue
        try:
            given = list(plugin.call(hook, settings=settings))
            for rule in given:
                problem = _add(rules, rule, kind, plugin, digest(settings))
                if problem:
                    problems.append(Message("A rule is left out. {problem}", {"problem": problem}))
        except BaseException as error:  # a hook may call sys.exit()
            if isinstance(error, KeyboardInterrupt):
                raise
            values = {"hook": hook, "problem": described(error)}
            problems.append(Message("Its hook {hook} failed: {problem}", values))
    return rules, problems


def _add(
    rules: list[ActiveRule], rule: Any, kind: RuleKind, plugin: Plugin, settings_digest: str
) -> Message | None:
    """Put a rule to the others, or say why not."""
    wrong = flaw(rule, kind, plugin=plugin.name)
    if wrong:
        return wrong
    if any(rule.key == other.key for other in rules):
        text = "The key {key!r} is taken by another rule of this plug-in."
        return Message(text, {"key": rule.key})
    rules.append(ActiveRule(plugin.name, rule, kind, settings_digest))
    return None
