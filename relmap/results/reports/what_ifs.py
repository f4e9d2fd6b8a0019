"""An account without some people, against the account as it is: what ``relmap whatif`` prints."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from relmap.contracts import AccountView, PostRow, Ref
from relmap.hub.engine import ActiveRule, Outcome, Runner
from relmap.hub.registry import Registry, rules_in_force
from relmap.insight.waves import wave_in
from relmap.insight.whatif import (
    Difference,
    Differences,
    Hanging,
    as_strangers,
    compare,
    hanging_posts,
    hanging_projects,
    without,
)
from relmap.results.reports.documents import Naming, naming_of
from relmap.results.reports.plans import wave_as_json
from relmap.results.reports.scores import weighted_total

__all__ = ["WhatIf", "score_differences", "what_if", "what_if_as_json"]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """An account as it is and without some people, and what it has less then.

    ``posts`` are the deciding posts that hang on others than before, ``projects`` the open ones
    that are reached no more, or hang on fewer people.
    """

    before: AccountView
    after: AccountView
    lost: Differences
    posts: tuple[Hanging, ...]
    projects: tuple[Hanging, ...]


def what_if(view: AccountView, gone: Collection[Ref]) -> WhatIf:
    """What an account loses if these people, theirs or ours, were gone on the view's day."""
    after = without(view, gone)
    return WhatIf(
        before=view,
        after=after,
        lost=compare(view, after),
        posts=tuple(row for row in hanging_posts(view, after) if row.differs),
        projects=tuple(row for row in hanging_projects(view, after) if row.is_looser),
    )


def what_if_as_json(
    view: AccountView,
    gone: Collection[Ref],
    *,
    units: Collection[Ref] = (),
    runner: Runner,
    registry: Registry,
) -> dict[str, Any]:
    """What an account loses if these people, theirs or ours, were gone on the view's day.

    Of ``units``, all whose people are gone, it says how likely their deciders are to go together.
    Scores of both views come from the same rules; a post keeps the weight it has today. Only what
    differs is listed. The view itself is left as it is.
    """
    found, naming = what_if(view, gone), naming_of(view)
    lost = found.lost
    return {
        "account": view.account.name,
        "on": view.as_of.isoformat(),
        "without": [
            naming.person(ref) | {"side": view.person(ref).side} for ref in sorted(set(gone))
        ],
        "waves": [
            wave_as_json(wave, naming)
            for unit in units
            if (wave := wave_in(view, unit)) is not None
        ],
        **score_differences(view, gone, rules_in_force(registry).scoring, runner=runner),
        "coverage": [_number(row) for row in lost.numbers if row.measure == "coverage"],
        "numbers": [_number(row) for row in lost.numbers if row.measure != "coverage"],
        "unreached": [_seat(view.post(post), naming) for post in lost.unreached],
        "introductions": _introductions(view, lost, naming),
        "blocking": _blocking(found, naming),
        "projects": _projects(found, naming),
    }


def _number(row: Difference) -> dict[str, Any]:
    about = {"function": row.about} if row.measure == "coverage" else {"measure": row.measure}
    return about | {"before": row.before, "after": row.after}


def _seat(post: PostRow, naming: Naming) -> dict[str, Any]:
    return naming.post(post) | {"weight": post.decision_weight}


def _introductions(view: AccountView, found: Differences, naming: Naming) -> list[dict[str, Any]]:
    return [
        naming.person(row.person) | naming.post(view.post(row.post)) for row in found.introductions
    ]


# --- scores


def score_differences(
    view: AccountView, gone: Collection[Ref], rules: Sequence[ActiveRule], *, runner: Runner
) -> dict[str, Any]:
    """The totals, and the rules whose points, or whether they can be naming at all, differ.

    Held against the account where these people are strangers in their seats, so that a loss never
    reads as a gain of a score that counts warmth.
    """
    was, now = runner.score(view, rules), runner.score(as_strangers(view, gone), rules)
    rows = [_score(*three) for three in zip(rules, was, now, strict=True)]
    return {
        "total": {"before": _total(rules, was), "after": _total(rules, now)},
        "scores": [row for row in rows if row["before"] != row["after"]],
    }


def _total(rules: Sequence[ActiveRule], outcomes: Sequence[Outcome]) -> float | None:
    """Of the scores that ended well, as an account's total is."""
    return weighted_total(
        (rule.weight, row.score.points, row.score.out_of)
        for rule, row in zip(rules, outcomes, strict=True)
        if row.score is not None
    )


def _score(rule: ActiveRule, was: Outcome, now: Outcome) -> dict[str, Any]:
    known = [outcome.score for outcome in (was, now) if outcome.score is not None]
    return {
        "key": rule.key,
        "title": rule.title,
        "before": was.score.points if was.score else None,
        "after": now.score.points if now.score else None,
        "out_of": known[0].out_of if known else None,
        "reason": now.reason or was.reason or None,
    }


# --- on whom it hangs then


def _blocking(found: WhatIf, naming: Naming) -> list[dict[str, Any]]:
    return [
        _seat(found.before.post(row.about), naming) | _people(row, naming) for row in found.posts
    ]


def _projects(found: WhatIf, naming: Naming) -> list[dict[str, Any]]:
    return [
        {
            "project": naming.name(row.about),
            "project_id": row.about.id,
            "value": found.before.project(row.about).value,
            "currency": found.before.project(row.about).currency,
        }
        | _people(row, naming)
        for row in found.projects
    ]


def _people(row: Hanging, naming: Naming) -> dict[str, Any]:
    return {
        "before": naming.people(row.before.people),
        "after": naming.people(row.after.people),
        "is_reached": row.after.is_reached,
    }
