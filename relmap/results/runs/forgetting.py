"""What is stored of a plug-in goes, whether it is installed or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, union, update

from relmap.contracts import N_, Message
from relmap.errors import Refused
from relmap.facts import audit
from relmap.facts.locks import lock_kind
from relmap.hub.registry import Registry
from relmap.hub.settings import CORE
from relmap.models import (
    Alert,
    Change,
    PluginHealth,
    PluginSetting,
    PluginSwitch,
    Scan,
    Score,
    db,
)
from relmap.results.runs.raising import STANDING
from relmap.results.runs.scanning import drop_orphan_views

__all__ = [
    "forget_plugin",
    "gone_plugins",
    "held_of_plugin",
    "left_behind",
    "standing_of_plugin",
]


def _conditions(name: str) -> dict[Any, ColumnElement[bool]]:
    """Which rows of each table are the plug-in's."""
    tables: list[Any] = [Alert, Score, PluginHealth, PluginSetting, PluginSwitch]
    # A scan names its rule alone, whose key begins with the plug-in's name.
    scans: ColumnElement[bool] = Scan.rule_key.startswith(f"{name}.", autoescape=True)
    return {table: table.plugin == name for table in tables} | {Scan: scans}


def held_of_plugin(name: str) -> dict[str, int]:
    """How many rows each table holds of the plug-in: ``alert``, ``score``, and so on."""
    return {
        table.__tablename__: db.session.scalar(
            select(func.count()).select_from(table).where(condition)
        )
        or 0
        for table, condition in _conditions(name).items()
    }


def gone_plugins(registry: Registry) -> list[str]:
    """Those that left alerts, scores or settings and are not installed, by name; one query."""
    tables: list[Any] = [Alert, Score, PluginSetting]
    known = {plugin.name for plugin in registry.plugins} | {CORE}
    stored = db.session.scalars(union(*(select(table.plugin) for table in tables)))
    return sorted(set(stored) - known)


def left_behind(held: Mapping[str, int]) -> Message | None:
    """What is stored of a plug-in and seen by people; ``None`` where nothing is."""
    values = {
        "alerts": held["alert"],
        "settings": held["plugin_setting"],
        "results": held["score"] + held["scan"],
    }
    if not any(values.values()):
        return None
    text = N_("Left of it: alerts {alerts}, settings {settings}, results of rules {results}.")
    return Message(text, values)


def standing_of_plugin(name: str) -> int:
    """How many of its alerts are open or acknowledged."""
    query = select(func.count()).where(Alert.plugin == name, Alert.status.in_(STANDING))
    return db.session.scalar(query) or 0


def forget_plugin(name: str) -> dict[str, int]:
    """Drop all that is stored of the plug-in, and return how many rows that were.

    One that is installed begins anew with the next sweep. Raises ``Refused`` where nothing is
    stored. Does not commit.
    """
    lock_kind(PluginSetting)  # of two who forget at once one did
    held = held_of_plugin(name)
    if not any(held.values()):
        raise Refused("Nothing is stored of {name}.", name=name)
    scored = select(Score.account_id).where(Score.plugin == name)
    others = update(Score).where(Score.account_id.in_(scored), Score.plugin != name)
    _execute(others.values(ruleset_digest=""))  # the accounts are due again
    for table, condition in _conditions(name).items():
        _execute(delete(table).where(condition))
    drop_orphan_views()
    db.session.add(
        Change(
            user_id=audit.actor_id(),
            verb="forget_plugin",
            kind="plugin",
            fact_id=0,
            before={"plugin": name} | held,
        )
    )
    db.session.flush()
    return held


def _execute(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
