"""Who never was in an account and knows somebody there: their ties to us are in its view."""

from datetime import date

import pytest

from relmap import graph
from relmap.contracts import Ref
from relmap.facts import people, ties, touches
from relmap.imports.history import import_ties
from relmap.insight import paths
from relmap.models import Person, db, writing

DAY, SINCE = date(2026, 7, 1), date(2024, 1, 1)


@pytest.fixture
def firm(firm, make_firm):
    """Lin directs here. Gu, a friend of hers, is a buyer elsewhere, where Ma is his colleague."""
    firm.post("Director", "director")
    firm.sit("Lin", "Director", SINCE)
    firm.elsewhere = make_firm("Elsewhere")
    firm.elsewhere.post("Buyer", seats=2)
    for name in ("Gu", "Ma"):
        firm.elsewhere.sit(name, "Buyer", SINCE)
    with writing():
        ties.add_tie(firm.person("Gu"), firm.person("Lin"), kind="friend", observed_on=SINCE)
    return firm


def names(view) -> set[str]:
    return {row.name for row in view.people}


def chain(firm, *, to="Lin") -> list[str]:
    view = graph.view(firm.id, DAY)
    found = paths(view, Ref("person", firm.person(to).id))
    return [" ".join(view.person(ref).name for ref in path.people) for path in found]


@pytest.mark.postgresql
def test_a_colleague_who_knows_an_outsider_finds_a_way_in(firm):
    assert chain(firm) == []
    firm.tie("Wang", "Gu", "trusted_advisor", DAY)
    assert chain(firm) == ["Wang Gu Lin"]


def test_a_former_colleague_whose_closeness_nobody_judged_is_a_way_in(firm):
    with writing():
        wang = people.add_person("Wang", side="us")
        ties.add_tie(wang, firm.person("Gu"), kind="former_colleague", observed_on=DAY)
    assert chain(firm) == ["Wang Gu Lin"]


def test_a_way_may_lead_over_two_outsiders_tied_to_insiders(firm):
    firm.post("Buyer")
    firm.sit("Hu", "Buyer", SINCE)
    with writing():
        far = people.add_person("Far")
        ties.add_tie(far, firm.person("Hu"), kind="dotted_line", observed_on=SINCE)
        ties.add_tie(far, firm.person("Gu"), kind="friend", observed_on=SINCE)
    firm.tie("Wang", "Far", "trusted_advisor", DAY)
    assert "Wang Far Gu Lin" in chain(firm)


@pytest.mark.postgresql
def test_nobody_else_of_the_outsiders_own_account_comes_along(firm):
    firm.tie("Wang", "Gu", "trusted_advisor", DAY)
    firm.tie("Wang", "Ma", "trusted_advisor", DAY)
    with writing():
        gu, ma = firm.person("Gu"), firm.person("Ma")
        ties.add_tie(gu, ma, kind="friend", observed_on=SINCE)
        touches.add_touch(DAY, "visit", [firm.person("Wang"), gu, ma])
    view = graph.view(firm.id, DAY)
    assert names(view) == {"Lin", "Gu", "Wang"}
    assert view.touches == ()
    assert len(view.ties) == 2


@pytest.mark.postgresql
def test_what_two_of_another_account_are_to_each_other_is_that_accounts(firm):
    with writing():
        gu, ma, lin = (firm.person(name) for name in ("Gu", "Ma", "Lin"))
        ties.add_tie(ma, lin, kind="schoolmate", observed_on=SINCE)
        ties.add_tie(gu, ma, kind="conflicts", sign=-1, observed_on=SINCE)
    view = graph.view(firm.id, DAY)
    assert names(view) == {"Lin", "Gu", "Ma"}
    assert {tie.kind for tie in view.ties} == {"friend", "schoolmate"}


@pytest.mark.postgresql
def test_to_whom_somebody_belongs_is_told_by_the_account_where_they_are(firm):
    firm.tie("Wang", "Lin", "vendor", DAY)
    with writing():
        for name, said in {"Gu": "of Elsewhere", "Lin": "of here", "Wang": "of us"}.items():
            people.change_person(firm.person(name), {"affiliation": said})
        far = people.add_person("Far", affiliation="of nobody")
        ties.add_tie(far, firm.person("Lin"), kind="friend", observed_on=SINCE)
    here, there = (
        {row.name: row.affiliation for row in graph.view(place.id, DAY).people}
        for place in (firm, firm.elsewhere)
    )
    assert here == {"Lin": "of here", "Wang": "of us", "Gu": None, "Far": "of nobody"}
    assert (there["Gu"], there["Lin"]) == ("of Elsewhere", None)


def test_a_tie_is_there_from_the_day_both_have_begun(firm):
    firm.tie("Wang", "Gu", "trusted_advisor", SINCE)
    firm.tie("Mia", "Hu", "trusted_advisor", SINCE)
    with writing():
        both = firm.person("Hu"), firm.person("Lin")
        ties.add_tie(*both, kind="friend", observed_on=DAY, starts_on=date(2026, 6, 1))
    assert names(graph.view(firm.id, date(2026, 5, 31))) == {"Lin", "Gu", "Wang"}
    assert names(graph.view(firm.id, date(2026, 6, 1))) == {"Lin", "Gu", "Wang", "Hu", "Mia"}


@pytest.mark.postgresql
def test_each_act_on_such_a_tie_makes_the_account_due(firm):
    def rises(act) -> bool:
        before = firm.revision
        with writing():
            act()
        return firm.revision > before

    with writing():
        wang, gu = people.add_person("Wang", side="us"), firm.person("Gu")
    assert rises(lambda: ties.add_tie(wang, gu, level="vendor", observed_on=SINCE))
    (tie,) = db.session.scalars(db.select(ties.Tie).where(ties.Tie.a_id == wang.id))
    assert rises(lambda: ties.judge_tie(tie, "trusted_advisor", DAY))
    assert rises(lambda: people.change_person(db.session.get_one(Person, wang.id), {"name": "W"}))
    newer = db.session.scalars(db.select(ties.Tie).where(ties.Tie.ends_on.is_(None))).all()[-1]
    assert rises(lambda: ties.end_tie(newer, date(2026, 7, 2)))
    stranger = firm.elsewhere.person("Ma")
    assert not rises(lambda: ties.add_tie(wang, stranger, level="vendor", observed_on=SINCE))


@pytest.mark.postgresql
def test_an_import_of_such_ties_makes_the_account_due(firm):
    before = firm.revision
    text = "from,to,level,observed_on\nWang,Gu,trusted_advisor,2026-06-01\n"
    report = import_ties(text.encode(), file_name="ours.csv", on=DAY, account="Elsewhere")
    assert report.status == "applied"
    assert firm.revision > before
    assert chain(firm) == ["Wang Gu Lin"]


def test_the_view_asks_no_more_queries_for_them(firm, statements):
    with statements() as before:
        graph.view(firm.id, DAY)
    firm.tie("Wang", "Gu", "trusted_advisor", DAY)
    with statements() as after:
        graph.view(firm.id, DAY)
    assert len(after) == len(before)
