"""Stored message ids, refs and values as sentences with the names of today.

Results hold refs and never names. Who shows them asks once for all the refs (:func:`names_of`, or
:func:`plain_names` for a command), then fills the texts in (:func:`filled`, or :func:`pieces` where
the names are links).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, literal, null, select, true, union_all

from relmap.contracts import Ref
from relmap.models import Account, Person, Post, Project, Unit, User, db
from relmap.permissions import accounts_open_to, people_visible_to

__all__ = [
    "NameOnFile",
    "Piece",
    "filled",
    "names_of",
    "pieces",
    "plain_names",
    "ref_with_name",
    "refs_in",
]

CHUNK: Final = 500  # ids in one IN (...)
UNKNOWN: Final = {
    "person": "a former contact",
    "post": "a former post",
    "unit": "a former unit",
    "account": "a former account",
}
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


class NameOnFile(NamedTuple):
    """How somebody or something is called now; only people and accounts have more than ``text``."""

    text: str
    latin: str | None = None
    language: str | None = None
    country: str | None = None


def names_of(refs: Iterable[Ref], *, viewer: User | None = None) -> dict[Ref, NameOnFile]:
    """What each ref is called now, in one query (for up to 500 of a kind).

    Who was erased or is not on file is absent. With a ``viewer``, so are people that the user may
    not see, and accounts that the user may not read with their posts and units.
    """
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for ref in sorted(set(refs)):
        ids[ref.kind].append(ref.id)
    parts = [
        query(ids[kind][start : start + CHUNK], viewer)
        for kind, query in QUERIES.items()
        for start in range(0, len(ids[kind]), CHUNK)
    ]
    names: dict[Ref, NameOnFile] = {}
    for start in range(0, len(parts), 50):  # SQLite joins at most 500 selects
        some = parts[start : start + 50]
        for kind, fact_id, *name in db.session.execute(
            union_all(*some) if len(some) > 1 else some[0]
        ):
            names[Ref(kind, fact_id)] = NameOnFile(*name)
    return names


def plain_names(refs: Iterable[Ref]) -> dict[Ref, str]:
    """What to call each ref in a plain text; who is not on file is "a former contact"."""
    wanted = set(refs)
    found = names_of(wanted)
    return {ref: found[ref].text if ref in found else _unknown(ref) for ref in wanted}


def _unknown(ref: Ref) -> str:
    return UNKNOWN.get(ref.kind, f"a former {ref.kind}")


def _people(ids: Sequence[int], viewer: User | None) -> Select[*tuple[Any, ...]]:
    is_seen = true() if viewer is None else people_visible_to(viewer, Person.id)
    columns = (Person.name, Person.latin_name, Person.language, null())
    query = select(literal("person"), Person.id, *columns)
    return query.where(Person.id.in_(ids), Person.erased_at.is_(None), is_seen)


def _posts(ids: Sequence[int], viewer: User | None) -> Select[*tuple[Any, ...]]:
    query = select(literal("post"), Post.id, Post.title, null(), null(), null())
    query = query.join(Unit, Unit.id == Post.unit_id)
    return query.where(Post.id.in_(ids), _is_open(viewer, Unit.account_id))


def _units(ids: Sequence[int], viewer: User | None) -> Select[*tuple[Any, ...]]:
    query = select(literal("unit"), Unit.id, Unit.name, null(), null(), null())
    return query.where(Unit.id.in_(ids), _is_open(viewer, Unit.account_id))


def _accounts(ids: Sequence[int], viewer: User | None) -> Select[*tuple[Any, ...]]:
    columns = (Account.name, Account.latin_name, null(), Account.country)
    query = select(literal("account"), Account.id, *columns)
    return query.where(Account.id.in_(ids), _is_open(viewer, Account.id))


def _projects(ids: Sequence[int], viewer: User | None) -> Select[*tuple[Any, ...]]:
    query = select(literal("project"), Project.id, Project.name, null(), null(), null())
    return query.where(Project.id.in_(ids), _is_open(viewer, Project.account_id))


def _is_open(viewer: User | None, column: Any) -> ColumnElement[bool]:
    return true() if viewer is None else accounts_open_to(viewer, "read", column)


QUERIES: Final = {
    "person": _people,
    "post": _posts,
    "unit": _units,
    "account": _accounts,
    "project": _projects,
}


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
    return Piece(names.get(ref) or _unknown(ref), ref)


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
    return {"kind": ref.kind, "id": ref.id, "name": names.get(ref) or _unknown(ref)}
