"""Facts that violate the rules of the services: written by hand, by a fault, or by an old version.

The database itself keeps keys and spans in order. What only the services refuse (overlaps, circles,
facts of two accounts joined) is looked for here, in a fixed number of queries. Nothing is changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Final

from sqlalchemy import func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from relmap.contracts import Message, Ref
from relmap.contracts.words import (
    CLAIM_BASES,
    CONTACT_KINDS,
    DIRECTED_TIES,
    DIRECTIONS,
    END_REASONS,
    FUNCTIONS,
    LEVELS,
    PROJECT_STAGES,
    RELATIONSHIP_LEVELS,
    TIE_KINDS,
    TOUCH_KINDS,
)
from relmap.facts.structure import TIERS
from relmap.languages import label_message
from relmap.maintenance.check.plans import check_next_steps, check_projects
from relmap.maintenance.check.violation import Violation
from relmap.models import (
    Account,
    Change,
    Claim,
    Contact,
    ContactPoint,
    ExternalId,
    Person,
    PersonName,
    Post,
    Project,
    Tenure,
    Tie,
    Touch,
    TouchPerson,
    Unit,
    db,
)

__all__ = ["check_book"]

Fact = Any  # a row of some columns of a table
Rows = Sequence[Fact]
WORDS: Final = (  # columns that hold one of a closed list of words, or nothing
    (Account, "tier", TIERS),
    (Post, "level", LEVELS),
    (Post, "function", FUNCTIONS),
    (Tenure, "end_reason", END_REASONS),
    (Tenure, "basis", ("entered", "listed", "history")),
    (Tie, "kind", TIE_KINDS),
    (Tie, "level", RELATIONSHIP_LEVELS),
    (Tie, "basis", CLAIM_BASES),
    (Touch, "kind", TOUCH_KINDS),
    (Touch, "direction", DIRECTIONS),
    (Claim, "basis", CLAIM_BASES),
    (Project, "stage", PROJECT_STAGES),
    (ContactPoint, "kind", CONTACT_KINDS),
)


def check_book() -> list[Violation]:
    """All violations of the whole book, by rule; an orderly book has none."""
    structure = _Structure()
    found = [
        *_roots(structure),
        *_units(structure),
        *_posts(structure),
        *_tenures(structure),
        *_contacts(),
        *_ties(),
        *_touches(),
        *check_projects(),
        *check_next_steps(),
        *_people(),
        *_words(),
    ]
    return sorted(found, key=lambda row: (row.kind, row.ref))


class _Structure:
    """Units, posts and tenures of the book, each read once."""

    @cached_property
    def accounts(self) -> Mapping[int, str]:
        return {row.id: row.name for row in db.session.execute(select(Account.id, Account.name))}

    @cached_property
    def units(self) -> Mapping[int, Fact]:
        columns = (Unit.id, Unit.account_id, Unit.parent_id, Unit.name, Unit.is_root)
        query = select(*columns, Unit.starts_on, Unit.ends_on)
        return {row.id: row for row in db.session.execute(query)}

    @cached_property
    def posts(self) -> Mapping[int, Fact]:
        columns = (Post.id, Post.unit_id, Post.title, Post.seats, Post.reports_to_id)
        query = select(*columns, Post.vacant_since, Post.starts_on, Post.ends_on, Post.import_id)
        return {row.id: row for row in db.session.execute(query)}

    @cached_property
    def tenures(self) -> Mapping[int, Rows]:
        """The tenures by post, in the order of their beginning."""
        columns = (Tenure.id, Tenure.post_id, Tenure.person_id, Tenure.end_reason)
        query = select(
            *columns, Tenure.starts_on, Tenure.ends_on, Tenure.recorded_at, Tenure.import_id
        )
        by_post: defaultdict[int, list[Fact]] = defaultdict(list)
        for row in db.session.execute(query.order_by(Tenure.starts_on, Tenure.id)):
            by_post[row.post_id].append(row)
        return by_post

    @cached_property
    def second_seats(self) -> set[tuple[int, int | None]]:
        """Posts of one seat that were given another, each with the import that did."""
        query = select(Change.fact_id, Change.import_id, Change.before).where(
            Change.kind == "post", Change.import_id.is_not(None)
        )
        rows = db.session.execute(query)
        return {
            (row.fact_id, row.import_id) for row in rows if (row.before or {}).get("seats") == 1
        }

    @cached_property
    def moved(self) -> set[tuple[str, int]]:
        """Units and posts that were put under another unit: they may be older than it."""
        query = select(Change.kind, Change.fact_id, Change.before).where(
            Change.kind.in_(("unit", "post")), Change.effective_on.is_not(None)
        )
        return {
            (row.kind, row.fact_id)
            for row in db.session.execute(query)
            if row.before and not {"parent_id", "unit_id"}.isdisjoint(row.before)
        }

    def account_of(self, post: Fact) -> int:
        return int(self.units[post.unit_id].account_id)


# --- units


def _roots(book: _Structure) -> Iterator[Violation]:
    roots: defaultdict[int, list[Fact]] = defaultdict(list)
    for unit in book.units.values():
        if unit.is_root:
            roots[unit.account_id].append(unit)
    for account, name in book.accounts.items():
        ref = Ref("account", account)
        if not roots[account]:
            yield Violation(
                "root_missing", ref, Message("{name} has no root unit.", {"name": name})
            )
        if len(roots[account]) > 1:
            text = Message(
                "{name} has {count} root units; one stands for it.",
                {"name": name, "count": len(roots[account])},
            )
            yield Violation("root_twice", ref, text)


def _units(book: _Structure) -> Iterator[Violation]:
    for unit in book.units.values():
        ref, parent = Ref("unit", unit.id), book.units.get(unit.parent_id)
        if unit.is_root and parent is not None:
            yield Violation(
                "root_below",
                ref,
                Message(
                    "{unit} is a root and part of {parent}.",
                    {"unit": unit.name, "parent": parent.name},
                ),
            )
        if parent is None:
            if not unit.is_root:
                yield Violation(
                    "unit_adrift",
                    ref,
                    Message("{unit} is part of no other unit.", {"unit": unit.name}),
                )
            continue
        if parent.account_id != unit.account_id:
            text = Message(
                "{unit} is part of {parent}, a unit of another account.",
                {"unit": unit.name, "parent": parent.name},
            )
            yield Violation("unit_elsewhere", ref, text)
        if not _lies_within(unit, parent, may_be_older=("unit", unit.id) in book.moved):
            text = Message(
                "{unit} ({span}) outlasts {parent} ({parent_span}).",
                {
                    "unit": unit.name,
                    "span": _span(unit),
                    "parent": parent.name,
                    "parent_span": _span(parent),
                },
            )
            yield Violation("unit_outside_parent", ref, text)
    above = {unit.id: unit.parent_id for unit in book.units.values()}
    for circle in _circles(above):
        names = " → ".join(book.units[unit].name for unit in circle)
        yield Violation(
            "unit_circle",
            Ref("unit", circle[0]),
            Message("{names} contain each other.", {"names": names}),
        )


def _circles(above: Mapping[int, int | None]) -> list[tuple[int, ...]]:
    """Every circle of a graph in which each node points at one other at most, once."""
    done: set[int] = set()
    found = []
    for start in above:
        path: dict[int, None] = {}
        node: int | None = start
        while node is not None and node not in done and node not in path:
            path[node] = None
            node = above.get(node)
        if node is not None and node in path:
            way = list(path)
            found.append(tuple(way[way.index(node) :]))
        done.update(path)
    return found


def _lies_within(inner: Fact, outer: Fact, *, may_be_older: bool = False) -> bool:
    begins = may_be_older or inner.starts_on >= outer.starts_on
    ends = outer.ends_on is None or (
        inner.ends_on is not None
        and inner.ends_on <= outer.ends_on
        and (may_be_older or inner.starts_on < outer.ends_on)
    )
    return begins and ends


def _span(row: Fact) -> Message:
    if row.ends_on is None:
        return Message("{first} to now", {"first": row.starts_on})
    return Message("{first} to {last}", {"first": row.starts_on, "last": row.ends_on})


# --- posts and who sits in them


def _posts(book: _Structure) -> Iterator[Violation]:
    for post in book.posts.values():
        ref, unit = Ref("post", post.id), book.units[post.unit_id]
        if not _lies_within(post, unit, may_be_older=("post", post.id) in book.moved):
            text = Message(
                "{post} ({span}) outlasts its unit {unit} ({unit_span}).",
                {
                    "post": post.title,
                    "span": _span(post),
                    "unit": unit.name,
                    "unit_span": _span(unit),
                },
            )
            yield Violation("post_outside_unit", ref, text)
        superior = book.posts.get(post.reports_to_id)
        if superior is not None and book.account_of(superior) != book.account_of(post):
            text = Message(
                "{post} reports to {superior}, a post of another account.",
                {"post": post.title, "superior": superior.title},
            )
            yield Violation("superior_elsewhere", ref, text)
        yield from _vacancies(book, post)
    above = {post.id: post.reports_to_id for post in book.posts.values()}
    for circle in _circles(above):
        titles = " → ".join(book.posts[post].title for post in circle)
        text = Message("{titles} report to each other in a circle.", {"titles": titles})
        yield Violation("reporting_circle", Ref("post", circle[0]), text)


def _vacancies(book: _Structure, post: Fact) -> Iterator[Violation]:
    if post.vacant_since is None:
        return
    for tenure in book.tenures.get(post.id, ()):
        if tenure.ends_on is None or tenure.ends_on > post.vacant_since:
            text = Message(
                "{post} is marked vacant since {day} and has a holder.",
                {"post": post.title, "day": post.vacant_since},
            )
            yield Violation("vacant_but_held", Ref("post", post.id), text)
            return


def _tenures(book: _Structure) -> Iterator[Violation]:
    for post_id, rows in book.tenures.items():
        post = book.posts[post_id]
        yield from _crowds(post, rows)
        yield from _second_seat(book, post, rows)
        for row in rows:
            ref = Ref("tenure", row.id)
            if not _lies_within(row, post):
                text = Message(
                    "A tenure in {post} ({span}) lies outside it ({post_span}).",
                    {"post": post.title, "span": _span(row), "post_span": _span(post)},
                )
                yield Violation("tenure_outside_post", ref, text)
            if row.ends_on is None and row.end_reason is not None:
                text = Message(
                    "A tenure in {post} has a reason for its end, and no end.", {"post": post.title}
                )
                yield Violation("reason_without_end", ref, text)


def _crowds(post: Fact, rows: Rows) -> Iterator[Violation]:
    """More holders on a day than seats, and one person twice; the most are there as one begins."""
    worst = 0
    for row in rows:
        here = [other for other in rows if _holds(other, row.starts_on)]
        people = {other.person_id for other in here}
        if len(here) > len(people) and row.person_id in {
            other.person_id for other in here if other.id != row.id
        }:
            text = Message(
                "One person holds {post} twice on {day}.",
                {"post": post.title, "day": row.starts_on},
            )
            yield Violation("held_twice", Ref("tenure", row.id), text)
        if len(people) > max(post.seats, worst):
            worst, day = len(people), row.starts_on
    if worst:
        text = Message(
            "{post} has {seats} seat(s) and {count} holders on {day}.",
            {"post": post.title, "seats": post.seats, "count": worst, "day": day},
        )
        yield Violation("too_many_holders", Ref("post", post.id), text)


def _second_seat(book: _Structure, post: Fact, rows: Rows) -> Iterator[Violation]:
    """A seat that an older relmap opened for who was announced, beside the one to be followed."""
    if post.seats != 2:
        return
    for row in rows:
        is_opened = (post.id, row.import_id) in book.second_seats or post.import_id == row.import_id
        if row.import_id is None or row.recorded_at.date() >= row.starts_on or not is_opened:
            continue
        here = {one.person_id for one in rows if _holds(one, row.starts_on)}
        before = [one for one in rows if one.starts_on < row.starts_on]
        alone = all(sum(_holds(two, one.starts_on) for two in before) == 1 for one in before)
        if len(here) == 2 and alone:
            text = Message(
                "{post} got a second seat when somebody was announced for {day}. If they follow "
                "whoever sits there, let that person leave on {day} and give the post one seat.",
                {"post": post.title, "day": row.starts_on},
            )
            yield Violation("second_seat", Ref("post", post.id), text)
            return


def _holds(tenure: Fact, day: date) -> bool:
    return tenure.starts_on <= day and (tenure.ends_on is None or tenure.ends_on > day)


def _contacts() -> Iterator[Violation]:
    query = (
        select(Contact.id, Person.name, Account.name.label("account"))
        .join(Person, Person.id == Contact.person_id)
        .join(Account, Account.id == Contact.account_id)
        .join(Tenure, Tenure.person_id == Contact.person_id)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(
            Unit.account_id == Contact.account_id,
            Contact.ends_on.is_(None),
            Tenure.ends_on.is_(None),
        )
        .distinct()
    )
    for row in db.session.execute(query):
        text = Message(
            "{person} holds a post at {account} and is a contact without post there.",
            {"person": row.name, "account": row.account},
        )
        yield Violation("contact_beside_tenure", Ref("contact", row.id), text)


# --- ties and touches


def _ties() -> Iterator[Violation]:
    a, b = aliased(Person), aliased(Person)
    columns = (Tie.id, Tie.a_id, Tie.b_id, Tie.kind, Tie.level, Tie.ends_on)
    query = select(*columns, a.name, b.name.label("other"), a.side, b.side.label("other_side"))
    query = query.join(a, a.id == Tie.a_id).join(b, b.id == Tie.b_id).order_by(Tie.id)
    standing: set[tuple[int, int, str]] = set()
    for row in db.session.execute(query):
        ref, pair = (
            Ref("tie", row.id),
            Message("{person} and {other}", {"person": row.name, "other": row.other}),
        )
        if row.level is not None and row.side == row.other_side:
            text = Message(
                "The tie of {pair} has a level, and both are of one side.", {"pair": pair}
            )
            yield Violation("level_within_a_side", ref, text)
        if row.kind == "knows" and (row.side, row.other_side) == ("client", "us"):
            text = Message(
                "The tie of {pair} names theirs first; ours comes first.", {"pair": pair}
            )
            yield Violation("theirs_first", ref, text)
        if row.ends_on is None:
            one, other = row.a_id, row.b_id
            if row.kind not in DIRECTED_TIES:
                one, other = min(one, other), max(one, other)
            tie = (one, other, row.kind)
            if tie in standing:
                yield Violation(
                    "tie_twice",
                    ref,
                    Message(
                        "{pair} have this tie ({tie_kind}) twice.",
                        {"pair": pair, "tie_kind": row.kind},
                    ),
                )
            standing.add(tie)


def _touches() -> Iterator[Violation]:
    sides = (
        select(TouchPerson.touch_id, func.count(Person.side.distinct()).label("number"))
        .join(Person, Person.id == TouchPerson.person_id)
        .group_by(TouchPerson.touch_id)
        .subquery()
    )
    query = (
        select(Touch.id, Touch.on, Touch.kind)
        .outerjoin(sides, sides.c.touch_id == Touch.id)
        .where(or_(sides.c.number.is_(None), sides.c.number < 2))
    )
    for row in db.session.execute(query):
        text = Message(
            "The {touch} of {day} does not join one of us with one of them.",
            {"touch": row.kind, "day": row.on},
        )
        yield Violation("touch_of_one_side", Ref("touch", row.id), text)


# --- people and words


def _people() -> Iterator[Violation]:
    nameless = select(Person.id).where(Person.name == "", Person.erased_at.is_(None))
    for person in db.session.scalars(nameless):
        yield Violation("nameless", Ref("person", person), Message("A person has no name."))
    for person in sorted(set(_named_again())):
        text = Message("A person who was erased has a name, an id or an address again. Erase anew.")
        yield Violation("erased_but_named", Ref("person", person), text)
    scopes = select(ExternalId.id, ExternalId.person_id, ExternalId.kind).where(
        or_(
            (ExternalId.kind == "staff_number") & ExternalId.scope_id.not_in(select(Account.id)),
            (ExternalId.kind != "staff_number") & (ExternalId.scope_id != 0),
        )
    )
    for row in db.session.execute(scopes):
        word = label_message("external_id", row.kind)
        text = Message(
            "The {word} of person {person} counts in an account that is not its own.",
            {"word": word, "person": row.person_id},
        )
        yield Violation("id_scope", Ref("external_id", row.id), text)


def _named_again() -> Iterable[int]:
    erased = Person.erased_at.is_not(None)
    yield from db.session.scalars(select(Person.id).where(erased, Person.name != ""))
    for own in (PersonName, ExternalId, ContactPoint):
        query = select(own.person_id).join(Person, Person.id == own.person_id)
        yield from db.session.scalars(query.where(erased))


def _words() -> Iterator[Violation]:
    parts: list[Any] = []
    for model, name, words in WORDS:
        column = getattr(model, name)
        part = select(literal(model.__tablename__), literal(name), model.id, column)
        parts.append(part.where(column.not_in(words)))
    for table, name, fact_id, word in db.session.execute(union_all(*parts)):
        text = Message(
            "{word!r} is no {column} of a {table}.",
            {"word": word, "column": name.replace("_", " "), "table": table.replace("_", " ")},
        )
        yield Violation("unknown_word", Ref(table, fact_id), text)
