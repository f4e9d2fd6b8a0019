"""The score of an account for the eye: the total, its line over time, every rule's evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from relmap.clock import today
from relmap.contracts import Message
from relmap.languages import _
from relmap.models import Account, Score
from relmap.permissions import can
from relmap.results.reports.asleep import behind_scores
from relmap.results.reports.documents import first_evidence
from relmap.results.reports.scores import ScoreCard, Total, history
from relmap.web.layout.sentences import Line, Names, line
from relmap.web.security.viewer import current_viewer

__all__ = ["ScorePanel", "score_panel"]


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """Totals over time as a small line, in a box of 86 by 26."""

    points: str
    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One rule of the score, with what it rests on."""

    rule: Score
    evidence: tuple[Line, ...]
    asleep: Message | None  # whose it is, where the rule does not run any more


@dataclass(frozen=True, slots=True)
class ScorePanel:
    """What the panel shows; ``change`` is by how much the total differs from which day's."""

    account_id: int
    day: date
    card: ScoreCard | None
    line: ScoreLine | None
    change: tuple[int, date] | None
    parts: tuple[ScorePart, ...]
    is_today: bool
    is_stale: bool  # facts have changed since
    is_due: bool
    may_ask: bool


def score_panel(
    account: Account, day: date, card: ScoreCard | None, names: Names, *, is_due: bool = False
) -> ScorePanel:
    """The panel of the newest scores at or before a day; one query, of an old day two."""
    past, is_today = history(account.id, day), day == today()
    rules = _counted_first(card)
    # Those of today follow each change within a sweep; older ones stay as they are.
    is_old = card is not None and card.on < today()
    asleep = behind_scores((rule.plugin, rule.rule_key) for rule in rules) if is_old else {}
    return ScorePanel(
        account_id=account.id,
        day=day,
        card=card,
        line=_line_of(past),
        change=_change_since_month(card, past),
        parts=tuple(_part(rule, names, asleep.get(rule.rule_key)) for rule in rules),
        is_today=is_today,
        is_stale=card is not None and is_today and card.revision < account.revision,
        is_due=is_due,
        may_ask=not (card and card.on == day)
        and day <= today()
        and can(current_viewer(), "write", account),
    )


def _counted_first(card: ScoreCard | None) -> list[Score]:
    return sorted(card.rows if card else (), key=lambda rule: not rule.weight)


def _part(rule: Score, names: Names, asleep: Message | None) -> ScorePart:
    shown = first_evidence(rule.evidence)
    lines = (line(item, names, points=item.get("points", 0)) for item in shown)
    return ScorePart(rule, tuple(lines), asleep)


def _line_of(past: Sequence[Total]) -> ScoreLine | None:
    """The line of stored totals; ``None`` where there are fewer than two."""
    known = [(row.on, row.total) for row in past if row.total is not None]
    if len(known) < 2:
        return None
    first, last = known[0][0], known[-1][0]
    low = min(total for _, total in known)
    rise = max(10.0, max(total for _, total in known) - low)  # a flat year is drawn flat
    span = max(1, (last - first).days)
    places = [
        (3 + 80 * (on - first).days / span, 22 - 18 * (total - low) / rise) for on, total in known
    ]
    x, y = places[-1]
    return ScoreLine(
        points=" ".join(f"{a:.1f},{b:.1f}" for a, b in places),
        x=round(x, 1),
        y=round(y, 1),
        label=_(
            "from {before:.0f} on {day} to {after:.0f}",
            before=known[0][1],
            day=first,
            after=known[-1][1],
        ),
    )


def _change_since_month(card: ScoreCard | None, past: Sequence[Total]) -> tuple[int, date] | None:
    """By how much the total differs from the newest one 30 days older, and of when that is."""
    if card is None or card.total is None:
        return None
    limit = card.on - timedelta(days=30)
    older = [row for row in past if row.on <= limit and row.total is not None]
    if not older:
        return None
    return round(card.total) - round(older[-1].total or 0), older[-1].on
