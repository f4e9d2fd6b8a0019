"""Laws of threads, power, blocking sets and paths on random accounts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise

import networkx as nx
from hypothesis import assume, given
from hypothesis import strategies as st

from relmap.contracts import RELATIONSHIP_LEVELS, AccountView, Ref
from relmap.contracts.words import LEVELS
from relmap.insight import (
    Path,
    blocking_set,
    default_weights,
    effective_threads,
    joint_blocking_set,
    paths,
    power,
    warm_network,
)
from relmap.testing import AccountBuilder

DAY = date(2026, 7, 1)
OURS, THEIRS = ("Wang", "Chen", "Liu"), ("A", "B", "C", "D", "E", "F")
FUNCTIONS = ("rnd", "purchasing", "other")
KINDS = ("knows", "friend", "advises", "influences", "conflicts", "dotted_line")
PAIRS = [pair for pair in combinations((*OURS, *THEIRS), 2) if pair[1] in THEIRS]


@st.composite
def accounts(draw, kinds=KINDS) -> AccountView:
    """Six of them in posts of their own, three of us, and ties of all sorts."""
    made = AccountBuilder()
    for number, name in enumerate(THEIRS):
        above = draw(st.sampled_from((None, *THEIRS[:number])))
        made.post(
            f"Post {name}",
            reports_to=above and f"Post {above}",
            level=draw(st.sampled_from(LEVELS)),
            function=draw(st.sampled_from(FUNCTIONS)),
        )
        made.tenure(name, f"Post {name}", since="2020-01-01")
    for name in OURS:
        made.person(name, side="us")
    for one, other in draw(st.lists(st.sampled_from(PAIRS), min_size=6, max_size=18, unique=True)):
        if one in OURS:
            level = draw(st.sampled_from(RELATIONSHIP_LEVELS))
            made.tie(one, other, level=level, judged=DAY)
        else:
            ends = draw(st.permutations((one, other)))
            made.tie(*ends, kind=draw(st.sampled_from(kinds)), judged=DAY)
    return made.view(DAY)


PEACEFUL = accounts(kinds=("knows", "friend", "advises"))


def people(view: AccountView) -> list[Ref]:
    return [row.ref for row in view.people]


def without(view: AccountView, *gone: Ref) -> AccountView:
    """The account on the day after some people, of theirs or ours, have left."""
    return replace(
        view,
        people=tuple(row for row in view.people if row.ref not in gone),
        tenures=tuple(row for row in view.tenures if row.person not in gone),
        ties=tuple(row for row in view.ties if row.a not in gone and row.b not in gone),
    )


def all_chains(view: AccountView, target: Ref) -> Iterator[tuple[float, list[Ref]]]:
    """Every warm chain to somebody, by trying them all."""
    network = warm_network(view)
    allowed = (network.carriers | set(network.ours)) - network.foes_of(target) | {target}
    graph = nx.DiGraph()
    for person, steps in network.into.items():
        for step in steps.values():
            if {person, step.a} <= allowed:
                graph.add_edge(step.a, person, strength=step.strength)
    for start in set(network.ours) & set(graph):
        for chain in nx.all_simple_paths(graph, start, target) if target in graph else ():
            strength = 1.0
            for pair in pairwise(chain):
                strength *= graph.edges[pair]["strength"]
            yield strength, chain


def holders(view: AccountView, posts) -> set[Ref]:
    return {row.person for post in posts for row in view.holders(post.ref)}


def is_cut(view: AccountView, posts, gone) -> bool:
    left = without(view, *gone)
    return not any(paths(left, person, most=1) for person in holders(view, posts))


def smallest_cut(view: AccountView, posts) -> int:
    """How many people must go at least, by trying all sets."""
    others = sorted(set(people(view)) - holders(view, posts))
    return next(
        size
        for size in range(len(others) + 1)
        if any(is_cut(view, posts, gone) for gone in combinations(others, size))
    )


# --- effective threads and power


@given(accounts(), st.data())
def test_a_loss_on_either_side_never_raises_the_effective_threads(view, data):
    gone = data.draw(st.sampled_from(people(view)))
    before, after = effective_threads(view), effective_threads(without(view, gone))
    assert after.count <= before.count + 1e-9
    assert before.spreads
    for was, now in zip(before.spreads, after.spreads, strict=True):
        assert now.threads <= was.threads + 1e-9


@given(accounts(), st.integers(1, 1500))
def test_time_passing_never_raises_the_effective_threads(view, days):
    later = replace(view, as_of=DAY + timedelta(days=days))
    assert effective_threads(later).count <= effective_threads(view).count + 1e-9


@given(accounts(), st.data())
def test_a_loss_never_raises_anybodys_power_and_all_lie_in_0_to_1(view, data):
    gone = data.draw(st.sampled_from(people(view)))
    before = {row.person: row.power for row in power(view)}
    after = {row.person: row.power for row in power(without(view, gone))}
    assert before
    assert all(0 <= value < 1 for value in before.values())
    assert all(value <= before[person] + 1e-9 for person, value in after.items())


@given(accounts())
def test_a_default_weight_is_never_below_its_levels_nor_above_1(view):
    weights = default_weights(view)
    assert view.open_posts
    for post in view.open_posts:
        assert post.decision_weight <= weights[post.ref] <= 1


# --- the blocking set


@given(accounts(), st.data())
def test_the_blocking_set_of_a_post_is_the_smallest_that_cuts_all_ways(view, data):
    post = data.draw(st.sampled_from(view.posts))
    found = blocking_set(view, post)
    assert is_cut(view, [post], found.people)
    assert len(found.people) == smallest_cut(view, [post])
    assert not set(found.people) & holders(view, [post])
    alone = {row for row in people(view) if found.is_reached and is_cut(view, [post], [row])}
    assert set(found.each_alone) == alone - holders(view, [post])


@given(PEACEFUL, st.lists(st.integers(0, 5), min_size=1, max_size=3, unique=True))
def test_that_of_several_posts_is_the_smallest_that_cuts_the_ways_to_all(view, numbers):
    posts = [view.posts[number] for number in numbers]
    found = joint_blocking_set(view, posts)
    assert is_cut(view, posts, found.people)
    assert len(found.people) == smallest_cut(view, posts)


@given(accounts(), st.lists(st.integers(0, 5), min_size=1, max_size=3, unique=True))
def test_it_cuts_all_ways_in_spite_of_conflicts_with_some_holders_only(view, numbers):
    posts = [view.posts[number] for number in numbers]
    found = joint_blocking_set(view, posts)
    assert is_cut(view, posts, found.people)
    assert found.is_reached == any(blocking_set(view, post).is_reached for post in posts)


@given(accounts(), st.data())
def test_a_post_is_reached_where_a_path_leads_to_its_holder(view, data):
    post = data.draw(st.sampled_from(view.posts))
    (holder,) = holders(view, [post])
    found = blocking_set(view, post)
    assert found.is_reached == bool(found.people) == bool(paths(view, holder, most=1))


@given(accounts(), st.data())
def test_a_loss_never_makes_the_blocking_set_larger(view, data):
    post = data.draw(st.sampled_from(view.posts))
    (holder,) = holders(view, [post])
    gone = data.draw(st.sampled_from([row for row in people(view) if row != holder]))
    after = blocking_set(without(view, gone), post)
    assert len(after.people) <= len(blocking_set(view, post).people)


# --- paths


def best(found: tuple[Path, ...]) -> float:
    return found[0].strength if found else 0.0


@given(accounts(), st.sampled_from(range(6)))
def test_the_first_path_is_the_strongest_of_all_chains(view, number):
    target = view.tenures[number].person
    strongest = max((strength for strength, _ in all_chains(view, target)), default=0.0)
    assert abs(best(paths(view, target)) - strongest) < 1e-12


@given(accounts(), st.sampled_from(range(6)))
def test_paths_are_warm_chains_from_us_that_differ(view, number):
    target = view.tenures[number].person
    network, found = warm_network(view), paths(view, target)
    assume(found)
    assert len({path.people for path in found}) == len(found) <= 3
    for path in found:
        assert path.people[0] in network.ours
        assert path.people[-1] == target
        assert set(path.between) <= network.carriers - network.foes_of(target)
        assert all(step.strength >= view.measures.known_from for step in path.steps)
        assert min(step.strength for step in path.steps) == path.steps[path.weakest].strength


@given(accounts(), st.sampled_from(range(6)))
def test_the_second_path_shares_nobody_in_the_middle_where_any_does_not(view, number):
    target = view.tenures[number].person
    found = paths(view, target)
    assume(found)
    first = found[0]
    assume(
        any(
            not set(chain[1:-1]) & set(first.between) and tuple(chain) != first.people
            for _, chain in all_chains(view, target)
        )
    )
    assert not set(found[1].between) & set(first.between)


@given(accounts(), st.sampled_from(range(6)), st.data())
def test_a_loss_or_a_favour_never_makes_the_best_path_stronger(view, number, data):
    target = view.tenures[number].person
    before = best(paths(view, target))
    gone = data.draw(st.sampled_from([row for row in people(view) if row != target]))
    assert best(paths(without(view, gone), target)) <= before + 1e-12
    assert best(paths(view, target, favours={gone: 1})) <= before + 1e-12


@given(accounts(), st.sampled_from(range(6)), st.sampled_from(range(3)))
def test_who_begins_by_asking_a_colleague_gets_no_farther_than_the_best_of_us(view, number, one):
    target = view.tenures[number].person
    starting = Ref("person", len(THEIRS) + 1 + one)  # in the view or without a tie at all
    found = paths(view, target, starting=starting)
    assume(found)
    assert best(found) <= best(paths(view, target)) + 1e-12
    assert all(path.people[0] == starting for path in found)
