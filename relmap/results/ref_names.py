"""Stored message ids, refs and values as sentences with the names of today.

Results hold refs and never names. Who shows them asks once for all the refs (:func:`names_of`, or
:func:`plain_names` for a command), then fills the texts in (:func:`filled`, or
``relmap.languages.pieces`` where the names are links).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, literal, null, select, true, union_all

from relmap.contracts import Ref
from relmap.languages import former, pieces
from relmap.models import Account, Person, Post, Project, Unit, User, db
from relmap.models.chunks import chunked
from relmap.permissions import accounts_open_to, people_visible_to

__all__ = [
    "NameOnFile",
    "filled",
    "names_of",
    "plain_names",
    "ref_with_name",
    "refs_in",
]


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
    parts = [query(some, viewer) for kind, query in QUERIES.items() for some in chunked(ids[kind])]
    names: dict[Ref, NameOnFile] = {}
    for some in chunked(parts, 50):  # SQLite joins at most 500 selects
        for kind, fact_id, *name in db.session.execute(
            union_all(*some) if len(some) > 1 else some[0]
        ):
            names[Ref(kind, fact_id)] = NameOnFile(*name)
    return names


def plain_names(refs: Iterable[Ref]) -> dict[Ref, str]:
    """What to call each ref in a plain text; who is not on file is "a former contact"."""
    wanted = set(refs)
    found = names_of(wanted)
    return {ref: found[ref].text if ref in found else former(ref) for ref in wanted}


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


def filled(stored: Mapping[str, Any], names: Mapping[Ref, str]) -> str:
    """The sentence of a stored result, with its names."""
    refs = [Ref.parse(ref) for ref in stored.get("refs", ())]
    found = pieces(
        stored["text"],
        refs,
        stored.get("values") or {},
        names,
        many=stored.get("many"),
        context=stored.get("context"),
    )
    return "".join(piece.text for piece in found)


def ref_with_name(ref: Ref, names: Mapping[Ref, str]) -> dict[str, Any]:
    """A ref as commands print it: ``{"kind", "id", "name"}``."""
    return {"kind": ref.kind, "id": ref.id, "name": names.get(ref) or former(ref)}
