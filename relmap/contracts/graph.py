"""A view's rows as the frozen NetworkX graph that plug-ins walk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx

from relmap.contracts.refs import Ref

if TYPE_CHECKING:
    from relmap.contracts.view import AccountView

__all__ = ["as_graph"]


def as_graph(view: AccountView) -> nx.MultiDiGraph[Ref]:
    """Build the graph of what stands on the view's day; see ``AccountView.graph``."""
    graph: nx.MultiDiGraph[Ref] = nx.MultiDiGraph()
    rows: tuple[Any, ...] = (view.account, *view.open_units, *view.open_posts, *view.people)
    for row in rows:
        graph.add_node(row.ref, kind=row.ref.kind, item=row)
    _join_structure(view, graph)
    _join_people(view, graph)
    nx.freeze(graph)
    return graph


def _join_structure(view: AccountView, graph: nx.MultiDiGraph[Ref]) -> None:
    for unit in view.open_units:
        graph.add_edge(unit.ref, unit.parent or view.account.ref, kind="part_of")
    for post in view.open_posts:
        graph.add_edge(post.ref, post.unit, kind="in_unit")
        if post.reports_to is not None and post.reports_to in graph:
            graph.add_edge(post.ref, post.reports_to, kind="reports_to")


def _join_people(view: AccountView, graph: nx.MultiDiGraph[Ref]) -> None:
    for tenure in view.open_tenures:
        graph.add_edge(tenure.person, tenure.post, key=tenure.ref, kind="holds", item=tenure)
    for contact in view.contacts:
        if contact.ends_on is None or contact.ends_on > view.as_of:
            graph.add_edge(
                contact.person, view.account.ref, key=contact.ref, kind="contact", item=contact
            )
    for tie in view.ties:
        if tie.ends_on is None or tie.ends_on > view.as_of:
            graph.add_edge(tie.a, tie.b, key=tie.ref, kind=tie.kind, item=tie)
