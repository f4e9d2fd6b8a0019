"""The server's worker: started wherever the server was."""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace
from warnings import catch_warnings

import pytest
from flask import Flask

from relmap.cli import server
from relmap.cli.server import WEB_PROCESSES, WEB_THREADS, worker_command
from relmap.cli.web_process import (
    HEAD_SECONDS_WHEN_FULL,
    RECEIVE_SECONDS,
    ROUND_SECONDS,
    TAKE_SECONDS,
    _cut,
    _left,
)
from relmap.facts.users import add_user
from relmap.models import db, writing
from relmap.web.standstill import Standstill


def test_a_folder_of_that_name_does_not_stand_in_for_relmap(tmp_path):
    (tmp_path / "relmap").mkdir()  # as in the folder above a checkout

    asked = [*worker_command(1), "--help"]
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_a_worker_that_cannot_start_is_tried_again(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(server, "RESTART_SECONDS", 0.05)
    monkeypatch.setattr(server, "STEADY_SECONDS", 0.2)
    program, mark, stop = tmp_path / "worker", tmp_path / "mark", threading.Event()
    standstill = Standstill(Flask("beside"))
    keeper = threading.Thread(target=server.keep_worker, args=([str(program)], stop, standstill))
    keeper.start()
    try:
        while "The worker cannot start (No such file or directory)" not in caplog.text:
            time.sleep(0.01)
        made = tmp_path / "made"
        made.write_text(f"#!/bin/sh\ntouch {mark}\nwhile [ -e {mark} ]; do sleep 0.05; done\n")
        made.chmod(0o700)
        assert standstill.since is not None
        made.rename(program)
        while not mark.exists() or standstill.since is not None:
            time.sleep(0.01)
        mark.unlink()
        while standstill.since is None:  # it has ended, and so does each that follows
            mark.unlink(missing_ok=True)
            time.sleep(0.01)
    finally:
        stop.set()
        mark.unlink(missing_ok=True)
        keeper.join()
    assert "The worker ended (0); another starts in" in caplog.text


def test_the_pauses_between_workers_that_end_at_once_grow(monkeypatch, caplog):
    monkeypatch.setattr(server, "RESTART_SECONDS", 1)
    monkeypatch.setattr(server, "LONGEST_PAUSE", 4)
    pauses, stop = [], threading.Event()

    def wait(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 4:
            stop.set()

    asked = SimpleNamespace(is_set=stop.is_set, wait=wait, set=stop.set)
    server.keep_worker(["false"], asked, Standstill(Flask("beside")))
    assert pauses == [1, 2, 4, 4]


def test_that_background_work_stands_still_is_told_where_alerts_and_plug_ins_are(app, visit):
    standstill = Standstill(app)
    with app.app_context(), writing():
        add_user("ada", role="administrator", password="seven boats in a row")
    said = "Background work stands still since"
    for path in ("/alerts", "/plug-ins"):
        assert said not in visit("ada").get(path).text
    other = get_context("fork").Process(target=standstill.begin)  # the other side of a fork
    with catch_warnings(action="ignore"):
        other.start()
    other.join()
    for path in ("/alerts", "/plug-ins"):
        assert said in visit("ada").get(path).text


@pytest.fixture
def taken():
    """A port of this machine on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def serve(environment, *arguments):
    """`relmap serve` as somebody types it, until it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "relmap", "serve", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_port_in_use_is_refused_in_one_line(app, environment, taken):
    done = serve(environment, "--port", str(taken))

    assert (done.returncode, done.stdout) == (1, "")
    said = rf"Port {taken} is in use on 127\.0\.0\.1\. Choose another: relmap serve --port (\d+)\n"
    other = re.fullmatch(said, done.stderr)
    assert other, done.stderr
    with socket.create_server(("127.0.0.1", int(other[1]))):
        pass  # free indeed


def test_an_address_of_another_machine_is_refused_in_one_line(app, environment):
    done = serve(environment | {"RELMAP_ALLOW_HTTP": "1"}, "--host", "192.0.2.1", "--port", "8000")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Port 8000 on 192.0.2.1 cannot be served: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.fixture
def served(app, environment):
    """The server with its port, when it listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "relmap", "serve", "--port", str(port)],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    with server:
        try:
            assert f"relmap serves http://127.0.0.1:{port} " in server.stdout.readline()
            yield server, port
        finally:
            server.terminate()


def ask(port, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_it_says_that_it_serves_when_it_listens(served):
    socket.create_connection(("127.0.0.1", served[1])).close()


# --- connections are made after the fork


@pytest.mark.postgresql
def test_no_two_processes_share_a_connection(served, visit, mia, app):
    server, port = served
    cookie = visit(mia).get_cookie("relmap")
    for _ in range(40):  # until each has asked its database
        assert ask(port, "/accounts", Cookie=f"relmap={cookie.value}").status == 200
    pages = web_processes(server.pid)
    assert len(pages) == WEB_PROCESSES
    listening = {line.split()[9] for line in tcp_table() if line.split()[3] == "0A"}
    held = [sockets(pid) - listening for pid in (server.pid, *pages)]
    for at, one in enumerate(held):
        for other in held[at + 1 :]:
            assert one & other == set()
    with app.app_context():
        book = Path(db.engine.url.database or "").resolve()
    assert book not in files(server.pid)


@pytest.fixture
def forks(tmp_path, monkeypatch) -> Path:
    """Where each process that relmap forks writes what the collector passes by, and what not."""
    (tmp_path / "sitecustomize.py").write_text(
        "import gc, os\n"
        "def tell():\n"
        "    with open(os.environ['FORKS'], 'a') as told:\n"
        "        print(os.getpid(), gc.get_freeze_count(), len(gc.get_objects()), file=told)\n"
        "os.register_at_fork(after_in_child=tell)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("FORKS", str(tmp_path / "forks"))
    return tmp_path / "forks"


def test_the_collector_passes_by_what_the_server_loaded(forks, served):
    server, port = served
    assert ask(port, "/login").status == 200
    while len(counts := counts_of(web_processes(server.pid), forks)) < WEB_PROCESSES:
        time.sleep(0.01)
    for frozen, walked in counts:
        assert frozen > 20 * walked


def counts_of(pids: list[int], forks: Path) -> list[tuple[int, int]]:
    """How many objects the collector passes by and how many not, in each of these processes."""
    told = [tuple(map(int, line.split())) for line in forks.read_text().splitlines()]
    return [(frozen, walked) for pid, frozen, walked in told if pid in pids]


def web_processes(parent: int) -> list[int]:
    """The children that serve: the worker beside them is another program."""
    found = []
    for task in Path(f"/proc/{parent}/task").iterdir():
        found += (task / "children").read_text().split()
    programs = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in found}
    return [pid for pid, words in programs.items() if b"work" not in words]


def tcp_table() -> list[str]:
    return Path("/proc/net/tcp").read_text().splitlines()[1:]


def files(pid: int) -> set[Path]:
    """What a process holds open."""
    found = set()
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.add(handle.readlink())
        except FileNotFoundError:  # closed meanwhile
            continue
    return found


def sockets(pid: int) -> set[str]:
    """The numbers of the sockets to databases and visitors that a process holds."""
    numbers = {name[8:-1] for file in files(pid) if (name := str(file)).startswith("socket:[")}
    unix = {line.split()[6] for line in Path("/proc/net/unix").read_text().splitlines()[1:]}
    return {
        number for number in numbers if number in unix | {row.split()[9] for row in tcp_table()}
    }


# --- what visitors send


def test_slow_visitors_do_not_keep_the_others_out(served):
    """Each thread of each process is given a request that never ends; a page comes all the same."""
    head = b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    kinds = (head, head + b"Content-Length: 100\r\n\r\nname=", b"GET /")
    slow = []
    for number in range(2 * WEB_PROCESSES * WEB_THREADS):
        slow.append(socket.create_connection(("127.0.0.1", served[1])))
        slow[-1].sendall(kinds[number % len(kinds)])
    try:
        assert ask(served[1], "/login").status == 200
    finally:
        for one in slow:
            one.close()


def test_a_slow_request_is_not_waited_for_and_a_slow_answer_goes_on():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"half a reque")
        _cut(ours, RECEIVE_SECONDS - 1)
        ours.sendall(b"an answer")
        _cut(ours, RECEIVE_SECONDS + 1)
        ours.sendall(b", still going")
        assert theirs.recv(100) == b"an answer, still going"
        assert (ours.recv(100), ours.recv(100)) == (b"half a reque", b"")
        _cut(ours, ROUND_SECONDS + 1)
        with pytest.raises(BrokenPipeError):
            ours.sendall(b"too late")


def test_while_all_threads_are_taken_the_head_of_a_request_has_less_time():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"half a reque")
        _cut(ours, HEAD_SECONDS_WHEN_FULL, is_urgent=True)
        _cut(ours, RECEIVE_SECONDS)
        ours.setblocking(False)
        assert ours.recv(100) == b"half a reque"
        with pytest.raises(BlockingIOError):
            ours.recv(100)
        _cut(ours, HEAD_SECONDS_WHEN_FULL + 1, is_urgent=True)
        assert ours.recv(100) == b""


def test_an_answer_of_which_nothing_is_taken_ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert _left(ours, None, 1.0) == (0, 1.0)
        ours.sendall(b"an answer")
        begun = _left(ours, (0, 1.0), 2.0)
        assert begun[0] > 0
        assert (_left(ours, begun, 9.0), begun[1]) == (begun, 2.0)
        _cut(ours, 1, untaken=TAKE_SECONDS)
        ours.sendall(b", going on")
        assert _left(ours, begun, 10.0)[1] == 10.0
        assert theirs.recv(100) == b"an answer, going on"
        assert _left(ours, begun, 11.0) == (0, 11.0)
        _cut(ours, 1, untaken=TAKE_SECONDS + 1)
        with pytest.raises(BrokenPipeError):
            ours.sendall(b"too late")


@pytest.mark.parametrize(
    "header", [{"SCRIPT_NAME": "/evil"}, {"Script-Name": "/evil"}, {"PATH_INFO": "/healthz"}]
)
def test_this_machine_renames_no_page(served, header):
    answer = ask(served[1], "/accounts", **header)
    assert (answer.status, answer.headers["Location"]) == (303, "/login?next=/accounts")


def test_this_machine_claims_no_https(served):
    plain = ask(served[1], "/accounts")
    for name, value in (
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Protocol", "ssl"),
        ("X-Forwarded-Ssl", "on"),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Prefix", "/evil"),
        ("X-Forwarded-For", "192.0.2.7"),
        ("Forwarded", "for=192.0.2.7;proto=https;host=evil.example"),
    ):
        answer = ask(served[1], "/accounts", **{name: value})
        assert (answer.status, answer.headers["Location"]) == (303, plain.headers["Location"]), name
