"""The grid of an account: functions by levels, a card for each seat, blank seats drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from relmap.contracts import LEVELS, AccountView, PersonRow, PostRow, Ref, TenureRow
from relmap.contracts.words import FUNCTIONS
from relmap.facts.search import folded, search_text
from relmap.insight.beliefs import Belief
from relmap.insight.seating import (
    Acquaintance,
    Clock,
    Seat,
    acquaintance,
    arrival,
    departures,
    seats,
)
from relmap.web import words
from relmap.web.dates import age_text, short_day, span_text
from relmap.web.names import WrittenName, written_name

__all__ = [
    "Card",
    "ClockMark",
    "Filters",
    "Grid",
    "Link",
    "PersonLine",
    "StanceMark",
    "account_grid",
    "clock_mark",
    "coverage_label",
    "people",
    "stance_mark",
]

Link = Callable[[Ref], str]
ROOM = 6  # cards of readable width that fit side by side at 1440 px
ROWS_BEFORE_FOLD = 3


@dataclass(frozen=True, slots=True)
class StanceMark:
    """A stance as drawn: its mark (one of the stances, or ``split``), said in words."""

    mark: str
    label: str
    is_fading: bool = False
    left: str = ""  # of a split: the best and the worst that is said
    right: str = ""


@dataclass(frozen=True, slots=True)
class ClockMark:
    """The ring of a deciding post: ``share`` in per cent of the term, and the number inside."""

    share: int | None
    text: str
    unit: str
    label: str
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed at a seat since a day."""

    icon: str
    label: str


@dataclass(frozen=True, slots=True)
class Card:
    """One seat as drawn in the grid."""

    href: str
    status: str
    level: str
    title: str
    unit: str
    meta: str
    is_deciding: bool
    name: WrittenName | None = None
    is_acting: bool = False
    step: int | None = None
    coverage: float | None = None
    coverage_label: str = ""
    stance: StanceMark = StanceMark("unknown", "stance unknown")
    clock: ClockMark | None = None
    delta: Delta | None = None
    step_number: int | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """Who left a seat that still stands."""

    name: WrittenName
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """The cards of one function and level; those past the first rows are folded."""

    cards: tuple[Card, ...] = ()
    folded: tuple[Card, ...] = ()
    gone: tuple[Gone, ...] = ()

    @property
    def folded_label(self) -> str:
        """How many are folded and how many of those we know: ``6 more, 1 known``."""
        known = sum(1 for card in self.folded if (card.coverage or 0) > 0)
        return f"{len(self.folded)} more, {known} known"


@dataclass(frozen=True, slots=True)
class Row:
    """One function with its cells by level."""

    key: str
    title: str
    own_title: str
    known_count: int
    seat_count: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One level: its width in per cent, and how many cards stand side by side."""

    title: str
    width: int
    abreast: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked to see; ``None`` means all."""

    function: str | None = None
    level: str | None = None
    known: str | None = None  # yes, no
    ours: Ref | None = None

    def admits(self, seat: Seat, known_from: float) -> bool:
        """Whether a seat is to be shown."""
        if self.function and seat.post.function != self.function:
            return False
        if self.level and seat.post.level != self.level:
            return False
        if self.known and _is_known(seat, known_from) != (self.known == "yes"):
            return False
        return self.ours is None or (seat.known is not None and self.ours in seat.known.knowers)


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole picture, and what was left out of it."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    seat_count: int
    shown_count: int
    has_chances: bool
    without_seats: tuple[str, ...] = ()


def account_grid(
    view: AccountView,
    *,
    link: Link,
    since: date | None = None,
    filters: Filters = Filters(),
    steps: Mapping[Ref, int] | None = None,
) -> Grid:
    """Lay out the seats of an account; ``steps`` numbers whom to meet next."""
    found = seats(view)
    known_from = view.measures.known_from
    shown = [seat for seat in found if filters.admits(seat, known_from)]
    cells = _cells(view, shown, link=link, since=since, steps=steps or {})
    columns = _columns(cells)
    return Grid(
        columns=columns,
        rows=_rows(shown, cells, columns, known_from),
        seat_count=len(found),
        shown_count=len(shown),
        has_chances=any(seat.clock and seat.clock.chance is not None for seat in shown),
        without_seats=_functions_without(found),
    )


def _is_known(seat: Seat, known_from: float) -> bool:
    return seat.known is not None and (seat.known.coverage or 0) >= known_from


def _cells(
    view: AccountView,
    shown: Iterable[Seat],
    *,
    link: Link,
    since: date | None,
    steps: Mapping[Ref, int],
) -> dict[tuple[str, str], tuple[list[Card], list[Gone]]]:
    cells: dict[tuple[str, str], tuple[list[Card], list[Gone]]] = defaultdict(lambda: ([], []))
    posts = set()
    for seat in shown:
        posts.add(seat.post.ref)
        card = seat_card(view, seat, link=link, since=since, steps=steps)
        cells[seat.post.function, seat.post.level][0].append(card)
    for tenure in departures(view, since) if since else ():
        post = view.post(tenure.post)
        if post.ref in posts:
            cells[post.function, post.level][1].append(_gone(view, tenure))
    return cells


def seat_card(
    view: AccountView,
    seat: Seat,
    *,
    link: Link,
    since: date | None = None,
    steps: Mapping[Ref, int] | None = None,
) -> Card:
    """One seat for the eye."""
    post, person = seat.post, seat.person
    blank = Card(
        href=link(post.ref),
        status=seat.status,
        level=words.LEVELS[post.level],
        title=post.title,
        unit=view.unit(post.unit).name,
        meta=_blank_meta(view, post),
        is_deciding=seat.is_deciding,
        step_number=(steps or {}).get(post.ref),
    )
    if person is None or seat.known is None or seat.tenure is None:
        return blank
    return replace(
        blank,
        href=link(person.ref),
        meta=_known_meta(view, seat.known),
        name=_name(person),
        is_acting=seat.tenure.acting,
        step=seat.known.step,
        coverage=seat.known.coverage,
        coverage_label=coverage_label(seat.known.coverage),
        stance=stance_mark(seat.known.stance),
        clock=clock_mark(seat.clock) if seat.clock else None,
        delta=_delta(view, seat.tenure, since),
        step_number=(steps or {}).get(person.ref) or blank.step_number,
    )


def _name(person: PersonRow) -> WrittenName:
    return written_name(person.name, person.latin_name, language=person.language)


def _blank_meta(view: AccountView, post: PostRow) -> str:
    if post.vacant_since is None:
        return "seat known, holder not"
    days = (view.as_of - post.vacant_since).days
    return f"since {short_day(post.vacant_since, view.as_of)} · {age_text(days)}"


def _known_meta(view: AccountView, known: Acquaintance) -> str:
    if known.coverage is None:
        return "never met"
    ours = f"{len(known.knowers)} of us" if known.knowers else "none of us"
    if known.last_touch_on is None:
        return f"{ours} · no touch"
    return f"{ours} · {age_text((view.as_of - known.last_touch_on).days)}"


def _delta(view: AccountView, tenure: TenureRow, since: date | None) -> Delta | None:
    how = arrival(view, tenure, since) if since else None
    if how is None:
        return None
    when = short_day(tenure.starts_on, view.as_of)
    return (
        Delta("plus", f"came {when}")
        if how == "came"
        else Delta("arrow-right", f"moved here {when}")
    )


def _gone(view: AccountView, tenure: TenureRow) -> Gone:
    ends_on = tenure.ends_on or view.as_of
    later = [
        row
        for row in view.tenures_of(tenure.person)
        if row.ref != tenure.ref
        and not row.has_ended(view.as_of)
        and row.starts_on >= ends_on - timedelta(days=200)
    ]
    text = f", left {short_day(ends_on, view.as_of)}"
    if later:
        text += f" → {view.post(later[0].post).title}"
    elif tenure.end_reason and tenure.end_reason != "unknown":
        text += f", {words.END_REASONS.get(tenure.end_reason, tenure.end_reason)}"
    return Gone(_name(view.person(tenure.person)), text)


def coverage_label(coverage: float | None) -> str:
    """Coverage in words: what the pips say."""
    if coverage is None:
        return "not known: no tie, no touch, no claim"
    return f"coverage {coverage:.2f} of 1"


def stance_mark(stance: Belief) -> StanceMark:
    """A stance for the eye: the value that holds, a split, or unknown with what it was."""
    if stance.value is None:
        was = (
            f"; was: {words.STANCES.get(stance.was.value, stance.was.value)}" if stance.was else ""
        )
        return StanceMark("unknown", f"stance unknown{was}")
    said = [words.STANCES.get(value, value) for value in stance.values]
    if stance.is_disputed:
        left, right = stance.extremes or ("supporter", "non_supporter")
        label = f"colleagues disagree: {' / '.join(said)}"
        return StanceMark("split", label, stance.is_fading, left, right)
    mark = stance.value if stance.value in words.STANCES else "unknown"
    return StanceMark(mark, said[0], stance.is_fading)


def clock_mark(clock: Clock) -> ClockMark:
    """The ring of a deciding post: the part of the term passed, and years in post or the chance."""
    years = clock.days / 365.25
    least = "at least " if clock.is_least else ""
    label = f"in post for {least}{span_text(clock.days)}"
    if clock.share is not None and clock.term_days:
        label += (
            f" of a term of {span_text(clock.term_days)}: {round(100 * clock.share)} % has passed"
        )
    text, unit = f"{years:.1f}".removesuffix(".0") if years < 10 else f"{years:.0f}", "y"
    if clock.chance is not None:
        band = 5 * round(20 * clock.chance)
        text, unit = str(band), "%"
        label += f"; about {band} % chance of change in 180 days ({clock.source})"
    share = None if clock.share is None else min(100, round(100 * clock.share))
    return ClockMark(share, text, unit, label, is_over=(clock.share or 0) > 1)


def _columns(cells: Mapping[tuple[str, str], tuple[list[Card], list[Gone]]]) -> tuple[Column, ...]:
    """Widths by need: crowded levels get room for two or three cards abreast, empty ones little."""
    most = {
        level: max((len(cards) for (_, at), (cards, _) in cells.items() if at == level), default=0)
        for level in LEVELS
    }
    abreast = {level: 1 for level in LEVELS if most[level]}
    while abreast and sum(abreast.values()) < ROOM:
        level = max(abreast, key=lambda level: most[level] / abreast[level])
        if most[level] <= abreast[level] or abreast[level] >= 3:
            break
        abreast[level] += 1
    taken = 7 * (len(LEVELS) - len(abreast))
    share = (91 - taken) / max(1, sum(abreast.values()))
    return tuple(
        Column(
            words.LEVELS[level],
            round(share * abreast[level]) if level in abreast else 7,
            abreast.get(level, 1),
        )
        for level in LEVELS
    )


def _rows(
    shown: Iterable[Seat],
    cells: Mapping[tuple[str, str], tuple[list[Card], list[Gone]]],
    columns: tuple[Column, ...],
    known_from: float,
) -> tuple[Row, ...]:
    by_function: dict[str, list[Seat]] = defaultdict(list)
    for seat in shown:
        by_function[seat.post.function].append(seat)
    order = [*FUNCTIONS, *sorted(set(by_function) - set(FUNCTIONS))]
    return tuple(
        Row(
            key=function,
            title=words.FUNCTIONS.get(function, (words.word(function), ""))[0],
            own_title=words.FUNCTIONS.get(function, ("", ""))[1],
            known_count=sum(1 for seat in by_function[function] if _is_known(seat, known_from)),
            seat_count=len(by_function[function]),
            cells=tuple(
                _cell(*cells.get((function, level), ([], [])), abreast=column.abreast)
                for level, column in zip(LEVELS, columns, strict=True)
            ),
        )
        for function in order
        if by_function.get(function)
    )


def _cell(cards: list[Card], gone: list[Gone], *, abreast: int) -> Cell:
    room = abreast * ROWS_BEFORE_FOLD
    if len(cards) <= room + 1:  # a fold of one would hide more than it saves
        return Cell(tuple(cards), (), tuple(gone))
    return Cell(tuple(cards[:room]), tuple(cards[room:]), tuple(gone))


def _functions_without(found: Iterable[Seat]) -> tuple[str, ...]:
    present = {seat.post.function for seat in found}
    return tuple(
        words.FUNCTIONS[key][0] for key in FUNCTIONS if key not in present and key != "other"
    )


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One of theirs in a list."""

    href: str
    name: WrittenName
    title: str
    unit: str
    function: str
    level: str
    is_here: bool
    is_acting: bool
    is_known: bool
    step: int | None
    coverage: float | None
    coverage_label: str
    stance: StanceMark
    knowers: tuple[str, ...]
    last_touch_on: date | None
    last_touch: str


def people(view: AccountView, *, link: Link, wanted: str = "") -> list[PersonLine]:
    """Everybody of theirs who has or had a post or is a contact, the highest seats first."""
    insiders = {row.person for row in view.tenures} | {row.person for row in view.contacts}
    rows = [row for row in view.people_of("client") if row.ref in insiders]
    if wanted.strip():
        rows = [row for row in rows if _is_wanted(row, wanted)]
    lines = [(_rank(view, row), _person_line(view, row, link)) for row in rows]
    return [found for _, found in sorted(lines, key=lambda item: item[0])]


def _is_wanted(person: PersonRow, wanted: str) -> bool:
    sought = folded(wanted)
    forms = search_text([person.name, person.latin_name, person.nickname])
    return sought in forms


def _rank(view: AccountView, person: PersonRow) -> tuple[int, str, Ref]:
    posts = view.posts_of(person.ref)
    return (LEVELS.index(posts[0].level) if posts else len(LEVELS), person.name, person.ref)


def _person_line(view: AccountView, person: PersonRow, link: Link) -> PersonLine:
    posts = view.posts_of(person.ref)
    ended = [row for row in view.tenures_of(person.ref) if row.has_ended(view.as_of)]
    last = max(ended, key=lambda row: row.ends_on or view.as_of, default=None)
    post = posts[0] if posts else view.post(last.post) if last else None
    known = acquaintance(view, person.ref)
    contact = any(row.person == person.ref and row.ends_on is None for row in view.contacts)
    held = [row for row in view.tenures_of(person.ref) if not row.has_ended(view.as_of)]
    return PersonLine(
        href=link(person.ref),
        name=_name(person),
        title=_title_of(view, post, last, is_here=bool(posts)),
        unit=view.unit(post.unit).name if post else "",
        function=words.FUNCTIONS.get(post.function, (words.word(post.function), ""))[0]
        if post
        else "",
        level=words.LEVELS[post.level] if post else "",
        is_here=bool(posts) or contact,
        is_acting=bool(held) and all(row.acting for row in held),
        is_known=(known.coverage or 0) >= view.measures.known_from,
        step=known.step,
        coverage=known.coverage,
        coverage_label=coverage_label(known.coverage),
        stance=stance_mark(known.stance),
        knowers=tuple(view.person(ref).name for ref in known.knowers),
        last_touch_on=known.last_touch_on,
        last_touch=""
        if known.last_touch_on is None
        else age_text((view.as_of - known.last_touch_on).days),
    )


def _title_of(
    view: AccountView, post: PostRow | None, last: TenureRow | None, *, is_here: bool
) -> str:
    if post is None:
        return "no post we know"
    if is_here or last is None or last.ends_on is None:
        return post.title
    return f"was {post.title}, until {short_day(last.ends_on, view.as_of)}"
