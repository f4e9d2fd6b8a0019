"""A line of the radar: when a term counts as over, and what its chance rests on."""

from datetime import date, timedelta

import pytest

from relmap.models import PostOutlook
from relmap.web.layout.chances import Chance
from relmap.web.rotation.radar_lines import plain_basis, ring_of, share_of

TODAY = date(2026, 11, 22)
KEPT = [{"text": "Rotation policy: due on 2027-01-15; 47 of 62 left when due", "tenures": 62}]


def post(due_in: int | None, share: float, *, source: str = "policy") -> PostOutlook:
    due_on = None if due_in is None else TODAY + timedelta(days=due_in)
    return PostOutlook(
        on=TODAY, share=share, due_on=due_on, due_kind="policy", source=source, basis=KEPT
    )


@pytest.mark.parametrize(
    ("due_in", "share", "is_over"), [(54, 1.05, False), (-10, 1.05, True), (None, 1.2, True)]
)
def test_a_ring_is_not_over_while_the_day_it_is_due_lies_ahead(due_in, share, is_over):
    ring = ring_of(share_of(post(due_in, share)), Chance.point(0.75), 180, "")
    assert ring.is_over is is_over


def test_the_basis_says_the_day_and_how_such_days_were_kept():
    assert plain_basis(post(54, 0.9)) == (
        "rotation policy, due 15 Jan 2027",
        "47 of 62 tenures here ended when due",
    )
    assert plain_basis(post(-3, 1.1))[0] == "rotation policy, was due 19 Nov 2026, still there"


def test_a_band_stands_in_the_ring_without_per_cent():
    ring = ring_of(None, Chance(0.04, 0.01, 0.071), 180, "few of its own (4 tenures)")
    assert (ring.text, ring.unit) == ("0–10", "")
    assert ring.label == "under 10 % chance of a change in 180 days, few of its own (4 tenures)"
