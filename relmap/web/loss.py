"""What is lost without some people, for the eye: every number before and after, every post."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from relmap.contracts import AccountView, Ref
from relmap.insight.whatif import (
    Difference,
    Differences,
    Hanging,
    compare,
    hanging_posts,
    hanging_projects,
    without,
)
from relmap.web import words
from relmap.web.cultivation import Cultivated
from relmap.web.names import language_of
from relmap.web.radar_lines import money

__all__ = ["Figure", "Gone", "Loss", "Lost", "loss_of"]

LABELS: Final = {
    "people_known": "People we truly know",
    "deciding_coverage": "How well we know who decides",
    "value": "What we shall hold without a visit",
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
    change: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """A deciding post or a project, and on whom it hangs before and after."""

    name: Markup | str
    lang: str | None
    before: tuple[Markup, ...]
    after: tuple[Markup, ...]
    is_reached: bool
    value: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """What an account loses; empty in all parts where these people carry nothing."""

    gone: tuple[Gone, ...]
    units: tuple[str, ...]
    figures: tuple[Figure, ...]
    coverage: tuple[Figure, ...]
    unreached: tuple[Markup, ...]
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
    before, after = found.seen, without(found.seen, gone)
    lost, names = compare(before, after), found.names
    return Loss(
        gone=tuple(
            Gone(ref, names.link(ref), str(names[ref]), before.person(ref).side == "us")
            for ref in gone
        ),
        units=tuple(before.unit(ref).name for ref in found.asked.units),
        figures=tuple(_figures(lost, found)),
        coverage=tuple(_coverage(lost)),
        unreached=tuple(names.link(post) for post in lost.unreached),
        introductions=_introductions(lost, found),
        introduction_count=len(lost.introductions),
        hanging=_hanging(before, after, found),
        projects=_projects(before, after, found),
        broken=tuple(_broken(found)),
    )


SAYS: Final = {
    "gone": "{} would be with somebody who is gone",
    "lost": "{} would have no way left",
    "detour": "{} would need another way",
}


def _broken(found: Cultivated) -> Iterator[str]:
    """What becomes of the plan, several steps of one fate as one."""
    for kind, says in SAYS.items():
        numbers = [str(row.plan.number) for row in found.stops if row.kind == kind]
        if numbers:
            first = f"{', '.join(numbers[:-1])} and " if len(numbers) > 1 else ""
            noun = "steps" if first else "step"
            yield says.format(f"{noun} {first}{numbers[-1]}")


def _figures(lost: Differences, found: Cultivated) -> Iterable[Figure]:
    weight = found.found.plan.weight or 1.0
    for row in lost.numbers:
        if row.measure == "people_known":
            yield Figure(
                LABELS[row.measure], f"{row.before:g}", f"{row.after:g}", row.after - row.before
            )
        elif row.measure in LABELS:
            whole = weight if row.measure == "value" else 1.0
            yield _points(LABELS[row.measure], row, whole)


def _coverage(lost: Differences) -> Iterable[Figure]:
    for row in lost.numbers:
        if row.measure == "coverage":
            name = str(row.about)
            yield _points(words.FUNCTIONS.get(name, (words.word(name), ""))[0], row, 1.0)


def _points(label: str, row: Difference, whole: float) -> Figure:
    """A share as points of 100, with a decimal."""
    before, after = 100 * row.before / whole, 100 * row.after / whole
    return Figure(label, f"{before:.1f}", f"{after:.1f}", after - before, "of 100")


def _introductions(
    lost: Differences, found: Cultivated
) -> tuple[tuple[Markup, tuple[Markup, ...]], ...]:
    """Who could introduce us to which deciding posts, and cannot then."""
    posts: defaultdict[Ref, list[Ref]] = defaultdict(list)
    for row in lost.introductions:
        posts[row.person].append(row.post)
    link = found.names.link
    return tuple((link(person), tuple(map(link, some))) for person, some in posts.items())


def _hanging(before: AccountView, after: AccountView, found: Cultivated) -> tuple[Lost, ...]:
    """The deciding posts that hang on fewer people, or are reached no more."""
    return tuple(
        _lost(row, found.names.link(row.about), language_of(before.post(row.about).title), found)
        for row in hanging_posts(before, after)
        if row.is_looser
    )


def _projects(before: AccountView, after: AccountView, found: Cultivated) -> tuple[Lost, ...]:
    """The open projects that hang on fewer people, or are reached no more."""
    rows = [row for row in hanging_projects(before, after) if row.is_looser]
    return tuple(
        _lost(
            row,
            str(found.names[row.about]),
            language_of(before.project(row.about).name),
            found,
            value=_value(before, row.about),
        )
        for row in rows
    )


def _lost(
    row: Hanging, name: Markup | str, lang: str | None, found: Cultivated, *, value: str = ""
) -> Lost:
    before, after = (
        tuple(found.names.link(person) for person in side.people)
        for side in (row.before, row.after)
    )
    return Lost(name, lang, before, after, row.after.is_reached, value)


def _value(view: AccountView, ref: Ref) -> str:
    row = view.project(ref)
    return money({row.currency or "": row.value}) if row.value else ""
