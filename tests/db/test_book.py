"""Which book relmap refuses to work on: in one line, with nothing written, here or elsewhere."""

import os
import resource
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from hypothesis import assume, given
from hypothesis import strategies as some
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from relmap.app import create_app
from relmap.cli import main
from relmap.config import Config
from relmap.errors import Refused
from relmap.hub.engine import InProcess
from relmap.jobs import worker
from relmap.models import Score, book, db, writing
from relmap.models.schema import CORE

IMPORT = ["import", "snapshot", "list.csv", "--on", "2026-07-01", "--account", "Acme"]
COMMANDS = [
    ["account", "list"],
    ["account", "add", "Acme"],
    ["view", "Acme", "--on", "2026-07-01"],
    ["user", "add", "mia", "--role", "manager", "--password-stdin"],
    IMPORT,
    ["import", "undo", "1"],
    ["score"],
    ["scan"],
    ["alerts"],
    ["forecast"],
    ["plugin", "list"],
    ["check"],
    ["backup", "kept.sqlite3"],
    ["sample"],
    ["work", "--once"],
    ["serve", "--port", "1"],
    ["init"],
]
RESTORE = ["restore", "kept-before.sqlite3"]
LIST = "name,unit,title\nLi Na,Purchasing,Buyer\n"


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """The folder that commands are called in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELMAP_SECRET_KEY", "for tests only, kept nowhere, signs nothing of worth")
    (tmp_path / "list.csv").write_text(LIST)
    return tmp_path


@pytest.fixture
def at(here, monkeypatch):
    """``at(path)(*words)`` calls a command on the book at a path, as a URL has it."""

    def of(path: object):
        monkeypatch.setenv("RELMAP_DATABASE_URL", f"sqlite:///{path}")
        return lambda *words: CliRunner().invoke(main, words, input="seven boats in a row")

    return of


def files_below(folder: Path) -> dict[str, int]:
    files = (file for file in folder.rglob("*") if file.is_file() and file.name != "list.csv")
    return {str(file): file.stat().st_size for file in files}


def assert_one_line(done, *parts: str) -> None:
    assert (done.exit_code, done.stdout) == (1, ""), done.output
    assert done.stderr.count("\n") == 1
    assert all(part in done.stderr for part in parts), done.stderr


# --- of another relmap


def test_the_steps_are_those_that_alembic_finds():
    from alembic.script import ScriptDirectory

    from relmap.models.schema import _settings

    scripts = ScriptDirectory.from_config(_settings(CORE))
    assert set(book.known_steps()) == {script.revision for script in scripts.walk_revisions()}
    assert book.known_steps()[-1] == scripts.get_current_head()


def set_step(step: str) -> None:
    with writing():
        db.session.execute(text("UPDATE alembic_version SET version_num = :step"), {"step": step})


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_book_of_a_newer_relmap_is_refused(app, runner, here, words):
    with app.app_context():
        set_step("9999")
    before = files_below(here)
    done = runner.invoke(main, words)
    assert_one_line(done, "newer relmap", "9999", "Install that one")
    assert files_below(here).keys() == before.keys()


@pytest.mark.postgresql
def test_a_server_with_a_newer_book_is_named_without_its_password(app):
    with app.app_context():
        set_step("9999")
    assert_one_line(CliRunner().invoke(main, ["account", "list"], obj=app), "newer relmap", "9999")


def test_a_book_of_an_older_relmap_is_led_to_init(app, environment):
    with app.app_context():
        set_step("0008")
    assert_one_line(CliRunner(env=environment).invoke(main, ["account", "list"]), "relmap init")


# --- no book


@pytest.mark.parametrize("words", COMMANDS[:-1], ids=" ".join)
def test_where_there_is_no_book_no_file_is_made(at, here, words):
    assert_one_line(at(here / "book.db")(*words), "relmap init")
    assert files_below(here) == {}


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_file_that_is_no_database_is_refused(at, here, words):
    (here / "book.db").write_text("Dear diary, " * 400)
    before = files_below(here)
    assert_one_line(at(here / "book.db")(*words), "book.db is no database")
    assert files_below(here) == before


@pytest.fixture
def kept(at, here) -> None:
    """A backup, in the file that RESTORE names."""
    other = at(here / "other.db")
    assert other("init").exit_code == other("backup", RESTORE[1]).exit_code == 0


@pytest.mark.parametrize("words", [*COMMANDS, RESTORE], ids=" ".join)
def test_no_byte_of_the_database_of_another_program_is_changed(kept, at, here, words):
    with closing(sqlite3.connect(here / "book.db")) as other:
        other.execute("CREATE TABLE recipe (id INTEGER)")
    before = (here / "book.db").read_bytes()
    assert_one_line(at(here / "book.db")(*words), "a database of another program")
    assert (here / "book.db").read_bytes() == before
    assert {file.name for file in here.glob("book*")} == {"book.db"}


@pytest.mark.parametrize("words", [*COMMANDS, RESTORE], ids=" ".join)
def test_a_folder_in_place_of_the_book_is_refused(kept, at, here, words):
    (here / "book.db").mkdir()
    assert_one_line(at(here / "book.db")(*words), "cannot be written")
    assert files_below(here / "book.db") == {}


@pytest.mark.parametrize("words", [*COMMANDS, RESTORE], ids=" ".join)
def test_a_book_that_is_damaged_within_is_refused(kept, at, here, words):
    book = (here / RESTORE[1]).read_bytes()
    (here / "book.db").write_bytes(book[:4096] + b"\xaa" * (len(book) - 4096))
    assert_one_line(at(here / "book.db")(*words), "is damaged", "restore a backup")
    assert (here / "book.db").read_bytes()[4096:] == b"\xaa" * (len(book) - 4096)


def test_an_empty_file_is_no_book_yet(at, here):
    (here / "book.db").touch()
    assert_one_line(at(here / "book.db")("score"), "relmap init")
    assert files_below(here) == {str(here / "book.db"): 0}
    assert at(here / "book.db")("init").exit_code == 0


# --- where it lies


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("what?now/book.db", "Write %3F for ?"),
        ("100%41/book.db", "Write %25 for %"),
        ("nowhere/book.db", "There is no folder"),
        ("nowhere%2Fbook.db", "Write %25 for %"),
        ("book.db?mode=ro", "Write %3F for ?"),
    ],
)
def test_a_place_where_no_book_can_lie_is_refused(at, here, path, said):
    for name in ("what?now", "100%41"):
        (here / name).mkdir()
    assert_one_line(at(f"{here}/{path}")("init"), said)
    assert files_below(here) == {}


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("what%3Fnow/book.db", "what?now/book.db"),
        ("100%2541/book.db", "100%41/book.db"),
        ("50%/book.db", "50%/book.db"),
        ("a b#c/客户.db", "a b#c/客户.db"),
        ("here/my%20book.db", "here/my book.db"),
    ],
)
def test_the_book_lies_in_the_folder_named(at, here, path, file):
    (here / file).parent.mkdir()
    assert at(f"{here}/{path}")("init").exit_code == 0
    assert [name for name in files_below(here) if name.endswith(".db")] == [str(here / file)]


SIGNS = some.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/")


@given(name=some.text(SIGNS, min_size=1, max_size=20) | some.text("a?%41#", min_size=1, max_size=9))
def test_a_path_that_is_taken_is_that_of_the_folder_named(tmp_path_factory, name):
    assume(name not in (".", ".."))
    folder = tmp_path_factory.mktemp("place") / name
    folder.mkdir()
    settings = Config(f"sqlite:///{folder}/book.db", folder, "http://127.0.0.1:5000")
    if "?" in name or unquote(name) != name:
        with pytest.raises(Refused, match="%25 for %"):
            book.book_url(settings)
    else:
        assert book.book_url(settings).database == f"{folder}/book.db"


def test_the_instance_may_have_any_name(here):
    folder = here / "what?now 100%41"
    environment = {"RELMAP_INSTANCE": str(folder)}
    assert CliRunner(env=environment).invoke(main, ["init"]).exit_code == 0
    assert (folder / "relmap.sqlite3").exists()


@pytest.mark.parametrize("words", [["init"], ["account", "list"], ["serve"]], ids=" ".join)
def test_an_instance_that_cannot_be_made_is_refused(here, words):
    environment = {"RELMAP_INSTANCE": str(here / "list.csv" / "instance")}
    done = CliRunner(env=environment).invoke(main, words)
    assert_one_line(done, "list.csv", "RELMAP_INSTANCE")
    assert files_below(here) == {}


def test_a_file_that_cannot_be_written_is_named(made, here):
    name = "x" * 300
    assert_one_line(made("backup", name), name, "cannot be used", "File name too long")


STEERING = "a\x1b[31m\n\u202eb"


@pytest.mark.parametrize(
    "words",
    [["backup"], ["restore"], ["import", "check"], ["import", "snapshot", "--on", "2026-07-01"]],
    ids=" ".join,
)
def test_no_name_of_a_file_steers_the_terminal(made, here, words):
    folder = here / STEERING
    for name in ("there", "none/there", "new"):
        done = made(*words, str(folder / name))
        assert not {"\x1b", "\u202e"} & set(done.output)
        assert "[31m\n" not in done.output
        folder.mkdir(exist_ok=True)
        (folder / "there").write_text("no such thing")


@pytest.mark.parametrize("name", ["a b#c.db", "what?now.db", "100%41.db", "客户.db", "file:x.db"])
def test_a_backup_may_have_any_name(made, here, name):
    assert made("backup", name).exit_code == 0
    assert (here / name).stat().st_size > 0
    assert made("restore", name).exit_code == 0


def test_a_folder_that_may_not_be_written_is_refused(at, here, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != here)
    assert_one_line(at(here / "book.db")("init"), "may not write into", str(here))


# --- in use


@pytest.fixture
def made(at, here):
    """A command on a book that is set up, in its file."""
    call = at(here / "book.db")
    assert call("init").exit_code == 0
    return call


@pytest.mark.parametrize("lock", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_a_book_that_another_program_keeps_locked_is_named(made, here, monkeypatch, lock):
    monkeypatch.setattr("relmap.models.session.BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(here / "book.db", isolation_level=None)) as other:
        other.execute(lock)
        for asked in (IMPORT, ["account", "add", "Acme"]):
            assert_one_line(made(*asked), "Another program", "Nothing was written", "book.db")
        other.execute("ROLLBACK")
    assert made("account", "list").output.startswith("No accounts yet.")
    assert made(*IMPORT).exit_code == 0


WRITING = [
    ["account", "add", "Nordwerk"],
    *([*IMPORT[:-1], "Nordwerk"], ["import", "undo", "1"]),
    *(["score"], ["scan"], ["forecast"], ["sample"]),
    ["user", "add", "mia", "--role", "manager", "--password-stdin"],
    *(["backup", "full.sqlite3"], RESTORE),
]
LARGEST = 40_000


@contextmanager
def limited_to(size: int):
    """No file grows past so many bytes, as where a disk is full."""
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, kept[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)


@pytest.fixture
def full_disk(made, here):
    """``full_disk()`` is a context in which the book, that holds a list, cannot grow."""
    assert made(*IMPORT).exit_code == 0
    assert made("backup", RESTORE[1]).exit_code == 0

    @contextmanager
    def limited():
        with closing(sqlite3.connect(here / "book.db", isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM account")  # for whom the log is kept, and grows
            for _ in range(9):
                with closing(sqlite3.connect(here / "book.db")) as other, other:
                    other.execute("UPDATE account SET revision = revision + 1")
                    other.execute("CREATE TABLE fill AS SELECT 1 FROM sqlite_master")
                    other.execute("DROP TABLE fill")
            assert (here / "book.db-wal").stat().st_size > LARGEST
            with limited_to(LARGEST):
                yield

    return limited


@pytest.mark.parametrize("words", WRITING, ids=" ".join)
def test_on_a_full_disk_nothing_is_half_written(made, full_disk, here, words):
    with full_disk():
        before, names = rows_of(here / "book.db"), files_below(here).keys()
        done = made(*words)
        assert_one_line(done, "does not take more", "Make room")
        assert ("full.sqlite3 does not" in done.stderr) == (words[0] == "backup")
    assert rows_of(here / "book.db") == before
    assert files_below(here).keys() <= names
    assert made("check").exit_code == 0
    assert made(*words).exit_code == 0  # once there is room


def rows_of(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as book:
        return list(book.iterdump())


def test_a_worker_on_a_full_disk_says_so_without_a_trace(made, full_disk, caplog):
    with full_disk():
        assert made("work", "--once").exit_code == 1  # whoever calls it by cron is to hear of it
    assert caplog.text.count("Make room") == 1
    assert "Traceback" not in caplog.text


def test_a_worker_takes_up_what_a_full_disk_cut_off(made, full_disk):
    """The same worker: what it could not store has its turn again though nothing changed."""
    app, tried, stored = create_app(), {}, select(func.count()).select_from(Score)
    with app.app_context():
        runner = InProcess()
        with full_disk():
            assert not worker._sweep_once(runner, tried, lambda: False)
        assert db.session.scalar(stored) == 0
        assert worker._sweep_once(runner, tried, lambda: False)
        assert db.session.scalar(stored) > 0
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("size", [0, 20_000, 200_000])
@pytest.mark.parametrize("words", [["init"], RESTORE], ids=" ".join)
def test_on_a_full_disk_no_book_is_half_made(kept, at, here, words, size):
    (here / "new").mkdir()
    call = at(here / "new" / "book.db")
    with limited_to(size):
        assert_one_line(call(*words), "does not take more", "Make room")
    assert {name for name in files_below(here / "new") if "book.db" not in name} == set()
    assert call(*words).exit_code == 0
    assert call("check").exit_code == 0


def test_a_page_says_that_the_book_is_locked(made, here, monkeypatch):
    monkeypatch.setattr("relmap.models.session.PAGE_SECONDS", 0.1)
    app = create_app()
    with closing(sqlite3.connect(here / "book.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        app.config["WTF_CSRF_ENABLED"] = False
        answer = app.test_client().post("/login", data={"name": "mia", "password": "x"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Something long is being written" in answer.text
    with app.app_context():
        db.engine.dispose()


def test_a_page_says_on_a_full_disk_that_it_cannot_save_and_not_where_the_book_lies(
    made, full_disk, here, caplog
):
    app = create_app()
    app.config["WTF_CSRF_ENABLED"] = False
    with full_disk():
        answer = app.test_client().post("/login", data={"name": "mia", "password": "x"})
        assert app.test_client().get("/login").status_code == 200
    assert answer.status_code == 503
    assert "The database cannot be used. Try again in a while." in answer.text
    assert "book.db" not in answer.text
    assert f"The disk of {here / 'book.db'} does not take more" in caplog.text
    with app.app_context():
        db.engine.dispose()


def test_a_server_that_does_not_answer_is_one_line(here, monkeypatch):
    address = "postgresql+psycopg://relmap:secret@127.0.0.1:1/relmap"
    monkeypatch.setenv("RELMAP_DATABASE_URL", address)
    done = CliRunner().invoke(main, ["account", "list"])
    assert_one_line(done, "The database does not answer", "port 1")
    assert "secret" not in done.output


def test_a_failure_of_our_own_is_no_refusal(context):
    with pytest.raises(DBAPIError, match="no_such_table"), book.refusing_failures():
        db.session.execute(text("SELECT * FROM no_such_table"))
