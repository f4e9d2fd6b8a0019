"""The rules that plug-ins give under certain settings: asked one by one, guarded, checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from relmap.contracts import Message
from relmap.hub.engine import ActiveRule, RuleKind
from relmap.hub.engine.call import described
from relmap.hub.engine.rules import flaw
from relmap.hub.registry.discovery import Plugin
from relmap.hub.settings import digest, load
from relmap.hub.supervision import TookTooLong, supervised
from relmap.hub.surroundings import Disturbed

__all__ = ["Built", "build"]

MOST_RULES = 100  # each is a line of every account
HOOK_SECONDS = 10.0  # it makes a few objects; who computes there does it before every sweep
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
        if settings is None:
            return [], problems
    rules: list[ActiveRule] = []
    for hook, kind in HOOKS.items():
        if hook not in plugin.implementations:
            continue
        count = len(rules)
        ask = partial(_ask, plugin, hook, kind, settings, rules)
        try:
            problems += supervised(ask, HOOK_SECONDS, is_watched=not plugin.is_bundled)
        except BaseException as error:  # a hook may call sys.exit()
            if isinstance(error, KeyboardInterrupt):
                raise
            del rules[count:]
            said: Any = described(error)
            if isinstance(error, TookTooLong | Disturbed):
                said = error.message
            values = {"hook": hook, "problem": said}
            problems.append(Message("Its hook {hook} failed: {problem}", values))
    return rules, problems


def _ask(
    plugin: Plugin, hook: str, kind: RuleKind, settings: Any, rules: list[ActiveRule]
) -> list[Message]:
    """Put the rules that a hook gives to the others; what is wrong with those left out."""
    given = plugin.call(hook, settings=settings)
    several = list(islice(given, MOST_RULES + 1))
    if len(several) > MOST_RULES:
        raise ValueError(f"It gives more than {MOST_RULES} rules.")
    # Another package's rules of the same keys are other rules: none takes over the other's results.
    made_with = digest(settings if plugin.is_bundled else [plugin.package, settings])
    problems = [_add(rules, rule, kind, plugin, made_with) for rule in several]
    text = "A rule is left out. {problem}"
    return [Message(text, {"problem": problem}) for problem in problems if problem]


def _add(
    rules: list[ActiveRule], rule: Any, kind: RuleKind, plugin: Plugin, settings_digest: str
) -> Message | None:
    """Put a rule to the others, or say why not."""
    try:
        active = ActiveRule(plugin.name, rule, kind, settings_digest)
        wrong = flaw(active)
    except Exception as error:  # what it says of itself may be made when it is asked
        return Message(described(error))
    if wrong:
        return wrong
    if any(active.key == other.key for other in rules):
        text = "The key {key!r} is taken by another rule of this plug-in."
        return Message(text, {"key": active.key})
    rules.append(active)
    return None
