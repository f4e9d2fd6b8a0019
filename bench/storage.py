"""What a day costs on disk, of an account in which nothing changes.

script/bench storage
"""

from datetime import timedelta

from sqlalchemy import text

from bench._book import DAY, fill
from bench._fresh import empty_book
from bench._machine import head
from relmap import jobs
from relmap.models import db

DAYS = 10
PEOPLE, TOUCHES = 100, 300
PARTS = {
    "scores": ("score", ("evidence", "actions")),
    "foresight: succession, plan, blocking sets": ("foresight", ("document",)),
    "forecasts, one a holder": ("forecast", ("basis", "bands")),
}
PAGES = """
    SELECT coalesce(sum(pgsize), 0) FROM dbstat
    WHERE name IN (SELECT name FROM sqlite_master WHERE tbl_name = :table)
"""


def main() -> None:
    head("Storage")
    with empty_book():
        fill(1, people=PEOPLE, touches=TOUCHES, with_past=True)
        with jobs.engine() as runner:
            jobs.sweep(DAY, runner=runner)
            before = {what: kept(what) for what in PARTS}
            for number in range(1, DAYS + 1):
                jobs.sweep(DAY + timedelta(days=number), runner=runner)
        after = {what: kept(what) for what in PARTS}
    whole = 0.0
    for what in PARTS:
        pages, texts = (
            (late - early) / DAYS / 1024
            for early, late in zip(before[what], after[what], strict=True)
        )
        whole += pages
        print(f"| a day: {what} | {pages:.1f} KiB | {DAYS} days | {texts:.1f} KiB of it JSON |")
    print(f"| a day: all of it | {whole:.1f} KiB | {DAYS} days | |")


def kept(what: str) -> tuple[int, int]:
    """Bytes of a table and its indexes, and of what it holds as JSON."""
    table, columns = PARTS[what]
    lengths = " + ".join(f"coalesce(length({column}), 0)" for column in columns)
    pages = db.session.scalar(text(PAGES), {"table": table})
    texts = db.session.scalar(text(f"SELECT coalesce(sum({lengths}), 0) FROM {table}"))
    db.session.rollback()
    return pages, texts


if __name__ == "__main__":
    main()
