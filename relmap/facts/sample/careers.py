"""Three years at an invented customer: who sits where, who goes, who follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from relmap.facts.sample.company import Company
from relmap.facts.sample.draft import moment
from relmap.facts.sample.lists import draft_lists
from relmap.facts.sample.seats import SEATS

__all__ = ["History", "live"]

SENIOR: Final = ("executive", "director", "manager")
EVENTS_A_YEAR = 9
LISTED = timedelta(days=200)  # from the last event by hand to the newest list
SETTLED = timedelta(days=150)  # nobody leaves sooner
REPORTS_TO: Final = {seat.key: seat.reports_to for seat in SEATS}


@dataclass
class History:
    """What is still to happen at a company, and who left it lately."""

    company: Company
    last_day: date
    pending: list[tuple[date, Callable[[date], object]]] = field(default_factory=list)

    def later(self, day: date, act: Callable[[date], object]) -> None:
        """Let something happen on a day, unless the history is over by then."""
        if day <= self.last_day:
            self.pending.append((day, act))
            self.pending.sort(key=lambda row: row[0])

    def run_until(self, day: date) -> None:
        """Let happen what falls due up to a day."""
        while self.pending and self.pending[0][0] <= day:
            due, act = self.pending.pop(0)
            act(due)


def live(company: Company) -> None:
    """From the first day to the newest departures, or to a quiet end."""
    company.settle()
    if company.customer.acquaintance == "empty":
        return
    wave, today = company.customer.wave_days, company.draft.day
    newest = today - timedelta(days=wave or 45)
    quiet_from = newest - (LISTED if company.customer.has_lists else timedelta(days=20))
    history = History(company, quiet_from)
    for day in _days_of_events(company, quiet_from):
        history.run_until(day)
        _happen(history, day)
    history.run_until(quiet_from)
    if company.customer.has_lists:
        company.draft.lists += draft_lists(company, newest)
    elif wave is not None:
        _newest_departures(company, newest)
    else:
        _arrive_last(company, today - timedelta(days=40))
        _announce_leave(company, today + timedelta(days=50))


def _days_of_events(company: Company, last_day: date) -> list[date]:
    """Days on which somebody leaves; with a rotation policy half of them in its month."""
    random, first = company.draft.random, company.first_day + timedelta(days=30)
    count = EVENTS_A_YEAR * (last_day - first).days // 365
    days = [first + timedelta(days=random.randrange((last_day - first).days)) for _ in range(count)]
    if company.customer.rotation:
        month = company.customer.rotation[1]
        days = [
            day.replace(month=month) if random.random() < 0.5 and day.day < 28 else day
            for day in days
        ]
    return sorted(day for day in days if first <= day <= last_day)


def _happen(history: History, day: date) -> None:
    """One of those who have settled leaves the post, in one of several ways."""
    company = history.company
    random = company.draft.random
    candidates = [row for row in company.settled(day - SETTLED) if not company.is_busy(row)]
    if not candidates:
        return
    weights = [3 if company.level_of(row) in SENIOR else 2 for row in candidates]
    leaver = random.choices(candidates, weights)[0]
    if company.level_of(leaver) in SENIOR:
        ways: tuple[Any, ...] = (
            _replace,
            _replace,
            _act,
            _act,
            _promote,
            _promote,
            _swap,
            _leave_gap,
        )
    else:
        ways = (_replace, _replace, _leave_gap, _lose_sight)
    random.choice(ways)(history, leaver, day)


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
    deputy = company.deputy(leaver["post_id"], day - SETTLED)
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
    deputy = company.deputy(leaver["post_id"], day - SETTLED)
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


def _swap(history: History, leaver: dict[str, Any], day: date) -> None:
    """Two of one level change places (轮岗)."""
    company = history.company
    others = [
        row
        for row in company.settled(day - SETTLED)
        if row is not leaver
        and row["person_id"] != leaver["person_id"]
        and company.level_of(row) == company.level_of(leaver)
        and not company.is_busy(row)
    ]
    if not others:
        _replace(history, leaver, day)
        return
    other = company.draft.random.choice(others)
    for row in (leaver, other):
        company.end(row, day, "moved_inside")
    company.begin(leaver["person_id"], other["post_id"], day)
    company.begin(other["person_id"], leaver["post_id"], day)


def _newest_departures(company: Company, day: date) -> None:
    """Several go on one day, from the top and from below, known to us and unknown."""
    random = company.draft.random
    if company.customer.tier == "A" or random.random() < 0.5:
        company.known_leavers.add(_lose_director(company, day))
    manager = _lose(company, ("manager",), day, is_followed=True)
    lead = _lose(company, ("lead",), day, is_followed=random.random() < 0.7)
    clerk = _lose(company, ("staff",), day, is_followed=True)
    (company.known_leavers if random.random() < 0.4 else company.strangers).add(manager)
    company.known_leavers.add(lead)
    company.strangers.add(clerk)


def _lose_director(company: Company, day: date) -> int:
    """A director goes; a deputy acts, or nobody does."""
    director = company.pick_leaver(("director",), day)
    deputy = company.deputy(director["post_id"], day - SETTLED)
    is_followed = deputy is not None and company.draft.random.random() < 0.6
    company.end(director, day, "moved_inside" if is_followed else "left_company")
    if deputy is not None and is_followed:
        company.begin(deputy["person_id"], director["post_id"], day, acting=True)
    else:
        company.vacate(director["post_id"], day)
    return int(director["person_id"])


def _lose(company: Company, levels: tuple[str, ...], day: date, *, is_followed: bool) -> int:
    """Somebody of these levels goes and is followed by a stranger, or by nobody yet."""
    leaver = company.pick_leaver(levels, day)
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


def _announce_leave(company: Company, day: date) -> None:
    """A manager said that they retire; until then they sit in their post."""
    today = company.draft.day
    leaver = company.pick_leaver(("manager",), today)
    leaver.update(
        ends_on=day,
        ends_after=day - timedelta(days=1),
        end_reason="retired",
        end_recorded_at=moment(today - timedelta(days=6)),
    )
