"""Stored message ids, refs and values as sentences with the names of today.

Results hold refs and never names. A page asks once for all the refs it shows
(:func:`names_of`), then fills its texts in (:func:`filled`, or :func:`pieces` where the names are
links).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, literal, select, true, union_all

from relmap.contracts import Ref
from relmap.models import Account, Person, Post, Unit, User, db
from relmap.permissions import accounts_open_to, people_visible_to

__all__ = ["Piece", "filled", "names_of", "pieces", "ref_with_name", "refs_in"]

CHUNK: Final = 500  # ids in one IN (...)
UNKNOWN: Final = {
    "person": "a former contact",
    "post": "a former post",
    "unit": "a former unit",
    "account": "a former account",
}
HIDDEN: Final = "somebody"
WORDS: Final = {"rnd": "R&D", "npi": "NPI"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence: plain text, or the name of ``ref``."""

    text: str
    ref: Ref | None = None


def refs_in(stored: Iterable[Mapping[str, Any]]) -> set[Ref]:
    """All refs of stored evidence, actions or alerts, owners included."""
    found: set[Ref] = set()
    for row in stored:
        found |= {Ref.parse(ref) for ref in row.get("refs", ())}
        if row.get("owner"):
            found.add(Ref.parse(row["owner"]))
    return found


def names_of(refs: Iterable[Ref], *, viewer: User | None = None) -> dict[Ref, str]:
    """What to call each ref now, in one query (for up to 500 of a kind).

    Who was erased or is unknown is "a former contact". With a ``viewer``, who is not visible to
    that user is "somebody", and posts and units of closed accounts are nameless.
    """
    wanted = set(refs)
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for ref in sorted(wanted):
        ids[ref.kind].append(ref.id)
    parts = [
        part
        for kind, query in _sources(viewer).items()
        for start in range(0, len(ids[kind]), CHUNK)
        for part in [query(ids[kind][start : start + CHUNK])]
    ]
    names = {ref: UNKNOWN.get(ref.kind, f"a former {ref.kind}") for ref in wanted}
    for start in range(0, len(parts), 50):  # SQLite joins at most 500 selects
        for kind, fact_id, name in db.session.execute(union_all(*parts[start : start + 50])):
            names[Ref(kind, fact_id)] = name
    return names


def _sources(viewer: User | None) -> dict[str, Any]:
    """For each kind a function from ids to a select of (kind, id, name)."""
    sees_person = true() if viewer is None else people_visible_to(viewer, Person.id)
    person = case(
        (Person.erased_at.is_not(None), literal(UNKNOWN["person"])),
        (sees_person, Person.name),
        else_=literal(HIDDEN),
    )

    def people(some: Sequence[int]) -> Select[*tuple[Any, ...]]:
        return select(literal("person"), Person.id, person).where(Person.id.in_(some))

    def posts(some: Sequence[int]) -> Select[*tuple[Any, ...]]:
        query = select(literal("post"), Post.id, Post.title).join(Unit, Unit.id == Post.unit_id)
        return query.where(Post.id.in_(some), _open(viewer, Unit.account_id))

    def units(some: Sequence[int]) -> Select[*tuple[Any, ...]]:
        query = select(literal("unit"), Unit.id, Unit.name)
        return query.where(Unit.id.in_(some), _open(viewer, Unit.account_id))

    def accounts(some: Sequence[int]) -> Select[*tuple[Any, ...]]:
        query = select(literal("account"), Account.id, Account.name)
        return query.where(Account.id.in_(some), _open(viewer, Account.id))

    return {"person": people, "post": posts, "unit": units, "account": accounts}


def _open(viewer: User | None, column: Any) -> ColumnElement[bool]:
    return true() if viewer is None else accounts_open_to(viewer, "read", column)


def pieces(
    text: str,
    refs: Sequence[Ref],
    values: Mapping[str, Any],
    names: Mapping[Ref, str],
) -> list[Piece]:
    """A message id as stretches of text, the names apart with their refs.

    >>> lin = Ref("person", 7)
    >>> pieces("{0} left after {days} days", [lin], {"days": 3}, {lin: "林"})
    [Piece(text='林', ref=Ref(kind='person', id=7)), Piece(text=' left after 3 days', ref=None)]
    """
    made: list[Piece] = []
    for words, field, _, _ in Formatter().parse(text):
        plain = words
        if field is not None and not field.isdecimal():
            plain += _said(values.get(field), is_first=not (made or words))
        if plain:
            made.append(_joined(made, plain))
        if field is not None and field.isdecimal():
            made.append(_named(refs, int(field), names))
    return made


def _joined(made: list[Piece], plain: str) -> Piece:
    """Plain text, together with the plain text before it."""
    if made and made[-1].ref is None:
        return Piece(made.pop().text + plain)
    return Piece(plain)


def _named(refs: Sequence[Ref], index: int, names: Mapping[Ref, str]) -> Piece:
    if index >= len(refs):
        return Piece(UNKNOWN["person"])
    ref = refs[index]
    return Piece(names.get(ref, UNKNOWN.get(ref.kind, f"a former {ref.kind}")), ref)


def _said(value: Any, *, is_first: bool) -> str:
    """A value in words: ``component_engineering`` reads "component engineering"."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "unknown"
    if isinstance(value, float):
        return f"{value:g}"
    if not isinstance(value, str):
        return str(value)
    words = WORDS.get(value, value.replace("_", " "))
    return words[:1].upper() + words[1:] if is_first else words


def filled(stored: Mapping[str, Any], names: Mapping[Ref, str]) -> str:
    """The sentence of a stored result, with its names."""
    refs = [Ref.parse(ref) for ref in stored.get("refs", ())]
    found = pieces(stored["text"], refs, stored.get("values", {}), names)
    return "".join(piece.text for piece in found)


def ref_with_name(ref: Ref, names: Mapping[Ref, str]) -> dict[str, Any]:
    """A ref as commands print it: ``{"kind", "id", "name"}``."""
    name = names.get(ref, UNKNOWN.get(ref.kind, f"a former {ref.kind}"))
    return {"kind": ref.kind, "id": ref.id, "name": name}
