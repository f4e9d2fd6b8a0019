"""Somebody left a post: who knew them, who followed, who could introduce us, where they went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from relmap.api import (
    LEVELS,
    N_,
    AccountView,
    Action,
    Alert,
    AlertRule,
    Departure,
    Evidence,
    Introducer,
    Ref,
    Severity,
    TenureRow,
    Thread,
    departures,
    hookimpl,
    hostile_people,
    introducers,
    later_tenure,
    successions,
    threads_of,
)

from . import translations

__all__ = ["PostVacated", "alert_rules", "translations"]

SEAT_TEXTS = {
    "unit_closed": "{0} went with its unit {1}: nobody followed",
    "post_closed": "{0} is no more",
    "vacant": "Nobody has followed in {0}",
}
REASON_TEXTS: dict[str | None, str] = {
    "left_company": N_("{0} left the company"),
    "moved_inside": N_("{0} moved inside, we do not know where to"),
    "promoted": N_("{0} was promoted, we do not know to which post"),
    "retired": N_("{0} retired"),
    "acting_ended": N_("{0} is no longer acting"),
    "post_abolished": N_("{0}'s post was abolished"),
}
ASKING = {  # nobody has come yet, or somebody whom we do not know
    "vacant": (N_("Ask {0} who will follow in {1}"), N_("Find out who will follow in {0}")),
    "replaced": (N_("Ask {0} who followed in {1}"), N_("Find out who followed in {0}")),
}
NEARNESS_TEXTS = {
    "tie": "{0} is warm and has a tie to who followed",
    "reporting_line": "{0} is warm and stands in the reporting line",
    "unit": "{0} is warm and sits in the same unit",
    "function": "{0} is warm and has the same function",
}


@dataclass(frozen=True)
class PostVacated:
    """A person no longer holds a post: one alert a tenure, however late it was entered."""

    key: ClassVar[str] = "rotation.post_vacated"
    version: ClassVar[int] = 4
    title: ClassVar[str] = "A contact has left a post"

    def check(self, before: AccountView, now: AccountView) -> Iterator[Alert]:
        """One alert for each departure between the two views; those told before may be over."""
        yield from _over(before, now)
        for together in _by_person(departures(before, now), now):
            for departure in together:
                yield _alert(departure, before, now, also=together)


def _by_person(found: Iterable[Departure], now: AccountView) -> Iterator[tuple[Departure, ...]]:
    """The departures of a person on one day, which are one event: the post that matters first."""

    def rank(row: Departure) -> tuple[bool, int, Ref]:
        is_deciding = now.is_deciding(row.post)
        return not is_deciding, LEVELS.index(row.post.level), row.tenure.ref

    together: defaultdict[tuple[Ref, date | None], list[Departure]] = defaultdict(list)
    for row in found:
        together[row.tenure.person, row.tenure.ends_on].append(row)
    for rows in together.values():
        yield tuple(sorted(rows, key=rank))


def _over(before: AccountView, now: AccountView) -> Iterator[Alert]:
    """What was told of those who are back, or have not left after all."""
    known = {row.ref for row in before.tenures}
    rows = {row.ref: row for row in now.tenures}
    for told in before.tenures:
        if not told.has_ended(before.as_of):
            continue
        tenure = rows.get(told.ref)
        if tenure is None or not tenure.has_ended(now.as_of):
            yield _closing(told, N_("{0} has not left {1}: that was taken back"))
            continue
        later = later_tenure(tenure, now)
        if later is not None and later.ref not in known:
            is_gone = later.has_ended(now.as_of)
            text = N_("{0} came back to {1} and left again") if is_gone else N_("{0} is {1} again")
            yield _closing(told, text)


def _closing(told: TenureRow, text: str) -> Alert:
    refs = (told.person, told.post)
    return Alert(key=str(told.ref), text=text, severity="note", refs=refs, is_over=True)


def _alert(
    departure: Departure, before: AccountView, now: AccountView, *, also: Sequence[Departure]
) -> Alert:
    tenure, post = departure.tenure, departure.post
    knew = _who_knew(tenure.person, before, now)
    inside = introducers(now, post, newcomers=departure.successors, without=tenure.person)
    decides = _decides(post.ref, before, now)
    return Alert(
        key=str(tenure.ref),
        text=_headline(tenure),
        severity=_severity(departure, knew, now, decides=decides),
        refs=(tenure.person, post.ref, post.unit),
        values=_values(departure, decides=decides),
        evidence=(
            *_knowledge(tenure.person, knew),
            *_succession(departure, now),
            *_whereabouts(departure),
            *(Evidence(NEARNESS_TEXTS[row.nearness], 0, (row.person, row.ours)) for row in inside),
        ),
        actions=tuple(_actions(departure, knew, inside, now)),
        parts=tuple(_parts(departure, now, also)),
    )


def _parts(departure: Departure, now: AccountView, also: Sequence[Departure]) -> Iterator[str]:
    """The other seats that were left with this one, and who may follow here as a stranger."""
    if departure is also[0]:
        yield from (str(row.tenure.ref) for row in also[1:])
    post = departure.post.ref
    if departure.seat == "vacant" and post in successions(now):
        yield from (f"{post} {row.person}" for row in successions(now)[post].successors)


def _headline(tenure: TenureRow) -> str:
    """The day on which somebody left, as exactly as it is known."""
    after, on = tenure.ends_after, tenure.ends_on
    if after is not None and on is not None and on - after > timedelta(days=1):
        return N_("{0} is no longer {1} ({2}): left between {ended_after} and {ended_on}")
    return N_("{0} is no longer {1} ({2}): left on {ended_on}")


def _who_knew(person: Ref, before: AccountView, now: AccountView) -> tuple[Thread, ...]:
    """Our threads to the person, strongest first, as they stood or stand: the stronger of both."""
    best: dict[Ref, Thread] = {}
    for thread in (*threads_of(now, person), *threads_of(before, person)):
        if thread.ours not in best or best[thread.ours].strength < thread.strength:
            best[thread.ours] = thread
    return tuple(sorted(best.values(), key=lambda row: (-row.strength, row.ours)))


def _decides(post: Ref, before: AccountView, now: AccountView) -> bool:
    """Whether the post decides or did: a powerful holder's leaving may take the weight along."""
    return any(view.is_deciding(view.post(post)) for view in (before, now) if post in view)


def _severity(
    departure: Departure, knew: tuple[Thread, ...], now: AccountView, *, decides: bool
) -> Severity:
    """How much it matters to us: who knew the person, whether the post decides, who followed.

    Who is warm from touches alone counts as having a tie that nobody has written down.
    """
    warm_from = now.measures.known_from
    had_tie = any(row.tie is not None or row.strength >= warm_from for row in knew)
    if not had_tie and not decides:
        return "note"
    return "urgent" if departure.nobody_followed or (decides and had_tie) else "warning"


def _values(departure: Departure, *, decides: bool) -> dict[str, str | int | bool | None]:
    tenure = departure.tenure
    return {
        "seat": departure.seat,
        "end_reason": tenure.end_reason or "unknown",
        "ended_on": None if tenure.ends_on is None else tenure.ends_on.isoformat(),
        "ended_after": None if tenure.ends_after is None else tenure.ends_after.isoformat(),
        "acting": tenure.acting,
        "deciding": decides,
        "successors": len(departure.successors),
    }


def _knowledge(person: Ref, knew: tuple[Thread, ...]) -> Iterator[Evidence]:
    if not knew:
        yield Evidence("None of us knew {0}", 0, (person,))
    for thread in knew:
        values: dict[str, str | float] = {
            "touches": thread.touch_count,
            "strength": round(thread.strength, 2),
        }
        if thread.tie is None:
            text = "{0} had no tie to {1} on record; contacts in 24 months: {touches}"
            yield Evidence(text, 0, (thread.ours, person), values)
        elif thread.level is None:
            text = "{0} had a tie to {1} (not judged); contacts in 24 months: {touches}"
            yield Evidence(text, 0, (thread.ours, person), values)
        else:
            text = "{0} had a tie to {1} ({relationship}); contacts in 24 months: {touches}"
            values |= {"relationship": thread.level}
            yield Evidence(text, 0, (thread.ours, person), values)


def _succession(departure: Departure, now: AccountView) -> Iterator[Evidence]:
    post = departure.post
    for successor in departure.successors:
        yield Evidence("{0} followed in {1}", 0, (successor, post.ref))
    if departure.successors:
        return
    if ahead := now.announced_in(post.ref):
        for row in ahead[:1]:
            day = {"day": row.starts_on.isoformat()}
            yield Evidence("{0} is announced as {1} from {day}", 0, (row.person, post.ref), day)
        return
    if departure.seat == "replaced":
        yield Evidence("Somebody followed in {0}, we do not know who", 0, (post.ref,))
    elif departure.seat == "still_held":
        for other in departure.remaining:
            yield Evidence("{0} still holds {1}", 0, (other, post.ref))
    else:
        yield Evidence(SEAT_TEXTS[departure.seat], 0, (post.ref, post.unit))


def _whereabouts(departure: Departure) -> Iterator[Evidence]:
    person = departure.tenure.person
    for post in departure.moved_to:
        yield Evidence("{0} moved to {1}", 0, (person, post))
    for post in departure.keeps:
        yield Evidence("{0} still is {1}", 0, (person, post))
    if not departure.moved_to and not departure.keeps:
        text = REASON_TEXTS.get(departure.tenure.end_reason, N_("We do not know where {0} went"))
        yield Evidence(text, 0, (person,))


def _actions(
    departure: Departure,
    knew: tuple[Thread, ...],
    inside: tuple[Introducer, ...],
    now: AccountView,
) -> Iterator[Action]:
    person, post = departure.tenure.person, departure.post.ref
    ahead = [row.person for row in now.announced_in(post)]
    for newcomer in [*departure.successors, *ahead][:1]:
        for row in inside[:3]:
            yield Action("Ask {0} to introduce us to {1}", (row.person, newcomer), owner=row.ours)
        if not inside:
            yield Action("Get to know {0}, the new {1}", (newcomer, post))
    if not (departure.successors or ahead) and departure.seat in ASKING:
        ask, find_out = ASKING[departure.seat]
        for row in inside[:1]:
            yield Action(ask, (row.person, post), owner=row.ours)
        if not inside:
            yield Action(find_out, (post,))
    if not knew or person in hostile_people(now):
        return
    if departure.successors:
        refs = (person, departure.successors[0])
        yield Action("Wish {0} well and ask for a word to {1}", refs, owner=knew[0].ours)
    else:
        yield Action("Wish {0} well and ask who takes over", (person,), owner=knew[0].ours)


@hookimpl
def alert_rules() -> list[AlertRule]:
    """The one rule."""
    return [PostVacated()]
