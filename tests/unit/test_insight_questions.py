"""Questions worth asking: which there are, and what an answer is worth."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.contracts import AccountView, Ref
from relmap.contracts.rows import OutlookRow
from relmap.insight.plan import plan
from relmap.insight.questions import questions
from relmap.insight.regret import Regret
from relmap.insight.visits import Stake, best_visits, value_of
from relmap.testing import AccountBuilder

DAY = date(2026, 7, 1)


def director(**columns) -> AccountBuilder:
    """A director whose start and term are on record, and whose stance is."""
    made = AccountBuilder(**columns).post("Director", level="director", term_months=36)
    made.post("Deputy director", level="lead", reports_to="Director")
    made.tenure("Deng", "Deputy director", since="2024-01-01")
    made.tenure("Wu", "Director", since="2025-01-01", starts_after="2024-12-31")
    return made.claim("Wu", "stance", "supporter", on="2026-06-01", observer="Wang")


def foreseen(made: AccountBuilder, chance: float | None = 0.2) -> AccountView:
    view = made.view(DAY)
    rows = (OutlookRow(row.ref, "model", chance, chance, chance) for row in view.open_tenures)
    return replace(view, outlook=tuple(rows))


def asked(made: AccountBuilder, chance: float | None = 0.2) -> list[str]:
    view = foreseen(made, chance)
    names = {row.ref: row.name for row in view.people} | {row.ref: row.title for row in view.posts}
    return [
        row.asked.text.format(*(names[ref] for ref in row.asked.refs), **row.asked.values)
        for row in questions(view)
    ]


def test_where_everything_is_known_nothing_is_asked():
    assert asked(director()) == []


def test_a_seat_whose_holder_we_cannot_name_is_asked_first():
    made = director().post("Vice president", level="executive")
    assert asked(made)[0] == "Who holds Vice president?"


def test_a_blank_line_below_is_asked():
    made = director().post("Head of paint", unit="Paint", level="director", term_months=24)
    made.tenure("Hua", "Head of paint", since="2025-01-01", starts_after="2024-12-31")
    made.claim("Hua", "stance", "neutral", on="2026-06-01")
    assert asked(made) == ["Who works directly below Head of paint?"]


def test_who_follows_is_asked_when_a_change_is_likely():
    assert asked(director(), 0.5) == ["Who follows in Director?"]


@pytest.mark.parametrize(
    ("term", "begun", "text"),
    [
        (None, "2024-12-31", "How long does Wu stay in Director?"),
        (None, None, "Since when does Wu hold Director, and for how long?"),
        (24, None, "Since when does Wu hold Director?"),
    ],
)
def test_what_is_not_known_of_a_term_is_asked(term, begun, text):
    made = AccountBuilder().post("Director", level="director", term_months=term)
    made.post("Deputy director", level="lead", reports_to="Director")
    made.tenure("Wu", "Director", since="2025-01-01", starts_after=begun)
    made.claim("Wu", "stance", "supporter", on="2026-06-01")
    assert asked(made) == [text]


def test_an_announced_end_leaves_no_question_of_the_term():
    made = AccountBuilder().post("Director", level="director")
    made.post("Deputy director", level="lead", reports_to="Director")
    made.tenure("Wu", "Director", since="2025-01-01", until="2027-06-01", announced_on="2026-06-01")
    made.claim("Wu", "stance", "supporter", on="2026-06-01")
    assert asked(made) == []


def test_the_policy_of_the_account_is_a_term():
    made = director(rotation_months=36)
    made.facts.posts = [replace(row, term_months=None) for row in made.facts.posts]
    assert asked(made) == []


def test_a_stance_is_asked_when_nobody_knows_it_when_it_is_stale_and_when_we_disagree():
    made = director()
    made.facts.claims.clear()
    assert asked(made) == ["What does Wu think of us?"]
    made.claim("Wu", "stance", "mentor", on="2025-06-01", shelf_life_days=180, observer="Wang")
    assert asked(made) == ["Wu was mentor 395 days ago: still so?"]
    made.claim("Wu", "stance", "supporter", on="2026-06-01", observer="Wang")
    made.claim("Wu", "stance", "enemy", on="2026-06-02", observer="Chen")
    assert asked(made) == ["What does Wu think of us? Some say supporter, others enemy"]


def test_who_sits_in_two_deciding_posts_is_asked_about_once():
    made = director().post("Head of paint", level="director", term_months=36)
    made.tenure("Wu", "Head of paint", since="2025-01-01", starts_after="2024-12-31")
    made.facts.claims.clear()
    assert asked(made).count("What does Wu think of us?") == 1


def test_a_heavier_post_makes_the_same_question_worth_more():
    made = AccountBuilder().post("Director", level="director").post("CEO", level="executive")
    first, second = (row for row in questions(made.view(DAY)) if row.kind == "holder")
    assert first.post == made.ref("CEO")
    assert first.worth > second.worth > 0


def test_an_answer_that_changes_no_visit_is_worth_nothing():
    made = AccountBuilder().post("Director", level="director")
    made.tenure("Wu", "Director", since="2025-01-01", starts_after="2024-12-31")
    few, likely = (
        {row.kind: row.worth for row in questions(foreseen(made, chance))} for chance in (0.2, 0.9)
    )
    assert few["stance"] == likely["stance"] == 0  # there is nobody else to visit
    assert (few["term"], few["below"]) == (0, 0)  # every visit goes to the holder in any case
    assert likely["below"] > 0.001
    view = foreseen(made)
    assert {row.worth for row in questions(view, visits=0)} == {0}


def test_what_the_answer_is_worth_is_what_a_plan_that_knew_it_would_gain():
    made = director().post("Vice president", level="executive")
    view = foreseen(made)
    (question,) = (row for row in questions(view, visits=3) if row.kind == "holder")
    made.tenure("Stranger", "Vice president", since="2020-01-01")
    told = made.view(DAY)
    rows = (*view.outlook, OutlookRow(told.tenures_of(made.ref("Stranger"))[0].ref, "m", 0, 0, 0))
    known = plan(replace(told, outlook=rows), visits=3)
    today = plan(view, visits=3)
    kept = value_of(known.people, best_visits(today.people, 3))
    assert question.worth == pytest.approx(known.value_after - kept)


# --- the regret against a plan made anew

STAKES = st.lists(st.tuples(st.floats(0, 3), st.floats(0, 1)), min_size=1, max_size=5)


@given(STAKES, st.integers(0, 5), st.floats(0.01, 0.9), st.data())
def test_the_regret_is_what_the_best_plan_has_more_than_todays(rows, visits, gain, data):
    people = [Stake(Ref("person", n), *row, gain) for n, row in enumerate(rows, 1)]
    changed = data.draw(st.sampled_from(people))
    weight = data.draw(st.floats(-3, 3))
    stranger = data.draw(st.floats(0, 2))
    answer = [
        replace(row, weight=max(row.weight + weight, 0.0)) if row is changed else row
        for row in people
    ]
    answer.append(Stake(Ref("person", 99), stranger, 0.0, gain))
    today = best_visits(people, visits)
    expected = value_of(answer, best_visits(answer, visits)) - value_of(answer, today)
    regret = Regret.of(people, visits=visits, gain=gain)
    changes = {changed.person: weight * (1 - changed.coverage), None: stranger}
    assert regret.under(changes) == pytest.approx(expected, abs=1e-9)


LEVELS = st.sampled_from(["executive", "director", "manager", "lead"])


@given(
    st.lists(st.tuples(LEVELS, st.integers(0, 4), st.floats(0, 1)), max_size=8),
    st.integers(0, 6),
)
def test_no_question_is_worth_less_than_nothing_or_more_than_the_post(rows, visits):
    made = AccountBuilder()
    for number, (level, above, _) in enumerate(rows):
        superior = f"Post {above}" if above < number else None
        made.post(f"Post {number}", level=level, reports_to=superior)
        if above:
            made.tenure(f"P{number}", f"Post {number}", since=DAY - timedelta(days=100 * above))
    view = made.view(DAY)
    chances = {made.ref(f"P{n}"): chance for n, (_, above, chance) in enumerate(rows) if above}
    outlook = tuple(
        OutlookRow(row.ref, "model", None, chances[row.person], None) for row in view.open_tenures
    )
    found = questions(view, outlook, visits=visits)
    assert [row.worth for row in found] == sorted((row.worth for row in found), reverse=True)
    for row in found:
        assert 0 <= row.worth <= sum(post.decision_weight for post in view.deciding_posts) + 1e-9


def test_where_the_next_is_announced_nobody_asks_who_follows():
    made = director().tenure("Bo", "Director", since="2026-09-01", start_announced_on="2026-06-01")
    assert "Who follows in Director?" in asked(director(), 0.9)
    assert "Who follows in Director?" not in asked(made, 0.9)
