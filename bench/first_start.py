"""What a new user waits for: the sample book from nothing to forecast, scored and scanned.

script/bench first_start
"""

import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from bench._machine import head, once, row

TIMES = 3
STEPS = ("init", "sample", "work --once")


def relmap(words: str, settings: dict[str, str]) -> None:
    """One command in a process of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("RELMAP_")}
    command = [sys.executable, "-m", "relmap", *words.split()]
    subprocess.run(command, env={**kept, **settings}, stdout=subprocess.DEVNULL, check=True)


def from_nothing() -> list[float]:
    """Seconds of each step, in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'relmap.sqlite'}"
        settings = {"RELMAP_DATABASE_URL": url, "RELMAP_INSTANCE": folder}
        return [once(partial(relmap, step, settings)) for step in STEPS]


def main() -> None:
    head("First start")
    found = [from_nothing() for _ in range(TIMES)]
    for step, seconds in zip(STEPS, zip(*found, strict=True), strict=True):
        row(f"`relmap {step}`", seconds)
    row("all three: a site filled with the sample book", [sum(run) for run in found])


if __name__ == "__main__":
    main()
