"""The lines of a map: reporting, ties among theirs, and our threads with their strength."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from relmap.contracts import AccountView, Ref
from relmap.insight.strength import threads_of

if TYPE_CHECKING:
    from pyvis.network import Network

__all__ = ["add_reporting", "add_threads", "add_ties"]

DRAWN_TIES: Final = ("conflicts", "influences", "advises", "dotted_line")


def add_reporting(net: Network, view: AccountView, keys: Mapping[Ref, str], about: Ref) -> None:
    """Who reports to the person and to whom they report."""
    for ref, key in keys.items():
        for post in view.posts_of(ref):
            if post.reports_to is None:
                continue
            for tenure in view.holders(post.reports_to):
                pair = (tenure.person, ref)
                if tenure.person in keys and tenure.person != ref and about in pair:
                    net.add_edge(keys[tenure.person], key, kind="reports")


def add_ties(
    net: Network,
    view: AccountView,
    keys: Mapping[Ref, str],
    *,
    kinds: tuple[str, ...] = (),
    about: Ref | None = None,
) -> None:
    """The ties between two of theirs; those of ours are threads, with their strength."""
    for tie in view.ties:
        if tie.ends_on is not None and tie.ends_on <= view.as_of:
            continue
        if about is not None and about not in (tie.a, tie.b):
            continue
        kind = tie.kind if tie.kind in DRAWN_TIES else "other"
        if kinds and kind not in kinds:
            continue
        if tie.a in keys and tie.b in keys and _are_theirs(view, tie.a, tie.b):
            net.add_edge(keys[tie.a], keys[tie.b], kind=kind)


def _are_theirs(view: AccountView, *people: Ref) -> bool:
    return all(view.person(person).side == "client" for person in people)


def add_threads(net: Network, view: AccountView, keys: Mapping[Ref, str], about: Ref) -> None:
    """Who of us knows the person, and how well."""
    for thread in threads_of(view, about):
        if thread.ours in keys:
            strength = round(thread.strength, 3)
            net.add_edge(keys[thread.ours], keys[about], kind="tie", strength=strength)
