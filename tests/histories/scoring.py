"""Imports the lists of a history as anybody would, and compares what is told with what is true."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from relmap.errors import Refused
from relmap.facts import people, tenures
from relmap.imports import ImportReport, import_snapshot, resolve_row, show_import
from relmap.models import Account, Person, Tenure, Unit, db, writing
from relmap.models import Post as StoredPost
from tests.histories.expected import Expected, Left
from tests.histories.world import Answer, Hand, Human, Listing, Post, World

Change = dict[str, Any]
SPELLINGS = {"person_renamed", "unit_renamed", "post_renamed"}
NOT_SCORED = {"post_opened", "affiliation_changed", "fact_changed", "reporting_changed"}
CAP = 10_000_000


@dataclass
class Figures:
    """Right, found and true rows; what differs, in words."""

    right: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    true: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    uncertain: int = 0
    histories: int = 0
    faults: list[str] = field(default_factory=list)

    def precision(self, kind: str) -> float:
        return self.right[kind] / self.found[kind] if self.found[kind] else 1.0

    def recall(self, kind: str) -> float:
        return self.right[kind] / self.true[kind] if self.true[kind] else 1.0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.right + other.right,
            self.found + other.found,
            self.true + other.true,
            self.rows + other.rows,
            self.uncertain + other.uncertain,
            self.histories + other.histories,
            self.faults + other.faults,
        )


def score(world: World, title: str) -> Figures:
    """Import one history into the book of the current context, and compare every list."""
    return _Scorer(world, title).run()


def import_listing(listing: Listing, *, dry_run: bool = False) -> ImportReport:
    """Import a list, whatever the guard says."""
    return import_snapshot(
        listing.text.encode(),
        file_name=f"{listing.day}.csv",
        day=listing.day,
        complete=listing.complete,
        dry_run=dry_run,
        yes=True,
        cap=CAP,
    )


class _Scorer:
    def __init__(self, world: World, title: str) -> None:
        self.world, self.title = world, title
        self.figures = Figures(histories=1)
        self.human_of: dict[int, Human] = {}
        self.person_of: dict[Human, int] = {}
        self.place_of: dict[int, tuple[Human, Post]] = {}
        self.doubtful: dict[tuple[Any, Any], Change] = {}
        self.import_id = 0

    def run(self) -> Figures:
        for step in self.world.steps:
            try:
                self._take(step)
            except Refused as refused:
                db.session.rollback()
                self._fault("refused", str(refused))
                self.figures.true["departures"] += 1
                break
        return self.figures

    def _take(self, step: Listing | Hand | Answer) -> None:
        if isinstance(step, Hand):
            self._hand(step)
        elif isinstance(step, Answer):
            self._answer(step)
        else:
            self._listing(step)

    def _fault(self, what: str, of: object) -> None:
        self.figures.faults.append(f"{self.title}: {what}: {of}")

    # --- what we note ourselves

    def _hand(self, step: Hand) -> None:
        with writing():
            if step.verb == "leave":
                ids = [
                    number
                    for number, place in self.place_of.items()
                    if place == (step.human, step.post)
                ]
                tenures.end_tenure(db.session.get_one(Tenure, max(ids)), step.day)
                return
            person = people.add_person(step.name)
            db.session.flush()
            self._bind(person.id, step.human)
            tenure = tenures.start_tenure(person, self._stored_post(step), step.day)
            db.session.flush()
            self.place_of[tenure.id] = (step.human, step.post)

    def _stored_post(self, step: Hand) -> StoredPost:
        query = (
            select(StoredPost)
            .join(Unit, Unit.id == StoredPost.unit_id)
            .join(Account, Account.id == Unit.account_id)
            .where(
                Account.name == step.post.unit.account,
                Unit.name == step.post.unit.name,
                StoredPost.title == step.title,
            )
        )
        return db.session.scalars(query).one()

    # --- answers

    def _answer(self, step: Answer) -> None:
        """Say who a doubtful row is, and learn under which ids it was written."""
        doubt = self.doubtful.get(step.row.place)
        if doubt is None:
            return self._fault("nothing to answer", step.row.place)
        same = self.person_of[step.same] if step.same else None
        resolve_row(self.import_id, doubt["row"], same=same)
        query = select(Tenure).where(Tenure.ends_on.is_(None)).order_by(Tenure.id.desc())
        if same is not None:
            query = query.where(Tenure.person_id == same)
        tenure = db.session.scalars(query).first()
        if tenure is not None:
            self._bind(tenure.person_id, step.row.human)
            self.place_of[tenure.id] = step.row.place
        db.session.rollback()
        return None

    # --- lists

    def _listing(self, listing: Listing) -> None:
        report = import_listing(listing)
        assert report.import_id is not None
        self.import_id = report.import_id
        report = show_import(self.import_id)  # with the ids of what was made
        self.figures.rows += listing.row_count
        self.figures.uncertain += len(report.uncertain)
        told = self._told(report, listing)
        for kind, (found, true) in self._compared(told, listing.expected).items():
            self._count(kind, found, true, is_first=listing.expected.is_first, day=listing.day)
        self._compare_seats(listing)
        for change in import_listing(listing, dry_run=True).changes:
            self._fault(f"{listing.day} told again", change)

    def _told(self, report: ImportReport, listing: Listing) -> dict[str, list[Any]]:
        told: dict[str, list[Any]] = defaultdict(list)
        changes = sorted(report.changes, key=lambda change: change["kind"] != "joined_post")
        for change in changes:
            kind = change["kind"]
            if kind == "joined_post":
                told["arrivals"].append(self._joined(change, listing))
            elif kind in ("uncertain", "confirmed"):
                place = self._place(change, listing)
                told["arrivals"].append((kind, place))
                if kind == "uncertain":
                    self.doubtful[place] = change
                else:
                    self.place_of[change["refs"]["tenure"]] = place
            elif kind == "left_post":
                told["departures"].append(self._left(change))
            elif kind not in NOT_SCORED and not (kind in SPELLINGS and self.world.respelled):
                told["renames"].append(_other(change))
        return told

    def _place(self, change: Change, listing: Listing) -> tuple[Any, Any]:
        row = listing.rows.get(change["row"])
        return row.place if row else (change["person"], change["post"])

    def _joined(self, change: Change, listing: Listing) -> tuple[Any, ...]:
        place = self._place(change, listing)
        self.place_of[change["refs"]["tenure"]] = place
        span = (change["starts_after"], change["starts_on"])
        if not self._bind(change["refs"]["person"], place[0]):
            return "joined as somebody else", place, span
        return "joined", place, span

    def _bind(self, person_id: int, human: Human) -> bool:
        """Whether the person is on file as one and the same, here and before."""
        return (
            self.human_of.setdefault(person_id, human) is human
            and self.person_of.setdefault(human, person_id) == person_id
        )

    def _left(self, change: Change) -> tuple[Any, ...]:
        place = self.place_of.get(change["refs"].get("tenure"), (change["person"], change["post"]))
        to = change["moved_to"]
        return (
            place,
            Left(
                change["seat"],
                change["reason"],
                _label(to) if to else None,
                frozenset(
                    self.human_of.get(one["id"], one["person"]) for one in change["successors"]
                ),
                (change["ends_after"], change["ends_on"]),
            ),
        )

    def _compared(
        self, told: dict[str, list[Any]], expected: Expected
    ) -> dict[str, tuple[list[Any], list[Any]]]:
        arrivals = [("joined", place, span) for place, span in expected.joined.items()]
        arrivals += [("uncertain", place) for place in expected.uncertain]
        arrivals += [("confirmed", place) for place in expected.confirmed]
        others = [
            other
            for other in expected.others
            if not (other[0] in SPELLINGS and self.world.respelled)
        ]
        return {
            "departures": (told["departures"], list(expected.left.items())),
            "arrivals": (told["arrivals"], arrivals),
            "renames": (told["renames"], others),
        }

    def _count(
        self, kind: str, found: list[Any], true: list[Any], *, is_first: bool, day: object
    ) -> None:
        """A first list's arrivals are told from nothing: they count only where they are wrong."""
        right = [one for one in found if one in true]
        untrue = [one for one in found if one not in true]
        missed = [one for one in true if one not in found]
        self.figures.right[kind] += 0 if is_first else len(right)
        self.figures.found[kind] += len(untrue) + (0 if is_first else len(right))
        self.figures.true[kind] += len(missed) + (0 if is_first else len(right))
        for one in untrue:
            self._fault(f"{day} untrue", one)
        for one in missed:
            self._fault(f"{day} missed", one)

    def _compare_seats(self, listing: Listing) -> None:
        """Whoever sits somewhere after the list, by the facts."""
        query = (
            select(Tenure.id, Person.name)
            .join(Person, Person.id == Tenure.person_id)
            .join(StoredPost, StoredPost.id == Tenure.post_id)
            .join(Unit, Unit.id == StoredPost.unit_id)
            .join(Account, Account.id == Unit.account_id)
            .where(Account.name.in_(self.world.accounts()), Tenure.ends_on.is_(None))
        )
        stored = {self.place_of.get(row.id, row.name) for row in db.session.execute(query)}
        db.session.rollback()
        true = listing.expected.open_after
        self.figures.true["seats"] += len(true)
        self.figures.found["seats"] += len(stored)
        self.figures.right["seats"] += len(true & stored)
        _tell_seats(self, listing, stored - true, true - stored)


def _tell_seats(
    scorer: _Scorer, listing: Listing, untrue: Iterable[object], missed: Iterable[object]
) -> None:
    for one in untrue:
        scorer._fault(f"{listing.day} sits untruly", one)
    for one in missed:
        scorer._fault(f"{listing.day} should sit", one)


def _label(place: Change) -> tuple[str, ...]:
    return tuple(" ".join(place[key].split()) for key in ("account", "unit", "post"))


def _other(change: Change) -> tuple[str, ...]:
    kind = change["kind"]
    if kind in SPELLINGS:
        return kind, change["before"], change["after"]
    return kind, change["unit"]
