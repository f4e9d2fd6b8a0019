"""One broken rule a failure mode: it gets its line of explanation, the others their results."""

from pathlib import Path

import pytest

from relmap.hub.engine import Engine, InProcess, Limits

SCORING = [
    ("Raises", "failed", "KeyError: 'no such level' (broken_rules.py, line "),
    ("RaisesWithName", "failed", "ValueError: no level for [person:1] "),
    ("RaisesWithoutEnd", "failed", "ValueError: line one xxxx"),
    ("RaisesUnprintable", "failed", "Mute (broken_rules.py"),
    ("Exits", "failed", "SystemExit: 0 (broken_rules.py"),
    ("Interrupts", "failed", "KeyboardInterrupt (broken_rules.py"),
    ("EndsProcess", "failed", "It ended its process with exit status 3 while it ran."),
    ("Crashes", "failed", "Its process was killed by SIGSEGV while it ran."),
    ("EatsMemory", "failed", "It asked for more than 256 MiB of memory (broken_rules.py"),
    ("LiesBySubclass", "failed", "99.0 points are not between 0 and 10.0."),
    ("LiesByForce", "failed", "20.0 points are not between 0 and 10.0."),
    ("OutOfRange", "failed", "11.0 points are not between 0 and 10.0."),
    ("WrongType", "failed", "It returned an int, not a Score or NotApplicable."),
    ("ForgetsToReturn", "failed", "It returned nothing, not a Score or NotApplicable."),
    ("WrongTypeInside", "failed", "This is no Score"),
    ("StrangeValue", "failed", "The value 'day' must be a text, a number or nothing."),
    ("NotANumber", "failed", "not JSON compliant"),
    ("UnknownRef", "failed", "It points at person:987654, which this account does not hold."),
    ("UnknownOwner", "failed", "It points at person:987654, which this account does not hold."),
    ("NameInText", "failed", "A text holds the name of person:1; write {0}"),
    ("NameInValue", "failed", "The value 'who' is the name of person:1."),
    ("SteeringSigns", "failed", "A text holds signs that are not shown: 'one\\x1b[2J'"),
    ("NoSignInValue", "failed", "The value 'x' holds signs that are not shown."),
    ("HalfASign", "failed", "A text of its result holds half a sign."),
    ("RaisesHalfASign", "failed", "ValueError: one\ufffd\ufffd\ufffd[2J (broken_rules.py"),
    ("VeryWide", "failed", "A text tells a value in a way that there is not"),
    ("ToldInNoWay", "failed", "A text tells a value in a way that there is not"),
    ("TooLarge", "failed", "The value 'count' is too large."),
    ("UnknownKind", "failed", "It points at project:1000000000000000000000000000000, which"),
    ("TextOfNoText", "failed", "This is no Score: "),
    ("HugeResult", "failed", "Its result is larger than 2048 KiB."),
    ("WritesToGraph", "failed", "Frozen graph can't be modified"),
    ("WritesToNode", "failed", "It wrote to the view, which rules may only read."),
    ("WritesToRow", "failed", "It wrote to the view, which rules may only read."),
    ("WritesToView", "failed", "It wrote to the view, which rules may only read."),
    ("AddsToView", "failed", "It wrote to the view, which rules may only read."),
    ("PatchesCode", "failed", "It changed relmap's own code while it ran."),
    ("Forks", "failed", "It left a process running."),
    ("LeavesThread", "failed", "It left a thread running."),
    ("LeavesDaemon", "failed", "It left a process running."),
    ("ClosesEverything", "failed", "It ended its process with exit status 0 while it ran."),
    ("WritesToEverything", "failed", "It disturbed its connection with the engine"),
    ("Unpicklable", "failed", "It cannot be pickled: TypeError: not me"),
    ("DoesNotLoad", "failed", "It did not load: RuntimeError: not here"),
    ("EndsProcessWhenLoaded", "failed", "It ended its process with exit status 4 while it was"),
    ("NothingToSay", "n/a", "The account has no posts."),
    ("Prints", "ok", ""),
    ("ForksTwice", "ok", ""),
    ("KillsForkServer", "failed", "It ended its process with exit status 255 while it ran."),
]
ALERTS = [
    ("RaisesInAlerts", "failed", "RuntimeError: half way (broken_rules.py"),
    ("WrongType", "failed", "It returned an int, not alerts."),
    ("ForgetsToReturn", "failed", "It returned nothing, not alerts."),
    ("WrongTypeInside", "failed", "It gave a str among its alerts."),
    ("EndlessAlerts", "failed", "It raised more than 1000 alerts for one account."),
    ("SameAlertTwice", "failed", "It raised two alerts with the key 'one'."),
    (
        "ReservedKey",
        "failed",
        "The key of an alert must be a short text without names: 'relmap:flood'",
    ),
    ("PartsOfNoText", "failed", "The key of an alert must be a short text without names: 1"),
    ("TooManyParts", "failed", "An alert has more than 1000 parts."),
]
ENDLESS = ["Loops", "ForksAndHangs", "IgnoresTheEnd", "LeavesDaemonAndLoops"]
# In this process they would end it, or what they do is the engine's to notice.
ONLY_APART = {
    "Interrupts", "EndsProcess", "Crashes", "EatsMemory", "WritesToGraph", "WritesToRow",
    "WritesToView", "AddsToView", "PatchesCode", "Forks", "ForksTwice", "LeavesThread",
    "LeavesDaemon", "ClosesEverything", "WritesToEverything", "KillsForkServer",
    "EndsProcessWhenLoaded",
}  # fmt: skip


@pytest.mark.parametrize(("name", "status", "reason"), SCORING)
def test_a_rule_that_misbehaves_is_alone_in_it(engine, rule, view, name, status, reason):
    rules = [rule("Sound"), rule(name), rule("Sound")]
    outcomes = engine.score(view, rules)
    assert [outcome.status for outcome in outcomes] == ["ok", status, "ok"]
    assert reason in outcomes[1].reason
    assert len(outcomes[1].reason) < 400
    assert "\n" not in outcomes[1].reason
    # ... and the engine goes on.
    assert [outcome.status for outcome in engine.score(view, rules[::2])] == ["ok", "ok"]


@pytest.mark.parametrize(("name", "status", "reason"), ALERTS)
def test_an_alert_rule_that_misbehaves_is_alone_in_it(engine, rule, view, name, status, reason):
    rules = [rule("Sound", "alert"), rule(name, "alert"), rule("Sound", "alert")]
    outcomes = engine.check(view, view, rules)
    assert [outcome.status for outcome in outcomes] == ["ok", status, "ok"]
    assert reason in outcomes[1].reason
    assert [len(outcome.alerts) for outcome in outcomes] == [1, 0, 1]


@pytest.mark.parametrize("name", ENDLESS)
def test_a_rule_without_end_is_stopped(rule, view, name):
    with Engine(Limits(rule_seconds=2)) as engine:
        outcomes = engine.score(view, [rule("Sound"), rule(name), rule("Sound")])
    assert [outcome.status for outcome in outcomes] == ["ok", "timed_out", "ok"]
    assert outcomes[1].reason == "It ran longer than 2 s and was stopped."
    assert outcomes[1].ran


def test_no_process_of_a_rule_outlives_it(rule, view):
    with Engine(Limits(rule_seconds=1)) as engine:
        engine.score(view, [rule("LeavesDaemon"), rule("LeavesDaemonAndLoops")])
    running = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]
    assert b"sleep\x00604.5\x00" not in running


def test_an_alert_rule_without_end_is_stopped(rule, view):
    rules = [rule("Sound", "alert"), rule("Loops", "alert")]
    with Engine(Limits(rule_seconds=2)) as engine:
        outcomes = engine.check(view, view, rules)
    assert [outcome.status for outcome in outcomes] == ["ok", "timed_out"]


def test_a_rule_whose_plug_in_hangs_on_import_is_stopped(rule, view):
    with Engine(Limits(load_seconds=4)) as engine:
        outcomes = engine.score(view, [rule("Sound"), rule("HangsWhenLoaded"), rule("Sound")])
    assert [outcome.status for outcome in outcomes] == ["ok", "timed_out", "ok"]
    assert outcomes[1].reason == "It did not load within 4 s."


@pytest.mark.parametrize(
    ("name", "status", "reason"), [case for case in SCORING if case[0] not in ONLY_APART]
)
def test_the_runner_in_process_judges_alike(rule, view, name, status, reason):
    (outcome,) = InProcess(Limits(memory_mib=256)).score(view, [rule(name)])
    assert outcome.status == status
    assert reason in outcome.reason


@pytest.mark.parametrize(("name", "status", "reason"), ALERTS)
def test_the_runner_in_process_judges_alerts_alike(rule, view, name, status, reason):
    (outcome,) = InProcess().check(view, view, [rule(name, "alert")])
    assert outcome.status == status
    assert reason in outcome.reason


@pytest.mark.parametrize("name", ["WritesToRow", "WritesToView", "AddsToView", "WritesToNode"])
def test_the_runner_in_process_notices_a_view_written_to(rule, view, name):
    (outcome,) = InProcess().score(view, [rule(name)])
    assert outcome.reason == "It wrote to the view, which rules may only read."


def test_every_way_to_fail_is_tried(broken):
    rules = {
        name
        for name, value in vars(broken).items()
        if isinstance(value, type) and issubclass(value, broken.Rule) and value is not broken.Rule
    }
    tried = {case[0] for case in (*SCORING, *ALERTS)} | set(ENDLESS)
    assert rules - tried == {"Sound", "Remembers", "HangsWhenLoaded"}
