"""Six years at an invented customer: who sits where, who goes, who follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from relmap.maintenance.sample.company import Company
from relmap.maintenance.sample.lists import draft_lists
from relmap.maintenance.sample.stints import SENIOR, SETTLED, begun_on, declare_term, leaving_on

__all__ = ["History", "live"]

LISTED: Final = timedelta(days=200)  # from the last event by hand to the newest list
QUIET: Final = timedelta(days=20)  # before the newest departures
LAST_ARRIVAL: Final = timedelta(days=40)  # ago, where nobody went lately
POSTPONED: Final = timedelta(days=45)  # for who has another post beside
TOGETHER: Final = timedelta(days=31)
WAVE_UNIT: Final = "buy"
WAVE_SIZE: Final = 3


@dataclass
class History:
    """What is still to happen at a company, and who will leave when."""

    company: Company
    last_day: date
    pending: list[tuple[date, Callable[[date], object]]] = field(default_factory=list)
    leaving: list[tuple[date, dict[str, Any]]] = field(default_factory=list)
    _planned: int = 0

    def later(self, day: date, act: Callable[[date], object]) -> None:
        """Let something happen on a day, unless the history is over by then."""
        if day <= self.last_day:
            self.pending.append((day, act))
            self.pending.sort(key=lambda row: row[0])

    def run(self) -> None:
        """Let happen what falls due up to the last day."""
        self._plan_departures(self.company.first_day)
        while self.pending:
            due, act = self.pending.pop(0)
            act(due)
            self._plan_departures(due)

    def _plan_departures(self, day: date) -> None:
        """Say of those who came since the last time when they will leave."""
        for tenure in self.company.all[self._planned :]:
            if tenure["ends_on"] is None and not tenure["acting"]:
                declare_term(self.company, tenure)
                leaves_on = leaving_on(self.company, tenure, day)
                self.leaving.append((leaves_on, tenure))
                self.later(leaves_on, partial(_happen, self, tenure))
        self._planned = len(self.company.all)

    def leaves_about(self, tenure: dict[str, Any], day: date) -> bool:
        """Whether somebody was to leave about that day in any case."""
        return any(row is tenure and abs(on - day) <= TOGETHER for on, row in self.leaving)


def live(company: Company) -> None:
    """From the first day to the newest departures, or to a quiet end."""
    company.settle(partial(begun_on, company))
    if company.customer.acquaintance == "empty":
        return
    wave, today = company.customer.wave_days, company.draft.day
    newest = today - timedelta(days=wave or 45)
    history = History(company, newest - (LISTED if company.customer.has_lists else QUIET))
    history.run()
    if company.customer.has_lists:
        company.draft.lists += draft_lists(company, newest)
    elif company.customer.has_wave:
        _leave_together(company, newest)
    elif wave is not None:
        _newest_departures(company, newest)
    else:
        _arrive_last(company, today - LAST_ARRIVAL)


def _happen(history: History, leaver: dict[str, Any], day: date) -> None:
    """Somebody leaves the post, in one of several ways, unless they are no longer there."""
    company = history.company
    if leaver["ends_on"] is not None:
        return
    if company.is_busy(leaver):
        history.later(day + POSTPONED, partial(_happen, history, leaver))
        return
    ways: tuple[Any, ...] = (_replace, _replace, _replace, _leave_gap, _lose_sight)
    if company.level_of(leaver) in SENIOR:
        ways = (_replace, _replace, _act, _promote, _swap, _leave_gap)
    company.draft.random.choice(ways)(history, leaver, day)


def _replace(history: History, leaver: dict[str, Any], day: date) -> None:
    company = history.company
    company.end(leaver, day, company.reason_to_go())
    company.begin(company.newcomer(day), leaver["post_id"], day)


def _leave_gap(history: History, leaver: dict[str, Any], day: date) -> None:
    """Nobody follows for some weeks or months."""
    company, post = history.company, leaver["post_id"]
    company.end(leaver, day, company.reason_to_go())
    company.vacate(post, day)
    filled_on = day + timedelta(days=company.draft.random.randint(30, 140))
    history.later(filled_on, lambda due: company.begin(company.newcomer(due), post, due))


def _lose_sight(history: History, leaver: dict[str, Any], day: date) -> None:
    """Somebody follows, we do not know who until some months later."""
    company, post = history.company, leaver["post_id"]
    company.end(leaver, day, "unknown")
    known_on = day + timedelta(days=company.draft.random.randint(60, 220))
    history.later(known_on, lambda due: company.begin_listed(company.newcomer(due), post, day, due))


def _act(history: History, leaver: dict[str, Any], day: date) -> None:
    """A deputy acts, and is confirmed or makes room for somebody from outside."""
    company = history.company
    deputy = _deputy(history, leaver, day)
    if deputy is None:
        _replace(history, leaver, day)
        return
    company.end(leaver, day, company.reason_to_go())
    acting = company.begin(deputy["person_id"], leaver["post_id"], day, acting=True)
    decided_on = day + timedelta(days=company.draft.random.randint(60, 150))
    is_confirmed = company.draft.random.random() < 0.6

    def decide(due: date) -> None:
        company.end(acting, due, "acting_ended")
        if not is_confirmed:
            company.begin(company.newcomer(due), acting["post_id"], due)
            return
        company.begin(acting["person_id"], acting["post_id"], due)
        if deputy["ends_on"] is None:
            company.end(deputy, due, "promoted")
            company.begin(company.newcomer(due), deputy["post_id"], due)

    history.later(decided_on, decide)


def _promote(history: History, leaver: dict[str, Any], day: date) -> None:
    """Somebody from the row below moves up at once; the seat below is filled later."""
    company = history.company
    deputy = _deputy(history, leaver, day)
    if deputy is None:
        _replace(history, leaver, day)
        return
    company.end(leaver, day, company.reason_to_go())
    company.end(deputy, day, "promoted")
    company.begin(deputy["person_id"], leaver["post_id"], day)
    company.vacate(deputy["post_id"], day)
    filled_on = day + timedelta(days=company.draft.random.randint(20, 90))
    post = deputy["post_id"]
    history.later(filled_on, lambda due: company.begin(company.newcomer(due), post, due))


def _deputy(history: History, leaver: dict[str, Any], day: date) -> dict[str, Any] | None:
    """Somebody from the row below; under a policy one who is due too."""
    company = history.company
    below = [
        row
        for row in company.deputies(leaver["post_id"], day - SETTLED)
        if company.customer.rotation is None or history.leaves_about(row, day)
    ]
    return company.draft.random.choice(below) if below else None


def _swap(history: History, leaver: dict[str, Any], day: date) -> None:
    """Two of one level change places (轮岗); under a policy two who are both due."""
    others = [row for row in _peers(history, leaver, day) if row is not leaver]
    if not others:
        _replace(history, leaver, day)
        return
    company = history.company
    other = company.draft.random.choice(others)
    for row in (leaver, other):
        company.end(row, day, "moved_inside")
    company.begin(leaver["person_id"], other["post_id"], day)
    company.begin(other["person_id"], leaver["post_id"], day)


def _peers(history: History, leaver: dict[str, Any], day: date) -> Iterator[dict[str, Any]]:
    company = history.company
    for row in company.settled(day - SETTLED):
        is_free = company.customer.rotation is None or history.leaves_about(row, day)
        is_other = row["person_id"] != leaver["person_id"] and not company.is_busy(row)
        if is_free and is_other and company.level_of(row) == company.level_of(leaver):
            yield row


def _leave_together(company: Company, day: date) -> None:
    """A wave: several of one unit go on one day; the second of them leaves a gap."""
    here = [
        row
        for row in company.settled(day - timedelta(days=1))
        if company.seat_of[row["post_id"]].unit == WAVE_UNIT and not company.is_busy(row)
    ]
    managers = [row for row in here if company.level_of(row) in SENIOR]
    others = [row for row in here if row not in managers]
    others.sort(key=lambda row: company.level_of(row) == "staff")
    for number, leaver in enumerate([*managers[:1], *others][:WAVE_SIZE]):
        person = _lose(company, leaver, day, is_followed=number != 1)
        is_known = company.level_of(leaver) != "staff"
        (company.known_leavers if is_known else company.strangers).add(person)


def _newest_departures(company: Company, day: date) -> None:
    """One whom we knew goes, and sometimes a stranger from below."""
    if company.customer.tier == "A":
        company.known_leavers.add(_lose_director(company, day))
    else:
        leaver = company.pick_leaver(("manager", "lead"), day)
        company.known_leavers.add(_lose(company, leaver, day, is_followed=True))
    if company.draft.random.random() < 0.25:
        clerk = company.pick_leaver(("staff",), day)
        company.strangers.add(_lose(company, clerk, day, is_followed=True))


def _lose_director(company: Company, day: date) -> int:
    """A director goes; a deputy acts, or nobody does."""
    director = company.pick_leaver(("director",), day)
    deputies = company.deputies(director["post_id"], day - SETTLED)
    is_followed = bool(deputies) and company.draft.random.random() < 0.6
    company.end(director, day, "moved_inside" if is_followed else "left_company")
    if is_followed:
        company.begin(deputies[0]["person_id"], director["post_id"], day, acting=True)
    else:
        company.vacate(director["post_id"], day)
    return int(director["person_id"])


def _lose(company: Company, leaver: dict[str, Any], day: date, *, is_followed: bool) -> int:
    """Somebody goes and is followed by a stranger, or by nobody yet."""
    company.end(leaver, day, "left_company" if company.draft.random.random() < 0.6 else "unknown")
    if is_followed:
        company.begin(company.newcomer(day), leaver["post_id"], day)
    else:
        company.vacate(leaver["post_id"], day)
    return int(leaver["person_id"])


def _arrive_last(company: Company, day: date) -> None:
    """A quiet end: the newest change is that an empty seat is filled."""
    post = company.empty_post()
    if post is not None:
        company.begin(company.newcomer(day), post, day)
