"""Foresight on a view: threads, power, blocking sets and introduction paths.

script/bench foresight
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from bench._machine import head, once, row
from relmap.contracts import AccountView
from relmap.contracts.words import FUNCTIONS, LEVELS, RELATIONSHIP_LEVELS, TOUCH_KINDS, TieKind
from relmap.insight import (
    blocking_sets,
    effective_threads,
    joint_blocking_set,
    known_people,
    paths,
    power,
    warm_network,
)
from relmap.testing import AccountBuilder

DAY = date(2026, 7, 1)
TIMES = 15
SIZES = (100, 500)
OURS = 10
SHARE_OF_LEVEL = (2, 6, 14, 18, 60)
KINDS: tuple[TieKind, ...] = ("knows", "friend", "advises", "influences", "schoolmate", "conflicts")
TIES_EACH = 4  # among them, as many as somebody who asks around writes down


def account(people: int, *, seed: int = 7) -> AccountView:
    """So many people in posts that report upwards, half of them known to ten of us, with ties."""
    chance, made = random.Random(seed), AccountBuilder("Bench")
    for number in range(people):
        made.post(
            f"Post {number}",
            unit=f"Unit {number % max(3, people // 12)}",
            level=chance.choices(LEVELS, SHARE_OF_LEVEL)[0],
            function=chance.choice(FUNCTIONS),
            reports_to=f"Post {chance.randrange(max(1, number // 3))}" if number else None,
        )
        start = DAY - timedelta(days=chance.randrange(30, 1500))
        made.tenure(f"P{number}", f"Post {number}", since=start)
    _known(made, people, chance)
    for pair in {tuple(chance.sample(range(people), 2)) for _ in range(people * TIES_EACH // 2)}:
        kind = chance.choice(KINDS)
        made.tie(f"P{pair[0]}", f"P{pair[1]}", kind=kind, judged=DAY - timedelta(days=90))
    return made.view(DAY)


def _known(made: AccountBuilder, people: int, chance: random.Random) -> None:
    for number in chance.sample(range(people), people // 2):
        judged = DAY - timedelta(days=chance.randrange(1, 700))
        ours = f"Colleague {chance.randrange(OURS)}"
        level = chance.choice(RELATIONSHIP_LEVELS)
        made.tie(ours, f"P{number}", level=level, judged=judged)
        for _ in range(6):
            on = DAY - timedelta(days=chance.randrange(1, 700))
            made.touch(on, ours, f"P{number}", kind=chance.choice(TOUCH_KINDS))


def fresh(view: AccountView) -> AccountView:
    """The same facts with nothing worked out yet."""
    return AccountView(**view.__getstate__())


def ready(view: AccountView) -> AccountView:
    """Work out strengths and the warm network, on which the rest builds."""
    known_people(view)
    warm_network(view)
    return view


def known(view: AccountView) -> AccountView:
    """The same facts with only that worked out."""
    return ready(fresh(view))


def timed(
    ask: Callable[[AccountView], object],
    prepare: Callable[[AccountView], AccountView],
    view: AccountView,
) -> list[float]:
    """Seconds of asking a view that was made ready outside the clock, after one to warm up."""
    views = [prepare(view) for _ in range(TIMES + 1)]
    return [once(partial(ask, one)) for one in views][1:]


def ways(view: AccountView) -> None:
    """Three paths to the holder of each deciding post."""
    for post in view.deciding_posts:
        for tenure in view.holders(post.ref):
            paths(view, tenure.person)


def whole(view: AccountView) -> None:
    """All of it for one account, from the rows on: paths to one person, as a page asks."""
    effective_threads(view)
    power(view)
    blocking_sets(view)
    paths(view, view.holders(view.deciding_posts[0].ref)[0].person)


def one_size(people: int) -> None:
    view = account(people)
    deciders = len(view.deciding_posts)
    stranger = view.holders(view.deciding_posts[-1].ref)[0].person
    asks: dict[str, Callable[[AccountView], object]] = {
        "effective threads": effective_threads,
        "power": power,
        f"blocking sets of {deciders} deciding posts": blocking_sets,
        f"joint blocking set of {deciders} posts": lambda one: joint_blocking_set(
            one, one.deciding_posts
        ),
        "three paths to one person": lambda one: paths(one, stranger),
        f"three paths to each of {deciders} deciders": ways,
    }
    size = f"{people} people, {len(view.ties):,} ties"
    row(f"strengths and the warm network: {size}", timed(ready, fresh, view))
    for what, ask in asks.items():
        row(f"{what}: {size}", timed(ask, known, view))
    row(f"all of it, paths to one person: {size}", timed(whole, fresh, view))


def main() -> None:
    head("Foresight")
    for people in SIZES:
        one_size(people)


if __name__ == "__main__":
    main()
