"""Forecasts of a book, load and store included, and of one account again after one change.

script/bench forecasts               # a book of 1,000 accounts beside one of 100
BENCH_ACCOUNTS=100 script/bench forecasts
"""

import gc
import os
from datetime import date
from functools import partial

from sqlalchemy import func, select

from bench._book import DAY, fill
from bench._fresh import empty_book
from bench._machine import fixed_work, head, once, once_here, ratio, row
from relmap.facts import touches
from relmap.models import Foresight, Person, TouchPerson, db, writing
from relmap.results.runs import forecasting

ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", "1000"))
PEOPLE, TOUCHES = 100, 300
SMALL = 100
TURNS = 12


def forecast_due(day: date = DAY) -> int:
    """What a sweep does for forecasts: asks who is due, loads, reckons, stores."""
    due = forecasting.due_accounts(day)
    for account in due:
        forecasting.forecast(account.id, day, today=day)
        db.session.rollback()
    return len(due)


def book() -> None:
    """Every account of a new book, in one process."""
    accounts = fill(ACCOUNTS, people=PEOPLE, touches=TOUCHES, with_past=True)
    gc.collect()
    gc.freeze()  # as the worker does
    fixed = min(once_here(fixed_work)[1] for _ in range(7))
    clock, cpu = once_here(lambda: [forecast_due()])
    size = f"{len(accounts):,} accounts of {PEOPLE} people, their past and {TOUCHES} touches"
    note = (
        f"{clock / len(accounts) * 1000:.1f} ms an account; {cpu:.1f} s of processor time, "
        f"{cpu / len(accounts) / fixed:.2f} times a million steps of a loop an account"
    )
    row(f"forecast, load and store, in one process: {size}", clock, note)


def change_one() -> None:
    """A touch typed in; its account is found and forecast again, and no other."""
    with writing():
        known = db.session.scalar(select(func.max(TouchPerson.person_id)))
        met = [db.session.get(Person, 1), db.session.get(Person, known)]
        touches.add_touch(DAY, "call", met)
    before = stored()
    assert forecast_due() == 1
    assert len(stored() - before) == 1


def stored() -> set[tuple[int, int]]:
    """The accounts that have a forecast of the day, each with the revision it is of."""
    query = select(Foresight.account_id, Foresight.revision).where(Foresight.on == DAY)
    return {(row.account_id, row.revision) for row in db.session.execute(query)}


def nothing_due() -> None:
    assert forecast_due() == 0


def one_change(small, large) -> None:
    """In turns, so that noise meets both books alike."""
    found: dict[tuple[str, int], list[float]] = {}
    for turn in range(TURNS):
        for app, size in ((small, SMALL), (large, ACCOUNTS)):
            with app.app_context():
                for what, act in (("nothing", nothing_due), ("change", change_one)):
                    seconds = once(partial(act))
                    if turn > 1:  # the first two warm up
                        found.setdefault((what, size), []).append(seconds)
    for what, text in (
        ("nothing", "nothing due"),
        ("change", "one touch written, its account found and forecast, 1 of the book"),
    ):
        few, many = found[what, SMALL], found[what, ACCOUNTS]
        row(f"{text}: book of {SMALL}", few)
        row(f"{text}: book of {ACCOUNTS:,}", many, ratio(many, few))


def main() -> None:
    head("Forecasts")
    with empty_book() as small:
        fill(SMALL, people=PEOPLE, touches=TOUCHES, with_past=True)
        forecast_due()
        with empty_book() as large:
            book()
            one_change(small, large)


if __name__ == "__main__":
    main()
