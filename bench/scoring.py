"""A scoring pass: arithmetic alone, one account, a book with and without isolation, one change.

script/bench scoring                 # a book of 1,000 accounts, one change among 5,000
BENCH_ACCOUNTS=100 script/bench scoring
"""

import os
from datetime import timedelta
from functools import partial

from sqlalchemy import insert, select

from bench._book import DAY, fill
from bench._fresh import empty_book
from bench._machine import head, once, ratio, row, runs
from relmap import graph, jobs
from relmap.facts import touches
from relmap.hub.engine import Engine, InProcess
from relmap.hub.registry import registry_of, rules_in_force
from relmap.insight import coverage, known_people
from relmap.models import Account, Person, Scan, Score, db, writing

ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", "1000"))
PEOPLE, TOUCHES = 100, 300
SIZES = ((100, 1000), (500, 5000))  # people and touches of one account
SMALL, LARGE = 100, 5 * ACCOUNTS
BLOCKS = 10  # of the book: scored in this process and isolated in turns


def one_account(app, people: int, touches: int) -> None:
    (account_id,) = fill(1, people=people, touches=touches)
    view = graph.view(account_id, DAY)
    size = f"{people} people, {touches:,} touches"

    def strengths() -> None:
        fresh = view.__class__(**view.__getstate__())  # nothing worked out before
        known_people(fresh)
        for person in fresh.people:
            coverage(fresh, person.ref)

    row(f"all strengths and coverages: {size}", runs(strengths))
    rules = rules_in_force(registry_of(app)).scoring
    here = runs(lambda: InProcess().score(view, rules))
    row(f"{len(rules)} rules in this process: {size}", here)
    with Engine() as engine:
        apart = runs(lambda: engine.score(view, rules))
    row(f"{len(rules)} rules in the engine: {size}", apart, ratio(apart, here))


# --- a book, with and without isolation


def book() -> None:
    accounts = fill(ACCOUNTS, people=PEOPLE, touches=TOUCHES)
    size = f"{len(accounts):,} accounts of {PEOPLE} people and {TOUCHES} touches"
    blocks = [accounts[start::BLOCKS] for start in range(BLOCKS)]
    plain, apart = [], []
    with Engine() as engine:
        jobs.score_account(accounts[0], DAY - timedelta(days=9), runner=engine)  # started
        for number, block in enumerate(blocks):
            turns = [(plain, InProcess(), DAY), (apart, engine, DAY + timedelta(days=1))]
            for found, runner, day in turns if number % 2 else reversed(turns):
                found.append(once(partial(pass_over, block, day, runner)))
        row(f"score, load and store, in one process: {size}", sum(plain), per(plain, accounts))
        note = f"{sum(apart) / sum(plain):.2f} times in all; by tenths {ratio(apart, plain)}"
        row(f"the same, isolated: {size}", sum(apart), f"{per(apart, accounts)}; {note}")
        first = DAY + timedelta(days=2)
        swept = once(lambda: jobs.sweep(first, runner=engine))
        row(f"sweep, first scan of each included: {size}", swept, per([swept], accounts))
        swept = once(lambda: jobs.sweep(first + timedelta(days=1), runner=engine))
        row(f"sweep on the next day: {size}", swept, per([swept], accounts))


def pass_over(accounts, day, runner) -> None:
    for account_id in accounts:
        assert jobs.score_account(account_id, day, runner=runner)


def per(seconds, accounts) -> str:
    return f"{sum(seconds) / len(accounts) * 1000:.1f} ms an account"


# --- one change in a small book and in a large one


def one_change() -> None:
    """In turns, so that noise meets both alike: two books, each with its application."""
    found: dict[tuple[str, int], list[float]] = {}
    with empty_book() as small:
        worked_off(SMALL)
        with empty_book() as large, Engine() as engine:
            worked_off(LARGE)
            for turn in range(12):
                for app, size in ((small, SMALL), (large, LARGE)):
                    with app.app_context():
                        for what, act in (("idle", nothing_due), ("change", change)):
                            seconds = once(partial(act, engine))
                            if turn > 1:  # the first two warm up
                                found.setdefault((what, size), []).append(seconds)
    for what, text in (
        ("idle", "sweep with nothing due"),
        ("change", "one touch written, its account found, scored and scanned"),
    ):
        few, many = found[what, SMALL], found[what, LARGE]
        row(f"{text}: book of {SMALL}", few)
        row(f"{text}: book of {LARGE:,}", many, ratio(many, few))


def worked_off(accounts: int) -> None:
    """A book in which nothing is due: one account of 100 people, others of 10.

    One account is worked off, the others get copies of its results: that they are found not due
    is what counts here.
    """
    (first,) = fill(1, people=PEOPLE, touches=TOUCHES)
    others = fill(accounts - 1, people=10, touches=10)
    jobs.score_account(first, DAY, runner=InProcess())
    jobs.scan_account(first, DAY, runner=InProcess())
    for table in (Score, Scan):
        columns = [column for column in table.__table__.c if column.key not in ("id", "account_id")]
        copies = (
            select(Account.id, *columns)
            .select_from(table)
            .join(Account, Account.id.in_(others))
            .where(table.account_id == first)
        )
        names = ["account_id", *(column.key for column in columns)]
        with writing():
            db.session.execute(insert(table).from_select(names, copies))
    with Engine() as engine:
        nothing_due(engine)


def nothing_due(engine) -> None:
    swept = jobs.sweep(DAY, runner=engine)
    assert not swept.scored
    assert not swept.scanned


def change(engine) -> None:
    """A touch typed in, and the sweep that finds its account."""
    with writing():
        touches.add_touch(DAY, "call", [db.session.get(Person, 1), db.session.get(Person, 11)])
    assert len(jobs.sweep(DAY, runner=engine).scored) == 1


def main() -> None:
    head("Scoring")
    with empty_book() as app:
        for people, touches in SIZES:
            one_account(app, people, touches)
    one_change()
    with empty_book():
        book()


if __name__ == "__main__":
    main()
