"""Backup and restore: the whole book, one moment of it, or nothing."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from relmap.cli import main as cli
from relmap.errors import Refused
from relmap.facts import structure
from relmap.maintenance import sample
from relmap.maintenance.backup import backup, restore
from relmap.maintenance.book_file import refuse_other_file
from relmap.models import Account, Person, Unit, db, writing
from relmap.models.book import refuse_other_book

pytestmark = pytest.mark.postgresql

DAY = date(2026, 11, 21)
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
WRITER = """
import sys
from datetime import date
from relmap.app import create_app
from relmap.facts.structure import open_account
from relmap.models import writing
with create_app().app_context():
    number = 0
    while True:
        with writing():
            open_account(f"{sys.argv[1]} {number}", day=date(2026, 1, 1))
        number += 1
        if number == 3:
            print("writing", flush=True)
"""
KILLED = """
import os, signal, sys
from pathlib import Path
from relmap.app import create_app
from relmap.maintenance import backup
backup._publish = lambda part, path: os.kill(os.getpid(), signal.SIGKILL)
with create_app().app_context():
    backup.backup(Path(sys.argv[1]))
"""


@pytest.fixture
def context(app):
    with app.app_context():
        yield


@pytest.fixture
def book(context):
    with writing():
        sample.make_sample_book(DAY)


@pytest.fixture
def live():
    return Path(db.engine.url.database)


def contents():
    """All rows of all tables, the schema's step included."""
    names = [table.name for table in db.metadata.sorted_tables] + ["alembic_version"]
    db.session.rollback()
    return {
        name: sorted(map(repr, db.session.execute(text(f'SELECT * FROM "{name}"'))))
        for name in names
    }


def add_account(name):
    with writing():
        structure.open_account(name, day=DAY)


@ON_SQLITE
def test_a_restored_book_equals_the_one_backed_up(book, tmp_path, live):
    before = contents()
    backup(tmp_path / "book.sqlite3")
    with writing():
        sample.remove_sample_book()
        structure.open_account("Later", day=DAY)
    changed = contents()
    assert changed != before
    kept = restore(tmp_path / "book.sqlite3")
    assert contents() == before
    assert kept.parent == live.parent
    restore(kept)
    assert contents() == changed


@ON_SQLITE
def test_a_backup_is_its_owners_alone(book, tmp_path):
    backup(tmp_path / "book.sqlite3")
    kept = restore(tmp_path / "book.sqlite3")
    for file in (tmp_path / "book.sqlite3", kept):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(file.name for file in tmp_path.glob(".*.part")) == []


@ON_SQLITE
def test_a_backup_overwrites_nothing(book, tmp_path):
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(Refused, match="there already"):
        backup(tmp_path / "notes")
    assert (tmp_path / "notes").read_text() == "mine"
    with pytest.raises(Refused, match="no folder"):
        backup(tmp_path / "nowhere" / "book")


@ON_SQLITE
def test_a_backup_holds_one_moment_while_others_write(context, environment, tmp_path):
    add_account("First")
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, "Written"],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert writer.stdout.readline() == "writing\n"
        for number in range(5):
            backup(tmp_path / str(number))
    finally:
        writer.kill()
        writer.communicate()
    sizes = [count_in(tmp_path / str(number), "account") for number in range(5)]
    assert sizes == sorted(sizes)
    assert sizes[0] >= 4
    for number, size in enumerate(sizes):  # an account and its root are written together
        assert count_in(tmp_path / str(number), "unit") == size
        restore(tmp_path / str(number))
        assert db.session.scalar(select(func.count()).select_from(Unit)) == size


def count_in(file, table):
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


@ON_SQLITE
def test_a_killed_backup_leaves_nothing_under_its_name(book, environment, tmp_path):
    file = tmp_path / "book.sqlite3"
    command = [sys.executable, "-c", KILLED, str(file)]
    done = subprocess.run(command, env=os.environ | environment, check=False)
    assert done.returncode == -signal.SIGKILL
    assert not file.exists()
    backup(file)
    restore(file)


@ON_SQLITE
def test_a_failed_backup_leaves_nothing_at_all(book, tmp_path, monkeypatch):
    from relmap.maintenance import backup as module

    def full(part):
        Path(f"{part}-journal").touch()  # SQLite's own, which it leaves on a full disk
        raise OSError("no space left on device")

    monkeypatch.setattr(module, "_flush", full)
    with pytest.raises(OSError, match="no space"):
        backup(tmp_path / "book.sqlite3")
    assert list(tmp_path.glob("*book*")) + list(tmp_path.glob(".*book*")) == []


def garbage(folder):
    good = folder / "good"
    backup(good)
    whole = good.read_bytes()
    (folder / "text").write_text("not a database")
    (folder / "empty").write_bytes(b"")
    (folder / "cut").write_bytes(whole[: len(whole) // 2])
    holes = bytearray(whole)
    holes[8192:20480] = b"\xff" * 12288
    (folder / "holes").write_bytes(bytes(holes))
    with closing(sqlite3.connect(folder / "foreign")) as connection:
        connection.execute("CREATE TABLE account (id)")
    for name, statement in (
        ("newer", "UPDATE alembic_version SET version_num = '9999'"),
        ("dangling", "DELETE FROM person"),
        ("stepless", "DELETE FROM alembic_version"),
    ):
        (folder / name).write_bytes(whole)
        with closing(sqlite3.connect(folder / name)) as connection:
            connection.execute(statement)
            connection.commit()
    return ["text", "empty", "cut", "holes", "foreign", "newer", "dangling", "stepless", "none"]


@ON_SQLITE
def test_what_is_no_whole_backup_is_refused_and_the_book_untouched(book, tmp_path, live):
    names = garbage(tmp_path)
    before = contents()
    files = sorted(live.parent.iterdir())
    for name in names:
        with pytest.raises(Refused):
            restore(tmp_path / name)
    assert contents() == before
    assert sorted(live.parent.iterdir()) == files


@ON_SQLITE
def test_the_database_in_use_is_no_backup(book, live):
    with pytest.raises(Refused, match="in use"):
        restore(live)


@ON_SQLITE
def test_who_reads_meanwhile_sees_the_old_book_to_the_end(context, tmp_path, live):
    backup(tmp_path / "empty")
    add_account("Later")
    with closing(sqlite3.connect(live)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM account").fetchone() == (1,)
        restore(tmp_path / "empty")
        assert reader.execute("SELECT count(*) FROM account").fetchone() == (1,)
        reader.execute("COMMIT")
        assert reader.execute("SELECT count(*) FROM account").fetchone() == (0,)


@ON_SQLITE
def test_who_writes_all_the_time_is_waited_for_and_then_named(context, tmp_path, live, monkeypatch):
    from relmap.maintenance import backup as module

    backup(tmp_path / "empty")
    add_account("Later")
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    with closing(sqlite3.connect(live, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(Refused, match="Stop relmap"):
            restore(tmp_path / "empty")
        writer.execute("ROLLBACK")
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


@ON_SQLITE
def test_where_there_was_no_book_nothing_is_kept(book, tmp_path, live):
    backup(tmp_path / "book")
    people = db.session.scalar(select(func.count()).select_from(Person))
    db.session.remove()
    db.engine.dispose()
    for file in live.parent.iterdir():
        file.unlink()
    assert restore(tmp_path / "book") is None
    assert db.session.scalar(select(func.count()).select_from(Person)) == people


@ON_SQLITE
def test_a_restored_book_is_at_the_newest_schema_and_can_be_written(book, tmp_path):
    backup(tmp_path / "book")
    restore(tmp_path / "book")
    refuse_other_book()  # raises where it is another
    add_account("After")
    assert db.session.execute(text("PRAGMA journal_mode")).scalar() == "wal"


@ON_SQLITE
def test_a_book_restored_where_there_was_none_is_its_owners_only(context, tmp_path):
    backup(tmp_path / "book")
    present = Path(db.engine.url.database)
    db.session.remove()
    db.engine.dispose()
    present.unlink()
    assert restore(tmp_path / "book") is None
    assert stat.S_IMODE(present.stat().st_mode) == 0o600


@ON_SQLITE
def test_where_the_upgrade_fails_the_present_book_is_put_back(context, tmp_path, monkeypatch):
    from relmap.models import schema

    backup(tmp_path / "empty")
    add_account("Present")

    def broken():
        raise RuntimeError("a migration failed")

    monkeypatch.setattr(schema, "upgrade", broken)
    with pytest.raises(RuntimeError, match="migration"):
        restore(tmp_path / "empty")
    assert db.session.scalar(select(Account.name)) == "Present"


@ON_SQLITE
def test_where_a_book_cannot_be_overwritten_no_copy_of_it_is_left(context, tmp_path, monkeypatch):
    backup(tmp_path / "empty")
    folder = Path(db.engine.url.database).parent
    before = sorted(file.name for file in folder.iterdir())

    def fail(*_):
        raise sqlite3.OperationalError("attempt to write a readonly database")

    monkeypatch.setattr("relmap.maintenance.backup._copy", fail)
    with pytest.raises(sqlite3.OperationalError):
        restore(tmp_path / "empty")
    assert sorted(file.name for file in folder.iterdir()) == before


@ON_POSTGRESQL
def test_on_postgresql_the_refusal_says_which_programs_to_use(context, tmp_path):
    with pytest.raises(Refused, match="pg_dump --format=custom"):
        backup(tmp_path / "book")
    with pytest.raises(Refused, match="pg_restore --clean") as refused:
        restore(tmp_path / "book")
    assert "postgresql://" in str(refused.value)


# --- a file that somebody else wrote


def changed(folder, *statements):
    """A backup in which somebody ran these, whatever its own rules say."""
    file = folder / "changed.sqlite3"
    backup(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            connection.execute(statement)
    return file


TRIGGER = """CREATE TRIGGER t AFTER INSERT ON change BEGIN
    UPDATE user SET role = 'administrator'; END"""
REMADE = """CREATE TABLE user (id INTEGER PRIMARY KEY, name, role, password_hash,
    must_change_password, session_stamp, is_active, person_id, created_at, language, timezone)"""
UNTIED = """
UPDATE sqlite_master SET sql = replace(
    sql, 'CONSTRAINT fk_tenure_person_id_person FOREIGN KEY(person_id) REFERENCES person (id), ', ''
) WHERE name = 'tenure'
"""
FOREIGN = {
    "trigger": ([TRIGGER], "a trigger that is not relmap's: t"),
    "view": (["CREATE VIEW looked AS SELECT * FROM user"], "a view that is not relmap's: looked"),
    "table": (["CREATE TABLE notes (text)"], "a table that is not relmap's: notes"),
    "virtual table": (
        ["CREATE VIRTUAL TABLE notes USING fts5(text)"],
        "a table that is not relmap's: notes",
    ),
    "a table's name with signs": (
        ['CREATE TABLE "a\x1b[31m" (text)'],
        r"a table that is not relmap's: a\ufffd\[31m\.",
    ),
    "role": (["UPDATE user SET role = 'owner'"], "the role owner, which there is not"),
    "two versions": (
        ["INSERT INTO alembic_version VALUES ('0001')"],
        "it says that it is of two versions",
    ),
    "text": (
        ["UPDATE account SET name = CAST(X'ff41' AS TEXT) WHERE id = 1"],
        "table account holds text that cannot be read",
    ),
    "a table's name that is no text": (
        [
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_master SET name = CAST(X'ff' AS TEXT) WHERE name = 'score'",
        ],
        "is damaged",
    ),
    "day": (["UPDATE tenure SET starts_on = '2026-13-45'"], "is damaged.*tenure"),
    "number": (["UPDATE post SET seats = 'many'"], "is damaged.*post"),
    "moment": (["UPDATE change SET at = 'once'"], "A row of table change"),
    "document": (["UPDATE change SET after = '{'"], "A row of table change"),
    "column more": (["ALTER TABLE account ADD COLUMN more"], "table account is not as relmap"),
    "generated column": (
        ["ALTER TABLE account ADD COLUMN more AS (name || name)"],
        "table account is not as relmap",
    ),
    "table without its constraints": (
        ["PRAGMA foreign_keys = OFF", "DROP TABLE user", REMADE],
        "table user is not as relmap",
    ),
    "index more": (["CREATE UNIQUE INDEX none ON unit (id)"], "table unit is not.*none"),
    "foreign key gone": (
        ["PRAGMA writable_schema = ON", UNTIED],
        "table tenure is not.*fk_tenure_person_id_person",
    ),
    "index gone": (["DROP INDEX uq_tenure_open_person_post"], "uq_tenure_open_person_post"),
}


@ON_SQLITE
@pytest.mark.parametrize("case", FOREIGN)
def test_what_a_file_brings_that_is_not_relmaps_is_refused_and_the_book_untouched(
    book, tmp_path, case
):
    from relmap.facts import users

    with writing():
        users.ensure_admin()
    statements, said = FOREIGN[case]
    file = changed(tmp_path, *statements)
    before = contents()
    with pytest.raises(Refused, match=said):
        restore(file)
    assert contents() == before
    refuse_other_book()


@ON_SQLITE
def test_tables_of_a_plugin_come_back_with_its_step(book, tmp_path):
    file = changed(
        tmp_path,
        "CREATE TABLE alembic_version_diary (version_num VARCHAR(32) NOT NULL)",
        "CREATE TABLE diary_entry (id INTEGER PRIMARY KEY)",
    )
    restore(file)
    assert db.session.execute(text("SELECT count(*) FROM diary_entry")).scalar() == 0


@ON_SQLITE
def test_the_command_names_the_administrators_that_came_with_the_file(app, book, tmp_path):
    from relmap.facts import users

    with writing():
        users.ensure_admin()
    backup(tmp_path / "book.sqlite3")
    said = CliRunner().invoke(cli, ["restore", str(tmp_path / "book.sqlite3")], obj=app).stdout
    assert "Its administrators: admin.\n" in said


@ON_SQLITE
def test_a_file_that_is_cut_or_changed_anywhere_is_whole_or_refused_in_one_line(context, tmp_path):
    add_account("Anhe")
    backup(tmp_path / "good")
    whole, chance = (tmp_path / "good").read_bytes(), Random(10)
    attacks = [whole[: len(whole) * part // 20] for part in range(20)]
    for page in range(0, len(whole), 4096):  # mostly in the heads of pages, where it does most
        at = page + chance.choice(
            [chance.randrange(12), chance.randrange(100), chance.randrange(4096)]
        )
        flipped = whole[at] ^ 1 << chance.randrange(8)
        attacks.append(whole[:at] + bytes([flipped]) + whole[at + 1 :])
    refused = {}
    for number, attack in enumerate(attacks):
        file = tmp_path / str(number)
        file.write_bytes(attack)
        try:
            refuse_other_file(file)
        except Refused as refusal:
            refused[number] = str(refusal)
    assert [text for text in refused.values() if "\n" in text] == []
    assert refused.keys() >= {*range(20)}
    assert 40 < len(refused) < len(attacks)


@ON_SQLITE
def test_a_journal_beside_a_backup_changes_neither(context, tmp_path, live):
    """SQLite would roll the file back by it; what cannot be written is not."""
    file, journal = tmp_path / "good", tmp_path / "good-journal"
    backup(file)
    before = file.read_bytes()
    journal.write_bytes(bytes.fromhex("d9d505f920a163d7") + bytes(504) + b"rolled back" * 500)
    with pytest.raises(Refused, match="is damaged"):
        restore(file)
    assert (file.read_bytes(), journal.exists()) == (before, True)
