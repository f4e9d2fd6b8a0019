"""A server of somebody else's, such as gunicorn, and which book none of ours is started on."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from relmap.app import create_app
from relmap.errors import Refused

ROOT = Path(__file__).parent.parent
GUNICORN = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--log-level", "critical"]
WAYS = {
    "wsgi.py": [*GUNICORN, "wsgi:app"],
    "wsgi.py, loaded ahead": [*GUNICORN, "--preload", "wsgi:app"],
    "relmap.wsgi": [*GUNICORN, "relmap.wsgi:app"],
    "relmap serve": [sys.executable, "-m", "relmap", "serve", "--port", "1"],
    "relmap work": [sys.executable, "-m", "relmap", "work"],
}


@pytest.fixture
def start(environment):
    """``start(way)`` is what becomes of a server that ends by itself."""

    def run(way, **settings):
        return subprocess.run(
            way,
            cwd=ROOT,
            env=os.environ | environment | settings,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def file(db_url) -> Path:
    return Path(make_url(db_url).database)


def set_step(file: Path, step: str) -> None:
    with closing(sqlite3.connect(file)) as book, book:
        book.execute("UPDATE alembic_version SET version_num = ?", (step,))


def assert_refused(done, *parts: str) -> None:
    assert done.returncode not in (0, None)
    assert (done.stdout, done.stderr.count("\n")) == ("", 1), done.stderr
    assert all(part in done.stderr for part in parts), done.stderr


def test_gunicorn_takes_the_application_of_wsgi_py(start):
    done = start([sys.executable, "-m", "gunicorn", "--check-config", "wsgi:app"])
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_server_is_started_on_a_book_of_a_newer_relmap(start, file, way):
    set_step(file, "9999")
    before = file.read_bytes()
    assert_refused(start(way), "newer relmap", "9999", "Install that one")
    assert file.read_bytes() == before


def test_no_server_is_started_without_a_book(start, tmp_path):
    done = start(WAYS["relmap.wsgi"], RELMAP_DATABASE_URL=f"sqlite:///{tmp_path}/none.sqlite3")
    assert_refused(done, "relmap init")
    assert not list(tmp_path.glob("none*"))


def test_a_book_of_an_older_relmap_is_led_to_init_in_the_language_set(start, file):
    set_step(file, "0008")
    assert_refused(start(WAYS["relmap.wsgi"], RELMAP_LANGUAGE="zh-Hans"), "数据库", "relmap init")


def test_an_application_made_by_a_program_raises(environment, file):
    set_step(file, "9999")
    with pytest.raises(Refused, match="newer relmap"):
        create_app(environment)


def test_plug_ins_are_asked_for_their_rules_before_the_first_page(start, file, tmp_path):
    told = tmp_path / "mine-1.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1\n")
    (told / "entry_points.txt").write_text("[relmap.plugins]\nmine = mine_of_test\n")
    (tmp_path / "mine_of_test.py").write_text(
        "from relmap.api import hookimpl\n@hookimpl\ndef alert_rules(): print('asked'); return ()\n"
    )
    check = [sys.executable, "-m", "gunicorn", "--check-config", "relmap.wsgi:app"]
    done = start(check, PYTHONPATH=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr.split()) == ("", ["asked"])
