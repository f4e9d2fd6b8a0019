"""What plug-ins change in our process is as it was once they are imported and asked for rules."""

import builtins
import decimal
import locale
import logging
import os
import random
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from relmap.contracts import AccountView, Score
from relmap.hub.engine.processes import children, children_since, now
from relmap.hub.registry import discovery, find_plugins
from relmap.hub.registry.rules import build
from relmap.languages import tell

RULE = """
    from relmap.api import Evidence, Score, hookimpl

    class Rule:
        key, version, title = "NAME.people", 1, "People"

        def score(self, view):
            return Score((Evidence("people", 1.0),), 1.0)
"""
WHEN_IMPORTED = RULE + "\n    BODY\n\n    @hookimpl\n    def scoring_rules(): return [Rule()]\n"
WHEN_ASKED = (
    RULE + "\n    @hookimpl\n    def scoring_rules():\n        BODY\n        return [Rule()]\n"
)


def put(install, name: str, body: str, source: str = WHEN_IMPORTED) -> None:
    indent = " " * (8 if source is WHEN_ASKED else 4)
    install(name, source.replace("BODY", textwrap.indent(textwrap.dedent(body), indent).strip()))


def mask() -> int:
    now = os.umask(0o022)
    os.umask(now)
    return now


SHARED = {
    "folder": ("import os; os.chdir('/')", Path.cwd),
    "variables": (
        "import os; os.environ['TZ'] = 'Asia/Tokyo'; os.environ.pop('PATH')",
        lambda: dict(os.environ),
    ),
    "zone": (
        "import os, time; os.environ['TZ'] = 'Etc/GMT-14'; time.tzset()",
        lambda: time.localtime(0)[:5],
    ),
    "mask": ("import os; os.umask(0o777)", mask),
    "locale": (
        "import locale; locale.setlocale(locale.LC_ALL, 'C.UTF-8')",
        lambda: locale.setlocale(locale.LC_ALL),
    ),
    "decimals": (
        "import decimal; decimal.getcontext().prec = 2",
        lambda: decimal.getcontext().prec,
    ),
    "chance": ("import random; random.seed(1)", random.getstate),
    "patience": ("import socket; socket.setdefaulttimeout(0.001)", socket.getdefaulttimeout),
    "recursion": ("import sys; sys.setrecursionlimit(150)", sys.getrecursionlimit),
    "warnings": (
        "import warnings; warnings.simplefilter('error')",
        lambda: list(warnings.filters),
    ),
    "signals": (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)",
        lambda: signal.getsignal(signal.SIGTERM),
    ),
    "builtins": (
        "import builtins; builtins.sorted = lambda rows, **how: list(rows)",
        lambda: builtins.sorted,
    ),
    "path": (
        "import sys; sys.path[:] = ['/elsewhere']",
        lambda: [place for place in sys.path if place != "/elsewhere"],
    ),
    "modules": (
        "import sys; sys.modules['json'] = None; del sys.modules['relmap.languages']",
        lambda: (sys.modules.get("json"), sys.modules.get("relmap.languages")),
    ),
    "loggers": (
        "import logging.config; logging.config.dictConfig({'version': 1}); logging.disable()",
        lambda: (logging.root.manager.disable, logging.getLogger("relmap.jobs.sweep").disabled),
    ),
    "streams": (
        """
        import io, sys
        sys.stdout = io.TextIOWrapper(sys.stdout.buffer)
        sys.stderr.close()
        """,
        lambda: (sys.stdout, sys.stderr, sys.stderr.closed),
    ),
    "files": ("import os; os.closerange(0, 3)", lambda: [os.fstat(n).st_ino for n in (0, 1, 2)]),
}


@pytest.mark.parametrize("source", [WHEN_IMPORTED, WHEN_ASKED], ids=["imported", "asked"])
def test_what_everybody_shares_is_as_it_was(install, monkeypatch, source):
    monkeypatch.setattr(sys, "path", [*sys.path])
    logging.getLogger("relmap.jobs.sweep")
    for name, (body, _) in SHARED.items():
        put(install, name, body, source)
    before = {name: read() for name, (_, read) in SHARED.items()}
    registry = find_plugins()
    made = build(registry.plugins, {})
    assert {name: SHARED[name][1]() for name in before} == before
    assert sys.path[0] != "/elsewhere"
    assert made.problems == ()
    assert {f"{name}.people" for name in SHARED} <= {rule.key for rule in made.rules}


OURS = {
    "patches_class": "Score.points = property(lambda self: 99.0)",
    "patches_view": "from relmap.api import AccountView; AccountView.people_of = lambda *a: ()",
    "patches_words": "import relmap.languages as words; words.tell = lambda *a: 'nonsense'",
    "patches_bundled": "import relmap_plugins.breadth as b; b.PeopleKnown.version = 77",
}
LEAVES = {
    "leaves_thread": """
        import threading, time
        threading.Thread(target=lambda: NAP).start()
    """,
    "leaves_pool": """
        import time
        from concurrent.futures import ThreadPoolExecutor
        ThreadPoolExecutor(1).submit(lambda: NAP)
    """,
    "leaves_process": "import os; os.spawnlp(os.P_NOWAIT, 'sleep', 'sleep', '99')",
}


@pytest.fixture
def _until_threads_have_ended() -> Iterator[None]:
    """What was interrupted ends within this test, not in whichever comes a minute later."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(30)


@pytest.mark.usefixtures("_until_threads_have_ended")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("source", [WHEN_IMPORTED, WHEN_ASKED], ids=["imported", "asked"])
def test_who_changes_our_code_or_leaves_something_running_is_left_out(install, source):
    in_steps = "[time.sleep(0.05) for _ in range(2000)]"
    for name, body in (OURS | LEAVES).items():
        put(install, name, body.replace("NAP", in_steps), source)
    put(install, "other", "pass", source)
    before = Score.points, AccountView.people_of, tell
    registry = find_plugins()
    made = build(registry.plugins, {})
    said = {name: str(line) for name, line in made.problems}
    said |= {row.name: str(row.reason) for row in registry.plugins if row.reason}
    for name in OURS:
        assert said.pop(name).endswith("It changed relmap's own code while it ran.")
    for name in LEAVES:
        what = "process" if name == "leaves_process" else "thread"
        assert said.pop(name).endswith(f"It left a {what} running.")
    assert said == {}
    assert (Score.points, AccountView.people_of, sys.modules["relmap.languages"].tell) == before
    (known,) = [rule for rule in made.rules if rule.key == "breadth.people_known"]
    assert known.version != 77
    assert [rule.key for rule in made.rules if rule.plugin in (OURS | LEAVES)] == []
    assert [rule.key for rule in made.rules if rule.plugin == "other"] == ["other.people"]


@pytest.fixture
def sleeper() -> Iterator[Callable[[], subprocess.Popen]]:
    """``sleeper()`` is a process of ours that sleeps."""
    started = []

    def start() -> subprocess.Popen:
        started.append(subprocess.Popen(["sleep", "99"]))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.parametrize("where", ["main", "thread"])
@pytest.mark.parametrize("source", [WHEN_IMPORTED, WHEN_ASKED], ids=["imported", "asked"])
def test_a_process_that_others_start_meanwhile_is_none_of_the_plug_in(
    install, sleeper, source, where
):
    put(install, "slow", "import time; time.sleep(0.5)", source)
    with ThreadPoolExecutor(2) as pool:
        other = pool.submit(lambda: (time.sleep(0.2), sleeper())[1])
        if where == "main":
            made = build(find_plugins().plugins, {})
        else:
            made = pool.submit(lambda: build(find_plugins().plugins, {})).result(60)
        assert other.result(60).poll() is None
    assert made.problems == ()
    assert "slow.people" in [rule.key for rule in made.rules]


def test_who_ends_long_after_its_time_was_up_ends_nothing_and_puts_nothing_back(
    install, sleeper, monkeypatch
):
    """It was left behind in its thread, and everything that was started since is new to it."""
    monkeypatch.setattr(discovery, "IMPORT_SECONDS", 0.2)
    put(install, "late", "import time; time.sleep(1.5)")
    before = set(threading.enumerate())
    with ThreadPoolExecutor(1) as pool:
        registry = pool.submit(find_plugins).result(30)
    assert "took longer" in str(registry.plugin("late").reason)
    (left,) = set(threading.enumerate()) - before
    other = sleeper()
    monkeypatch.setattr(discovery, "IMPORT_SECONDS", 0.3)
    left.join(30)
    assert not left.is_alive()
    assert other.poll() is None
    assert discovery.IMPORT_SECONDS == 0.3


def test_a_process_handed_over_by_a_thread_that_ends_is_not_new(sleeper):
    """Whoever lists the children while that thread ends may find them with neither thread."""
    with ThreadPoolExecutor(1) as pool:
        older = pool.submit(sleeper).result(30)
        time.sleep(0.05)
        begun = now()
        assert older.pid not in children_since(begun, [threading.get_native_id()])
    newer = sleeper()
    assert older.pid in children()
    assert children_since(begun, [threading.get_native_id()]) == {newer.pid}


def test_relmap_ends_whatever_a_plug_in_left_to_be_done(install, tmp_path):
    """The end of the process waits for no thread, no pool and no last words, and is not doubled."""
    put(install, "last_words", "import atexit, time; atexit.register(time.sleep, 99)")
    put(install, "forks", "import os; os.fork()")
    put(install, "timer", "import os, threading; threading.Timer(0.3, os._exit, (5,)).start()")
    for name, body in LEAVES.items():
        put(install, name, body.replace("NAP", "time.sleep(99)"))
    script = "from relmap.hub import supervision, registry; supervision.LAST_SECONDS = 0.2\n"
    script += "rows = registry.find_plugins().plugins; import time; time.sleep(0.6)\n"
    script += "print(*[row.name for row in rows if row.reason])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
    )
    assert done.stdout.split() == ["forks", *sorted(LEAVES), "timer"]


@pytest.mark.parametrize("where", ["main", "thread"])
def test_a_plug_in_that_says_that_somebody_pressed_ctrl_c_is_named(install, where):
    put(install, "mine", "raise KeyboardInterrupt")
    if where == "main":
        assert threading.current_thread() is threading.main_thread()
        registry = find_plugins()
    else:
        with ThreadPoolExecutor(1) as pool:
            registry = pool.submit(find_plugins).result(30)
    said = str(registry.plugin("mine").reason)
    assert said.startswith("It could not be loaded: SystemExit: KeyboardInterrupt")


@pytest.fixture
def listening() -> Iterator[None]:
    """Ctrl-C reaches us, also where we were started in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("listening")
def test_ctrl_c_while_a_plug_in_is_imported_ends_the_command(install):
    put(install, "mine", "import os, signal; os.kill(os.getpid(), signal.SIGINT)")
    with pytest.raises(KeyboardInterrupt):
        find_plugins()
