"""Strangers and users of every role against ``relmap serve``, on SQLite and on PostgreSQL.

    script/bench attack

Some 11,000 requests on each, to 127.0.0.1 and to nowhere else, the same ones each time. What was
wrong stands below the table; docs/security.md has the counts.
"""

import re
import socket
import tempfile
import time
from collections.abc import Callable, Container, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from werkzeug.routing import Rule

from bench._machine import machine
from bench._server import postgresql, served
from bench._stranger import ABSURD_HEADERS, Answer, Stranger
from bench._strangers import NORTH, PASSWORD, ROLES, SOUTH, STAY, Book, fill
from relmap.app import create_app
from relmap.clock import today

DATABASES = ("SQLite", "PostgreSQL")
MOST = 10**9  # requests of a part
SLOW = 24  # visitors who never end what they send; there are eight threads
PAYLOAD = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}"
RUNS = ("<script>alert", "<img src=x", ">49")  # unescaped
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
ABSENT = 2**31 - 1
SHOWN = 12  # of what was wrong

OPEN_TO_ALL = {"auth.log_in", "auth.login", "healthz", "language.choose", "static"}
OF_ADMINISTRATORS = ("hub.", "users.")
OF_EVERY_WRITER = {"rotation.ask_of_book"}
OF_A_NEW_PASSWORD = {"password.show", "password.save", "auth.logout"}
NOT_WALKED = {"auth.log_in", "auth.logout", "password.save"}
WALKERS = ("nobody", *(name for name in reversed(ROLES) if name != "spare"))
HIDDEN_FROM = {"reader": SOUTH, "writer": SOUTH, "southerner": NORTH, "stranger": NORTH}


@dataclass
class Hub:
    """What is attacked: the server, its routes, its book, and a visitor of each role."""

    port: int
    rules: list[Rule]
    book: Book
    visitors: dict[str, Stranger] = field(default_factory=dict)

    def path(self, rule: Rule, **values: object) -> str:
        """The address of a route; of the own account unless other values are given."""
        given = {**self.book.own, **values}
        return rule.build({name: given[name] for name in rule.arguments})[1]


@dataclass(slots=True)
class Count:
    """What a part of the attack tried and found."""

    requests: int = 0
    wrong: int = 0
    told: int = 0
    scripts: int = 0
    faults: int = 0
    found: list[str] = field(default_factory=list)

    def __add__(self, other: "Count") -> "Count":
        """Both together."""
        return Count(*(getattr(self, key) + getattr(other, key) for key in self.__slots__))

    def look(self, answer: Answer, expected: Container[int], hidden: str | None, what: str) -> None:
        """Count an answer: its status, whom it names, and what would run in it."""
        self.requests += 1
        text = answer.text.casefold()
        is_fault = answer.status >= 500
        is_wrong = not is_fault and answer.status not in expected
        is_told = hidden is not None and hidden.casefold() in text
        is_page = "html" in answer.headers.get("content-type", "")
        is_script = is_page and any(sign in text for sign in RUNS)
        self.faults += is_fault
        self.wrong += is_wrong
        self.told += is_told
        self.scripts += is_script
        if is_fault or is_wrong or is_told or is_script:
            self.found.append(f"{answer.status} {what}")


Tried = tuple[Answer, Container[int], str | None, str]
Tries = Iterator[Tried]


# --- who goes where


def walk(hub: Hub) -> Tries:
    """Each role to each route by each method, with ids of its own account, another and none."""
    for role in WALKERS:
        for rule in hub.rules:
            for method in sorted({*rule.methods, "DELETE"}):
                if rule.endpoint in NOT_WALKED and method == "POST":
                    continue  # it would end the session, or count as a guess
                for whose in ("own", "foreign", "absent") if _ids(rule) else ("own",):
                    yield _step(hub, role, rule, method, whose)


def _step(hub: Hub, role: str, rule: Rule, method: str, whose: str) -> Tried:
    values = hub.book.foreign if whose == "foreign" else {}
    values = dict.fromkeys(_ids(rule), ABSENT) if whose == "absent" else values
    path = hub.path(rule, **values)
    answer = hub.visitors[role].ask(method, path, token=True)
    hidden = HIDDEN_FROM.get(role)
    return answer, expected_of(role, rule, method, whose), hidden, f"{role} {method} {path}"


def expected_of(role: str, rule: Rule, method: str, whose: str) -> set[int]:
    """The statuses with which this role is to be answered there."""
    is_data = ".json" in rule.rule
    if method not in rule.methods:
        return {405}
    if rule.endpoint in OPEN_TO_ALL:
        return {200, 302, 303, 400}
    if role in ("nobody", "ended"):
        return {401} if is_data else {303}
    if role == "fresh" and rule.endpoint not in OF_A_NEW_PASSWORD:
        return {403} if is_data else {303}
    if method == "OPTIONS":
        return {200}
    return _expected_inside(role, rule, method, whose)


def _expected_inside(role: str, rule: Rule, method: str, whose: str) -> set[int]:
    written = {200, 303, 400, 404, 409, 422}
    if rule.endpoint.startswith(OF_ADMINISTRATORS):
        return (written if method in UNSAFE else {200}) if role == "admin" else {403}
    if rule.endpoint in OF_EVERY_WRITER:
        return {303} if role in ("admin", "boss") else {403}
    if not _ids(rule):
        return {200, 302, 400, 422, 303}
    if role in ("admin", "boss"):
        is_there = whose != "absent"
    else:
        is_there = {"reader": "own", "writer": "own", "southerner": "foreign"}.get(role) == whose
    if not is_there:
        return {404}
    if method not in UNSAFE:
        return {200}
    if role not in ("admin", "boss", "writer"):
        return {403}
    return written if "row" in rule.arguments else written - {404}  # who undid it before?


def _ids(rule: Rule) -> list[str]:
    """The arguments that are of an account."""
    return [name for name in rule.arguments if name.endswith("_id") and name != "user_id"]


def foreign_and_absent(hub: Hub) -> Tries:
    """What is another's and what is nowhere are answered alike: body, headers and all."""
    for role in ("reader", "writer", "stranger"):
        for rule in hub.rules:
            for method in sorted({*rule.methods} - {"OPTIONS"}):
                if _ids(rule):
                    there = _step(hub, role, rule, method, "foreign")[0]
                    gone = _step(hub, role, rule, method, "absent")[0]
                    yield there, {404}, None, f"{role} {method} {rule} of another"
                    same = {gone.status} if there.plain() == gone.plain() else set()
                    yield gone, same, None, f"{role} {method} {rule} differs"


def moved(hub: Hub) -> Tries:
    """The readers of each account ask every page about whoever moved, today and on past days."""
    asked = "person={0}&without={0}&question=around&all=1&state=gone&days=999&posts=all"
    days = ("", *(f"&on={today() - STAY * number + STAY / 3}" for number in (3, 2)))
    for role in ("reader", "writer", "southerner"):
        own = hub.book.foreign if role == "southerner" else hub.book.own
        for rule in hub.rules:
            if "GET" in rule.methods and not rule.endpoint.startswith(OF_ADMINISTRATORS):
                for person in hub.book.moved:
                    path = hub.path(rule, **{**own, "person_id": person})
                    for day in days:
                        path_asked = f"{path}?{asked.format(person)}{day}"
                        answer = hub.visitors[role].ask("GET", path_asked)
                        yield answer, {200, 302}, HIDDEN_FROM[role], f"{role} GET {path_asked}"


# --- what is sent


NAMES = (
    *("without", "post", "person", "people", "posts", "unit", "account", "focus", "of", "on"),
    *("after", "visits", "horizon", "name", "kind", "owner", "same", "take", "choice", "status"),
    *("version-shown", "versions-of", "sort", "q", "from", "days", "next", "tier", "severity"),
    *("rule", "role", "timezone", "language", "mark", "function", "level", "since", "ours"),
)
ABSURD = (
    *("9" * 10, "9" * 40, "9" * 5000, "-1", "%D9%A3", "0x10", "1e9", "%201", "1_0", "NaN", "inf"),
    *("0000-00-00", "0001-01-01", "9999-12-31", "2026-02-30", "%ED%A0%80", "%FF%FE", "%C3%28"),
    *("%00", "a%0D%0AX-B:c", "'\"<&\\%25_", "http://[", "//[", "nan~1", "1e400~1", "~~", "1~-1"),
)


def absurd(hub: Hub) -> Tries:
    """Every value that nobody means in every argument, question and field of every route."""
    admin = hub.visitors["admin"]
    for rule in hub.rules:
        for value in ABSURD:
            fields = "&".join(f"{name}={value}" for name in (*NAMES, *fields_of(hub)))
            path, what = hub.path(rule), f"{rule} with {value[:20]}"
            if "GET" in rule.methods:
                yield admin.ask("GET", f"{path}?{fields[:4000]}"), OK, None, f"asked {what}"
            elif rule.endpoint not in NOT_WALKED:
                yield admin.ask("POST", path, fields, token=True), OK, None, f"sent {what}"
            for name in rule.arguments:
                given = re.sub(rf"<[^<>]*\b{name}>", value[:4000], rule.rule)
                given = re.sub(r"<[^<>]*?(\w+)>", lambda part: str(hub.book.own[part[1]]), given)
                yield admin.ask("GET", given), {400, 404, 405, 308}, None, f"in {name} {what}"


OK = {*range(200, 500)}


def fields_of(hub: Hub) -> list[str]:
    """The names of the fields of all forms that an administrator sees."""
    if not hub.visitors["admin"].fields:
        for rule in hub.rules:
            if "GET" in rule.methods:
                page = hub.visitors["admin"].ask("GET", hub.path(rule)).text
                hub.visitors["admin"].fields |= set(re.findall(r' name="([^"]+)"', page))
    return sorted(hub.visitors["admin"].fields - {"csrf_token", *NAMES})


def foreign_ids(hub: Hub) -> Tries:
    """The ids of another account in every question and field: no answer names what they are."""
    numbers = {value for key, value in hub.book.foreign.items() if key.endswith("_id")}
    for role in ("reader", "writer"):
        for rule in hub.rules:
            for number in sorted(numbers):
                form = dict.fromkeys((*NAMES, *fields_of(hub)), number)
                form |= {"take": f"{number}-1", f"owner-{number}-1": number}
                method = "GET" if "GET" in rule.methods else "POST"
                path = hub.path(rule) + (f"?{urlencode(form)[:4000]}" if method == "GET" else "")
                if rule.endpoint in NOT_WALKED and method == "POST":
                    continue
                answer = hub.visitors[role].ask(method, path, urlencode(form), token=True)
                yield answer, OK, HIDDEN_FROM[role], f"{role} {method} {rule} with {number}"


def forged(hub: Hub) -> Tries:
    """Forms without their token, and with that of another session."""
    for role in ("writer", "boss", "admin"):
        for rule in hub.rules:
            if "POST" in rule.methods:
                for token in ("", "x", hub.visitors["reader"].token):
                    headers = {"X-CSRFToken": token} if token else {}
                    path = hub.path(rule)
                    answer = hub.visitors[role].ask("POST", path, "a=b", headers)
                    yield answer, {400}, None, f"{role} POST {path} with token {token[:5]}"


FORM = "multipart/form-data; boundary=x"
PART = 'Content-Disposition: form-data; name="name"'
BODIES = (
    (FORM, "--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--"),
    (FORM, "--x\r\n\r\na\r\n--x--"),
    (FORM, f"--x\r\n{PART}\r\n\r\na"),
    (FORM, f"--x\r\n{PART}; filename=f\r\n\r\na\r\n--x--"),
    (FORM, f"--x\r\n{PART}\r\nContent-Type: a/b; charset=utf-7\r\n\r\n+2AA-\r\n--x--"),
    ("multipart/form-data", "--x"),
    ("application/json", '{"name": "\\ud800"}'),
    ("application/json", "{"),
    ("text/x; charset=nothing", "name=a"),
    ("application/x-www-form-urlencoded; charset=utf-16", "name=a"),
    ("application/x-www-form-urlencoded", "name=a&" * 70_000),
    ("application/x-www-form-urlencoded", "a" * 300_000),
    ("application/x-www-form-urlencoded", "&" * 200_000),
)


def bodies(hub: Hub) -> Tries:
    """Bodies that are no form, too large or without an end, to every form, logged in or not."""
    for role in ("nobody", "writer"):
        for rule in hub.rules:
            if "POST" in rule.methods and rule.endpoint not in NOT_WALKED:
                for kind, body in BODIES:
                    path, headers = hub.path(rule), {"Content-Type": kind}
                    answer = hub.visitors[role].ask("POST", path, body, headers, token=True)
                    yield answer, OK, None, f"{role} POST {path} {kind} {body[:20]!r}"
    for _ in range(4):
        yield hub.visitors["nobody"].endless("/login"), {413}, None, "POST /login without an end"


def slow(hub: Hub) -> Tries:
    """Requests that never end in every thread, and a page beside them that comes all the same."""
    head = b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    begun = (head, head + b"Content-Length: 100\r\n\r\nname=", b"GET /")
    with ExitStack() as held:
        for number in range(SLOW):
            connection = socket.create_connection(("127.0.0.1", hub.port))
            held.enter_context(connection).sendall(begun[number % 3])
        for _ in range(3):
            since = time.monotonic()
            answer = hub.visitors["nobody"].ask("GET", "/login")
            is_soon = time.monotonic() - since < 25
            yield answer, {200} if is_soon else set(), None, "GET /login beside slow visitors"


HEADERS = (
    *ABSURD_HEADERS,
    {"Cookie": "relmap=eyJfdXNlcl9pZCI6IjEuMSJ9.aaaaaa.aaaa"},
    {"Content-Length": "-1"},
    {"Transfer-Encoding": "gzip"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"X-Long": "x" * 20_000},
    *({"Host": host} for host in ("evil.example", "[", "127.0.0.1@evil.example", "127.0.0.1:x")),
)
CLAIMS = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "for=203.0.113.9;proto=https;host=evil.example",
    "Script-Name": "/evil",
    "SCRIPT_NAME": "/evil",
    "PATH_INFO": "/users",
    "X-Real-IP": "203.0.113.9",
    "X-Original-URL": "/users",
    "X-Rewrite-URL": "/users",
}


def headers(hub: Hub) -> Tries:
    """Headers that nobody means, and what only a proxy may claim, from loopback."""
    paths = ("/login", "/", "/accounts", "/alerts/count", "/static/css/app.css", "/nowhere", "//e/")
    for role in ("nobody", "reader"):
        for path in paths:
            for given in HEADERS:
                for more in ({}, {"HX-Request": "true"}):
                    answer = hub.visitors[role].ask("GET", path, headers=given | more)
                    yield answer, OK, "evil", f"{role} GET {path} {given}"
            usual = hub.visitors[role].ask("GET", path).plain()
            for name, value in CLAIMS.items():
                answer = hub.visitors[role].ask("GET", path, headers={name: value})
                same = {answer.status} if answer.plain() == usual else set()
                yield answer, same, "evil", f"{role} GET {path} {name}: {value}"


# --- who guesses


def guesses(hub: Hub) -> Tries:
    """Five guesses at a name are free; who is there, deactivated or nowhere is answered alike."""
    # Of one length, since a page says it.
    seconds: dict[str, list[float]] = {"spare": [], "spire": [], "ended": []}
    answers = set()
    for number in range(6):
        for name, taken in seconds.items():
            since = time.perf_counter()
            answer = hub.visitors["nobody"].log_in(name, f"wrong {number} and long enough")
            taken.append(time.perf_counter() - since)
            answers.add(re.sub(r"[0-9]+", "", answer.plain().replace(name, "")))
            yield answer, {429} if number == 5 else {401}, None, f"guess {number} at {name}"
    yield hub.visitors["nobody"].log_in("boss", PASSWORD), {303}, None, "a colleague's log-in"
    ratio = min(seconds["spire"][:5]) / min(seconds["spare"][:5])
    is_alike = len(answers) == 2 and 0.5 < ratio < 2
    answer = hub.visitors["nobody"].ask("GET", "/healthz")
    said = f"{len(answers)} answers; an unknown name takes {ratio:.2f} times as long"
    yield answer, {200} if is_alike else set(), None, said


PARTS: dict[str, Callable[[Hub], Tries]] = {
    "routes, methods, roles, ids": walk,
    "another's against nowhere": foreign_and_absent,
    "people who moved": moved,
    "another's ids in fields": foreign_ids,
    "values nobody means": absurd,
    "forged forms": forged,
    "bodies": bodies,
    "slow visitors": slow,
    "headers, claims of proxies": headers,
    "guesses": guesses,
}


def main() -> None:
    for name in DATABASES:
        print(f"\n### Attack on {name}\n\n{machine()}\n")
        print("| what | requests | wrong statuses | names told | scripts | 5xx |")
        print("|---|---|---|---|---|---|")
        total = Count()
        with attacked(name) as (hub, log):
            for what, part in PARTS.items():
                count = Count()
                for tried in islice(part(hub), MOST):
                    count.look(*tried)
                _print(what, count)
                total += count
            _print("all", total)
            lines = log.read_text(encoding="utf-8", errors="replace")
            said = [word for word in (PASSWORD, NORTH, SOUTH, "Traceback") if word in lines]
            print(f"\nThe log has {len(lines.splitlines())} lines and names {said or 'nobody'}.")
        for line in total.found[:SHOWN]:
            print(f"- {line[:200]}")


def _print(what: str, count: Count) -> None:
    numbers = (count.requests, count.wrong, count.told, count.scripts, count.faults)
    print(f"| {what} | " + " | ".join(f"{number:,}" for number in numbers) + " |", flush=True)


@contextmanager
def attacked(name: str) -> Iterator[tuple[Hub, Path]]:
    """A server of its own on this database, with a visitor of each role logged in."""
    books: list[Book] = []
    with tempfile.TemporaryDirectory() as folder, _database(name) as url:
        log = Path(folder) / "log"
        with (
            log.open("wb") as file,
            served(lambda: books.append(fill(PAYLOAD)), url=url, log=file) as port,
        ):
            hub = _hub(port, books[0])
            yield hub, log
            for visitor in hub.visitors.values():
                visitor.connection.close()


def _database(name: str):
    return postgresql() if name == "PostgreSQL" else nullcontext(None)


def _hub(port: int, book: Book) -> Hub:
    hub = Hub(port, _rules(), book)
    hub.visitors = {role: Stranger(port) for role in ("nobody", *ROLES)}
    for role in ROLES:
        hub.visitors[role].log_in(role, PASSWORD)
    switch = next(rule for rule in hub.rules if rule.endpoint == "users.switch")
    path = hub.path(switch, user_id=book.ended)
    hub.visitors["admin"].ask("POST", path, "on=0", token=True)
    return hub


def _rules() -> list[Rule]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/none.sqlite"
        app: Flask = create_app({"RELMAP_DATABASE_URL": url, "RELMAP_INSTANCE": folder})
        return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main()
