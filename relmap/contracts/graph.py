"""Rows of one day as the frozen NetworkX graph that plug-ins walk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import networkx as nx

from relmap.contracts.refs import Ref
from relmap.contracts.rows import (
    AccountRow,
    ContactRow,
    PersonRow,
    PostRow,
    TenureRow,
    TieRow,
    UnitRow,
)

__all__ = ["as_graph"]


def as_graph(
    account: AccountRow,
    *,
    units: Sequence[UnitRow],
    posts: Sequence[PostRow],
    people: Sequence[PersonRow],
    tenures: Iterable[TenureRow],
    contacts: Iterable[ContactRow],
    ties: Iterable[TieRow],
) -> nx.MultiDiGraph[Ref]:
    """Build the graph of rows that stand on one day; see ``AccountView.graph``."""
    graph: nx.MultiDiGraph[Ref] = nx.MultiDiGraph()
    rows: tuple[Any, ...] = (account, *units, *posts, *people)
    for row in rows:
        graph.add_node(row.ref, kind=row.ref.kind, item=row)
    for unit in units:
        graph.add_edge(unit.ref, unit.parent or account.ref, kind="part_of")
    for post in posts:
        graph.add_edge(post.ref, post.unit, kind="in_unit")
        if post.reports_to is not None and post.reports_to in graph:
            graph.add_edge(post.ref, post.reports_to, kind="reports_to")
    for tenure in tenures:
        graph.add_edge(tenure.person, tenure.post, key=tenure.ref, kind="holds", item=tenure)
    for contact in contacts:
        graph.add_edge(contact.person, account.ref, key=contact.ref, kind="contact", item=contact)
    for tie in ties:
        graph.add_edge(tie.a, tie.b, key=tie.ref, kind=tie.kind, item=tie)
    nx.freeze(graph)
    return graph
