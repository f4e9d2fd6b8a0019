"""A scoring pass: arithmetic alone, one account, a book with and without isolation, one change.

script/bench scoring                 # a book of 1,000 accounts
BENCH_ACCOUNTS=100 script/bench scoring
"""

import os
import tempfile
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from bench._book import DAY, fill
from bench._machine import head, median, once, row
from relmap import create_app, graph, jobs, registry_of
from relmap.facts import ties
from relmap.hub.engine import Engine, InProcess
from relmap.hub.registry import rules_in_force
from relmap.insight import coverage, known_people
from relmap.models import Person, db, writing
from relmap.models.schema import upgrade

ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", "1000"))
PEOPLE, TOUCHES = 100, 300


@contextmanager
def app_on_new_database():
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite'}"
        app = create_app({"RELMAP_DATABASE_URL": url, "RELMAP_INSTANCE": folder})
        with app.app_context():
            upgrade()
            yield app
            db.session.remove()
            db.engine.dispose()


def one_account(app, people: int, touches: int) -> None:
    (account_id,) = fill(1, people=people, touches=touches)
    view = graph.view(account_id, DAY)
    size = f"{people} people, {touches} touches"

    def strengths() -> None:
        fresh = view.__class__(**view.__getstate__())  # nothing worked out before
        known_people(fresh)
        for person in fresh.people:
            coverage(fresh, person.ref)

    row(f"view from the database: {size}", median(lambda: graph.view(account_id, DAY)))
    row(f"all strengths and coverages: {size}", median(strengths))
    row(f"view to JSON and digest: {size}", median(lambda: (view.to_json(), digest(view))))
    rules = rules_in_force(registry_of(app)).scoring
    row(
        f"{len(rules)} rules in this process: {size}",
        median(lambda: InProcess().score(view, rules)),
    )
    with Engine() as engine:
        row(f"{len(rules)} rules in the engine: {size}", median(lambda: engine.score(view, rules)))


def digest(view) -> str:
    fresh = view.__class__(**view.__getstate__())
    return fresh.digest


def pass_over(accounts: list[int], day: date, runner) -> None:
    for account_id in accounts:
        assert jobs.score_account(account_id, day, runner=runner)


def book() -> None:
    accounts = fill(ACCOUNTS, people=PEOPLE, touches=TOUCHES)
    size = f"{ACCOUNTS} accounts of {PEOPLE} people and {TOUCHES} touches"
    with Engine() as engine:
        jobs.score_account(accounts[0], DAY - timedelta(days=9), runner=engine)  # started
        plain = once(lambda: pass_over(accounts, DAY, InProcess()))
        apart = once(lambda: pass_over(accounts, DAY + timedelta(days=1), engine))
        row(f"score, load and store, in one process: {size}", plain, per(plain, len(accounts)))
        row(f"score, load and store, isolated: {size}", apart, f"{apart / plain:.2f} times")
        first = DAY + timedelta(days=2)
        swept = once(lambda: jobs.sweep(first, runner=engine))
        row(f"sweep, first scan of each included: {size}", swept, per(swept, len(accounts)))
        swept = once(lambda: jobs.sweep(first + timedelta(days=1), runner=engine))
        row(f"sweep on the next day: {size}", swept, per(swept, len(accounts)))
        row(f"sweep with nothing due: {size}", median(lambda: jobs.sweep(first, runner=engine)))
        one_change(first + timedelta(days=1), engine)


def one_change(day: date, engine: Engine) -> None:
    """A touch typed in, and the sweep that finds its account."""

    def change() -> None:
        with writing():
            pair = [db.session.get(Person, 1), db.session.get(Person, 11)]
            ties.add_touch(DAY, "call", pair)
        assert len(jobs.sweep(day, runner=engine).scored) == 1

    row(f"one touch in a book of {ACCOUNTS}, written, found, scored, scanned", median(change))


def small_book() -> None:
    """The same change in a book of 100."""
    global ACCOUNTS
    ACCOUNTS, all_of_them = 100, ACCOUNTS
    fill(ACCOUNTS, people=PEOPLE, touches=TOUCHES)
    with Engine() as engine:
        jobs.sweep(DAY, runner=engine)
        one_change(DAY, engine)
    ACCOUNTS = all_of_them


def per(seconds: float, count: int) -> str:
    return f"{seconds / count * 1000:.1f} ms an account"


def main() -> None:
    head("Scoring")
    with app_on_new_database() as app:
        one_account(app, 100, 1000)
        one_account(app, 500, 5000)
    with app_on_new_database():
        small_book()
    with app_on_new_database():
        book()


if __name__ == "__main__":
    main()
