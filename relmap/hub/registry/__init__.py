"""Which plug-ins there are, which are active, and the rules they give under today's settings.

registry = find_plugins(safe_mode=False)       # once a process; imports, checks, never raises
force = rules_in_force(registry)               # each account: settings, switches and health
outcomes = engine.score(view, force.scoring)   # as the database has them now
outcomes = engine.check(before, now, force.alerts)
"""

from relmap.hub.registry.discovery import Plugin, Registry, find_plugins, registry_of
from relmap.hub.registry.installation import changed_since_start
from relmap.hub.registry.report import (
    PluginState,
    RuleState,
    SettingState,
    core_settings,
    plugin_states,
    setting_states,
)
from relmap.hub.registry.state import (
    RulesInForce,
    Suspended,
    built_rules,
    known_titles,
    lock_settings,
    measures_in_force,
    prepare_rules,
    rules_in_force,
    set_setting,
    settings_kind,
    stored_settings,
    switch,
    switched_off,
)

__all__ = [
    "Plugin",
    "PluginState",
    "Registry",
    "RuleState",
    "RulesInForce",
    "SettingState",
    "Suspended",
    "built_rules",
    "changed_since_start",
    "core_settings",
    "find_plugins",
    "known_titles",
    "lock_settings",
    "measures_in_force",
    "plugin_states",
    "prepare_rules",
    "registry_of",
    "rules_in_force",
    "set_setting",
    "setting_states",
    "settings_kind",
    "stored_settings",
    "switch",
    "switched_off",
]
