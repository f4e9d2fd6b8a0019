"""An invented client: who truly sits where, the lists somebody makes of it, the notes we keep."""

import csv
import io
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from tests.histories.expected import Book, Expected, Row
from tests.histories.names import ACTING, MIX, NEW_UNITS, TITLES, UNITS, VACANT, Names, Title

__all__ = ["Answer", "Hand", "Human", "Listing", "Post", "Seat", "Unit", "World"]

ID_COLUMNS = {"handle": "external_id", "mail": "email", "staff_number": "staff_number"}
DAYS = tuple(date(2024 + half // 2, 1 + half % 2 * 6, 1) for half in range(6))


@dataclass(eq=False)
class Human:
    """A true human being; ``spelling`` is how the next list writes the name."""

    number: int
    spelling: str
    ids: dict[str, str] = field(default_factory=dict)
    hides_ids: bool = False

    def __repr__(self) -> str:
        return f"{self.spelling}#{self.number}"


@dataclass(eq=False)
class Unit:
    """A unit, whatever it is called at the moment."""

    account: str
    name: str
    parent: str = ""
    code: str = ""

    def __repr__(self) -> str:
        return self.name


@dataclass(eq=False)
class Post:
    """A seat or several of one title, whatever it is called at the moment.

    ``hides_level``: the lists give neither level nor function.
    """

    unit: Unit
    title: str
    level: str
    function: str
    hides_level: bool = False

    def __repr__(self) -> str:
        return f"{self.unit}/{self.title}"


@dataclass(eq=False)
class Seat:
    """Who truly sits where. ``is_doubtful``: the rules cannot know it and must say so.

    ``mark`` stands in the person's column instead of the name; ``starts_on`` as the lists say it.
    """

    human: Human
    post: Post
    acting: bool = False
    is_doubtful: bool = False
    mark: str | None = None
    starts_on: date | None = None


@dataclass
class Answer:
    """Somebody says of a doubtful row who it is: one of the candidates, or somebody new."""

    row: Row
    same: Human | None


@dataclass
class Listing:
    """A list of one day, as text, with what must come of it."""

    day: date
    text: str
    complete: bool
    rows: dict[int, Row]
    expected: Expected

    @property
    def row_count(self) -> int:
        return len(self.rows)


@dataclass
class Hand:
    """Somebody of us notes that a person left or took a post."""

    verb: str
    day: date
    human: Human
    post: Post
    name: str
    title: str


class World:
    """One history in the making. The cases move its people about and have it listed."""

    def __init__(self, rng: random.Random, number: int) -> None:
        self.rng = rng
        self.number = number
        self.language = rng.choice(list(MIX))
        self.names = Names(rng)
        self.account = f"Orion {number}"
        self.humans: list[Human] = []
        self.seats: list[Seat] = []
        self.vacant: set[Post] = set()
        self.pinned: set[Human | Post | Unit] = set()
        self.steps: list[Listing | Hand | Answer] = []
        self.book = Book()
        self.id_kinds: tuple[str, ...] = ()
        self.columns: list[str] = []
        self.day_number = 0
        self.respelled = False
        self.kinds: tuple[str, ...] = ()
        """The kinds of names that people have; else those usual in the language."""
        self.repeats = 0.0
        """Share of rows that a list has twice."""
        self._serial = 100
        self._turned: set[Human | Post | Unit] = set()
        self._fresh_units = {
            language: iter(names.split("|")) for language, names in NEW_UNITS.items()
        }

    # --- making

    def found(
        self, *, ids: Sequence[str] | None = None, people: int = 0, accounts: int = 1
    ) -> None:
        """Open the units and fill them; ``ids``: the kinds of ids that the lists give."""
        choices = ((), ("handle",), ("mail",), ("staff_number",), ("staff_number", "mail"))
        self.id_kinds = tuple(self.rng.choice(choices) if ids is None else ids)
        for account in self.accounts(accounts):
            units = [Unit(account, name) for name in UNITS[self.language].split("|")]
            wanted = (people or self.rng.randint(22, 30)) // accounts
            for index in range(wanted):
                self.hire(self._some_post(units[index % len(units)]))

    def accounts(self, count: int = 2) -> list[str]:
        return [self.account, f"Vega {self.number}"][:count]

    def _some_post(self, unit: Unit) -> Post:
        posts = self.posts(unit)
        staff = [post for post in posts if post.level == "staff"]
        if staff and self.rng.random() < 0.3:
            return self.rng.choice(staff)
        return self.new_post(unit)

    def human(self, kind: str | None = None) -> Human:
        kind = kind or self.rng.choice(self.kinds or MIX[self.language])
        human = Human(len(self.humans) + 1, self.names.new(kind))
        self.humans.append(human)
        human.ids = {kind: self.new_id(kind, human) for kind in self.id_kinds}
        return human

    def twin(self, human: Human) -> Human:
        """Somebody else of the same name."""
        twin = Human(len(self.humans) + 1, human.spelling)
        self.humans.append(twin)
        twin.ids = {kind: self.new_id(kind, twin) for kind in self.id_kinds}
        return twin

    def new_id(self, kind: str, human: Human) -> str:
        self._serial += 1
        serial = f"{self.number}x{human.number}x{self._serial}"
        return {
            "handle": f"user{serial}",
            "mail": f"m{serial}@orion.example",
            "staff_number": f"S{serial}",
        }[kind]

    def new_post(self, unit: Unit, *, level: str | None = None, title: Title | None = None) -> Post:
        """A post of a title that the unit does not have."""
        taken = {post.title for post in self.all_posts() if post.unit is unit}
        fitting = [one for one in TITLES[self.language] if level in (None, one[1])]
        free = [one for one in fitting if one[0] not in taken]
        if not free:
            name, *rest = self.rng.choice(fitting)
            free = [(f"{name} {len(taken)}", *rest)]
        return Post(unit, *(title or self.rng.choice(free)))

    def new_unit(self, account: str | None = None) -> Unit:
        return Unit(account or self.account, next(self._fresh_units[self.language]))

    # --- looking

    def posts(self, unit: Unit) -> list[Post]:
        return list(dict.fromkeys(seat.post for seat in self.seats if seat.post.unit is unit))

    def all_posts(self) -> set[Post]:
        return (
            {seat.post for seat in self.seats} | self.vacant | {post for _, post in self.book.open}
        )

    def units(self, account: str | None = None) -> list[Unit]:
        units = dict.fromkeys(seat.post.unit for seat in self.seats)
        return [unit for unit in units if account in (None, unit.account)]

    def in_unit(self, unit: Unit) -> list[Seat]:
        return [seat for seat in self.seats if seat.post.unit is unit]

    def holders(self, post: Post) -> list[Seat]:
        return [seat for seat in self.seats if seat.post is post]

    def seat_of(self, human: Human) -> Seat:
        return next(seat for seat in self.seats if seat.human is human)

    def pick(self, count: int, **where: bool) -> list[Seat]:
        """So many seats of people whom nothing concerns yet, in different units, then pinned."""
        picked: list[Seat] = []
        for seat in self.rng.sample(self.seats, len(self.seats)):
            units = {other.post.unit for other in picked}
            if self._is_free(seat, **where) and seat.post.unit not in units:
                picked.append(seat)
                self.pin(seat.human, seat.post)
            if len(picked) == count:
                return picked
        raise LookupError("too few people are free")

    def one(self, **where: bool) -> Seat:
        return self.pick(1, **where)[0]

    def _is_free(self, seat: Seat, *, alone: bool = True, latin: bool = False) -> bool:
        """``alone``: the only holder; ``latin``: a name of two words in Latin letters."""
        if {seat.human, seat.post, seat.post.unit} & self.pinned or len(
            self.in_unit(seat.post.unit)
        ) < 3:
            return False
        if alone and len(self.holders(seat.post)) > 1:
            return False
        return not latin or " " in seat.human.spelling

    def pin(self, *things: Human | Post | Unit) -> None:
        """Let ordinary turnover leave these alone."""
        self.pinned |= set(things)

    # --- moving people about

    def hire(
        self,
        post: Post,
        human: Human | None = None,
        *,
        acting: bool = False,
        doubtful: bool = False,
    ) -> Seat:
        seat = Seat(human or self.human(), post, acting, doubtful)
        self.seats.append(seat)
        self.vacant.discard(post)
        return seat

    def leave(self, seat: Seat, *, vacant: bool | None = None) -> None:
        """Take somebody out of a seat; ``vacant``: whether the next list has a row for the seat."""
        self.seats.remove(seat)
        said = self.rng.random() < 0.3 if vacant is None else vacant
        if said and not self.holders(seat.post):
            self.vacant.add(seat.post)

    def move(self, seat: Seat, post: Post, *, doubtful: bool = False) -> Seat:
        self.leave(seat, vacant=False)
        return self.hire(post, seat.human, doubtful=doubtful)

    def replace(self, seat: Seat, human: Human | None = None) -> Seat:
        """Somebody follows in a post."""
        self.seats.remove(seat)
        self.pin(seat.human)
        newcomer = self.hire(seat.post, human)
        self.pin(newcomer.human, newcomer.post)
        return newcomer

    def turnover(self, units: Iterable[Unit] | None = None, *, rotations: bool = True) -> None:
        """What happens everywhere all the time, to people whom the case does not concern."""
        within = set(self.units() if units is None else units)
        changes: list[Callable[[set[Unit]], None]]
        changes = [self._replaced, self._replaced, self._left, self._newcomer]
        changes += [self._rotation] if rotations else []
        for _ in range(self.rng.randint(1, 3)):
            self.rng.choice(changes)(within)
        self.pinned -= self._turned
        self._turned = set()

    def _free(self, within: set[Unit]) -> Seat | None:
        free = [seat for seat in self.seats if seat.post.unit in within and self._is_free(seat)]
        return self.rng.choice(free) if free else None

    def _once(self, *things: Human | Post) -> None:
        """Not twice in one turnover."""
        self.pinned |= set(things)
        self._turned = self._turned | set(things)

    def _replaced(self, within: set[Unit]) -> None:
        if seat := self._free(within):
            self.leave(seat, vacant=False)
            self._once(seat.post, self.hire(seat.post).human)

    def _left(self, within: set[Unit]) -> None:
        if (seat := self._free(within)) and len(self.in_unit(seat.post.unit)) > 3:
            self.leave(seat)
            self._once(seat.post)

    def _newcomer(self, within: set[Unit]) -> None:
        units = [unit for unit in self.units() if unit in within and unit not in self.pinned]
        if units:
            post = self.new_post(self.rng.choice(units))
            self._once(post, self.hire(post).human)

    def _rotation(self, within: set[Unit]) -> None:
        """One leaves, another follows from elsewhere in the house, and is followed in turn."""
        gone = self._free(within)
        mover = self._free(within)
        if not gone or not mover or gone.post.unit is mover.post.unit:
            return
        if gone.post.unit.account != mover.post.unit.account:
            return
        self.leave(gone, vacant=False)
        self.move(mover, gone.post)
        newcomer = self.hire(mover.post)
        self._once(gone.post, mover.post, mover.human, newcomer.human)

    # --- writing it down

    @property
    def today(self) -> date:
        return DAYS[self.day_number]

    def list(
        self,
        *,
        units: Iterable[Unit] | None = None,
        complete: bool | None = None,
        write: Callable[[str], str] = str,
    ) -> Listing:
        """Somebody lists the units (all of them), and the day is over."""
        listed = set(self.units() if units is None else units)
        if complete is None:
            complete = units is None and self.rng.random() < 0.7
        records: list[tuple[dict[str, str], Row | None]] = [
            self._record(seat, write) for seat in self.seats if seat.post.unit in listed
        ]
        empty = [post for post in self.vacant if post.unit in listed]
        records += [(self._vacancy(post, write), None) for post in empty]
        records += [record for record in records if record[1] and self.rng.random() < self.repeats]
        self.rng.shuffle(records)
        rows = {line: row for line, (_, row) in enumerate(records, start=2) if row}
        expected = self.book.after(
            self.today,
            [*rows.values()],
            vacant=set(empty),
            listed=listed,
            complete=complete,
            write=write,
        )
        text = _csv([cells for cells, _ in records])
        listing = Listing(self.today, text, complete, rows, expected)
        self.steps.append(listing)
        self.day_number += 1
        return listing

    def _record(self, seat: Seat, write: Callable[[str], str]) -> tuple[dict[str, str], Row]:
        human, post = seat.human, seat.post
        title = post.title
        if seat.acting:
            title = self.rng.choice(ACTING[self.language]).format(title)
        cells = self._place(post, write) | {"post": write(title), "person": human.spelling}
        if seat.mark is not None:
            cells["person"] = seat.mark
        elif not human.hides_ids:
            cells |= {ID_COLUMNS[kind]: value for kind, value in human.ids.items()}
        if seat.starts_on:
            cells["starts_on"] = seat.starts_on.isoformat()
        is_unknown = seat.mark is not None
        row = Row(human, post, seat.acting, seat.is_doubtful, is_unknown, seat.starts_on)
        return cells, row

    def _vacancy(self, post: Post, write: Callable[[str], str]) -> dict[str, str]:
        mark = {"post": write(post.title), "person": self.rng.choice(VACANT)}
        return self._place(post, write) | mark

    def _place(self, post: Post, write: Callable[[str], str]) -> dict[str, str]:
        return {
            "account": post.unit.account,
            "unit": write(post.unit.name),
            "unit_id": post.unit.code,
            "parent_unit": write(post.unit.parent),
            "level": "" if post.hides_level else post.level,
            "function": "" if post.hides_level else post.function,
        }

    def answer(self, seat: Seat, same: Human | None) -> None:
        """Somebody says who sits in a doubtful seat."""
        listing = next(step for step in reversed(self.steps) if isinstance(step, Listing))
        places = (seat.human, seat.post)
        row = next(row for row in listing.rows.values() if row.place == places)
        self.steps.append(Answer(row, same))
        self.book.answer(row, same)
        seat.is_doubtful = False

    def note_leave(self, seat: Seat, day: date) -> None:
        """We hear that somebody left, and write it down."""
        self._note("leave", seat, day)
        del self.book.open[seat.human, seat.post]

    def note_join(self, seat: Seat, day: date) -> None:
        """We hear that somebody took a post, and write it down."""
        self._note("join", seat, day)
        self.book.join_by_hand(seat.human, seat.post)

    def _note(self, verb: str, seat: Seat, day: date) -> None:
        human, post = seat.human, seat.post
        self.steps.append(Hand(verb, day, human, post, human.spelling, post.title))


def _csv(records: list[dict[str, str]]) -> str:
    used = dict.fromkeys(key for cells in records for key, value in cells.items() if value)
    out = io.StringIO()
    writer = csv.DictWriter(out, [*used], restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue()
