"""A view of one account: from the database, to JSON and back, pickled, as a graph."""

import pickle
from collections.abc import Callable

from bench._book import DAY, fill
from bench._fresh import empty_book
from bench._machine import head, in_turns, ratio, row
from relmap import graph
from relmap.contracts import AccountView

TIMES = 11
SIZES = ((100, 1000), (500, 5000))


def fresh(view: AccountView) -> AccountView:
    """The same facts with nothing worked out yet."""
    return AccountView(**view.__getstate__())


def one_view(people: int, touches: int) -> None:
    (account_id,) = fill(1, people=people, touches=touches)
    view = graph.view(account_id, DAY)
    text, stored = view.to_json(), pickle.dumps(view)
    assert AccountView.from_json(text) == view
    size = f"{people} people, {touches:,} touches"
    acts: dict[str, Callable[[], object]] = {
        "build from the database": lambda: graph.view(account_id, DAY),
        f"to JSON ({len(text) / 1024:,.0f} KiB)": view.to_json,
        "from JSON": lambda: AccountView.from_json(text),
        "digest": lambda: fresh(view).digest,
        f"pickle ({len(stored) / 1024:,.0f} KiB)": lambda: pickle.dumps(view),
        "unpickle": lambda: pickle.loads(stored),
        f"graph ({len(view.graph):,} nodes, {view.graph.size():,} edges)": lambda: (
            fresh(view).graph
        ),
    }
    found = in_turns(*acts.values(), times=TIMES)
    for what, seconds in zip(acts, found, strict=True):
        row(f"{what}: {size}", seconds, f"{ratio(seconds, found[0])} the building")


def main() -> None:
    head("Views")
    with empty_book():
        for people, touches in SIZES:
            one_view(people, touches)


if __name__ == "__main__":
    main()
