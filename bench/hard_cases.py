"""Invented hard histories against the rules: precision and recall by category.

    python -m bench.hard_cases [--seed N] [--count N] [--category NAME] [--faults]

Each history is a client of 20 and more people, listed two to four times, with notes of our own in
between where the category wants them. A departure counts as right only with its seat, reason, new
post, successors and days; an arrival only with its days and as the right person; an uncertain row
only where the rules prescribe it.
"""

import argparse
import random
from collections.abc import Iterator

from bench._fresh import empty_book
from bench._machine import machine
from tests.histories.cases import CASES
from tests.histories.scoring import Figures, score
from tests.histories.world import World

KINDS = ("departures", "arrivals", "renames", "seats")
SEED, COUNT = 20260701, 640


def histories(seed: int, count: int) -> Iterator[tuple[str, str, World]]:
    """(category, title, history), the categories in turn and each of their cases in turn."""
    for number in range(count):
        yield history(seed, number)


def history(seed: int, number: int) -> tuple[str, str, World]:
    """One of them: (category, title, history)."""
    turn, place = divmod(number, len(CASES))
    category = list(CASES)[place]
    tell = CASES[category][turn % len(CASES[category])]
    world = World(random.Random(f"{seed} {number}"), number)
    tell(world)
    return category, f"{number} {tell.__name__}", world


def measure(seed: int, count: int, only: str | None = None) -> dict[str, Figures]:
    """Figures by category, from histories imported into the book of the current context."""
    figures: dict[str, Figures] = {}
    for category, title, world in histories(seed, count):
        if only in (None, category):
            figures[category] = figures.get(category, Figures()) + score(world, title)
    return figures


def table(figures: dict[str, Figures]) -> str:
    """A Markdown table, one row a category."""
    lines = [
        "| category | histories | departures P / R | arrivals P / R | renames P / R | uncertain |",
        "|---|---|---|---|---|---|",
    ]
    total = sum(figures.values(), Figures())
    for name, one in [*figures.items(), ("all", total)]:
        rates = " | ".join(
            f"{one.precision(kind):.3f} / {one.recall(kind):.3f}" for kind in KINDS[:3]
        )
        share = one.uncertain / max(1, one.rows)
        lines.append(f"| {name} | {one.histories} | {rates} | {share:.1%} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.hard_cases",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--category", choices=list(CASES))
    parser.add_argument("--faults", action="store_true", help="print every row that differs")
    given = parser.parse_args()
    with empty_book():
        figures = measure(given.seed, given.count, given.category)
    total = sum(figures.values(), Figures())
    print(f"{machine()}\n\nSeed {given.seed}, {total.histories} histories, {total.rows} rows.\n")
    print(table(figures))
    faults = total.faults
    print(f"\n{len(faults)} rows differ.")
    if given.faults:
        print("\n".join(faults))


if __name__ == "__main__":
    main()
