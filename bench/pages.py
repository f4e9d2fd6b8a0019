"""What pages cost beside ``GET /healthz`` of the same server: one client, logged in, keep-alive.

The book has 100 accounts, one of them with 100 people and 1,000 touches, which is asked for.
"""

import re
import statistics
from contextlib import closing
from functools import partial

from bench._book import fill
from bench._machine import head, in_turns, row
from bench._server import Visitor, served

ROUNDS = 100  # requests of each page, one page after the other
LARGE, SMALL, OTHERS = (100, 1000), (20, 60), 99  # people and touches; accounts of the small size
HEALTH = "`GET /healthz`"
COMPARED = ("accounts, 50 of 100", "account: overview")
PAGES = {
    HEALTH: "/healthz",
    "accounts, 50 of 100": "/accounts",
    "account: overview": "/accounts/1",
    "account: grid": "/accounts/1/grid",
    "account: map, the page": "/accounts/1/map",
    "account: map, the data": "/accounts/1/map.json",
    "account: people": "/accounts/1/people",
    "account: history": "/accounts/1/history",
    "person": "/people/…",
    "alerts": "/alerts",
}
TARGETS = {"/accounts": 8, "/accounts/1": 15}


def book() -> None:
    fill(1, people=LARGE[0], touches=LARGE[1])
    fill(OTHERS, people=SMALL[0], touches=SMALL[1])


def main() -> None:
    head("Pages")
    with served(book) as port, closing(Visitor(port)) as visitor:
        visitor.log_in()
        person = re.search(rb"/people/\d+", visitor.get("/accounts/1/people"))
        assert person is not None
        paths = PAGES | {"person": person[0].decode()}
        for path in paths.values():
            visitor.get(path)  # what happens once a process is not a page's
        for group in (COMPARED, tuple(paths)[1 + len(COMPARED) :]):
            compare(visitor, {what: paths[what] for what in (HEALTH, *group)})


def compare(visitor: Visitor, paths: dict[str, str]) -> None:
    """Ask for pages in turns, ``/healthz`` among them, so that noise meets all alike."""
    acts = [partial(visitor.get, path) for path in paths.values()]
    found = in_turns(*acts, times=ROUNDS)
    health = statistics.median(found[0])
    for what, seconds in zip(paths, found, strict=True):
        target = TARGETS.get(PAGES[what])
        note = f"{statistics.median(seconds) / health:.1f} times `/healthz`"
        row(what, seconds, note + (f" (at most {target})" if target else ""))


if __name__ == "__main__":
    main()
