"""A book is forecast on all cores with the figures of one, and a killed process loses nothing."""

import os
import signal
import subprocess
import sys
import time
from datetime import date

import pytest
from sqlalchemy import delete, select

from relmap import jobs
from relmap.config import config_of
from relmap.jobs import processes
from relmap.jobs.processes import helped
from relmap.models import Forecast, Foresight, db, writing
from relmap.results.runs import forecasting

DAY = date(2026, 7, 1)

needs_two_cores = pytest.mark.skipif(
    len(os.sched_getaffinity(0)) < 2, reason="on one core nobody helps"
)


@pytest.fixture
def book(make_firm):
    """The ids of twelve accounts with a holder and somebody who left."""
    ids = []
    for number in range(12):
        firm = make_firm(f"Account {number}")
        firm.post("Buyer", "manager")
        firm.sit(f"Old {number}", "Buyer", date(2024, 1, 1 + number))
        firm.leave(f"Old {number}", date(2025, 6, 1))
        firm.sit(f"New {number}", "Buyer", date(2025, 6, 1))
        ids.append(firm.id)
    db.session.rollback()
    return ids


@pytest.fixture
def few(monkeypatch):
    """Helpers for a book of any size."""
    monkeypatch.setattr(processes, "LEAST", 1)


def figures() -> dict[int, tuple]:
    db.session.rollback()
    query = select(Forecast.tenure_id, Forecast.p90, Forecast.p180, Forecast.p365, Forecast.bands)
    return {row.tenure_id: tuple(row) for row in db.session.execute(query)}


@needs_two_cores
def test_helpers_alone_forecast_all_with_the_figures_of_one_process(app, book, few):
    with helped(book, DAY, today=DAY) as processes:
        for process in processes:
            process.join(120)
    assert forecasting.due_accounts(DAY) == []
    of_helpers = figures()
    with writing():
        for model in (Forecast, Foresight):
            db.session.execute(delete(model))
    jobs.forecast_accounts(book, DAY, today=DAY)
    assert figures() == of_helpers != {}


@pytest.mark.postgresql
@needs_two_cores
def test_a_sweep_with_helpers_forecasts_scores_and_scans_all(app, book, here, few):
    done = jobs.sweep(DAY, runner=here)
    assert (done.scored, done.scanned, done.broken) == (book, book, [])
    assert set(done.forecast) <= set(book)  # what is missing, a helper did
    assert forecasting.due_accounts(DAY) == []


@pytest.mark.postgresql
@needs_two_cores
def test_what_a_killed_helper_leaves_the_caller_does(app, book, few):
    with helped(book, DAY, today=DAY) as processes:
        for process in processes:
            os.kill(process.pid, signal.SIGKILL)
            process.join(30)
        jobs.forecast_accounts(book, DAY, today=DAY)
        assert [process.exitcode for process in processes] == [-signal.SIGKILL] * len(processes)
    assert forecasting.due_accounts(DAY) == []


@needs_two_cores
def test_no_helper_outlives_the_block_even_where_it_raises(app, book, few):
    with pytest.raises(KeyboardInterrupt), helped(book, DAY, today=DAY) as processes:
        raise KeyboardInterrupt
    assert processes
    assert not any(process.is_alive() for process in processes)


def test_a_few_accounts_need_no_help(app, book):
    with helped(book, DAY, today=DAY) as processes:
        assert list(processes) == []


@needs_two_cores
def test_a_helper_ends_by_itself_when_its_caller_was_killed(app, book, tmp_path):
    source = (
        "import os, sys, time\n"
        "from datetime import date\n"
        "from relmap.app import create_app\n"
        "from relmap.jobs import processes\n"
        "if __name__ == '__main__':\n"
        "    processes.LEAST = 1\n"
        "    with create_app().app_context():\n"
        "        accounts = [int(text) for text in sys.argv[1:]] * 10_000\n"
        "        day = date(2026, 7, 1)\n"
        "        with processes.helped(accounts, day, today=day) as started:\n"
        "            print(started[0].pid, flush=True)\n"
        "            time.sleep(120)\n"
    )
    script = tmp_path / "caller.py"
    script.write_text(source, encoding="utf-8")
    environ = {**os.environ, "RELMAP_DATABASE_URL": config_of(app).database_url}
    command = [sys.executable, str(script), *map(str, book)]
    with subprocess.Popen(command, env=environ, cwd=tmp_path, stdout=subprocess.PIPE) as caller:
        helper = int(caller.stdout.readline())
        caller.kill()
    assert waits_for_the_end_of(helper)


def waits_for_the_end_of(pid: int) -> bool:
    """Whether a process that is no child of ours ends within a minute."""
    for _ in range(600):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
