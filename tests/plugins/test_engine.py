"""The engine's habits: one process for many accounts, fresh rules, limits, nothing left over."""

import os
import signal
import subprocess
import sys
import textwrap
from contextlib import suppress
from dataclasses import is_dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from relmap.hub.engine import ActiveRule, Engine, InProcess, Limits
from relmap.hub.engine.examiner import Examiner
from relmap.hub.engine.reports import Report, decode
from relmap.hub.engine.wire import REDUCERS, packed
from relmap.testing import AccountBuilder


def test_a_view_reaches_the_child_as_it_is(view):
    import pickle

    assert pickle.loads(packed([view, view])) == (view, view)


def test_every_kind_of_row_goes_to_the_child_by_its_constructor(view):
    several = [value for value in view.__getstate__().values() if isinstance(value, tuple)]
    sent = {row.__class__ for rows in several for row in rows if is_dataclass(row)}
    assert sent <= REDUCERS.keys()
    assert len(sent) > 4  # the kinds of one account


def test_outcomes_carry_what_the_rule_gave(engine, rule, view):
    (outcome,) = engine.score(view, [rule("Sound")])
    assert (outcome.plugin, outcome.key, outcome.version) == ("broken", "broken.sound", 1)
    assert outcome.score.points == 1.0
    assert outcome.score.evidence[0].values == {"count": 3}
    assert outcome.seconds > 0


def test_the_child_gives_what_this_process_gives(engine, rule, view):
    rules = [rule("Sound"), rule("NothingToSay")]
    apart, here = engine.score(view, rules), InProcess().score(view, rules)
    assert [replace(outcome, seconds=0) for outcome in apart] == [
        replace(outcome, seconds=0) for outcome in here
    ]


def test_alert_rules_see_both_views(engine, rule, view):
    (outcome,) = engine.check(view, view, [rule("Sound", "alert")])
    assert [str(alert.refs[0]) for alert in outcome.alerts] == ["person:1"]


def test_no_rules_need_no_process(engine, view):
    assert engine.score(view, []) == ()
    assert engine.process_id is None


def test_one_process_serves_many_accounts(engine, rule, view):
    engine.score(view, [rule("Sound")])
    first = engine.process_id
    for days in range(1, 30):
        later = replace(view, as_of=view.as_of + timedelta(days=days))
        engine.score(later, [rule("Sound"), rule("Raises"), rule("WritesToNode")])
    assert engine.process_id == first != os.getpid()


def test_the_process_is_replaced_once_it_was_killed(engine, rule, view):
    engine.score(view, [rule("Sound")])
    first = engine.process_id
    engine.score(view, [rule("EndsProcess"), rule("Sound")])
    second = engine.process_id
    assert second != first
    engine.score(view, [rule("Sound")])
    assert engine.process_id == second


def test_a_process_killed_between_accounts_is_nobodys_fault(engine, rule, view):
    engine.score(view, [rule("Sound")])
    os.kill(engine.process_id, 9)
    engine._child.process.join()
    assert [outcome.status for outcome in engine.score(view, [rule("Sound")])] == ["ok"]


def test_a_rule_is_fresh_for_each_account(engine, rule, view):
    remembers = rule("Remembers")
    points = [engine.score(view, [remembers])[0].score.points for _ in range(3)]
    assert points == [1.0, 1.0, 1.0]


def test_what_a_rule_started_ends_with_it(rule, view, tmp_path):
    """The rule forks and hangs; both processes are in the child's group, and the group ends."""
    with Engine(Limits(rule_seconds=2)) as engine:
        engine.score(view, [rule("Sound")])
        group = engine.process_id
        engine.score(view, [rule("ForksAndHangs")])
        wait_for(lambda: not alive_in(group))
    assert alive_in(group) == []


def alive_in(group: int) -> list[str]:
    """Processes of a group, dead ones that nobody has asked after aside."""
    done = subprocess.run(["ps", "-eo", "pgid=,stat="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    return [stat for number, stat in rows if int(number) == group and not stat.startswith("Z")]


def wait_for(condition) -> None:
    """Until it holds; a test that waits for ever is stopped from outside."""
    while not condition():
        os.sched_yield()


def test_nothing_is_printed_by_rules(view):
    """In a process of its own, so that its real standard output and error are looked at."""
    code = textwrap.dedent(f"""
        import sys
        sys.path.insert(0, {str(Path(__file__).parent / "broken")!r})
        import broken_rules
        from relmap.contracts import AccountView
        from relmap.hub.engine import ActiveRule, Engine
        view = AccountView.from_json({view.to_json()!r})
        with Engine() as engine:
            (outcome,) = engine.score(view, [ActiveRule("broken", broken_rules.Prints(), "score")])
        print(outcome.status)
    """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "ok\n"
    assert done.stderr == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
@pytest.mark.parametrize(("name", "count"), [("Loops", 1), ("ForksAndHangs", 2)])
def test_a_looping_rule_ends_with_the_process_that_ran_it(view, tmp_path, name, count):
    """Killed, so that nobody has the time to stop anything; what the rule started ends too."""
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(f"""
            import sys, threading
            sys.path.insert(0, {str(Path(__file__).parent / "broken")!r})
            import broken_rules
            from relmap.contracts import AccountView
            from relmap.hub.engine import ActiveRule, Engine, Limits
            view = AccountView.from_json({view.to_json()!r})
            engine = Engine(Limits(rule_seconds=600, account_seconds=600))
            engine.score(view, [ActiveRule("broken", broken_rules.Sound(), "score")])
            rules = [ActiveRule("broken", broken_rules.{name}(), "score")]
            threading.Thread(target=engine.score, args=(view, rules)).start()
            print(engine.process_id, flush=True)
        """)
    )
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as run:
        child = int(run.stdout.readline())
        wait_for(lambda: len(group_of(child)) == count)
        run.kill()
    wait_for(lambda: not group_of(child))


def group_of(process_id: int) -> list[int]:
    """The processes that run in the group of one."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            state, _, group = file.read_text().rpartition(")")[2].split()[:3]
            if int(group) == process_id and state != "Z":
                found.append(int(file.parent.name))
    return found


def test_a_script_without_a_guard_does_not_start_anew(view, tmp_path):
    """multiprocessing would run the main module again in the child."""
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(f"""
            import sys
            sys.path.insert(0, {str(Path(__file__).parent / "broken")!r})
            import broken_rules
            from relmap.contracts import AccountView
            from relmap.hub.engine import ActiveRule, Engine
            print("once")
            view = AccountView.from_json({view.to_json()!r})
            with Engine() as engine:
                rules = [ActiveRule("broken", broken_rules.Sound(), "score")]
                print(engine.score(view, rules)[0].status)
        """)
    )
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout == "once\nok\n"


def test_the_child_holds_neither_flask_nor_sqlalchemy(engine, view, tmp_path, monkeypatch):
    (tmp_path / "curious.py").write_text(
        textwrap.dedent("""
            import sys
            from relmap.contracts import Evidence, Score

            class Curious:
                key, version, title = "curious.modules", 1, "What is loaded"

                def score(self, view):
                    heavy = {"flask", "sqlalchemy", "pyvis", "relmap.cli"} & set(sys.modules)
                    values = {"heavy": " ".join(sorted(heavy))}
                    return Score((Evidence("{heavy}", 1.0, values=values),), 1.0)
        """)
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    import curious

    (outcome,) = engine.score(view, [ActiveRule("curious", curious.Curious(), "score")])
    assert outcome.score.evidence[0].values == {"heavy": ""}


SAYS = """
from relmap.contracts import Evidence, Score

class Renewed:
    key, version, title = "renewed.rule", VERSION, "A rule"

    def score(self, view):
        return Score((Evidence("version VERSION", 1.0),), 1.0)
"""


def test_a_rule_upgraded_while_relmap_runs_gives_nothing_under_its_old_version(
    view, tmp_path, monkeypatch
):
    file = tmp_path / "renewed.py"
    file.write_text(SAYS.replace("VERSION", "1"))
    monkeypatch.syspath_prepend(str(tmp_path))
    import renewed

    rules = [ActiveRule("renewed", renewed.Renewed(), "score")]
    file.write_text(SAYS.replace("VERSION", "2 ** 1"))
    with Engine(Limits()) as engine:  # its child imports what is there by now
        (outcome,) = engine.score(view, rules)
    assert (outcome.status, outcome.version, outcome.score) == ("failed", 1, None)
    assert "renewed.rule 2 is installed by now, and renewed.rule 1 was loaded." in outcome.reason


def test_the_time_of_an_account_is_limited(rule, view):
    with Engine(Limits(rule_seconds=60, account_seconds=0.5)) as engine:
        outcomes = engine.score(view, [rule("Sound"), rule("Loops"), rule("NothingToSay")])
    assert [outcome.status for outcome in outcomes] == ["timed_out"] * 3
    assert [outcome.ran for outcome in outcomes] == [False] * 3
    assert outcomes[2].reason == "The account's 0.5 s were used up before it could end."


def test_an_engine_may_be_used_again_after_it_was_closed(rule, view):
    engine = Engine()
    engine.score(view, [rule("Sound")])
    engine.close()
    assert engine.score(view, [rule("Sound")])[0].status == "ok"
    engine.close()
    assert engine.process_id is None


def test_an_engine_interrupted_by_ctrl_c_may_be_used_again(engine, rule, view):
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        with pytest.raises(KeyboardInterrupt):
            engine.score(view, [rule("Loops")])
    finally:
        signal.signal(signal.SIGALRM, before)
    assert engine.process_id is None
    (outcome,) = engine.score(view, [rule("Sound")])
    assert outcome.key == "broken.sound"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"nonsense",
        b"[]\t",
        b'{"rule": 1}',
        b"\x80\x04K\x01.",  # a pickle
    ],
)
def test_what_is_no_line_of_ours_is_refused(line):
    with pytest.raises(ValueError):  # noqa: PT011  # json's own, or ours
        decode(line)


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"status": "fine", "reason": "", "seconds": 0, "is_spent": False},
        {"status": "ok", "reason": "", "seconds": None, "is_spent": False},
    ],
)
def test_what_is_no_report_of_ours_is_refused(header):
    with pytest.raises(ValueError, match="Not a report"):
        Report.read(header, "")


def test_a_person_called_as_a_word_does_not_make_the_word_a_name(engine, tmp_path, monkeypatch):
    """Lists of people hold shared mailboxes: "Purchasing", "Quality"."""
    (tmp_path / "wordy.py").write_text(
        textwrap.dedent("""
            from relmap.contracts import Evidence, Score

            class Wordy:
                key, version, title = "wordy.words", 1, "Words"

                def score(self, view):
                    values = {"function": "Purchasing"}
                    text = "Purchasing in {0}: {function}"
                    return Score((Evidence(text, 1.0, (view.account.ref,), values),), 1.0)
        """)
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    import wordy

    view = AccountBuilder().tenure("Purchasing", "Buyer", since="2025-01-01").view("2026-07-01")
    (outcome,) = engine.score(view, [ActiveRule("wordy", wordy.Wordy(), "score")])
    assert (outcome.status, outcome.reason) == ("ok", "")


def test_a_reason_names_nobody(rule):
    book = AccountBuilder().person("Ann", latin_name="Ann", external_ids=("mail:ann@example.com",))
    view = book.tenure("Ann", "Buyer", since="2025-01-01").view("2026-07-01")
    (outcome,) = InProcess().score(view, [rule("RaisesWithName")])
    assert "no level for [person:1] " in outcome.reason
    examiner = Examiner((view,), Limits())
    assert examiner.without_names("Anna asked ann@example.com, Ann") == (
        "Anna asked [person:1], [person:1]"
    )
