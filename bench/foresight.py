"""Foresight on a view: threads, power, blocking sets, paths; outlook, succession and plan.

script/bench foresight
"""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from bench._machine import fixed_work, head, once, once_here, row, spelt
from relmap.contracts import AccountView
from relmap.contracts.words import FUNCTIONS, LEVELS, RELATIONSHIP_LEVELS, TOUCH_KINDS, TieKind
from relmap.insight import (
    blocking_sets,
    effective_threads,
    joint_blocking_set,
    known_people,
    paths,
    power,
    successions,
    warm_network,
)
from relmap.insight.outlook import forecast
from relmap.insight.plan import plan
from relmap.results.reports.forecasts import outlook_rows
from relmap.testing import AccountBuilder

DAY = date(2026, 7, 1)
TIMES = 15
SIZES = {100: 0.05, 500: 0.5}  # people, and the seconds asked for
VISITS = 6
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
        _past(made, number, start, chance)
    _known(made, people, chance)
    for pair in {tuple(chance.sample(range(people), 2)) for _ in range(people * TIES_EACH // 2)}:
        kind = chance.choice(KINDS)
        made.tie(f"P{pair[0]}", f"P{pair[1]}", kind=kind, judged=DAY - timedelta(days=90))
    return made.view(DAY)


def _past(made: AccountBuilder, number: int, until: date, chance: random.Random) -> None:
    """Who sat there before, back to 2020; one in four of them sits in another post now."""
    while (start := until - timedelta(days=chance.randrange(180, 1500))) > date(2020, 1, 1):
        who = f"P{chance.randrange(number + 1)}" if chance.random() < 0.25 else f"Q{start}{number}"
        made.tenure(who, f"Post {number}", since=start, until=until)
        until = start


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


# --- what is to come


def foreseen(view: AccountView) -> AccountView:
    """The view with the forecasts of its holders."""
    return replace(view, outlook=outlook_rows(forecast(view)))


def followed(view: AccountView) -> AccountView:
    """The same with strengths, the warm network and who would follow worked out."""
    seen = ready(foreseen(view))
    successions(seen)
    return seen


def planned(view: AccountView) -> None:
    """The plan that a forecast stores."""
    plan(view, visits=VISITS, paths=partial(paths, most=1))


def to_come(view: AccountView) -> None:
    """Outlook, succession, plan and blocking sets of one account, from its rows on."""
    seen = foreseen(view)
    successions(seen)
    planned(seen)
    blocking_sets(seen)


def together(view: AccountView, size: str, most: float) -> None:
    """All of it, in turns with a fixed computation: time on the clock and of the processor."""
    found = []
    for _ in range(TIMES + 1):
        one = fresh(view)
        found.append((*once_here(partial(to_come, one)), once_here(fixed_work)[1]))
    clock, cpu, fixed = zip(*found[1:], strict=True)
    note = (
        f"at best {spelt(min(clock))}, {spelt(min(cpu))} of processor time, "
        f"{min(cpu) / min(fixed):.2f} times a million steps of a loop (at most {spelt(most)})"
    )
    row(f"outlook, succession, plan and blocking sets: {size}", clock, note)


def one_size(people: int, most: float) -> None:
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
    size = f"{people} people, {len(view.tenures)} tenures, {len(view.ties):,} ties"
    row(f"strengths and the warm network: {size}", timed(ready, fresh, view))
    for what, ask in asks.items():
        row(f"{what}: {size}", timed(ask, known, view))
    row(f"all of it, paths to one person: {size}", timed(whole, fresh, view))
    row(f"outlook: {size}", timed(forecast, fresh, view))
    row(f"succession of {deciders} deciding posts: {size}", timed(successions, known, view))
    row(f"plan of {VISITS} visits: {size}", timed(planned, followed, view))
    together(view, size, most)


def main() -> None:
    head("Foresight")
    for people, most in SIZES.items():
        one_size(people, most)


if __name__ == "__main__":
    main()
