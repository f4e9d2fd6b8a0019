"""The rules of one pass, by one name: results made under another set are due again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from relmap.contracts import Measures, codec
from relmap.hub.engine import ActiveRule
from relmap.hub.registry import RulesInForce, Suspended
from relmap.results.runs.forecasting import basis_digest

__all__ = ["alert_set", "scoring_set", "suspended_among"]


def scoring_set(force: RulesInForce, measures: Measures) -> str:
    """A name for the scoring rules in force, their settings and the constants of strength."""
    return _digest(force.scoring, suspended_among(force, "score"), measures)


def alert_set(force: RulesInForce, measures: Measures) -> str:
    """A name for the alert rules in force, their settings and the constants of strength."""
    return _digest(force.alerts, suspended_among(force, "alert"), measures)


def suspended_among(force: RulesInForce, kind: str) -> list[Suspended]:
    """The suspended rules of one kind, ``score`` or ``alert``."""
    return [row for row in force.suspended if row.rule.kind == kind]


def _digest(rules: Sequence[ActiveRule], off: Iterable[Suspended], measures: Measures) -> str:
    content = [
        sorted(
            [rule.key, rule.version, rule.settings_digest, rule.weight, rule.title]
            for rule in rules
        ),
        sorted([row.rule.key, row.rule.version] for row in off),
        codec.plain(measures),
        basis_digest(measures),  # another forecast is another view
    ]
    return hashlib.sha256(codec.canonical(content)).hexdigest()[:32]
