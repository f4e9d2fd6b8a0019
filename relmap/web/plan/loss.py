"""What is lost without some people, for the eye: every number before and after, every post."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from relmap.contracts import AccountView, Ref
from relmap.contracts.message import N_
from relmap.insight.waves import holders_below
from relmap.insight.whatif import Difference, Differences, Hanging
from relmap.languages import _, label
from relmap.results.reports.what_ifs import WhatIf, what_if
from relmap.web.layout.amounts import sums
from relmap.web.layout.names import language_of
from relmap.web.plan.cultivation import Cultivated

__all__ = ["Figure", "Gone", "Loss", "Lost", "loss_of"]

LABELS: Final = {
    "people_known": N_("People we truly know"),
    "deciding_coverage": N_("How well we know who decides"),
    "value": N_("What we shall hold without a visit"),
}


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody who is taken away, and the address without that."""

    ref: Ref
    name: Markup
    plain: str
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One number before and after, as it is written."""

    label: str
    before: str
    after: str
    change: str  # of the numbers as they are written: a reader reckons it again
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """A deciding post or a project, and on whom it hangs before and after.

    ``is_empty`` says that nobody is left in the post.
    """

    name: Markup | str
    lang: str | None
    before: tuple[Markup, ...]
    after: tuple[Markup, ...]
    is_reached: bool
    is_empty: bool = False
    value: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """What an account loses; empty in all parts where these people carry nothing.

    ``waves`` are units and how many go with each, ``others`` who goes besides. ``unreached`` are
    posts that lose their last warm way, ``unknown`` those of which no holder is truly known any
    more, ``hanging`` those still reached, over fewer people.
    """

    gone: tuple[Gone, ...]
    waves: tuple[tuple[Markup | str, int], ...]
    others: tuple[Gone, ...]
    figures: tuple[Figure, ...]
    coverage: tuple[Figure, ...]
    unreached: tuple[Lost, ...]
    unknown: tuple[Markup, ...]
    introductions: tuple[tuple[Markup, tuple[Markup, ...]], ...]
    introduction_count: int
    hanging: tuple[Lost, ...]
    projects: tuple[Lost, ...]
    broken: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(
            self.figures
            or self.coverage
            or self.unreached
            or self.unknown
            or self.introductions
            or self.hanging
            or self.projects
            or self.broken
        )


def loss_of(found: Cultivated) -> Loss | None:
    """What is lost without those whom the request takes away; ``None`` where nobody is."""
    gone = found.asked.gone
    if not gone:
        return None
    whole, names = what_if(found.seen, gone), found.names
    lost = whole.lost
    waves = {unit: holders_below(found.seen, unit) for unit in found.asked.units}
    taken = {ref: _gone(ref, found) for ref in gone}
    hanging = _hanging(whole, found)
    return Loss(
        gone=tuple(taken.values()),
        waves=tuple((names.link(unit), len(people)) for unit, people in waves.items()),
        others=tuple(
            row for ref, row in taken.items() if not any(ref in some for some in waves.values())
        ),
        figures=tuple(_figures(lost, found)),
        coverage=tuple(_coverage(lost)),
        unreached=tuple(row for row in hanging if not row.is_reached),
        unknown=tuple(names.link(post) for post in lost.unreached),
        introductions=_introductions(lost, found),
        introduction_count=len(lost.introductions),
        hanging=tuple(row for row in hanging if row.is_reached),
        projects=_projects(whole, found),
        broken=tuple(_broken(found)),
    )


def _gone(ref: Ref, found: Cultivated) -> Gone:
    is_ours = found.seen.person(ref).side == "us"
    return Gone(ref, found.names.link(ref), str(found.names[ref]), is_ours)


def _broken(found: Cultivated) -> Iterator[str]:
    """What becomes of the plan, several steps of one fate as one."""
    for kind, (one, many) in BROKEN.items():
        numbers = [str(row.plan.number) for row in found.stops if row.kind == kind]
        if numbers:
            yield _(many if len(numbers) > 1 else one, steps=numbers)


BROKEN: Final = {
    "gone": (
        N_("step {steps} would be with somebody who is gone"),
        N_("steps {steps} would be with somebody who is gone"),
    ),
    "lost": (N_("step {steps} would have no way left"), N_("steps {steps} would have no way left")),
    "detour": (
        N_("step {steps} would need another way"),
        N_("steps {steps} would need another way"),
    ),
}


def _figures(lost: Differences, found: Cultivated) -> Iterable[Figure]:
    weight = found.found.plan.weight or 1.0
    for row in lost.numbers:
        if row.measure == "people_known":
            yield _figure(_(LABELS[row.measure]), row.before, row.after, places=0)
        elif row.measure in LABELS:
            whole = weight if row.measure == "value" else 1.0
            yield from _points(_(LABELS[row.measure]), row, whole)


def _coverage(lost: Differences) -> Iterable[Figure]:
    for row in lost.numbers:
        if row.measure == "coverage":
            name = str(row.about)
            yield from _points(label("function", name), row, 1.0)


def _points(label: str, row: Difference, whole: float) -> Iterator[Figure]:
    """A share as points of 100, with a decimal; nothing where it is written the same."""
    before, after = (round(100 * value / whole, 1) for value in (row.before, row.after))
    if before != after:
        yield _figure(label, before, after, places=1, unit=_("of 100"))


def _figure(label: str, before: float, after: float, *, places: int, unit: str = "") -> Figure:
    """One number, written with so many decimals; what is lost as well."""
    sign = "+" if after > before else "\u2212"
    change = f"{sign}{abs(after - before):.{places}f}"
    return Figure(label, f"{before:.{places}f}", f"{after:.{places}f}", change, unit)


def _introductions(
    lost: Differences, found: Cultivated
) -> tuple[tuple[Markup, tuple[Markup, ...]], ...]:
    """Who could introduce us to which deciding posts, and cannot then."""
    posts: defaultdict[Ref, list[Ref]] = defaultdict(list)
    for row in lost.introductions:
        posts[row.person].append(row.post)
    link = found.names.link
    return tuple((link(person), tuple(map(link, some))) for person, some in posts.items())


def _hanging(whole: WhatIf, found: Cultivated) -> tuple[Lost, ...]:
    """The deciding posts that hang on fewer people, or are reached no more."""
    return tuple(
        _lost(
            row,
            found.names.link(row.about),
            language_of(found.seen.post(row.about).title),
            found,
            is_empty=not whole.after.holders(row.about),
        )
        for row in whole.posts
        if row.is_looser
    )


def _projects(whole: WhatIf, found: Cultivated) -> tuple[Lost, ...]:
    return tuple(
        _lost(
            row,
            str(found.names[row.about]),
            language_of(found.seen.project(row.about).name),
            found,
            value=_value(found.seen, row.about),
        )
        for row in whole.projects
    )


def _lost(
    row: Hanging,
    name: Markup | str,
    lang: str | None,
    found: Cultivated,
    *,
    is_empty: bool = False,
    value: str = "",
) -> Lost:
    before, after = (
        tuple(found.names.link(person) for person in side.people)
        for side in (row.before, row.after)
    )
    return Lost(name, lang, before, after, row.after.is_reached, is_empty, value)


def _value(view: AccountView, ref: Ref) -> str:
    row = view.project(ref)
    return sums({row.currency or "": row.value}) if row.value else ""
