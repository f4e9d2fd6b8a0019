"""A back-test in words: honest where nothing was gained, and where nothing can be judged."""

import pytest

from relmap.web.rotation.back_test import bins_of, refusal, verdict


def report(ours: float, plain: float, *, left: int = 30, auc: float | None = 0.7) -> dict:
    row = {"low": 0.31, "high": 0.52, "pairs": 100, "forecast": 0.4, "left": 0.38}
    return {
        "pairs": 100,
        "left": left,
        "brier": ours,
        "auc": auc,
        "calibration_error": 0.02,
        "calibration": [row],
        "constant_rate": {"brier": plain, "calibration_error": 0.03},
    }


def test_a_bin_is_said_of_100_posts():
    (found,) = bins_of(report(0.1, 0.2))
    assert (found.said, found.changed) == (40, 38)


def test_bins_of_which_the_same_was_said_are_one():
    row = {"low": 0.2, "high": 0.2, "forecast": 0.201}
    stored = report(0.2, 0.2)
    stored["calibration"] = [
        {**row, "pairs": 30, "left": 0.1},
        {**row, "pairs": 10, "left": 0.5, "high": 0.21},
        *stored["calibration"],
    ]
    first, second = bins_of(stored)
    assert (first.said, first.changed, first.pairs) == (20, 20, 40)
    assert (first.low, first.high) == (20, 21)
    assert second.said == 40


@pytest.mark.parametrize(
    ("ours", "answer", "brier", "advice"),
    [
        (0.14, "better than", "30 % less wrong", "sum over many posts"),
        (0.199, "as good as", "as wrong as", "Do not order your visits"),
        (0.22, "worse than", "10 % more wrong", "Do not order your visits"),
    ],
)
def test_the_answer_says_whether_anything_was_gained(ours, answer, brier, advice):
    said = verdict(report(ours, 0.2))
    assert answer in said.answer
    assert brier in said.brier
    assert advice in said.advice
    assert said.share == 30


def test_a_coin_is_called_one():
    assert "no better than a coin" in verdict(report(0.2, 0.2, auc=0.52)).auc
    assert "coin" not in verdict(report(0.1, 0.2, auc=0.8)).auc


def test_where_nobody_left_nothing_is_judged():
    said = verdict(report(0.01, 0.0, left=0, auc=None))
    assert said.answer == "No post changed, so there is nothing to judge by"
    assert "never wrong" in said.brier
    assert "all or none changed" in said.auc


def test_blank_seats_are_not_sent_back_to_an_import_that_was_done():
    said = refusal("There is no tenure on record. Import who sits where first.")
    assert "its seats are blank" in said
    assert "Import" not in said
    assert refusal("Another reason.") == "Another reason."
