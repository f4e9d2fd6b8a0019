"""What the ring of a seat says: where the start is unknown, at least."""

import pytest

from relmap.insight.seating import Clock
from relmap.web.seats.marks import clock_mark


@pytest.mark.parametrize("term", [None, 1200])
def test_where_the_start_is_unknown_the_years_and_the_share_read_as_at_least(term):
    mark = clock_mark(Clock(days=900, is_least=True, term_days=term))
    assert mark.text.startswith("≥2.5")
    assert "at least" in mark.label
    assert term is None or "at least 75 %" in mark.label


@pytest.mark.parametrize("term", [None, 1200])
def test_where_it_is_known_nothing_reads_as_at_least(term):
    mark = clock_mark(Clock(days=900, is_least=False, term_days=term))
    assert mark.text == "2.5"
    assert "at least" not in mark.label
