"""What the database says of plug-ins: settings, switches and suspensions, and the rules they leave.

None of these commits; what writes belongs inside ``with writing():``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from relmap.contracts import Measures
from relmap.hub.engine import ActiveRule
from relmap.hub.registry.found import Registry

__all__ = [
    "RulesInForce",
    "Suspended",
    "measures_in_force",
    "rules_in_force",
    "set_setting",
    "switch",
]


@dataclass(frozen=True, slots=True)
class Suspended:
    """A rule that is not run because it failed three times in a row."""

    rule: ActiveRule
    reason: str


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The rules to run now. ``problems`` holds a line for each hook or rule that was left out."""

    scoring: tuple[ActiveRule, ...] = ()
    alerts: tuple[ActiveRule, ...] = ()
    suspended: tuple[Suspended, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()  # (plug-in, what is wrong)


def rules_in_force(registry: Registry) -> RulesInForce:
    """The rules of active plug-ins with the settings stored now, suspended ones apart.

    Three small queries; the rules are built again only when settings or switches changed, so ask
    anew for each account.
    """
    raise NotImplementedError


def measures_in_force() -> Measures:
    """The constants of strength and coverage as administrators set them (one query)."""
    raise NotImplementedError


def set_setting(registry: Registry, plugin: str, typed: Mapping[str, str]) -> None:
    """Store what somebody typed for a plug-in (or for ``relmap``); raises ``Refused``."""
    raise NotImplementedError


def switch(registry: Registry, plugin: str, *, is_on: bool) -> None:
    """Switch a plug-in on or off from the next account on."""
    raise NotImplementedError
