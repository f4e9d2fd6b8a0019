"""A database that an older relmap made is brought to the schema of today, with all its rows.

``schemas/`` holds what SQLite said of databases made at a step by a commit: steps 1 and 2 were
edited after that.
"""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from relmap.app import create_app
from relmap.facts import people, structure
from relmap.models import Unit, db, writing
from relmap.models.book import refuse_other_book
from relmap.models.schema import downgrade, upgrade

from .test_migrations import schema_of

pytestmark = pytest.mark.postgresql

SCHEMAS = sorted((Path(__file__).parent / "schemas").glob("*.sql"))
AT = "2026-01-02 03:04:05"
FACTS = {
    "account": [{"id": 1, "name": "铭川"}, {"id": 7, "name": "Jingfeng"}],
    "unit": [{"id": 3, "account_id": 1, "name": "采购"}],
    "post": [
        {"id": 4, "unit_id": 3, "title": "Director"},
        {"id": 5, "unit_id": 3, "title": "Buyer", "reports_to_id": 4},
    ],
    "person": [{"id": 6, "name": "王 'the' 芳"}, {"id": 8, "name": "Li"}],
    "tenure": [{"id": 9, "post_id": 5, "person_id": 6, "starts_on": "2025-01-01"}],
    "import": [{"id": 2, "kind": "ties", "status": "applied"}],
    "change": [
        {"id": 1, "kind": "import", "fact_id": 11, "verb": "undo"},
        {"id": 2, "kind": "post", "fact_id": 20, "verb": "undo"},
    ],
    "alert": [
        {
            "id": 1,
            "account_id": 1,
            "key": "tenure:30",
            "refs": '["person:40", "post:4", "person:99999999999"]',
            "severity": "note",
            "status": "open",
        }
    ],
}
"""Rows in order, with all that must be told apart."""
GONE = {"post": 20, "person": 40, "tenure": 30, "import": 11}
"""The ids of rows that were deleted before the upgrade."""


def fill(path):
    """Write the rows, after those that are gone."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for table, rows in FACTS.items():
            if table in GONE:
                insert(connection, table, rows[0] | {"id": GONE[table]})
                connection.execute(f'DELETE FROM "{table}"')
            for row in rows:
                insert(connection, table, row)


def insert(connection, table, row):
    """Write a row, with something in every column that must not be empty."""
    values = needed(connection, table) | row
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" for _ in values)
    statement = f'INSERT INTO "{table}" ({columns}) VALUES ({marks})'
    connection.execute(statement, list(values.values()))


def needed(connection, table):
    blank = {"INTEGER": 1, "BOOLEAN": 0, "DATE": "2026-01-02", "DATETIME": AT, "JSON": "[]"}
    written = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,))
    allowed = dict(re.findall(r"CHECK \((\w+) IN \('(\w+)'", written.fetchone()[0]))
    info = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    return {
        name: allowed.get(name) or blank.get(kind, "x")
        for _, name, kind, must, _, key in info
        if must and not key
    }


def rows_of(path):
    """The rows of the tables that were filled, by column."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            table: [dict(row) for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY id')]
            for table in FACTS
        }


@pytest.fixture(params=SCHEMAS, ids=lambda path: path.stem)
def old_path(request, tmp_path):
    """A database of an older schema with rows in it."""
    path = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(request.param.read_text())
    fill(path)
    return path


@pytest.fixture
def old_app(old_path, environment):
    app = create_app(environment | {"RELMAP_DATABASE_URL": f"sqlite:///{old_path}"})
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def parts_of(url):
    """A schema, whatever the order of its columns."""
    engine = create_engine(url)
    found = schema_of(engine)
    engine.dispose()
    for table in found.values():
        table["columns"] = sorted(table["columns"])
    return found


def keyed(path):
    """By table, whether SQLite gives an id of it once only."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT name, sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE type = 'table'"
        return dict(connection.execute(query))


only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@only_sqlite
def test_an_old_database_gets_the_schema_of_a_new_one(old_app, old_path, db_url):
    with old_app.app_context():
        upgrade()
        refuse_other_book()  # raises where it is another
    assert parts_of(f"sqlite:///{old_path}") == parts_of(db_url)
    assert keyed(old_path) == keyed(db_url.removeprefix("sqlite:///"))


@only_sqlite
def test_a_database_older_than_a_column_of_the_scores_gets_it(old_app, old_path, db_url):
    with closing(sqlite3.connect(old_path)) as connection, connection:
        for column in ("rule_title", "weight"):
            connection.execute(f"ALTER TABLE score DROP COLUMN {column}")
    with old_app.app_context():
        upgrade()
    assert parts_of(f"sqlite:///{old_path}") == parts_of(db_url)


@only_sqlite
def test_an_old_database_keeps_its_rows(old_app, old_path):
    before = rows_of(old_path)
    with old_app.app_context():
        upgrade()
    assert_kept(before, rows_of(old_path))


def assert_kept(before, after):
    for table, rows in before.items():  # a column more is no loss
        kept = [
            {name: now[name] for name in was} for was, now in zip(rows, after[table], strict=True)
        ]
        assert kept == rows


@only_sqlite
def test_an_id_that_the_old_database_ever_named_is_not_given_again(old_app):
    with old_app.app_context():
        upgrade()
        with writing():
            somebody = people.add_person("Somebody")
            unit = db.session.get_one(Unit, 3)
            post = structure.open_post(unit, "Planner", day=date(2026, 1, 2))
            db.session.flush()
            assert (somebody.id, post.id) == (41, 21)
            tables = ("tenure", "import", "account")
            query = db.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
            given = [db.session.scalar(query, {"name": name}) for name in tables]
            assert given == [30, 11, 7]


KILLED = """
import os, signal, relmap.app, relmap.models.schema
from sqlalchemy import Engine, event


@event.listens_for(Engine, "before_cursor_execute")
def kill(connection, cursor, statement, *_):
    if statement == 'DROP TABLE "post"':
        os.kill(os.getpid(), signal.SIGKILL)


with relmap.app.create_app().app_context():
    relmap.models.schema.upgrade()
"""


@only_sqlite
@pytest.mark.parametrize("old_path", SCHEMAS[:1], indirect=True, ids=["step_0001"])
def test_an_upgrade_that_was_killed_is_made_again(old_app, old_path, environment, db_url):
    before, rows = parts_of(f"sqlite:///{old_path}"), rows_of(old_path)
    at_old = {"RELMAP_DATABASE_URL": f"sqlite:///{old_path}"}
    upgrading = subprocess.run(
        [sys.executable, "-c", KILLED], env=os.environ | environment | at_old, check=False
    )
    assert upgrading.returncode == -signal.SIGKILL
    assert parts_of(f"sqlite:///{old_path}") == before
    with old_app.app_context():
        upgrade()
    assert parts_of(f"sqlite:///{old_path}") == parts_of(db_url)
    assert_kept(rows, rows_of(old_path))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_older_step_lacks_nothing_on_postgresql(app, db_url):
    """The columns and the index that steps 1 and 2 made only later."""
    newest = parts_of(db_url)
    lacking = {
        "score": ("rule_title", "weight"),
        "book_rate": ("parts",),
        "forecast": ("mirrors_imports",),
        "next_step": ("through_id",),
    }
    with app.app_context():
        downgrade(revision="0005")
        with writing(), db.engine.begin() as connection:
            for table, columns in lacking.items():
                for column in columns:
                    connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {column}")
        upgrade()
    assert parts_of(db_url) == newest
