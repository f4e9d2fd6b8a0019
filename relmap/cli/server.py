"""Gunicorn for the pages, and one worker process beside it for the rules.

The worker is a process of its own and not a thread of the server: rules are other people's code,
and the server must not be slowed, forked or killed by them.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import gc
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from relmap.app import create_app
from relmap.cli.web_process import WebProcess
from relmap.config import config_of, is_loopback
from relmap.errors import Refused
from relmap.hub.registry import prepare_rules
from relmap.languages import _
from relmap.models import db
from relmap.models.book import refuse_other_book
from relmap.results.runs import last_sweep
from relmap.web.standstill import Standstill

__all__ = ["keep_worker", "run", "worker_command"]

log = logging.getLogger(__name__)

RESTART_SECONDS, LONGEST_PAUSE = 5, 300
STEADY_SECONDS = 10
"""A worker that runs for so long has started well."""
WEB_PROCESSES, WEB_THREADS = 2, 4


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn is untyped
    """Gunicorn with our options instead of a configuration file."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Set our options; gunicorn calls this while it is made."""
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        """The application, made in each web process after the fork."""
        return self.app


def run(host: str, port: int) -> None:
    """Serve until interrupted. Raises ``Refused`` where that would be unsafe or cannot work."""
    app = create_app()
    _check(app, host)
    _refuse_taken(host, port)
    kept = (worker_command(os.getpid()), threading.Event(), Standstill(app))
    beside = threading.Thread(target=keep_worker, args=kept, daemon=True)
    has_workers = config_of(app).broker_url is not None  # that hear from it, here or elsewhere

    def begin(_server: Any) -> None:
        """Listening by now, so that what is said is true."""
        text = _("relmap serves {address}  (Ctrl+C ends it)", address=_address(app, host, port))
        print(text, flush=True)  # noqa: T201  # of `relmap serve`
        if not has_workers:
            beside.start()

    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": WEB_PROCESSES,
        "worker_class": WebProcess,
        "threads": WEB_THREADS,
        "timeout": 60,
        "graceful_timeout": 10,
        "loglevel": "warning",
        "proc_name": "relmap",
        "when_ready": begin,
        "control_socket_disable": True,
        # RELMAP_PROXIES alone says whom to believe; gunicorn believes all that loopback claims.
        "forwarded_allow_ips": "",
        "forwarder_headers": "",
        "secure_scheme_headers": {},
    }
    server = Server(app, {key: value for key, value in options.items() if _knows(key)})
    gc.collect()
    gc.freeze()  # what is loaded stays: no web process walks it again, or copies it by doing so
    server.run()


def _knows(option: str) -> bool:
    from gunicorn.config import Config as GunicornConfig

    return option in GunicornConfig().settings


def _check(app: Flask, host: str) -> None:
    config = config_of(app)
    if not is_loopback(host) and not config.is_secure and not config.allow_http:
        raise Refused(
            "{host} can be reached from other machines, and over plain http passwords can be "
            "read on the way. Put an https proxy in front and set "
            "RELMAP_PUBLIC_URL=https://..., or set RELMAP_ALLOW_HTTP=1 if you accept that.",
            host=host,
        )
    with app.app_context():
        refuse_other_book()
        prepare_rules(app)
        if config.broker_url:
            last_sweep.expect()
        db.session.remove()
        db.engine.dispose()  # what is open now all web processes would share


def _refuse_taken(host: str, port: int) -> None:
    """Refuse a port that cannot be listened on, which gunicorn would try for five seconds."""
    problem = _problem_of(host, port)
    if problem is None:
        return
    if problem.errno != errno.EADDRINUSE:
        raise Refused(
            "Port {port} on {host} cannot be served: {strerror}. Choose another: relmap serve "
            "--host H --port M",
            port=port,
            host=host,
            strerror=problem.strerror,
        )
    free = (near for near in _near(port) if _problem_of(host, near) is None)
    raise Refused(
        "Port {port} is in use on {host}. Choose another: relmap serve --port {free}",
        port=port,
        host=host,
        free=next(free, "M"),
    )


def _near(port: int) -> range:
    first = max(port, 1023) + 1  # those below are an administrator's
    return range(first, min(first + 20, 65536))


def _problem_of(host: str, port: int) -> OSError | None:
    """Why a port cannot be listened on; ``None`` if it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does
        try:
            tried.bind((host, port))
            tried.listen()
        except OSError as problem:
            return problem
    return None


def _address(app: Flask, host: str, port: int) -> str:
    config = config_of(app)
    return config.public_url if config.is_secure else f"http://{host}:{port}"


def worker_command(parent: int) -> list[str]:
    """How the worker beside the server of process ``parent`` is started."""
    # -P: a folder `relmap` where the server was started, such as a checkout, is not the package.
    return [sys.executable, "-P", "-m", "relmap", "work", "--beside", str(parent)]


def keep_worker(command: Sequence[str], stop: threading.Event, standstill: Standstill) -> None:
    """Run the worker until told to stop; one that dies, or cannot start, is tried again later.

    The pauses double while it does so again and again.
    """
    pause = RESTART_SECONDS
    current: list[subprocess.Popen[bytes]] = []

    def end() -> None:
        stop.set()
        for process in current:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()

    atexit.register(end)
    while not stop.is_set():
        try:
            process = subprocess.Popen(command)  # noqa: S603  # our own, no user's words in it
        except OSError as error:  # no memory or no process left: there may be in a while
            text = "The worker cannot start (%s); it is tried again in %d s."
            log.warning(text, error.strerror, pause)
        else:
            current[:] = [process]
            if _runs_steadily(process):
                standstill.end()
                pause = RESTART_SECONDS
            status = process.wait()
            if not stop.is_set():
                log.warning("The worker ended (%d); another starts in %d s.", status, pause)
        standstill.begin()
        stop.wait(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def _runs_steadily(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(STEADY_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return False
