"""What pages cost beside ``GET /healthz`` of the same server, by one connection of ``wrk``.

The book has 100 accounts of 100 people with a past and 300 touches, as was asked for. ``wrk`` takes
next to nothing itself; a client in Python took a millisecond a request.
"""

import re
import subprocess
from contextlib import closing
from functools import partial

from bench._book import fill
from bench._machine import head, ratio, row
from bench._server import Visitor, served

ROUNDS, SECONDS = 5, 1  # each page for a second, one after the other, and again
ACCOUNTS, PEOPLE, TOUCHES = 100, 100, 300
HEALTH = "`GET /healthz`"
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
MOST = {"/accounts": 12, "/accounts/1": 18} | dict.fromkeys(list(PAGES.values())[3:-1], 35)
"""Times the empty page, as asked for."""


def main() -> None:
    head("Pages")
    book = partial(fill, ACCOUNTS, people=PEOPLE, touches=TOUCHES, with_past=True)
    with served(book) as port, closing(Visitor(port)) as visitor:
        visitor.log_in()
        person = re.search(rb"/people/\d+", visitor.get("/accounts/1/people"))
        assert person is not None
        paths = PAGES | {"person": person[0].decode()}
        for path in list(paths.values()) * 8:  # what each process does once is not a page's
            visitor.get(path)
        found = {what: [] for what in paths}
        for _ in range(ROUNDS):
            for what, path in paths.items():
                found[what].append(seconds_of(f"http://127.0.0.1:{port}{path}", visitor.cookie))
    for what, seconds in found.items():
        most = MOST.get(PAGES[what])
        row(what, seconds, ratio(seconds, found[HEALTH]) + (f" (at most {most})" if most else ""))


def seconds_of(url: str, cookie: str) -> float:
    """Seconds a request, in the mean of those that fit into the time."""
    options = ["-t1", "-c1", f"-d{SECONDS}s", "--timeout", "30s", "-H", f"Cookie: {cookie}"]
    told = subprocess.run(["wrk", *options, url], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in told, told
    a_second = re.search(r"Requests/sec: +([\d.]+)", told)
    assert a_second is not None, told
    return 1 / float(a_second[1])


if __name__ == "__main__":
    main()
