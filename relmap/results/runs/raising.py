"""What rules found becomes alerts: raised once, closed with their cause, one for one event.

An alert is known by its account, rule and key. Where one tells several others as its parts, they
close, and it takes over what they rest on and ask for: nothing stands in two alerts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from relmap.contracts import Evidence, codec
from relmap.contracts.words import SEVERITIES
from relmap.facts.audit import revise
from relmap.models import Alert as StoredAlert
from relmap.models import db, utc_now
from relmap.models.results import OVER, PART
from relmap.results.runs.floods import FLOOD_KEY, RuleAlert, gathered, with_earlier

__all__ = ["STANDING", "store_found"]

STANDING = ("open", "acknowledged")


def store_found(found: Sequence[RuleAlert], *, account_id: int, day: date) -> list[int]:
    """Close what is over, raise what is new, and join what is one event.

    Returns the ids of the alerts that were raised or reopened and stand. Does not commit.
    """
    _close_over([one for one in found if one.alert.is_over], account_id)
    standing = gathered([one for one in found if not one.alert.is_over], account_id)
    raised = [_raise(one, account_id, day) for one in standing]
    _join_parts(account_id)
    return [stored.id for stored in raised if stored is not None and stored.status == "open"]


def _stored(one: RuleAlert, account_id: int) -> StoredAlert | None:
    query = select(StoredAlert).where(
        StoredAlert.account_id == account_id,
        StoredAlert.rule_key == one.rule.key,
        StoredAlert.key == one.alert.key,
    )
    return db.session.scalar(query)


def _raise(one: RuleAlert, account_id: int, day: date) -> StoredAlert | None:
    """The alert where it is new or open again."""
    stored = _stored(one, account_id)
    content = _content(one)
    is_flood = one.alert.key == FLOOD_KEY  # it tells of new ones, whatever became of the last
    came_again = stored is not None and (stored.closed_reason == OVER or is_flood)
    if stored is not None and stored.status != "withdrawn" and not came_again:
        return None
    if stored is None:
        stored = StoredAlert(account_id=account_id, rule_key=one.rule.key, key=one.alert.key)
        stored.raised_on, stored.status = day, "open"
        db.session.add(stored)
    elif came_again:
        content = with_earlier(content, stored) if is_flood else content
        stored.raised_on, stored.status = day, "open"
        stored.closed_reason = stored.closed_at = None
    else:
        _reopen(stored, day)
    for name, value in content.items():
        setattr(stored, name, value)
    db.session.flush()
    return stored


def _reopen(stored: StoredAlert, day: date) -> None:
    """What was withdrawn is true again: it stands as people left it.

    One that was raised by a clock ahead is raised now.
    """
    if stored.raised_on > day:
        stored.raised_on, stored.raised_at = day, utc_now()
    was = stored.status_before
    stored.status = was if was in ("acknowledged", "closed") else "open"
    stored.status_before = None


def _content(one: RuleAlert) -> dict[str, Any]:
    content: dict[str, Any] = codec.plain(one.alert)
    del content["key"], content["is_over"]
    return content | {"plugin": one.rule.plugin, "rule_version": one.rule.version}


# --- what is over


def _close_over(found: Iterable[RuleAlert], account_id: int) -> None:
    """Close alerts whose cause is gone; the parts of one that told several stand for themselves."""
    ended = [(one, _stored(one, account_id)) for one in found]
    over = [(one.alert, stored) for one, stored in ended if stored is not None]
    for _, stored in over:
        if stored.parts and stored.status in STANDING:
            _release(stored)
    for alert, stored in over:
        why = codec.plain(Evidence(alert.text, 0, alert.refs, alert.values))
        if stored.closed_reason == PART and stored.status == "closed":
            _tell_wholes(stored, why)
            stored.open_again()
        if stored.status in STANDING:
            _close(stored, OVER, why)


def _tell_wholes(part: StoredAlert, why: dict[str, Any]) -> None:
    """What is over of a part is told in the whole, in the place of what the part said there."""
    gone = [_headline(part), *part.evidence]
    for whole in _standing(part.account_id):
        if part.key in whole.parts:
            whole.evidence = [why, *(row for row in whole.evidence if row not in gone)]
            whole.actions = [row for row in whole.actions if row not in part.actions]


def _release(whole: StoredAlert) -> None:
    query = select(StoredAlert).where(
        StoredAlert.account_id == whole.account_id,
        StoredAlert.key.in_(whole.parts),
        StoredAlert.closed_reason == PART,
    )
    for part in db.session.scalars(query):
        part.open_again()


def _close(stored: StoredAlert, reason: str, why: dict[str, Any]) -> None:
    """Close an alert, and keep why as the first of what it rests on."""
    values = {
        "status": "closed",
        "closed_reason": reason,
        "closed_at": utc_now(),
        "evidence": [why, *stored.evidence],
    }
    revise("close_alert", stored, values, account_id=stored.account_id)


# --- one event, one alert


def _join_parts(account_id: int) -> None:
    """Of the alerts that stand, the one that tells the most takes its parts in."""
    standing = [row for row in _standing(account_id) if row.key != FLOOD_KEY]  # no one event
    for whole in sorted(standing, key=lambda row: -len(row.parts)):
        while whole.status in STANDING and (parts := _parts_of(whole, standing)):
            for part in parts:
                _take_in(whole, part)


def _standing(account_id: int) -> list[StoredAlert]:
    query = select(StoredAlert).where(
        StoredAlert.account_id == account_id, StoredAlert.status.in_(STANDING)
    )
    return list(db.session.scalars(query.order_by(StoredAlert.id)))


def _parts_of(whole: StoredAlert, alerts: Iterable[StoredAlert]) -> list[StoredAlert]:
    return [
        row
        for row in alerts
        if row.key in whole.parts and row is not whole and row.status in STANDING
    ]


def _take_in(whole: StoredAlert, part: StoredAlert) -> None:
    """The part's headline stands for what the whole said of the same; a note has no more to say."""
    headline = _headline(part)
    others = [row for row in whole.evidence if row["refs"] != part.refs[: len(row["refs"])]]
    matters = part.severity != "note"
    whole.evidence = [*others, headline, *(part.evidence if matters else [])]
    more = [row for row in part.actions if matters and row not in whole.actions]
    whole.actions = [*whole.actions, *more]
    whole.parts = [*whole.parts, *(key for key in part.parts if key not in whole.parts)]
    whole.severity = max(whole.severity, part.severity, key=SEVERITIES.index)
    _close(part, PART, _headline(whole))


def _headline(alert: StoredAlert) -> dict[str, Any]:
    return {"text": alert.text, "points": 0, "refs": alert.refs, "values": alert.values}
