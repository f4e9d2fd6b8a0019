"""Frames to the child and lines from it, over one socket, never waiting past a deadline."""

from __future__ import annotations

import io
import pickle
import select
import socket
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from operator import attrgetter
from time import monotonic
from typing import Any, BinaryIO

from relmap.contracts import AccountView, Ref, rows

__all__ = ["Ended", "Silent", "Wire", "packed", "read_frame"]

CHUNK = 1 << 16  # bytes a read; a line that is longer comes in several
HEADER = 8  # bytes that say how long a frame is


class Silent(Exception):  # a fact about the child, not an error of ours
    """The child said nothing until the deadline."""


class Ended(Exception):  # a fact about the child, not an error of ours
    """The child is gone, or says what no child of ours says."""


def _reducer(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """Pickle a frozen row by its constructor: a third of the time that dataclasses take."""
    names = [item.name for item in fields(kind)]
    values = attrgetter(*names)
    return lambda row: (kind, values(row))


REDUCERS: dict[type[Any], Callable[[Any], tuple[Any, ...]]] = {
    kind: _reducer(kind)
    for kind in (getattr(rows, name) for name in rows.__all__)
    if isinstance(kind, type) and is_dataclass(kind)
}
REDUCERS[Ref] = lambda ref: (Ref, tuple(ref))


def packed(views: Sequence[AccountView]) -> bytes:
    """The views pickled for the child, together: rows that they share are pickled once."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = REDUCERS
    pickler.dump(tuple(views))
    return buffer.getvalue()


def read_frame(source: BinaryIO) -> bytes | None:
    """The next frame at the child's end, or ``None`` where the parent has gone."""
    header = source.read(HEADER)
    if len(header) < HEADER:
        return None
    return source.read(int.from_bytes(header))


class Wire:
    """The parent's end: sends frames, reads lines, and notices the end of the child."""

    def __init__(self, channel: socket.socket, sentinel: int, longest: int) -> None:
        self.channel = channel
        self.sentinel = sentinel
        self.longest = longest
        self.buffer = bytearray()
        self.channel.setblocking(False)

    def send(self, body: bytes, deadline: float) -> None:
        """Send one frame; raises ``Silent`` or ``Ended`` where the child does not take it."""
        rest = memoryview(len(body).to_bytes(HEADER) + body)
        while rest:
            try:
                rest = rest[self.channel.send(rest) :]
            except BlockingIOError:
                self._wait(deadline, for_sending=True)
            except OSError as error:
                raise Ended from error

    def line(self, deadline: float) -> bytes:
        """The next line; raises ``Silent`` at the deadline and ``Ended`` when none will come."""
        while (end := self.buffer.find(b"\n")) < 0:
            if len(self.buffer) > self.longest:
                raise Ended
            self._fill(deadline)
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 1]
        return line

    def _fill(self, deadline: float) -> None:
        has_ended = self._wait(deadline)
        try:
            more = self.channel.recv(CHUNK)
        except BlockingIOError:
            if has_ended:  # nothing left to read, and nobody left to write
                raise Ended from None
            return
        except OSError as error:
            raise Ended from error
        if not more:
            raise Ended
        self.buffer += more

    def _wait(self, deadline: float, *, for_sending: bool = False) -> bool:
        """Wait for the channel; whether the child has ended meanwhile."""
        poll = select.poll()
        poll.register(self.channel, select.POLLOUT if for_sending else select.POLLIN)
        poll.register(self.sentinel, select.POLLIN)
        ready = dict(poll.poll(max(0.0, deadline - monotonic()) * 1000))
        if not ready:
            raise Silent
        if for_sending and self.sentinel in ready:
            raise Ended
        return self.sentinel in ready

    def close(self) -> None:
        """Let go of the channel; an idle child ends by it."""
        self.channel.close()
