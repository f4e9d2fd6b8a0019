"""Who visits: users of each role, logged in without typing, and apps with other settings."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.serving import make_server

from relmap.app import create_app
from relmap.facts.users import add_user, find_user
from relmap.models import db, writing
from relmap.web.security.login import begin_session

PASSWORD = "seven boats in a row"


def visitor(app: Flask, name: str | None) -> FlaskClient:
    """A browser in which this user is logged in (nobody for ``None``).

    It sends the token of forms with every request, so that a refusal has another reason.
    """
    client = app.test_client()
    with app.test_request_context():
        if name is not None:
            begin_session(find_user(name))
        token = generate_csrf()
        kept = dict(session)
    with client.session_transaction() as cookie:
        cookie.update(kept)
    client.environ_base["HTTP_X_CSRFTOKEN"] = token
    return client


@pytest.fixture
def visit(app: Flask) -> Callable[[str | None], FlaskClient]:
    """``visit(name)`` is a browser in which that user is logged in."""
    return lambda name: visitor(app, name)


@pytest.fixture
def mia(app: Flask) -> str:
    """The name of a member with a password, to whom nothing is granted."""
    with app.app_context(), writing():
        add_user("mia", role="member", password=PASSWORD)
    return "mia"


@pytest.fixture
def app_with(environment: dict[str, str]) -> Iterator[Callable[..., Flask]]:
    """``app_with(RELMAP_PROXIES="1")`` is an application on this test's database with settings."""
    made = []

    def make(**settings: str) -> Flask:
        made.append(create_app({**environment, **settings}))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """``serve(app)`` is the address at which a real server on loopback serves it."""
    servers = []

    def start(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()
