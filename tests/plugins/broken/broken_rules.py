"""Rules that do what rules must not do, one for each way to fail.

A module of its own, so that the engine's child process can import it as it would a plug-in.
"""

import itertools
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from typing import ClassVar

from relmap.contracts import Action, Alert, Evidence, NotApplicable, Ref, Score


@dataclass(frozen=True)
class Rule:
    """A rule that says how many people the account has, under any key."""

    key: ClassVar[str] = "broken.sound"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "A sound rule"

    def score(self, view):
        return Score((Evidence("{count} people", 1.0, values={"count": len(view.people)}),), 10.0)

    def check(self, before, now):
        for tenure in now.tenures:
            if tenure.has_ended(now.as_of):
                yield Alert(str(tenure.ref), "{0} left", "note", refs=(tenure.person,))


class Sound(Rule):
    """Nothing wrong with it."""


class NothingToSay(Rule):
    key = "broken.nothing_to_say"

    def score(self, view):
        return NotApplicable("The account has no posts.")


class Loops(Rule):
    key = "broken.loops"

    def score(self, view):
        while True:
            pass

    def check(self, before, now):
        while True:
            yield from ()


class Raises(Rule):
    key = "broken.raises"

    def score(self, view):
        raise KeyError("no such level")


class RaisesInAlerts(Rule):
    key = "broken.raises_in_alerts"

    def check(self, before, now):
        yield from Rule.check(self, before, now)
        raise RuntimeError("half way")


class RaisesWithName(Rule):
    key = "broken.raises_with_name"

    def score(self, view):
        raise ValueError(f"no level for {view.people[0].name}")


class RaisesWithoutEnd(Rule):
    key = "broken.raises_without_end"

    def score(self, view):
        raise ValueError("line one\n" + "x" * 10_000)


class RaisesUnprintable(Rule):
    key = "broken.raises_unprintable"

    def score(self, view):
        class Mute(Exception):
            def __str__(self):
                raise SystemExit

        raise Mute


class Exits(Rule):
    key = "broken.exits"

    def score(self, view):
        sys.exit(0)


class Interrupts(Rule):
    key = "broken.interrupts"

    def score(self, view):
        raise KeyboardInterrupt


class EndsProcess(Rule):
    key = "broken.ends_process"

    def score(self, view):
        os._exit(3)


class Crashes(Rule):
    key = "broken.crashes"

    def score(self, view):
        os.kill(os.getpid(), signal.SIGSEGV)


class EatsMemory(Rule):
    key = "broken.eats_memory"

    def score(self, view):
        held = []
        while True:
            held.append(bytearray(16 * 2**20))


class Prints(Rule):
    key = "broken.prints"

    def score(self, view):
        for stream in (sys.stdout, sys.stderr):
            stream.write("x" * 1_000_000)
            stream.flush()
        os.write(1, b"y" * 1_000_000)
        return Rule.score(self, view)


class LiesBySubclass(Rule):
    key = "broken.lies_by_subclass"

    def score(self, view):
        class Generous(Score):
            points = 99.0

        return Generous((Evidence("one", 1.0),), 10.0)


class LiesByForce(Rule):
    key = "broken.lies_by_force"

    def score(self, view):
        score = Score((Evidence("one", 1.0),), 10.0)
        object.__setattr__(score, "evidence", (Evidence("twenty", 20.0),))
        return score


class OutOfRange(Rule):
    key = "broken.out_of_range"

    def score(self, view):
        return Score((Evidence("eleven", 11.0),), 10.0)


class WrongType(Rule):
    key = "broken.wrong_type"

    def score(self, view):
        return 7

    def check(self, before, now):
        return 7


class ForgetsToReturn(Rule):
    key = "broken.forgets_to_return"

    def score(self, view):
        Rule.score(self, view)

    def check(self, before, now):
        list(Rule.check(self, before, now))


class WrongTypeInside(Rule):
    key = "broken.wrong_type_inside"

    def score(self, view):
        return Score((Evidence("one", 1.0),), 10.0, actions=("call them",))

    def check(self, before, now):
        yield "somebody left"


class StrangeValue(Rule):
    key = "broken.strange_value"

    def score(self, view):
        return Score((Evidence("{day}", 1.0, values={"day": {"year": 2026}}),), 10.0)


class NotANumber(Rule):
    key = "broken.not_a_number"

    def score(self, view):
        return Score((Evidence("{share}", 1.0, values={"share": float("nan")}),), 10.0)


class UnknownRef(Rule):
    key = "broken.unknown_ref"

    def score(self, view):
        return Score((Evidence("{0}", 1.0, refs=(Ref("person", 987_654),)),), 10.0)


class UnknownOwner(Rule):
    key = "broken.unknown_owner"

    def score(self, view):
        action = Action("Call them", owner=Ref("person", 987_654))
        return Score((Evidence("one", 1.0),), 10.0, actions=(action,))


class NameInText(Rule):
    key = "broken.name_in_text"

    def score(self, view):
        return Score((Evidence(f"{view.people[0].name} is known", 1.0),), 10.0)


class NameInValue(Rule):
    key = "broken.name_in_value"

    def score(self, view):
        return Score((Evidence("{who}", 1.0, values={"who": view.people[0].name}),), 10.0)


class SteeringSigns(Rule):
    key = "broken.steering_signs"

    def score(self, view):
        return Score((Evidence("one\x1b[2J", 1.0),), 10.0)


class NoSignInValue(Rule):
    """The databases do not agree on whether they take it."""

    key = "broken.no_sign_in_value"

    def score(self, view):
        return Score((Evidence("{x}", 1.0, values={"x": "a\0"}),), 10.0)


class HalfASign(Rule):
    key = "broken.half_a_sign"

    def score(self, view):
        return Score((Evidence("one\ud800", 1.0),), 10.0)


class RaisesHalfASign(Rule):
    key = "broken.raises_half_a_sign"

    def score(self, view):
        raise ValueError("one\ud800\0\x1b[2J")


class VeryWide(Rule):
    """As a text it is larger than the memory."""

    key = "broken.very_wide"

    def score(self, view):
        return Score((Evidence("{x:>9999999999}", 1.0, values={"x": 1}),), 10.0)


class ToldInNoWay(Rule):
    key = "broken.told_in_no_way"

    def score(self, view):
        return Score((Evidence("{x:d}", 1.0, values={"x": 1.5}),), 10.0)


class TooLarge(Rule):
    key = "broken.too_large"

    def score(self, view):
        return Score((Evidence("{count}", 1.0, values={"count": 10**400}),), 10.0)


class UnknownKind(Rule):
    key = "broken.unknown_kind"

    def score(self, view):
        return Score((Evidence("{0}", 1.0, refs=(Ref("project", 10**30),)),), 10.0)


class TextOfNoText(Rule):
    key = "broken.text_of_no_text"

    def score(self, view):
        evidence = Evidence("one", 1.0)
        object.__setattr__(evidence, "text", 7)
        return Score((evidence,), 10.0)


class ReservedKey(Rule):
    key = "broken.reserved_key"

    def check(self, before, now):
        yield Alert("relmap:flood", "first", "note")


class PartsOfNoText(Rule):
    key = "broken.parts_of_no_text"

    def check(self, before, now):
        yield Alert("one", "first", "note", parts=(1, None))


class TooManyParts(Rule):
    key = "broken.too_many_parts"

    def check(self, before, now):
        yield Alert("one", "first", "note", parts=tuple(map(str, range(2_000))))


class HugeResult(Rule):
    key = "broken.huge_result"

    def score(self, view):
        action = Action("{x}", values={"x": "y" * 900})
        return Score((Evidence("one", 1.0),), 10.0, actions=(action,) * 5_000)


class EndlessAlerts(Rule):
    key = "broken.endless_alerts"

    def check(self, before, now):
        for number in itertools.count():
            yield Alert(str(number), "again", "note")


class SameAlertTwice(Rule):
    key = "broken.same_alert_twice"

    def check(self, before, now):
        yield Alert("one", "first", "note")
        yield Alert("one", "second", "note")


class WritesToGraph(Rule):
    key = "broken.writes_to_graph"

    def score(self, view):
        view.graph.add_node("seen")
        return Rule.score(self, view)


class WritesToNode(Rule):
    key = "broken.writes_to_node"

    def score(self, view):
        view.graph.nodes[view.people[0].ref]["seen"] = True
        return Rule.score(self, view)


class WritesToRow(Rule):
    key = "broken.writes_to_row"

    def score(self, view):
        object.__setattr__(view.people[0], "nickname", "seen")
        return Rule.score(self, view)


class WritesToView(Rule):
    key = "broken.writes_to_view"

    def score(self, view):
        object.__setattr__(view, "people", ())
        return Rule.score(self, view)


class AddsToView(Rule):
    key = "broken.adds_to_view"

    def score(self, view):
        vars(view)["status"] = lambda post: "filled"
        return Rule.score(self, view)


class PatchesCode(Rule):
    key = "broken.patches_code"

    def score(self, view):
        type(view).people_of = lambda self, side: ()
        return Rule.score(self, view)


class Forks(Rule):
    key = "broken.forks"

    def score(self, view):
        if os.fork() == 0:
            time.sleep(600)
        return Rule.score(self, view)


def leave_daemon():
    """A process with neither our group nor a parent of ours."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    os.execvp("sleep", ["sleep", "604.5"])


class LeavesDaemon(Rule):
    key = "broken.leaves_daemon"

    def score(self, view):
        leave_daemon()
        return Rule.score(self, view)


class LeavesDaemonAndLoops(Rule):
    key = "broken.leaves_daemon_and_loops"

    def score(self, view):
        leave_daemon()
        while True:
            pass


class ForksTwice(Rule):
    """Both processes come back from the rule."""

    key = "broken.forks_twice"

    def score(self, view):
        child = os.fork()
        if child:
            os.waitpid(child, 0)
        return Rule.score(self, view)


class ForksAndHangs(Rule):
    key = "broken.forks_and_hangs"

    def score(self, view):
        os.fork()
        time.sleep(600)


class LeavesThread(Rule):
    key = "broken.leaves_thread"

    def score(self, view):
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        return Rule.score(self, view)


class ClosesEverything(Rule):
    key = "broken.closes_everything"

    def score(self, view):
        os.closerange(0, 256)
        return Rule.score(self, view)


class WritesToEverything(Rule):
    key = "broken.writes_to_everything"

    def score(self, view):
        for number in range(3, 256):
            try:
                os.write(number, b"nonsense\n")
            except OSError:
                continue
        return Rule.score(self, view)


class KillsForkServer(Rule):
    key = "broken.kills_fork_server"

    def score(self, view):
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(600)


class IgnoresTheEnd(Rule):
    key = "broken.ignores_the_end"

    def score(self, view):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)
        while True:
            time.sleep(1)


class Remembers(Rule):
    """Keeps in itself what it saw before: each account gets it fresh."""

    key = "broken.remembers"

    def score(self, view):
        vars(self)["seen"] = vars(self).get("seen", 0) + 1
        return Score((Evidence("seen {n}", float(self.seen), values={"n": self.seen}),), 10.0)


class Unpicklable(Rule):
    key = "broken.unpicklable"

    def __reduce__(self):
        raise TypeError("not me")


def explode():
    raise RuntimeError("not here")


class DoesNotLoad(Rule):
    key = "broken.does_not_load"

    def __reduce__(self):
        return explode, ()


def end_process():
    os._exit(4)


class EndsProcessWhenLoaded(Rule):
    key = "broken.ends_process_when_loaded"

    def __reduce__(self):
        return end_process, ()


def hang():
    while True:
        pass


class HangsWhenLoaded(Rule):
    key = "broken.hangs_when_loaded"

    def __reduce__(self):
        return hang, ()
