"""Every plug-in as people see it: version, hooks, settings, rules, health, last error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from relmap.contracts import Message
from relmap.hub.engine import ActiveRule, RuleKind
from relmap.hub.health import resting_accounts
from relmap.hub.registry.discovery import Plugin, Registry
from relmap.hub.registry.state import (
    built_rules,
    settings_kind,
    stored_settings,
    switched_off,
)
from relmap.hub.settings import CORE, CoreSettings, Loaded, SettingField, Value, fields_of, load
from relmap.models import Account, PluginHealth, db

__all__ = [
    "PluginState",
    "RuleState",
    "SettingState",
    "core_settings",
    "plugin_states",
    "setting_states",
]


@dataclass(frozen=True, slots=True)
class SettingState:
    """A setting and its value now."""

    field: SettingField
    value: Value

    @property
    def is_default(self) -> bool:
        """Whether nobody has set it."""
        return self.value == self.field.default


@dataclass(frozen=True, slots=True)
class RuleState:
    """A rule and how it fares. ``status`` is that of its last run, or ``suspended``, or ``new``.

    ``other_version`` is the one that ran last, where this process holds another: the worker has
    yet to run it, or one of the two was started before an upgrade.
    """

    key: str
    version: int
    title: str
    kind: RuleKind
    status: str
    failures_in_row: int = 0
    suspended_at: datetime | None = None
    last_error: str | None = None
    last_failed_at: datetime | None = None
    last_ran_at: datetime | None = None
    last_milliseconds: float | None = None
    other_version: int | None = None
    suspended_for: tuple[str, ...] = ()  # names of accounts


@dataclass(frozen=True, slots=True)
class PluginState:
    """A plug-in. ``reasons`` say why it is inactive, or what of it is left out."""

    name: str
    version: str
    is_bundled: bool
    is_active: bool
    is_on: bool
    reasons: tuple[Message, ...]
    hooks: tuple[str, ...]
    rules: tuple[RuleState, ...]
    settings: tuple[SettingState, ...]
    load_milliseconds: float

    @property
    def suspended_count(self) -> int:
        """How many of its rules are suspended, altogether or for an account."""
        return sum(rule.status == "suspended" or bool(rule.suspended_for) for rule in self.rules)


def plugin_states(registry: Registry) -> tuple[PluginState, ...]:
    """Every plug-in that was found, bundled ones first, then by name (four small queries)."""
    built, stored, off = built_rules(registry), stored_settings(), switched_off()
    health = {row.rule_key: row for row in db.session.scalars(select(PluginHealth))}
    names = _names_of_resting(health.values())
    problems: dict[str, list[Message]] = {}
    for name, line in built.problems:
        problems.setdefault(name, []).append(line)
    return tuple(
        _state(
            plugin,
            [rule for rule in built.rules if rule.plugin == plugin.name],
            health,
            names,
            is_on=plugin.name not in off,
            problems=problems.get(plugin.name, []),
            stored=stored.get(plugin.name, {}),
        )
        for plugin in registry.plugins
    )


def _state(
    plugin: Plugin,
    rules: list[ActiveRule],
    health: dict[str, PluginHealth],
    names: dict[int, str],
    *,
    is_on: bool,
    problems: list[Message],
    stored: dict[str, Any],
) -> PluginState:
    reason = plugin.reason
    if reason is None and not is_on:
        reason = Message("An administrator switched it off.")
    loaded = None if plugin.settings is None else load(plugin.settings, stored)
    is_usable = loaded is None or loaded.value is not None
    notices = () if plugin.notice is None else (plugin.notice,)
    return PluginState(
        name=plugin.name,
        version=plugin.version,
        is_bundled=plugin.is_bundled,
        is_active=reason is None and is_usable,
        is_on=is_on,
        reasons=(*notices, *(problems if reason is None else [reason])),
        hooks=plugin.hooks,
        rules=tuple(_rule_state(rule, health.get(rule.key), names) for rule in rules),
        settings=_settings(plugin.settings, loaded),
        load_milliseconds=plugin.load_milliseconds,
    )


def _names_of_resting(rows: Iterable[PluginHealth]) -> dict[int, str]:
    """The accounts for which some rule is suspended, by id; no query where there are none."""
    ids = {number for row in rows for number in resting_accounts(row.account_failures)}
    if not ids:
        return {}
    query = select(Account.id, Account.name).where(Account.id.in_(ids)).order_by(Account.name)
    return {row.id: row.name for row in db.session.execute(query)}


def _rule_state(rule: ActiveRule, row: PluginHealth | None, names: dict[int, str]) -> RuleState:
    resting = resting_accounts(row.account_failures) if row else ()
    new = RuleState(rule.key, rule.version, rule.title, rule.kind, "new")
    if row is None:
        return new
    if row.rule_version != rule.version:
        return replace(new, last_ran_at=row.last_ran_at, other_version=row.rule_version)
    return replace(
        new,
        status="suspended" if row.suspended_at else row.last_status or "new",
        failures_in_row=row.failures_in_row,
        suspended_at=row.suspended_at,
        last_error=row.last_error,
        last_failed_at=row.last_failed_at,
        last_ran_at=row.last_ran_at,
        last_milliseconds=row.last_milliseconds,
        suspended_for=tuple(name for number, name in names.items() if number in resting),
    )


def setting_states(registry: Registry, name: str) -> tuple[SettingState, ...]:
    """The settings of a plug-in or of ``relmap`` now; raises ``NotFound`` or ``Refused``."""
    return _settings_now(settings_kind(registry, name), name)


def core_settings() -> tuple[SettingState, ...]:
    """The core's own settings and their values now."""
    return _settings_now(CoreSettings, CORE)


def _settings_now(kind: type[Any], name: str) -> tuple[SettingState, ...]:
    return _settings(kind, load(kind, stored_settings().get(name, {})))


def _settings(kind: type[Any] | None, loaded: Loaded | None) -> tuple[SettingState, ...]:
    if kind is None or loaded is None:
        return ()
    return tuple(SettingState(item, loaded.values[item.name]) for item in fields_of(kind))
