"""One account as it stood on one day: frozen rows, accessors and a frozen NetworkX graph.

The tuples are what is pickled, stored, digested and printed; the graph and the indices are built
where they are first asked for. ``units``, ``posts`` and ``tenures`` hold everything that began on
or before the day, ended ones included; ``open_units``, ``open_posts`` and ``open_tenures`` what
stands on it. ``announced`` are the tenures that begin after the day and were on record by then.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from relmap.contracts import codec
from relmap.contracts.measures import Measures
from relmap.contracts.refs import Ref
from relmap.contracts.rows import (
    AccountRow,
    ClaimRow,
    ContactRow,
    NextStepRow,
    OutlookRow,
    PersonRow,
    PostRow,
    ProjectRow,
    TenureRow,
    TieRow,
    TouchCount,
    TouchRow,
    UnitRow,
)
from relmap.contracts.words import FUNCTIONS, LEVELS, PostStatus, Side

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["AccountView"]


Key = TypeVar("Key")
Row = TypeVar("Row")


@dataclass(frozen=True)
class AccountView:
    """One account on one day, as handed to rules: frozen, picklable, without session or clock."""

    account: AccountRow
    as_of: date
    revision: int
    units: tuple[UnitRow, ...] = ()
    posts: tuple[PostRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    contacts: tuple[ContactRow, ...] = ()
    tenures: tuple[TenureRow, ...] = ()
    ties: tuple[TieRow, ...] = ()
    touches: tuple[TouchRow, ...] = ()
    touch_counts: tuple[TouchCount, ...] = ()
    claims: tuple[ClaimRow, ...] = ()
    projects: tuple[ProjectRow, ...] = ()
    next_steps: tuple[NextStepRow, ...] = ()
    outlook: tuple[OutlookRow, ...] = ()
    measures: Measures = field(default_factory=Measures)
    attached: tuple[tuple[str, str], ...] = ()
    announced: tuple[TenureRow, ...] = ()

    # --- what is stored, printed and compared

    def to_json(self) -> str:
        """One JSON document from which :meth:`from_json` makes an equal view."""
        return _object(self._written)

    @classmethod
    def from_json(cls, text: str, *, beside: AccountView | None = None) -> AccountView:
        """Read a view back, stored or printed; raises ``ValueError`` where it is no view.

        What equals the rows of the view ``beside`` it is not read again: it becomes those rows.
        """
        try:
            document = codec.unprinted(codec.parse(text))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"This is no AccountView: {error!r}") from error
        same = {}
        for name, rows in beside._plain.items() if beside else ():
            if isinstance(rows, list) and document.get(name) == rows:
                same[name] = getattr(beside, name)
                del document[name]
        return replace(codec.read(cls, document), **same)

    @cached_property
    def _plain(self) -> dict[str, Any]:
        """The rows in JSON's own types, which are digested, stored and compared."""
        plain: dict[str, Any] = codec.plain(self)
        return plain

    @cached_property
    def _written(self) -> dict[str, str]:
        """The same as text, field by field: written once for the digest and for what is stored."""
        return {name: codec.canonical(rows).decode() for name, rows in self._plain.items()}

    @cached_property
    def digest(self) -> str:
        """A name for the content: equal views of one day have equal digests."""
        content = {name: self._written[name] for name in sorted(self._written)}
        del content["revision"]
        return hashlib.sha256(_object(content).encode()).hexdigest()

    def __getstate__(self) -> dict[str, Any]:
        """Pickle the rows, not what was derived from them."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    # --- plug-ins' own data

    @property
    def extra(self) -> dict[str, Any]:
        """What plug-ins attached under their names: JSON data, fresh at each call."""
        return {name: codec.parse(text) for name, text in self.attached}

    # --- who and where

    @cached_property
    def _item(self) -> Mapping[Ref, Any]:
        rows: Iterable[Any] = (
            self.account,
            *self.units,
            *self.posts,
            *self.people,
            *self.contacts,
            *self.tenures,
            *self.announced,
            *self.ties,
            *self.touches,
            *self.claims,
            *self.projects,
            *self.next_steps,
        )
        return {row.ref: row for row in rows}

    def __contains__(self, ref: object) -> bool:
        return ref in self._item

    def unit(self, ref: Ref) -> UnitRow:
        """The unit's row; raises ``KeyError`` where the view does not hold it."""
        return self._row(ref, UnitRow)

    def post(self, ref: Ref) -> PostRow:
        """The post's row; raises ``KeyError`` where the view does not hold it."""
        return self._row(ref, PostRow)

    def person(self, ref: Ref) -> PersonRow:
        """The person's row; raises ``KeyError`` where the view does not hold it."""
        return self._row(ref, PersonRow)

    def tenure(self, ref: Ref) -> TenureRow:
        """The tenure's row; raises ``KeyError`` where the view does not hold it."""
        return self._row(ref, TenureRow)

    def project(self, ref: Ref) -> ProjectRow:
        """The project's row; raises ``KeyError`` where the view does not hold it."""
        return self._row(ref, ProjectRow)

    def _row(self, ref: Ref, kind: type[Row]) -> Row:
        row = self._item[ref]
        if not isinstance(row, kind):
            raise KeyError(ref)
        return row

    @cached_property
    def open_units(self) -> tuple[UnitRow, ...]:
        """The units that stand on the day."""
        return tuple(row for row in self.units if _stands(row.ends_on, self.as_of))

    @cached_property
    def open_posts(self) -> tuple[PostRow, ...]:
        """The posts that stand on the day, the blank ones included."""
        return tuple(row for row in self.posts if _stands(row.ends_on, self.as_of))

    @cached_property
    def open_tenures(self) -> tuple[TenureRow, ...]:
        """The tenures in post on the day, those with an announced end included."""
        return tuple(row for row in self.tenures if not row.has_ended(self.as_of))

    @cached_property
    def open_projects(self) -> tuple[ProjectRow, ...]:
        """The projects that are neither won nor lost on the day."""
        return tuple(row for row in self.projects if not row.has_ended(self.as_of))

    @cached_property
    def open_next_steps(self) -> tuple[NextStepRow, ...]:
        """The next steps that are to be done yet, the earliest due first."""
        return tuple(row for row in self.next_steps if row.done_on is None)

    @cached_property
    def deciding_posts(self) -> tuple[PostRow, ...]:
        """The standing posts whose decision weight makes them decide."""
        return tuple(row for row in self.open_posts if self.is_deciding(row))

    def is_deciding(self, post: PostRow) -> bool:
        """Whether the post's word decides (its weight reaches ``measures.deciding_from``)."""
        return post.decision_weight >= self.measures.deciding_from

    @cached_property
    def functions(self) -> tuple[str, ...]:
        """The functions of the standing posts in their usual order, a customer's own ones last."""
        found = {row.function for row in self.open_posts}
        usual: tuple[str, ...] = FUNCTIONS
        return (*(word for word in usual if word in found), *sorted(found.difference(usual)))

    def people_of(self, side: Side) -> tuple[PersonRow, ...]:
        """The people of one side, ``client`` or ``us``."""
        return tuple(row for row in self.people if row.side == side)

    @cached_property
    def _tenures_by_post(self) -> Mapping[Ref, tuple[TenureRow, ...]]:
        return _grouped((row.post, row) for row in self.tenures)

    @cached_property
    def _tenures_by_person(self) -> Mapping[Ref, tuple[TenureRow, ...]]:
        return _grouped((row.person, row) for row in self.tenures)

    @cached_property
    def _announced_by_post(self) -> Mapping[Ref, tuple[TenureRow, ...]]:
        return _grouped((row.post, row) for row in self.announced)

    @cached_property
    def _announced_by_person(self) -> Mapping[Ref, tuple[TenureRow, ...]]:
        return _grouped((row.person, row) for row in self.announced)

    @cached_property
    def _ties_by_person(self) -> Mapping[Ref, tuple[TieRow, ...]]:
        return _grouped((end, row) for row in self.ties for end in (row.a, row.b))

    @cached_property
    def _touches_by_person(self) -> Mapping[Ref, tuple[TouchRow, ...]]:
        return _grouped((person, row) for row in self.touches for person in row.people)

    @cached_property
    def _outlook_of(self) -> Mapping[Ref, OutlookRow]:
        return {row.tenure: row for row in self.outlook}

    @cached_property
    def _next_steps_with(self) -> Mapping[Ref, tuple[NextStepRow, ...]]:
        return _grouped((row.person, row) for row in self.open_next_steps)

    @cached_property
    def _claims_about(self) -> Mapping[Ref, tuple[ClaimRow, ...]]:
        return _grouped((row.about, row) for row in self.claims)

    def tenures_in(self, post: Ref) -> tuple[TenureRow, ...]:
        """All tenures of a post, ended ones included."""
        return self._tenures_by_post.get(post, ())

    def tenures_of(self, person: Ref) -> tuple[TenureRow, ...]:
        """All tenures of a person in this account, ended ones included."""
        return self._tenures_by_person.get(person, ())

    def announced_in(self, post: Ref) -> tuple[TenureRow, ...]:
        """Who is announced to take a post after the day, the next to begin first."""
        return self._announced_by_post.get(post, ())

    def announced_of(self, person: Ref) -> tuple[TenureRow, ...]:
        """The posts a person is announced to take after the day, the next first."""
        return self._announced_by_person.get(person, ())

    def holders(self, post: Ref) -> tuple[TenureRow, ...]:
        """The tenures of those who sit in the post on the day."""
        return tuple(row for row in self.tenures_in(post) if not row.has_ended(self.as_of))

    def posts_of(self, person: Ref) -> tuple[PostRow, ...]:
        """The posts a person holds on the day, highest first."""
        held = (
            self.post(row.post) for row in self.tenures_of(person) if not row.has_ended(self.as_of)
        )
        return tuple(sorted(held, key=lambda row: (LEVELS.index(row.level), row.ref)))

    def ties_of(self, person: Ref) -> tuple[TieRow, ...]:
        """The ties of a person that stand on the day."""
        return tuple(
            row for row in self._ties_by_person.get(person, ()) if _stands(row.ends_on, self.as_of)
        )

    def touches_of(self, person: Ref) -> tuple[TouchRow, ...]:
        """The touches of the last 24 months in which a person took part."""
        return self._touches_by_person.get(person, ())

    def claims_about(self, ref: Ref) -> tuple[ClaimRow, ...]:
        """What was claimed about a person or a post, by the day."""
        return self._claims_about.get(ref, ())

    def next_steps_with(self, person: Ref) -> tuple[NextStepRow, ...]:
        """The open next steps to meet a person, the earliest due first."""
        return self._next_steps_with.get(person, ())

    def outlook_of(self, tenure: Ref) -> OutlookRow | None:
        """The forecast of an open tenure; ``None`` where none was made."""
        return self._outlook_of.get(tenure)

    def status(self, post: PostRow) -> PostStatus:
        """How the seat stands on the day."""
        if not _stands(post.ends_on, self.as_of):
            return "abolished"
        holders = self.holders(post.ref)
        if holders:
            return "acting" if all(row.acting for row in holders) else "filled"
        return "unknown_holder" if post.vacant_since is None else "vacant"

    # --- as a graph

    @cached_property
    def graph(self) -> nx.MultiDiGraph[Ref]:
        """The account as a frozen ``networkx.MultiDiGraph``.

        Nodes are refs (account, units, posts, people), each with its frozen row under ``item``.
        Edges, by their ``kind``: ``part_of`` unit to parent or account, ``in_unit`` post to unit,
        ``reports_to`` post to post, ``holds`` person to post (item: the tenure), ``contact`` person
        to account, and each tie's own kind (item: the tie). Only what stands on the day is in it.
        """
        return self.build_graph()

    def build_graph(self) -> nx.MultiDiGraph[Ref]:
        """A graph of its own, like ``graph``: what a lent one is held against."""
        from relmap.contracts.graph import as_graph  # networkx only where a graph is asked for

        return as_graph(
            self.account,
            units=self.open_units,
            posts=self.open_posts,
            people=self.people,
            tenures=self.open_tenures,
            contacts=[row for row in self.contacts if _stands(row.ends_on, self.as_of)],
            ties=[row for row in self.ties if _stands(row.ends_on, self.as_of)],
        )


def _object(fields_as_text: Mapping[str, str]) -> str:
    return "{" + ",".join(f'"{name}":{text}' for name, text in fields_as_text.items()) + "}"


def _stands(ends_on: date | None, day: date) -> bool:
    return ends_on is None or ends_on > day


def _grouped(pairs: Iterable[tuple[Key, Row]]) -> dict[Key, tuple[Row, ...]]:
    groups: defaultdict[Key, list[Row]] = defaultdict(list)
    for key, row in pairs:
        groups[key].append(row)
    return {key: tuple(rows) for key, rows in groups.items()}
