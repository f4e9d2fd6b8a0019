"""What a chance rests on, in words: the account's own tenures, never those it borrowed."""

import pytest

from relmap.web.layout.chances import Chance
from relmap.web.outlook.basis import told

ELSEWHERE = {"text": "The rate starts from that of the other accounts", "tenures": 646}
FEW = [
    {"text": "55 % the rate of the last three years", "tenures": 4},
    {"text": "30 % the cycle of the year and of two years", "tenures": 4},
    ELSEWHERE,
]
ACTING = [
    {"text": "Acting: leaves sooner than a confirmed holder", "tenures": 1},
    {"text": "5 % the rate of the last three years", "tenures": 83},
    {"text": "70 % time in post, title and unit", "tenures": 123},
    {"text": "The rate starts from that of the other accounts", "tenures": 567},
]


def test_a_short_history_says_how_few_are_its_own_and_what_stands_in():
    found = told(FEW)
    assert found.text == "mostly how often people left here in the last three years"
    assert found.tenures == (
        "few of its own (4 tenures); starts from how often people left posts at other accounts"
    )
    assert "646" not in found.text + found.tenures


def test_what_is_said_of_the_holder_comes_first_with_the_count_of_the_history():
    found = told(ACTING)
    assert found.text == "acting: leaves sooner than a confirmed holder"
    assert found.tenures == (
        "and mostly how long people stay here in such a post, on 123 tenures of this account"
    )
    assert (
        found.more[0] == "a little how often people left here in the last three years (83 tenures)"
    )
    assert found.more[-1].endswith("(567 tenures there)")


def test_a_history_of_its_own_is_counted_and_no_weight_stands_beside_the_chance():
    found = told([{"text": "95 % the rate of the last three years", "tenures": 73}, ELSEWHERE])
    assert found.tenures == "on 73 tenures of this account"
    assert not any("%" in one for one in found.lines)


@pytest.mark.parametrize(
    ("text", "count", "said"),
    [
        ("Term: due on 2027-07-01; 4 of 7 left when due", 7, "4 of 7 tenures here ended when due"),
        ("Rotation policy: due on 2027-07-01; none has passed yet", 0, "no term has run out here"),
        ("Announced: leaves on 2027-07-01", 1, ""),
    ],
)
def test_a_day_that_is_known_says_how_such_days_were_kept(text, count, said):
    found = told([{"text": text, "tenures": count}])
    assert found.text.endswith("1 Jul 2027")
    assert found.tenures.startswith(said)
    assert bool(found.tenures) == bool(said)


def test_nothing_on_record_is_said_so():
    assert told([]).lines == ("nothing on record",)


@pytest.mark.parametrize(
    ("low", "high", "steps"),
    [(0.010, 0.071, (0, 10)), (0.31, 0.34, (30, 35)), (0.0, 0.02, (0, 5)), (0.96, 1.0, (95, 100))],
)
def test_a_band_stays_a_band(low, high, steps):
    band = Chance((low + high) / 2, low, high)
    assert band.steps == steps
    assert band.short == f"{steps[0]}–{steps[1]}"


def test_a_band_from_nothing_is_under_its_end():
    assert Chance(0.04, 0.01, 0.071).text == "under 10 %"
    assert Chance(0.4, 0.01, 0.999).text == "0 to 100 %"
