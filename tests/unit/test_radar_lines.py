"""A line of the radar: when a term counts as over, and what its chance rests on."""

from datetime import date, timedelta

import pytest

from relmap.models import PostOutlook
from relmap.web.layout.chances import Chance
from relmap.web.outlook.post_outlook import rests_on, ring_of

TODAY = date(2026, 11, 22)
KEPT = [{"kind": "policy", "due_on": "2027-01-15", "tenures": 62, "left": 47}]


def post(due_in: int) -> PostOutlook:
    due_on = TODAY + timedelta(days=due_in)
    return PostOutlook(on=TODAY, due_on=due_on, due_kind="policy", source="policy", basis=KEPT)


@pytest.mark.parametrize(("share", "is_over"), [(0.95, False), (1.05, True), (None, False)])
def test_a_ring_is_over_once_the_day_it_was_due_has_passed(share, is_over):
    ring = ring_of(share, Chance.point(0.75), 180, "")
    assert ring.is_over is is_over


def test_the_basis_says_the_day_and_how_such_days_were_kept():
    assert rests_on(post(54)) == (
        "rotation policy, due 15 Jan 2027",
        "47 of 62 tenures here ended when due",
        (),
    )
    assert rests_on(post(-3))[0] == "rotation policy, was due 19 Nov 2026, still there"


def test_a_band_stands_in_the_ring_without_per_cent():
    ring = ring_of(None, Chance(0.04, 0.01, 0.071), 180, "few of its own (4 tenures)")
    assert (ring.text, ring.unit) == ("0–10", "")
    assert ring.label == "under 10 % chance of a change in 180 days, few of its own (4 tenures)"
