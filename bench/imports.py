"""A snapshot of 10,000 rows: the first time, again without changes, and the rows it writes.

The same rows of all tables go into the same tables, with the same indexes and foreign keys, by
``sqlite3 .import``: what the bulk path costs is said as a multiple of that.
"""

import csv
import io
import json
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench._machine import head, once, once_on_cpu, ratio, row
from relmap.app import create_app
from relmap.facts.audit import acting_as
from relmap.facts.users import add_user
from relmap.imports import import_snapshot
from relmap.imports.apply import is_stale, write_plan
from relmap.imports.archive import keep_file
from relmap.imports.sheets.files import read_table
from relmap.imports.sheets.snapshot_rows.reading import read_snapshot
from relmap.imports.snapshot.planner import plan
from relmap.imports.snapshot.reader import read_on_file
from relmap.models import Import, db, writing
from relmap.models.schema import upgrade

ACCOUNTS, UNITS, PEOPLE = 20, 25, 20  # people in each unit of each account: 10,000 rows
FIRST, AGAIN = date(2026, 1, 1), date(2026, 7, 1)
HEADINGS = ("account", "unit", "post", "person", "external_id", "email", "reports_to")
csv.field_size_limit(2**24)  # an import keeps its file as one value
PRAGMAS = ("PRAGMA foreign_keys = ON", "PRAGMA synchronous = NORMAL")
TIMES = 5


def snapshot() -> bytes:
    """The list: units with a head to whom all others report, heads report to the first."""
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(HEADINGS)
    for number in range(ACCOUNTS * UNITS * PEOPLE):
        unit, place = divmod(number, PEOPLE)
        account, unit_of_account = divmod(unit, UNITS)
        head_of_account, head_of_unit = account * UNITS * PEOPLE, unit * PEOPLE
        superior = head_of_account if place == 0 else head_of_unit
        post = "Director" if place == 0 else f"Engineer {place}"
        lines.writerow(
            [
                f"Account {account}",
                f"Unit {unit_of_account}",
                f"{post} of unit {unit_of_account}",
                f"Person {number}",
                f"P{number:06}",
                f"p{number}@example.com",
                "" if number == superior else f"P{superior:06}",
            ]
        )
    return written.getvalue().encode()


@dataclass(frozen=True)
class Bench:
    """A folder with an empty database of the newest schema, to be copied for each run."""

    folder: Path
    data: bytes

    def fresh(self, name: str) -> Path:
        """A copy of the empty database."""
        return Path(shutil.copy(self.folder / "empty.sqlite", self.folder / name))


@contextmanager
def app_on(path: Path) -> Iterator[None]:
    """The application on one database file; all of it is in the file when this ends."""
    settings = {"RELMAP_DATABASE_URL": f"sqlite:///{path}", "RELMAP_INSTANCE": str(path.parent)}
    with create_app(settings).app_context():
        yield
        db.session.remove()
        db.engine.dispose()  # the last connection to close writes the log back into the file


def whole_imports(bench: Bench) -> None:
    """From the file's bytes to the report, on one database after the other."""
    first, again = [], []
    for _ in range(3):
        path = bench.fresh("whole.sqlite")
        with app_on(path):
            first.append(once(lambda: imported(bench.data, FIRST)))
            again.append(once(lambda: imported(bench.data, AGAIN, changes=0)))
    rows = ACCOUNTS * UNITS * PEOPLE
    row(f"import of {rows:,} rows, first", first, f"{rows / min(first):,.0f} rows a second at best")
    row("the same list half a year later, 0 changes", again, ratio(again, first) + " the first")


def imported(data: bytes, day: date, *, changes: int | None = None) -> None:
    """Import the list and check that it was applied whole."""
    report = import_snapshot(
        data, file_name="list.csv", day=day, complete=True, user_id=1, cap=2**24
    )
    assert report.status == "applied"
    assert report.counts["rows"] == ACCOUNTS * UNITS * PEOPLE
    assert changes is None or len(report.changes) == changes


# --- the same rows by the bulk path and by sqlite3 itself


def bulk_path(bench: Bench) -> Callable[[], None]:
    """Writes the plan of the list into an empty database; what is planned is not counted."""
    path = bench.fresh("bulk.sqlite")
    with app_on(path):
        table = read_table(bench.data, name="list.csv", kind="snapshot", max_bytes=2**24)
        rows = read_snapshot(table, on=FIRST, account=None, mapping={}).rows
        on_file = read_on_file(rows, FIRST)
        made = plan(
            rows,
            day=FIRST,
            complete=True,
            views=on_file.views,
            known=on_file.known,
            coverage=on_file.coverage,
            waiting=on_file.waiting,
        )
        db.session.rollback()

    def write() -> None:
        with acting_as(1), writing():
            assert not is_stale(made)
            kept = keep_file(
                "snapshot", table, account=None, column_map={}, on=FIRST, complete=True
            )
            write_plan(made, kept)

    return write


@dataclass(frozen=True)
class Filled:
    """A table's rows as files for ``.import``, and the table as it is made for them."""

    name: str
    schema: list[str]
    files: list[Path]
    rows: int


def filled_tables(written: Path, folder: Path) -> list[Filled]:
    """What an import wrote, as CSV. ``.import`` knows NULL only for columns missing at the end.

    So the columns that hold NULL stand last, and rows with fewer of them go by files of their own.
    """
    source = sqlite3.connect(written)
    names = [table.name for table in db.metadata.sorted_tables]
    return [_filled(source, name, folder) for name in names if _count(source, name)]


def _count(source: sqlite3.Connection, name: str) -> int:
    found: int = source.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
    return 0 if name == "user" else found


def _filled(source: sqlite3.Connection, name: str, folder: Path) -> Filled:
    columns = [found[1] for found in source.execute(f'PRAGMA table_info("{name}")')]
    counts = ", ".join(f'count("{column}")' for column in columns)
    known = dict(
        zip(columns, source.execute(f'SELECT {counts} FROM "{name}"').fetchone(), strict=True)
    )
    ordered = sorted(columns, key=lambda column: -known[column])
    listed = ", ".join(f'"{column}"' for column in ordered)
    files: dict[int, list[tuple[object, ...]]] = {}
    for values in source.execute(f'SELECT {listed} FROM "{name}" ORDER BY rowid'):
        length = max(place for place, value in enumerate(values) if value is not None) + 1
        assert None not in values[:length], f"{name}: NULL before the last known value"
        files.setdefault(length, []).append(values[:length])
    paths = []
    for length, rows in sorted(files.items()):
        paths.append(folder / f"{name}-{length}.csv")
        with paths[-1].open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    schema = _schema(source, name, ordered)
    return Filled(name, schema, paths, sum(map(len, files.values())))


def _schema(source: sqlite3.Connection, name: str, ordered: list[str]) -> list[str]:
    """The table's own statements, with its columns in this order."""
    rows = source.execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC",
        (name,),
    )
    table, *indexes = [found[0] for found in rows]
    start, body = table.split("(", 1)
    lines = [line.strip().rstrip(",") for line in body.rstrip().removesuffix(")").splitlines()]
    lines = [line for line in lines if line]
    by_name = {line.split()[0].strip('"'): line for line in lines}
    rest = [line for line in lines if line.split()[0].strip('"') not in ordered]
    moved = [by_name[column] for column in ordered]
    return [f"{start}({', '.join([*moved, *rest])})", *indexes]


def with_tables_of(filled: list[Filled], path: Path) -> Path:
    """An empty database in which the filled tables have their columns in the files' order."""
    target = sqlite3.connect(path, isolation_level=None)
    for table in filled:
        target.execute(f'DROP TABLE "{table.name}"')
        for statement in table.schema:
            target.execute(statement)
    target.execute("PRAGMA journal_mode = WAL")
    target.close()
    return path


def command_line_import(path: Path, filled: list[Filled]) -> Callable[[], None]:
    """``sqlite3 .import`` of all files, in one transaction."""
    program = shutil.which("sqlite3")
    assert program is not None
    lines = [f"{pragma};" for pragma in PRAGMAS] + ["BEGIN IMMEDIATE;", ".mode csv"]
    for table in filled:
        lines += [f".import {json.dumps(str(file))} {table.name}" for file in table.files]
    script = "\n".join([*lines, "COMMIT;", ""])

    def write() -> None:
        subprocess.run(
            [program, "-bail", str(path)],
            input=script,
            text=True,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # a line for each row that leaves columns NULL
        )

    return write


def executemany(path: Path, filled: list[Filled]) -> Callable[[], None]:
    """The same by Python's own sqlite3: a statement a file."""

    def write() -> None:
        target = sqlite3.connect(path, isolation_level=None)
        for pragma in PRAGMAS:
            target.execute(pragma)
        target.execute("BEGIN IMMEDIATE")
        for table in filled:
            for file in table.files:
                with file.open(newline="", encoding="utf-8") as lines:
                    rows = list(csv.reader(lines))
                columns = [found[1] for found in target.execute(f"PRAGMA table_info({table.name})")]
                listed = ", ".join(f'"{column}"' for column in columns[: len(rows[0])])
                marks = ", ".join("?" * len(rows[0]))
                target.executemany(f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})', rows)
        target.execute("COMMIT")
        target.close()

    return write


def same_rows(bench: Bench) -> None:
    """Write the same rows in three ways, in turns, each time into an empty database."""
    write = bulk_path(bench)
    with app_on(bench.folder / "bulk.sqlite"):
        write()
    filled = filled_tables(bench.folder / "bulk.sqlite", bench.folder)
    ways: dict[str, list[tuple[float, float]]] = {"bulk": [], "shell": [], "many": []}
    for _ in range(TIMES):
        with app_on(bench.fresh("bulk.sqlite")):
            db.session.execute(db.select(Import.id)).all()  # connected
            ways["bulk"].append(once_on_cpu(write))
        for name, way in (("shell", command_line_import), ("many", executemany)):
            path = with_tables_of(filled, bench.fresh(f"{name}.sqlite"))
            if name == "many" or shutil.which("sqlite3"):
                ways[name].append(once_on_cpu(way(path, filled)))
                check(path, filled)
    total = sum(table.rows for table in filled)
    row(f"bulk path: the {total:,} rows of that import", [wall for wall, _ in ways["bulk"]])
    for name, title in (
        ("shell", "`sqlite3 .import` of the same rows"),
        ("many", "`executemany` of the same rows by Python's sqlite3"),
    ):
        if not ways[name]:
            print(f"| {title} | not measured: there is no sqlite3 here | | |")
            continue
        (bulk, bulk_cpu), (wall, cpu) = (
            zip(*ways["bulk"], strict=True),
            zip(*ways[name], strict=True),
        )
        note = f"bulk path: {ratio(bulk, wall)}; in processor time {ratio(bulk_cpu, cpu)}"
        row(title, wall, note)


def check(path: Path, filled: list[Filled]) -> None:
    """Nothing was left out, and every foreign key holds."""
    target = sqlite3.connect(path)
    assert {table.name: _count(target, table.name) for table in filled} == {
        table.name: table.rows for table in filled
    }
    assert not target.execute("PRAGMA foreign_key_check").fetchall()
    target.close()


def main() -> None:
    head("Imports")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), snapshot())
        with app_on(bench.folder / "empty.sqlite"):
            upgrade()
            with writing():
                add_user("bench", role="administrator", password="seven boats in a row")
        whole_imports(bench)
        same_rows(bench)


if __name__ == "__main__":
    main()
