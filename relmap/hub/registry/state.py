"""What the database says of plug-ins: settings, switches and suspensions, and the rules they leave.

None of these commits; what writes belongs inside ``with writing():``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flask import Flask
from sqlalchemy import select

from relmap.contracts import Measures, Message, codec
from relmap.errors import Refused
from relmap.facts import audit
from relmap.facts.locks import lock_kind
from relmap.hub import health, settings
from relmap.hub.engine import ActiveRule, RuleKind
from relmap.hub.registry.discovery import Plugin, Registry, registry_of
from relmap.hub.registry.rules import Built, build
from relmap.hub.settings import CORE, CoreSettings
from relmap.models import Change, PluginHealth, PluginSetting, PluginSwitch, db

__all__ = [
    "RulesInForce",
    "Suspended",
    "built_rules",
    "known_titles",
    "lock_settings",
    "measures_in_force",
    "prepare_rules",
    "rules_in_force",
    "set_setting",
    "settings_kind",
    "stored_settings",
    "switch",
    "switched_off",
]


@dataclass(frozen=True, slots=True)
class Suspended:
    """A rule that is not run because it failed three times in a row."""

    rule: ActiveRule
    reason: str


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The rules to run now. ``problems`` holds a line for each hook or rule that was left out.

    ``resting`` are the accounts for which a rule is suspended, by its key.
    """

    scoring: tuple[ActiveRule, ...] = ()
    alerts: tuple[ActiveRule, ...] = ()
    suspended: tuple[Suspended, ...] = ()
    problems: tuple[tuple[str, Message], ...] = ()  # (plug-in, what is wrong)
    resting: Mapping[str, frozenset[int]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)  # the last of those, by rule

    def rests(self, rule: ActiveRule, account_id: int) -> bool:
        """Whether the rule is suspended for the account."""
        return account_id in self.resting.get(rule.key, ())


def rules_in_force(registry: Registry) -> RulesInForce:
    """The rules of active plug-ins with the settings stored now, suspended ones apart.

    Three small queries; the rules are built again only when settings or switches changed, so ask
    anew for each account.
    """
    built = built_rules(registry)
    ill = _ill_versions()
    running, suspended = [], []
    for rule in built.rules:
        row = ill.get((rule.key, rule.version))
        if row is not None and row.suspended_at is not None:
            suspended.append(Suspended(rule, row.last_error or ""))
        else:
            running.append(rule)
    resting = {
        rule.key: health.resting_accounts(ill[rule.key, rule.version].account_failures)
        for rule in running
        if (rule.key, rule.version) in ill
    }
    return RulesInForce(
        scoring=tuple(rule for rule in running if rule.kind == "score"),
        alerts=tuple(rule for rule in running if rule.kind == "alert"),
        suspended=tuple(suspended),
        problems=built.problems,
        resting=resting,
        errors={row.rule_key: row.last_error or "" for row in ill.values()},
    )


def built_rules(registry: Registry) -> Built:
    """All rules of active plug-ins, suspended ones included, with what was left out."""
    stored, off = stored_settings(), switched_off()
    sign = codec.canonical([stored, sorted(off)])
    if registry.built is None or registry.built[0] != sign:
        plugins = [
            plugin
            for plugin in registry.plugins
            if plugin.reason is None and plugin.name not in off
        ]
        registry.built = (sign, build(plugins, stored))
    made: Built = registry.built[1]
    return made


def prepare_rules(app: Flask) -> None:
    """Import the plug-ins and ask them for their rules, before a server serves its first page."""
    built_rules(registry_of(app))


def known_titles(registry: Registry, kind: RuleKind | None = None) -> dict[str, str]:
    """The titles of rules by their keys, as they were last built here; no query."""
    built: Built = registry.built[1] if registry.built else Built()
    return {rule.key: rule.title for rule in built.rules if kind in (None, rule.kind)}


def stored_settings() -> dict[str, dict[str, Any]]:
    """What differs from the defaults, by plug-in and name."""
    found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    columns = (PluginSetting.plugin, PluginSetting.key, PluginSetting.value)
    for plugin, key, value in db.session.execute(select(*columns)):
        found[plugin][key] = value
    return dict(found)


def switched_off() -> frozenset[str]:
    """The plug-ins that an administrator switched off."""
    return frozenset(
        db.session.scalars(select(PluginSwitch.plugin).where(PluginSwitch.is_on.is_(False)))
    )


def _ill_versions() -> dict[tuple[str, int], Any]:
    """How rules fare that are suspended or failed somewhere, by key and version."""
    query = select(
        PluginHealth.rule_key,
        PluginHealth.rule_version,
        PluginHealth.suspended_at,
        PluginHealth.last_error,
        PluginHealth.account_failures,
    ).where(PluginHealth.last_failed_at.is_not(None))
    return {(row.rule_key, row.rule_version): row for row in db.session.execute(query)}


def measures_in_force() -> Measures:
    """The constants of strength and coverage as administrators set them (one query)."""
    query = select(PluginSetting.key, PluginSetting.value).where(PluginSetting.plugin == CORE)
    return _measures(codec.canonical(dict(db.session.execute(query).all())))


@lru_cache(maxsize=8)
def _measures(stored: bytes) -> Measures:
    return settings.measures(settings.load(CoreSettings, codec.parse(stored.decode())).value)


# --- what administrators do


def settings_kind(registry: Registry, name: str) -> type[Any]:
    """The settings dataclass of a plug-in or of ``relmap``; raises ``NotFound`` or ``Refused``."""
    if name == CORE:
        return CoreSettings
    plugin = registry.plugin(name)
    if plugin.settings is None:
        if plugin.reason is None:
            raise Refused("{plugin} has no settings.", plugin=name)
        raise Refused("{plugin} has no settings. {reason}", plugin=name, reason=plugin.reason)
    return plugin.settings


def lock_settings() -> None:
    """Let nobody else write settings until the unit of work ends.

    All of them: a setting that nobody changed yet has no row to lock.
    """
    lock_kind(PluginSetting)
    db.session.expire_all()  # what the session read may be older than what we waited for


def set_setting(registry: Registry, plugin: str, typed: Mapping[str, str]) -> None:
    """Store what somebody typed for a plug-in (or for ``relmap``); raises ``Refused``."""
    kind = settings_kind(registry, plugin)
    lock_settings()
    query = select(PluginSetting).where(PluginSetting.plugin == plugin)
    rows = {row.key: row for row in db.session.scalars(query)}
    wanted = settings.change(kind, {key: row.value for key, row in rows.items()}, typed)
    for key, row in rows.items():
        if key not in wanted:
            audit.remove("reset_setting", row)
    for key, value in wanted.items():
        if key in rows:
            audit.revise("change_setting", rows[key], {"value": value})
        else:
            audit.add("change_setting", PluginSetting(plugin=plugin, key=key, value=value))


def switch(registry: Registry, plugin: str, *, is_on: bool) -> None:
    """Switch a plug-in on or off from the next account on; raises ``NotFound``."""
    known: Plugin = registry.plugin(plugin)
    lock_kind(PluginSwitch)
    row = db.session.get(PluginSwitch, known.name, populate_existing=True)
    was_on = row is None or row.is_on
    if row is None:
        row = PluginSwitch(plugin=known.name)
        db.session.add(row)
    row.is_on = is_on
    if was_on != is_on:
        db.session.add(_switching(known.name, is_on=is_on))
    db.session.flush()


def _switching(name: str, *, is_on: bool) -> Change:
    """A line of the audit log; a switch has no number, so its plug-in's name stands in it."""
    return Change(
        user_id=audit.actor_id(),
        verb="switch_plugin",
        kind="plugin_switch",
        fact_id=0,
        before={"plugin": name, "is_on": not is_on},
        after={"plugin": name, "is_on": is_on},
    )
