"""The collector of garbage: off while a list is imported, on again whatever becomes of it."""

import gc
from datetime import date

import pytest

from relmap.errors import ImportHeld, Refused
from relmap.imports import apply_import, import_snapshot
from relmap.imports.collector import collector_off
from relmap.imports.history import import_ties

DAY = date(2026, 3, 1)
HEADINGS = "account,unit,post,person"
SEATS = [f"Meridian,Unit {number % 7},Post {number},Mira Holt {number}" for number in range(60)]


def seats(*lines: str) -> bytes:
    return "\n".join([HEADINGS, *lines]).encode()


def imported(data: bytes, day: date = DAY):
    return import_snapshot(data, file_name="list.csv", day=day, complete=True, cap=10**6)


@pytest.fixture
def looks():
    """How often the collector looked by itself; it would do so after every hundred objects."""
    seen: list[int] = []

    def note(phase: str, told: dict[str, int]) -> None:
        if phase == "start":
            seen.append(told["generation"])

    before = gc.get_threshold()
    gc.set_threshold(100, 10, 10)
    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)
    gc.set_threshold(*before)


def while_importing(looks: list[int], act) -> int:
    """How often it looked meanwhile."""
    looks.clear()
    act()
    return len(looks)


def test_it_is_off_while_a_list_is_imported(app, looks):
    with app.app_context():
        assert while_importing(looks, lambda: [[] for _ in range(1000)]) > 5
        assert while_importing(looks, lambda: imported(seats(*SEATS))) < 5
        assert gc.isenabled()

        ties = b"from,to,level,account\nBo Wu,Mira Holt 3,3,Meridian"
        on_ties = {"file_name": "ties.csv", "on": DAY}
        assert while_importing(looks, lambda: import_ties(ties, **on_ties)) < 5
        assert gc.isenabled()


def test_it_is_on_again_after_a_list_that_is_refused_or_held(app):
    with app.app_context():
        imported(seats(*SEATS))
        with pytest.raises(Refused):
            imported(b"person\nMira Holt")
        assert gc.isenabled()
        with pytest.raises(ImportHeld) as held:
            imported(seats(SEATS[0]), date(2026, 4, 1))
        assert gc.isenabled()
        apply_import(held.value.import_id)
        assert gc.isenabled()
        with pytest.raises(Refused, match="applied"):
            apply_import(held.value.import_id)
        assert gc.isenabled()


def test_where_it_was_off_before_it_stays_off():
    gc.disable()
    try:
        with collector_off():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
