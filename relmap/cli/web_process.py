"""A web process that no visitor holds up: who sends or takes an answer too slowly is cut off.

Gunicorn's threads wait for a request for as long as somebody dribbles it, and its own limit of time
watches the process, not the threads: a few slow visitors would take them all.
"""

from __future__ import annotations

import contextlib
import fcntl
import socket
import sys
import termios
import threading
import time
from typing import Any, Final

from gunicorn.workers.gthread import ThreadWorker

__all__ = ["RECEIVE_SECONDS", "ROUND_SECONDS", "WebProcess"]

RECEIVE_SECONDS: Final = 15
"""A request is here whole by then, its body included."""
HEAD_SECONDS_WHEN_FULL: Final = 3
"""Its head is here by then while no thread is free, since others wait for one."""
ROUND_SECONDS: Final = 180
"""By then it is answered, and the answer taken."""
TAKE_SECONDS: Final = 20
"""So long nothing of an answer may be taken."""
LOOKS_EVERY: Final = 1


class WebProcess(ThreadWorker):  # type: ignore[misc]  # gunicorn is untyped
    """Gunicorn's process of threads, with a deadline for what its visitors do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begun: dict[Any, float] = {}
        self.heard: set[Any] = (
            set()
        )  # those whose head is here: a body over the air may take longer

    def init_process(self) -> None:
        """Watch the connections, then serve; gunicorn calls this after the fork."""
        threading.Thread(target=self._watch, daemon=True).start()
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """Serve one request of a connection, in a thread."""
        self.begun[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            self.begun.pop(conn, None)
            self.heard.discard(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request whose head was read; gunicorn calls this within :meth:`handle`."""
        self.heard.add(conn)
        return super().handle_request(req, conn)

    def _watch(self) -> None:
        left: dict[Any, tuple[int, float]] = {}  # bytes nobody took yet, and since when so many
        while True:
            time.sleep(LOOKS_EVERY)
            now, begun = time.monotonic(), list(self.begun.items())
            left = {conn: _left(conn.sock, left.get(conn), now) for conn, _ in begun}
            is_full = len(begun) >= self.cfg.threads
            for conn, since in begun:
                is_urgent = is_full and conn not in self.heard
                _cut(conn.sock, now - since, is_urgent=is_urgent, untaken=now - left[conn][1])


def _left(
    connection: socket.socket, before: tuple[int, float] | None, now: float
) -> tuple[int, float]:
    """How many bytes of an answer its visitor has not taken, and since when it is as many."""
    count = 0
    with contextlib.suppress(OSError):  # gone already, or not Linux
        count = int.from_bytes(fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)), sys.byteorder)
    return before if count and before and before[0] == count else (count, now)


def _cut(
    connection: socket.socket, seconds: float, *, is_urgent: bool = False, untaken: float = 0
) -> None:
    """End the reading of what is not here in time; what is being answered and taken goes on."""
    with contextlib.suppress(OSError):  # gone already
        if seconds > ROUND_SECONDS or untaken > TAKE_SECONDS:
            connection.shutdown(socket.SHUT_RDWR)
        elif seconds > (HEAD_SECONDS_WHEN_FULL if is_urgent else RECEIVE_SECONDS):
            connection.shutdown(socket.SHUT_RD)
