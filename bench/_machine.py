"""The machine, and durations as a table: what every benchmark prints."""

import math
import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
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
    return statistics.median(runs(act, times=times))


def runs(act: Callable[[], object], *, times: int = 7) -> list[float]:
    """Seconds of each of so many runs, after one to warm up."""
    act()
    return [once(act) for _ in range(times)]


def once(act: Callable[[], object]) -> float:
    """Seconds that ``act`` takes, once."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def once_on_cpu(act: Callable[[], object]) -> tuple[float, float]:
    """The same, and the seconds of processor time it took with the processes it waited for."""
    before = sum(os.times()[:4])
    return once(act), sum(os.times()[:4]) - before


def once_here(act: Callable[[], object]) -> tuple[float, float]:
    """The same with the seconds of this process alone, to the microsecond."""
    before = time.process_time()
    return once(act), time.process_time() - before


def fixed_work() -> None:
    """The same computation on every machine and every day: what CPU times are held against."""
    total = 0
    for number in range(1_000_000):
        total += number * number % 7


def in_turns(*acts: Callable[[], object], times: int) -> list[list[float]]:
    """The runs of several acts, one after the other each time, so that noise meets them alike."""
    found: list[list[float]] = [[] for _ in acts]
    for _ in range(times):
        for seconds, act in zip(found, acts, strict=True):
            seconds.append(once(act))
    return found


def ratio(above: Sequence[float], below: Sequence[float]) -> str:
    """How many times as long, run by run: the median with its spread."""
    shares = sorted(a / b if b else math.inf for a, b in zip(above, below, strict=True))
    middle = statistics.median(shares)
    if len(shares) == 1:
        return f"{middle:.2f} times"
    return f"{middle:.2f} times ({shares[0]:.2f} to {shares[-1]:.2f})"


def row(what: str, seconds: float | Sequence[float], note: str = "") -> None:
    """One line of a Markdown table; of several runs the median and the spread."""
    several = [seconds] if isinstance(seconds, float | int) else sorted(seconds)
    value = statistics.median(several)
    spread = f"{spelt(several[0])} to {spelt(several[-1])}, {len(several)} runs"
    print(f"| {what} | {spelt(value)} | {spread if len(several) > 1 else 'once'} | {note} |")


def spelt(seconds: float) -> str:
    """A duration in the unit that suits it."""
    return f"{seconds:.1f} s" if seconds >= 10 else f"{seconds * 1000:.1f} ms"


def head(title: str) -> None:
    """A table's heading."""
    print(f"\n### {title}\n\n{machine()}\n\n| what | median | spread | |\n|---|---|---|---|")
