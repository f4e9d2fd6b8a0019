"""Next steps: whom one of us means to meet; done, dropped, taken over from a plan."""

from datetime import date

import pytest
from sqlalchemy import select

from relmap import graph
from relmap.contracts import Ref
from relmap.errors import NotFound, Refused
from relmap.facts import next_steps, people, ties
from relmap.facts.next_steps import PlannedStep
from relmap.maintenance import check
from relmap.models import Account, NextStep, db, writing

D = date
DAY, DUE = D(2026, 7, 1), D(2026, 7, 20)


@pytest.fixture
def account(staffed):
    return db.session.get_one(Account, staffed.id)


@pytest.fixture
def step(staffed, account):
    """Wang means to visit Lin."""
    with writing():
        return next_steps.add_next_step(
            account,
            staffed.person("Lin"),
            owner=staffed.person("Wang", side="us"),
            day=DAY,
            due_on=DUE,
            what="ask who follows",
        )


@pytest.mark.postgresql
def test_a_step_is_open_until_it_is_done(staffed, step):
    before = staffed.revision
    with writing():
        next_steps.do_next_step(step, DUE)
    assert step.done_on == DUE
    assert staffed.revision > before
    with pytest.raises(Refused, match="done on 2026-07-20"), writing():
        next_steps.drop_next_step(step, DUE, because="late")


@pytest.mark.postgresql
def test_a_step_is_dropped_with_a_reason(step):
    with pytest.raises(Refused, match="Say why"), writing():
        next_steps.drop_next_step(step, DUE, because=" ")
    with pytest.raises(Refused, match="later than"), writing():
        next_steps.drop_next_step(step, D(2026, 6, 1), because="he left")
    with writing():
        next_steps.drop_next_step(step, DUE, because="he left")
    assert (step.dropped_on, step.dropped_because) == (DUE, "he left")


@pytest.mark.postgresql
def test_a_step_that_ended_by_a_slip_is_open_as_before(staffed, step):
    with pytest.raises(Refused, match="open already"), writing():
        next_steps.reopen_next_step(step)
    for end in (
        lambda: next_steps.do_next_step(step, DUE),
        lambda: next_steps.drop_next_step(step, DUE, because="he left"),
    ):
        before = graph.view(staffed.id, DUE).open_next_steps
        with writing():
            end()
        assert graph.view(staffed.id, DUE).open_next_steps == ()
        with writing():
            next_steps.reopen_next_step(step)
        assert graph.view(staffed.id, DUE).open_next_steps == before != ()


def test_one_of_us_meets_one_of_them_at_the_account_on_a_day_to_come(staffed, account, make_firm):
    lin, wang = staffed.person("Lin"), staffed.person("Wang", side="us")
    other = db.session.get_one(Account, make_firm("Other").id)
    for reason, given in {
        "is one of us": {"person": wang},
        "is one of them": {"owner": lin},
        "nothing to do with Other": {"account": other},
        "past already": {"due_on": D(2026, 6, 30)},
        "more than five years": {"due_on": D(9999, 12, 31)},
    }.items():
        asked = {"account": account, "person": lin, "owner": wang, "due_on": DUE, **given}
        with pytest.raises(Refused, match=reason), writing():
            next_steps.add_next_step(asked.pop("account"), asked.pop("person"), day=DAY, **asked)
    assert db.session.scalars(select(NextStep)).all() == []


@pytest.mark.postgresql
def test_a_plan_taken_over_twice_is_taken_over_once(staffed, account, step):
    lin, wu = staffed.person("Lin").id, staffed.person("Wu").id
    wang = staffed.person("Wang", side="us").id
    plan = [PlannedStep(lin, wang, DUE), PlannedStep(wu, wang, DUE), PlannedStep(wu, wang, DUE)]
    with writing():
        taken = next_steps.take_plan_over(account, plan, day=DAY)
    assert [(one.person_id, one.origin) for one in taken] == [(wu, "plan"), (wu, "plan")]
    with writing():
        assert next_steps.take_plan_over(account, plan, day=DAY) == []


def test_a_step_nobody_wrote_is_not_found(account):
    with pytest.raises(NotFound):
        next_steps.get_next_step(4711)


@pytest.mark.postgresql
def test_the_check_finds_a_step_of_the_wrong_side(staffed, step):
    assert check.check_book() == []
    with writing():
        step.owner_id = staffed.person("Wu").id
    assert [row.kind for row in check.check_book()] == ["step_of_the_wrong_side"]


@pytest.mark.postgresql
def test_a_view_shows_the_steps_that_are_open_on_its_day(staffed, step):
    lin, wang = staffed.person("Lin").id, staffed.person("Wang", side="us").id
    with writing():
        next_steps.do_next_step(step, D(2026, 7, 15))
    shown = {
        day: [(row.person, row.owner, row.due_on, row.what) for row in view.open_next_steps]
        for day in (D(2026, 6, 30), DAY, D(2026, 7, 14), D(2026, 7, 15))
        for view in [graph.view(staffed.id, day)]
    }
    row = (Ref("person", lin), Ref("person", wang), DUE, "ask who follows")
    assert list(shown.values()) == [[], [row], [row], []]
    view = graph.view(staffed.id, DAY)
    assert view.next_steps_with(Ref("person", lin)) == view.next_steps


def test_a_step_done_is_kept_for_the_favour_asked_and_reads_as_open_before(staffed, account):
    lin, wu = staffed.person("Lin"), staffed.person("Wu")
    wang = staffed.person("Wang", side="us")
    with writing():
        made = next_steps.add_next_step(
            account, lin, owner=wang, through=wu, day=DAY, due_on=DUE, what="lunch"
        )
        next_steps.do_next_step(made, DUE)
    shown = {
        day: [(row.through, row.done_on) for row in graph.view(staffed.id, day).next_steps]
        for day in (D(2026, 7, 19), DUE, D(2027, 1, 15), D(2027, 1, 16))
    }
    through = Ref("person", wu.id)
    assert list(shown.values()) == [[(through, None)], [(through, DUE)], [(through, DUE)], []]
    assert graph.view(staffed.id, DUE).next_steps_with(Ref("person", lin.id)) == ()


def test_who_is_met_or_goes_introduces_nobody(staffed, account, make_firm):
    lin, wang = staffed.person("Lin"), staffed.person("Wang", side="us")
    asked = {"owner": wang, "day": DAY, "due_on": DUE}
    for through in (lin, wang):
        with pytest.raises(Refused, match="introduces nobody"), writing():
            next_steps.add_next_step(account, lin, through=through, **asked)
    with writing():
        stranger = people.add_person("Stranger")
    with pytest.raises(Refused, match="nothing to do with"), writing():
        next_steps.add_next_step(account, lin, through=stranger, **asked)


def test_the_check_finds_a_step_through_who_is_to_be_met(staffed, step):
    with writing():
        step.through_id = step.person_id
    assert [row.kind for row in check.check_book()] == ["step_through_nobody"]


def test_a_view_says_whose_weight_was_given_and_whose_is_of_its_level(firm):
    firm.post("Director", "director")
    firm.post("Buyer", decision_weight=0.8)
    weights = {
        row.title: (row.decision_weight, row.weight_given) for row in graph.view(firm.id, DAY).posts
    }
    assert weights == {"Director": (0.8, False), "Buyer": (0.8, True)}


def test_a_weight_that_nobody_gave_rises_with_the_power_of_who_sits_there_then(firm):
    firm.post("Director", "director")
    firm.post("Buyer", decision_weight=0.3)
    firm.sit("Lin", "Director", D(2025, 1, 1))
    firm.sit("Wu", "Buyer", D(2025, 1, 1))
    with writing():
        asks = {"kind": "advises", "starts_on": DAY, "observed_on": DAY}
        ties.add_tie(firm.person("Wu"), firm.person("Lin"), **asks)
        ties.add_tie(firm.person("Lin"), firm.person("Wu"), **asks)
    before, after = (
        {row.title: row.decision_weight for row in graph.view(firm.id, day).posts}
        for day in (D(2026, 6, 30), DAY)
    )
    assert before == {"Director": 0.8, "Buyer": 0.3}
    assert after == {"Director": pytest.approx(0.8 + 0.2 * 0.5 * 0.16), "Buyer": 0.3}
