"""Floods: many new alerts of one rule and account become one line, so that others can be seen.

A rule whose keys change from scan to scan raises all it sees anew each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from relmap.contracts import N_, Action, Alert, Evidence
from relmap.contracts.words import SEVERITIES
from relmap.hub.engine import ActiveRule
from relmap.models import Alert as StoredAlert
from relmap.models import db
from relmap.results.reports.documents import MORE_TEXT

__all__ = ["FLOOD_KEY", "RuleAlert", "gathered", "with_earlier"]

MOST_NEW: Final = 50
"""New alerts of one rule and account in one scan; more become one line."""
FLOOD_KEY: Final = "relmap:flood"
FLOOD_TEXT: Final = N_("{count} new alerts of the rule {rule} at once stand in this one line")
MOST_KEYS: Final = 5_000  # remembered, so that a rule that finds the same again tells nothing new
MOST_ACTIONS: Final = 5


class RuleAlert(NamedTuple):
    """An alert, and the rule that found it."""

    rule: ActiveRule
    alert: Alert


def gathered(found: Iterable[RuleAlert], account_id: int) -> list[RuleAlert]:
    """The alerts, with one line in the place of more than 50 new ones of a rule."""
    by_rule: defaultdict[str, list[RuleAlert]] = defaultdict(list)
    for one in found:
        by_rule[one.rule.key].append(one)
    left: list[RuleAlert] = []
    for key, some in by_rule.items():
        left += _gathered(some, account_id, key) if len(some) > MOST_NEW else some
    return left


def _gathered(some: Sequence[RuleAlert], account_id: int, rule_key: str) -> list[RuleAlert]:
    query = select(StoredAlert.key, StoredAlert.parts).where(
        StoredAlert.account_id == account_id, StoredAlert.rule_key == rule_key
    )
    rows = {row.key: row.parts for row in db.session.execute(query)}
    told = {*rows, *rows.get(FLOOD_KEY, ())}
    new = [one for one in some if one.alert.key not in told]
    known = [one for one in some if one.alert.key in rows]
    if len(new) <= MOST_NEW:
        return [*known, *new]
    return [*known, RuleAlert(some[0].rule, _line([one.alert for one in new], rule_key))]


def _line(alerts: Sequence[Alert], rule_key: str) -> Alert:
    """The one line: as severe as the most severe, which come first in what it rests on."""
    ranked = sorted(alerts, key=lambda alert: -SEVERITIES.index(alert.severity))
    actions: list[Action] = []
    for action in (action for alert in ranked for action in alert.actions):
        if len(actions) < MOST_ACTIONS and action not in actions:
            actions.append(action)
    headlines = [Evidence(alert.text, 0, alert.refs, alert.values) for alert in ranked]
    return Alert(
        key=FLOOD_KEY,
        text=FLOOD_TEXT,
        severity=ranked[0].severity,
        values={"count": len(alerts), "rule": rule_key},
        evidence=tuple(_cut(headlines)),
        actions=tuple(actions),
        parts=tuple(alert.key for alert in ranked),
    )


def _cut(headlines: Sequence[Evidence]) -> list[Evidence]:
    left = len(headlines) - MOST_NEW
    more = [Evidence(MORE_TEXT, 0, (), {"count": left})] if left > 0 else []
    return [*headlines[:MOST_NEW], *more]


def with_earlier(content: dict[str, Any], stored: StoredAlert) -> dict[str, Any]:
    """The line of a flood with what the stored line of an earlier one told."""
    if stored.status == "withdrawn":
        return content
    parts = {"parts": [*content["parts"], *stored.parts][:MOST_KEYS]}
    if stored.status == "closed":  # somebody dealt with those
        return content | parts
    count = content["values"]["count"] + stored.values["count"]
    lines = [row for row in (*content["evidence"], *stored.evidence) if row["text"] != MORE_TEXT]
    more = {"text": MORE_TEXT, "points": 0, "refs": [], "values": {"count": count - MOST_NEW}}
    return (
        content
        | parts
        | {
            "values": content["values"] | {"count": count},
            "severity": max(content["severity"], stored.severity, key=SEVERITIES.index),
            "evidence": [*lines[:MOST_NEW], more],
        }
    )
