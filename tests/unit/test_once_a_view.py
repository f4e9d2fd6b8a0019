"""Answers about a view are worked out once, and apart for each further argument."""

from datetime import date

from relmap.insight.cache import once_a_view
from relmap.insight.horizon import expected
from relmap.insight.succession import successions
from relmap.testing import AccountBuilder

DAY = date(2026, 7, 1)


def a_view():
    made = AccountBuilder("Example")
    made.post("Head of purchasing", level="director")
    made.tenure("Li Na", "Head of purchasing", since="2025-03-01")
    made.outlook("Li Na", p365=0.4)
    return made.view(DAY)


def test_each_argument_has_its_own_answer_worked_out_once():
    asked = []

    @once_a_view
    def in_days(view, days, *, word=""):
        asked.append((days, word))
        return f"{days}{word}"

    view = a_view()
    answers = [in_days(view, 90), in_days(view, 180), in_days(view, 90, word="!")]
    assert answers == ["90", "180", "90!"]
    assert [in_days(view, 90), in_days(view, 180), in_days(view, 90, word="!")] == answers
    assert asked == [(90, ""), (180, ""), (90, "!")]


def test_another_view_is_asked_anew():
    asked = []

    @once_a_view
    def day(view):
        asked.append(view)
        return view.as_of

    first, second = a_view(), a_view()
    assert day(first) == day(second) == DAY
    assert len(asked) == 2


def test_what_is_expected_by_default_is_what_is_expected_when_said():
    view = a_view()
    for horizon in (90, 180, 365):
        said = expected(view, list(view.outlook), dict(successions(view)), horizon=horizon)
        assert expected(view, horizon=horizon) == said
    assert expected(view, horizon=90) != expected(view, horizon=365)
