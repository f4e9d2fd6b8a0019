"""What a chance rests on, in words: the account's own tenures, never those it borrowed."""

from datetime import date

import pytest

from relmap.contracts import Basis
from relmap.languages import tell
from relmap.results.reports.basis import exactly, grounds, parts_of
from relmap.web.layout.chances import Chance

ELSEWHERE = Basis(kind="elsewhere", tenures=646, of_others=True)
FEW = [
    Basis(kind="rate", weight=55, tenures=4),
    Basis(kind="cycle", weight=30, tenures=4),
    ELSEWHERE,
]
ACTING = [
    Basis(kind="acting", tenures=1),
    Basis(kind="rate", weight=5, tenures=83),
    Basis(kind="time_in_post", weight=70, tenures=123),
    Basis(kind="elsewhere", tenures=567, of_others=True),
]
DUE = date(2027, 7, 1)


def lines(basis) -> list[str]:
    return [tell(one, "en") for one in grounds(basis).lines]


def test_a_short_history_says_how_few_are_its_own_and_what_stands_in():
    assert lines(FEW)[0] == (
        "mostly how often people left here in the last three years: few of its own (4 tenures); "
        "starts from how often people left posts at other accounts"
    )


def test_what_is_said_of_the_holder_comes_first_with_the_count_of_the_history():
    first, *more = lines(ACTING)
    assert first == (
        "acting: leaves sooner than a confirmed holder: "
        "and mostly how long people stay here in such a post, on 123 tenures of this account"
    )
    assert more[0] == "a little how often people left here in the last three years (83 tenures)"
    assert more[-1].endswith("(567 tenures there)")


def test_a_history_of_its_own_is_counted_and_no_weight_stands_beside_the_chance():
    found = lines([Basis(kind="rate", weight=95, tenures=73), ELSEWHERE])
    assert found[0].endswith("three years: on 73 tenures of this account")
    assert not any("%" in one for one in found)


@pytest.mark.parametrize(
    ("part", "said", "exact"),
    [
        (
            Basis(kind="term", due_on=DUE, tenures=7, left=4),
            "Term: due on 1 Jul 2027: 4 of 7 tenures here ended when due",
            "Term: due on 2027-07-01; 4 of 7 left when due",
        ),
        (
            Basis(kind="policy", due_on=DUE, is_past=True, left=0),
            "Rotation policy: was due on 1 Jul 2027, still there: no term has run out here yet",
            "Rotation policy: was due on 2027-07-01, still there; none has passed yet",
        ),
        (
            Basis(kind="policy", left=0, least_days=150),
            (
                "Rotation policy: in post for at least 5 months, due within its length: "
                "no term has run out here yet"
            ),
            (
                "Rotation policy: in post for at least 5 months, due within its length; "
                "none has passed yet"
            ),
        ),
        (
            Basis(kind="announced", due_on=DUE, tenures=1),
            "Announced: leaves on 1 Jul 2027",
            "Announced: leaves on 2027-07-01",
        ),
    ],
)
def test_a_day_that_is_known_says_how_such_days_were_kept(part, said, exact):
    assert lines([part]) == [said]
    assert str(exactly(part)) == exact


def test_a_part_of_the_model_is_named_with_its_weight_by_a_command():
    assert str(exactly(FEW[0])) == "55 % the rate of the last three years"
    assert str(exactly(ACTING[0])) == "Acting: leaves sooner than a confirmed holder"


def test_a_sentence_of_before_there_were_kinds_stays_readable():
    (part,) = parts_of([{"text": "Announced: leaves on 2027-07-01", "tenures": 1}])
    assert str(exactly(part)) == "Announced: leaves on 2027-07-01"
    assert lines([part]) == ["Announced: leaves on 2027-07-01"]


def test_nothing_on_record_is_said_so():
    assert lines([]) == ["nothing on record"]


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


@pytest.mark.parametrize(
    ("days", "span"), [(20, "at least 20 days"), (182, "at least 6 months"), (None, "longer")]
)
def test_where_the_start_is_unknown_it_is_told_for_how_long_at_least(days, span):
    part = Basis(kind="start_unknown", tenures=1, least_days=days)
    rate = Basis(kind="rate", weight=95, tenures=73)
    assert span in lines([part, rate])[0]
    assert span in tell(exactly(part), "en")
    assert "unknown" in tell(exactly(part), "en")
