"""The processes that one has started; none is known where the system does not say."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from math import inf
from pathlib import Path
from typing import Final

__all__ = ["children", "children_since", "descendants", "now"]

TICK: Final = 1 / os.sysconf("SC_CLK_TCK")  # seconds: the system says starts no finer


def children(process: int | None = None) -> set[int]:
    """Those that a process (``None``: this one) started and that were not waited for."""
    return set().union(*map(_listed, Path(f"/proc/{process or 'self'}/task").glob("*/children")))


def children_since(moment: float, threads: Iterable[int]) -> set[int]:
    """Those that our threads of these native ids started since ``moment``, told by :func:`now`.

    That a process was not among the children before does not say that it is new: the children of a
    thread that ends become those of another, and a list that is read meanwhile may lack some.
    """
    tasks = Path("/proc/self/task")
    of_threads = set().union(*(_listed(tasks / str(thread) / "children") for thread in threads))
    return {process for process in of_threads if _started(process) >= moment - TICK}


def now() -> float:
    """Seconds since the system was started, on the clock by which it says when processes were."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def descendants(process: int) -> set[int]:
    """Those, and those that they started in turn."""
    found = children(process)
    return found.union(*map(descendants, found))


def _listed(path: Path) -> set[int]:
    with suppress(OSError):  # the thread has just ended
        return set(map(int, path.read_text(encoding="ascii").split()))
    return set()


def _started(process: int) -> float:
    """The moment it started, by the clock of :func:`now`; minus infinity if it has gone."""
    try:
        line = Path(f"/proc/{process}/stat").read_bytes()
    except OSError:
        return -inf
    return int(line.rpartition(b")")[2].split()[19]) * TICK  # field 22 of proc(5)
