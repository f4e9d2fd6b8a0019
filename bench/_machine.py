"""The machine, and durations as a table: what every benchmark prints."""

import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path


def machine() -> str:
    """One line on where the figures come from."""
    cpu = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
        cpu = names[0] if names else cpu
    except OSError:
        pass
    return (
        f"{cpu}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def median(act: Callable[[], object], *, times: int = 7) -> float:
    """Seconds that ``act`` takes: the median of so many runs after one to warm up."""
    act()
    return statistics.median(once(act) for _ in range(times))


def once(act: Callable[[], object]) -> float:
    """Seconds that ``act`` takes, once."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def row(what: str, seconds: float, note: str = "") -> None:
    """One line of a Markdown table."""
    value = f"{seconds:.1f} s" if seconds >= 10 else f"{seconds * 1000:.1f} ms"
    print(f"| {what} | {value} | {note} |", flush=True)


def head(title: str) -> None:
    """A table's heading."""
    print(f"\n### {title}\n\n{machine()}\n\n| what | time | |\n|---|---|---|", flush=True)
