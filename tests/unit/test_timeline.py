"""Who held a post as it is drawn: gaps, unknown starts, what lies ahead, and how wide it is."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.contracts.rows import OutlookRow
from relmap.testing import AccountBuilder
from relmap.web.layout.chances import Chance
from relmap.web.timeline.bars import LEAST, axis, lane
from relmap.web.timeline.occupancy import chances_in, occupancies

TODAY = date(2026, 11, 21)


def account(**columns) -> AccountBuilder:
    made = AccountBuilder("Mingchuan", **columns)
    return made.post("Director", level="director", since="2020-01-01")


def sat(made: AccountBuilder, name: str, since: str, *, known: bool = True, **days):
    """Somebody held the post from a day on that is known."""
    if known:
        days.setdefault("starts_after", date.fromisoformat(since) - timedelta(days=1))
    return made.tenure(name, "Director", since=since, **days)


def post_of(view):
    return next(row for row in view.posts if row.title == "Director")


def held(made: AccountBuilder):
    view = made.view(TODAY)
    return occupancies(view, post_of(view), chances_in(view))


def said(made: AccountBuilder) -> list[str]:
    return [f"{one.said}: {one.when}" for one in held(made)]


def test_holders_come_in_order_with_the_gap_between_them():
    made = sat(account(), "Lin", "2020-01-01", until="2023-03-01")
    sat(made, "Chen", "2023-09-01")
    assert said(made) == [
        "Lin: since 1 Jan 2020, until 1 Mar 2023",
        "holder unknown: 1 Mar 2023 to 1 Sep 2023",
        "Chen: since 1 Sep 2023",
    ]


def test_a_change_that_lies_between_two_lists_leaves_no_gap():
    made = sat(account(), "Lin", "2020-01-01", until="2023-06-30", ends_after="2022-12-31")
    sat(made, "Chen", "2023-06-30", starts_after="2022-12-31")
    assert [one.said for one in held(made)] == ["Lin", "Chen"]


def test_a_vacant_seat_is_vacant_from_the_day_that_was_said():
    last = held(sat(account(), "Lin", "2020-01-01", until="2026-01-01", nobody_yet=True))[-1]
    assert (last.kind, last.when) == ("vacant", "since 1 Jan 2026")


def test_a_seat_that_nobody_held_is_unknown_since_it_is_known():
    assert said(account()) == ["holder unknown: since 1 Jan 2020"]


def test_an_unknown_start_has_no_gap_before_it_and_a_jagged_end():
    (one,) = held(sat(account(), "Lin", "2023-01-01", known=False))
    assert one.is_open_start
    assert lane([one], axis([one], TODAY)).pieces[0].is_jagged


def test_an_announced_end_is_a_mark_in_the_year_ahead_and_hides_the_chances():
    view = sat(account(), "Lin", "2020-01-01").view(TODAY)
    leaving = replace(view.open_tenures[0], ends_on=TODAY + timedelta(days=60))
    row = OutlookRow(leaving.ref, "announced", 1.0, 1.0, 1.0)
    view = replace(view, tenures=(leaving,), outlook=(row,))
    shown = occupancies(view, post_of(view), chances_in(view))
    drawn = lane(shown, axis(shown, TODAY))
    assert [(mark.kind, mark.is_beyond) for mark in drawn.marks] == [("announced", False)]
    assert drawn.marks[0].x > axis(shown, TODAY).now_x
    assert drawn.ahead == ()


@pytest.mark.parametrize("days", [20, 45, 80, 100, 135, 175, 200, 270, 350])
def test_the_mark_of_a_term_covers_no_chance(days):
    term_ends_on = TODAY + timedelta(days=days)
    one = held(sat(account(), "Chen", "2025-01-01", term_ends_on=term_ends_on))[-1]
    one = replace(
        one, chances={90: Chance.point(0.1), 180: Chance.point(0.7), 365: Chance.point(0.8)}
    )
    drawn = lane([one], axis([one], TODAY))
    (mark,) = drawn.marks
    assert sum(1 for part in drawn.ahead if part.label) >= 2
    for part in drawn.ahead:
        assert not part.label or abs(part.label_x - mark.x) > 4 + 14
        assert part.x < part.label_x < part.x + part.width or not part.label


def test_a_chance_thins_the_bar_of_the_year_ahead():
    view = sat(account(), "Lin", "2020-01-01").view(TODAY)
    row = OutlookRow(view.open_tenures[0].ref, "model", 0.1, 0.2, 0.4)
    view = replace(view, outlook=(row,))
    shown = occupancies(view, post_of(view), chances_in(view))
    drawn = lane(shown, axis(shown, TODAY))
    assert [part.label for part in drawn.ahead] == ["10 %", "20 %", "40 %"]
    heights = [part.height for part in drawn.ahead]
    assert heights == sorted(heights, reverse=True)


def test_the_usual_term_counts_only_from_a_known_start():
    known = sat(account(rotation_months=36), "Lin", "2025-01-01")
    assert held(known)[-1].due_said == "usual term ends 1 Jan 2028"
    unknown = sat(account(rotation_months=36), "Lin", "2025-01-01", known=False)
    assert held(unknown)[-1].due is None


@pytest.mark.parametrize(
    ("chance", "text"),
    [
        (Chance.point(0.38), "40 %"),
        (Chance.point(0.999), "95 %"),
        (Chance.point(0.001), "5 %"),
        (Chance.point(1.0), "100 %"),
        (Chance(0.2, 0.1, 0.4), "10 to 40 %"),
    ],
)
def test_a_chance_is_said_in_steps_of_five_or_as_a_band(chance, text):
    assert chance.text == text


DAYS = st.dates(date(2005, 1, 1), TODAY - timedelta(days=1))


@given(st.lists(st.tuples(DAYS, st.integers(1, 3000), st.booleans()), max_size=12), st.booleans())
def test_nothing_is_drawn_outside_and_bars_of_one_row_never_overlap(spans, is_narrow):
    made = account()
    for number, (start, length, known) in enumerate(spans):
        end = start + timedelta(days=length)
        sat(made, f"P{number}", f"{start}", known=known, until=end if end <= TODAY else None)
    shown = held(made)
    scale = axis(shown, TODAY, is_narrow=is_narrow)
    drawn = lane(shown, scale)
    for piece in drawn.pieces:
        assert 0 <= piece.x <= piece.x + piece.width <= scale.width
    for row in {piece.y for piece in drawn.pieces}:
        bars = [piece for piece in drawn.pieces if piece.y == row]
        for before, after in pairwise(bars):
            assert before.x + max(0, before.width - LEAST) <= after.x
