"""How many independent threads hold an account: contacts under one superior count as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from relmap.contracts import AccountView, Ref
from relmap.insight.cache import once_a_view
from relmap.insight.strength import any_of

__all__ = ["branch_of", "branches", "independent", "people_in_place"]


@once_a_view
def people_in_place(view: AccountView) -> frozenset[Ref]:
    """Those of them who hold a post or are a contact on the day; who left is not among them."""
    holders = {row.person for row in view.open_tenures}
    contacts = {
        row.person for row in view.contacts if row.ends_on is None or row.ends_on > view.as_of
    }
    clients = {row.ref for row in view.people_of("client")}
    return frozenset((holders | contacts) & clients)


def branch_of(view: AccountView, person: Ref) -> Ref:
    """What a person's standing hangs on besides the person: the post of the superior.

    Where no superior is on record it is the unit, and for who has no post the account.
    """
    posts = view.posts_of(person)
    if not posts:
        return view.account.ref
    superior = posts[0].reports_to
    return posts[0].unit if superior is None else superior


def branches(view: AccountView, people: Iterable[Ref]) -> Mapping[Ref, tuple[Ref, ...]]:
    """People grouped by the branch they hang on; see :func:`branch_of`."""
    groups: defaultdict[Ref, list[Ref]] = defaultdict(list)
    for person in sorted(people):
        groups[branch_of(view, person)].append(person)
    return {branch: tuple(group) for branch, group in groups.items()}


def independent(groups: Iterable[Iterable[float]]) -> float:
    """How many threads groups of chances are worth: each group at most one, Σ any_of(group).

    One more member or a higher chance never lowers it, and six friends in one group are one.

    >>> independent([[1.0, 1.0, 1.0], [0.5]])
    1.5
    """
    return sum(any_of(group) for group in groups)
