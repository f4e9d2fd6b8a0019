"""Which changes the rules prescribe, worked out from what is true and from the text alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.histories.world import Human, Post, Unit

    Place = tuple[Human, Post]

Span = tuple[str | None, str]
"""The day after which, and the day on which at the latest."""
LEVELS = ("executive", "director", "manager", "lead", "staff")


@dataclass(frozen=True)
class Row:
    """What a row of a list truly is."""

    human: Human
    post: Post
    acting: bool = False
    is_doubtful: bool = False
    is_unknown: bool = False
    starts_on: date | None = None

    @property
    def place(self) -> Place:
        return self.human, self.post


@dataclass(frozen=True)
class Left:
    """How a departure must be told."""

    seat: str
    reason: str
    moved_to: tuple[str, str, str] | None
    successors: frozenset[Human]
    ends: Span


@dataclass
class Expected:
    """The changes of one list: nothing more, nothing less."""

    is_first: bool
    left: dict[Place, Left] = field(default_factory=dict)
    joined: dict[Place, Span] = field(default_factory=dict)
    confirmed: set[Place] = field(default_factory=set)
    uncertain: set[Place] = field(default_factory=set)
    others: set[tuple[str, ...]] = field(default_factory=set)
    open_after: frozenset[Place] = frozenset()


@dataclass
class Tenure:
    """What the book says of a person in a post."""

    acting: bool = False
    is_listed: bool = True


@dataclass
class Book:
    """What is on file, and what one more list makes of it."""

    open: dict[Place, Tenure] = field(default_factory=dict)
    waiting: set[Place] = field(default_factory=set)
    listed_on: dict[Unit, date] = field(default_factory=dict)
    complete_on: dict[str, date] = field(default_factory=dict)
    unit_names: dict[Unit, str] = field(default_factory=dict)
    unit_parents: dict[Unit, str] = field(default_factory=dict)
    titles: dict[Post, str] = field(default_factory=dict)
    spellings: dict[Human, str] = field(default_factory=dict)
    spared: set[Place] = field(default_factory=set)
    """Tenures that the next list leaves open though their people are not in it."""
    kept: set[Place] = field(default_factory=set)
    """Tenures that the last list left open so."""
    renamed_people: set[Human] = field(default_factory=set)
    of_several: set[Post] = field(default_factory=set)

    def answer(self, row: Row, same: Human | None) -> None:
        """Somebody says who a doubtful row is."""
        self.waiting.discard(row.place)
        if same is not row.human:
            for place in [one for one in self.open if one in self.kept and one[1] is row.post]:
                del self.open[place]
        self.open[row.place] = Tenure(row.acting)

    def join_by_hand(self, human: Human, post: Post) -> None:
        self.open[human, post] = Tenure(is_listed=False)

    def after(
        self,
        day: date,
        rows: list[Row],
        *,
        vacant: set[Post],
        listed: set[Unit],
        complete: bool,
        write: Callable[[str], str],
    ) -> Expected:
        """Take in a list and say what it must change."""
        comparison = _Comparison(self, day, rows, vacant, listed, complete, write)
        expected = comparison.expected()
        comparison.remember(expected)
        return expected

    def covered(self, unit: Unit) -> date | None:
        days = [self.listed_on.get(unit), self.complete_on.get(unit.account)]
        return max((day for day in days if day), default=None)


class _Comparison:
    def __init__(
        self,
        book: Book,
        day: date,
        rows: list[Row],
        vacant: set[Post],
        listed: set[Unit],
        complete: bool,
        write: Callable[[str], str],
    ) -> None:
        self.book, self.day, self.rows, self.listed = book, day, rows, listed
        self.complete, self.write = complete, write
        self.accounts = {unit.account for unit in listed}
        self.listed_posts = vacant | {row.post for row in rows}
        certain = [row for row in rows if not row.is_doubtful and not row.is_unknown]
        self.in_file = {row.place: row for row in certain}
        self.doubtful = {row.place for row in rows if row.is_doubtful}
        self.unknown = {row.post for row in rows if row.is_unknown}
        self.joined = {place for place in self.in_file if place not in book.open}

    def expected(self) -> Expected:
        book = self.book
        left = [place for place in book.open if self._ends(place)]
        told = Expected(is_first=not book.listed_on)
        told.joined = {
            place: _known(self.in_file[place].starts_on) or self._span(place[1].unit)
            for place in self.joined
        }
        told.left = {place: self._left(place, left) for place in left}
        told.confirmed = {
            place
            for place, row in self.in_file.items()
            if place in book.open and book.open[place].acting and not row.acting
        }
        told.uncertain = self.doubtful - book.waiting
        told.others = set(self._others())
        return told

    def _ends(self, place: Place) -> bool:
        _, post = place
        compared = post.unit in self.listed or (
            self.complete and post.unit.account in self.accounts
        )
        waits = place in self.book.spared or post in self.unknown
        absent = place not in self.in_file
        return compared and absent and not waits and self.book.open[place].is_listed

    def _left(self, place: Place, left: list[Place]) -> Left:
        human, post = place
        new = [other for who, other in self.joined if who is human]
        highest = min(new, key=lambda other: LEVELS.index(other.level), default=None)
        successors = frozenset(who for who, other in self.joined if other is post)
        return Left(
            self._seat(place, left, highest),
            _reason(post, highest),
            self._label(highest) if highest else None,
            successors,
            self._handed_over(post, successors) or self._span(post.unit),
        )

    def _handed_over(self, post: Post, successors: frozenset[Human]) -> Span | None:
        """Leavers of a full seat end on the day on which the next began; here seats of one."""
        if post in self.book.of_several or len(successors) != 1:
            return None
        (successor,) = successors
        return _known(self.in_file[successor, post].starts_on)

    def _seat(self, place: Place, left: list[Place], new: Post | None) -> str:
        _, post = place
        if any(other is post for _, other in self.joined | self.doubtful):
            return "replaced"
        if any(other is post and (who, other) not in left for who, other in self.book.open):
            return "still_held"
        if post.unit not in self.listed:
            return "unit_closed"
        is_gone = post not in self.listed_posts
        if is_gone and new and new.unit is post.unit and new not in self.book.titles:
            return "post_closed"
        return "vacant"

    def _label(self, post: Post) -> tuple[str, str, str]:
        unit, title = (" ".join(self.write(text).split()) for text in (post.unit.name, post.title))
        return post.unit.account, unit, title

    def _span(self, unit: Unit) -> Span:
        covered = self.book.covered(unit)
        return covered.isoformat() if covered else None, self.day.isoformat()

    def _others(self) -> Iterable[tuple[str, ...]]:
        yield from self._of_units()
        posts = dict.fromkeys(row.post for row in self.rows)
        for post in posts:
            before = self.book.titles.get(post)
            if before is not None and before != post.title:
                yield "post_renamed", before, post.title
        for human in self.book.renamed_people:
            yield "person_renamed", self.book.spellings[human], human.spelling

    def _of_units(self) -> Iterable[tuple[str, ...]]:
        names, parents = self.book.unit_names, self.book.unit_parents
        for unit in self.listed:
            if unit not in names:
                yield "unit_opened", self.write(unit.name)
            elif names[unit] != unit.name:
                yield "unit_renamed", names[unit], unit.name
            if unit.parent and unit in parents and parents[unit] != unit.parent:
                yield "unit_moved", unit.name
        for unit, name in names.items():
            if unit not in self.listed and self.complete and unit.account in self.accounts:
                yield "unit_closed", name

    def remember(self, told: Expected) -> None:
        """Let the book know all that the list says."""
        book = self.book
        for place in told.left:
            del book.open[place]
        for place, row in self.in_file.items():
            book.open[place] = Tenure(row.acting)
            book.spellings[row.human] = row.human.spelling
        held = Counter(post for _, post in book.open)
        book.of_several |= {post for post, count in held.items() if count > 1}
        for row in self.rows:
            book.titles[row.post] = row.post.title
        for unit in self.listed:
            book.listed_on[unit] = self.day
            book.unit_names[unit] = unit.name
            book.unit_parents[unit] = unit.parent
        if self.complete:
            for account in self.accounts:
                book.complete_on[account] = self.day
            closed = [u for u in book.unit_names if u not in self.listed]
            for unit in closed:
                if unit.account in self.accounts:
                    del book.unit_names[unit]
        book.waiting = self.doubtful
        book.kept, book.spared, book.renamed_people = book.spared, set(), set()
        told.open_after = frozenset(book.open)


def _known(day: date | None) -> Span | None:
    """Known to the day: the earlier day is the day before."""
    return ((day - timedelta(days=1)).isoformat(), day.isoformat()) if day else None


def _reason(post: Post, new: Post | None) -> str:
    if new is None:
        return "unknown"
    if new.unit.account != post.unit.account:
        return "left_company"
    is_up = LEVELS.index(new.level) < LEVELS.index(post.level)
    return "promoted" if is_up else "moved_inside"
