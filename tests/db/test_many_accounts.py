"""A list of many accounts: what each costs does not grow with how many there are."""

import sys
from collections.abc import Callable
from datetime import date
from types import FrameType
from typing import Any

from relmap.imports import import_snapshot

PASSES = ("relmap/imports/snapshot/", "relmap/imports/identity/", "relmap/imports/snapshot_draft")


def listed(count: int, *, holder: str) -> bytes:
    """So many accounts of three people; one of each is the holder."""
    lines = ["account,unit,post,person,email"]
    for number in range(count):
        account = f"Client {count} {number:03}"
        for post, person in (("Head", holder), ("Clerk", "Bo Wu"), ("Guard", "Al Fox")):
            mail = f"{person.split()[0]}{number}@{count}.example.com"
            lines.append(f"{account},Unit,{post},{person} {number},{mail}")
    return "\n".join(lines).encode()


def steps_of(act: Callable[[], Any]) -> int:
    """How many lines of the passes are run: time is another's on a busy machine."""
    count = 0

    def note(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if event == "call" and not any(one in frame.f_code.co_filename for one in PASSES):
            return None
        count += event == "line"
        return note

    sys.settrace(note)
    try:
        act()
    finally:
        sys.settrace(None)
    return count


def test_twice_the_accounts_are_twice_the_work(app):
    def steps(count: int) -> tuple[int, ...]:
        def imported(day: date, holder: str) -> None:
            data = listed(count, holder=holder)
            import_snapshot(data, file_name="list.csv", day=day, yes=True, cap=10**6)

        with app.app_context():
            return (
                steps_of(lambda: imported(date(2026, 1, 1), "Mira Holt")),
                steps_of(lambda: imported(date(2026, 2, 1), "Di Ye")),
            )

    few, many = steps(20), steps(40)
    for one, both in zip(few, many, strict=True):
        assert both < 2.1 * one
