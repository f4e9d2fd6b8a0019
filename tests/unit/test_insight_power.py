"""Power: who is asked and who has the line below, never who is liked."""

import csv
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.contracts import Ref
from relmap.insight import Power, default_weights, power, without
from relmap.insight.power import weighed
from relmap.testing import AccountBuilder

DAY = date(2026, 7, 1)


def house(*people: str) -> AccountBuilder:
    made = AccountBuilder()
    for name in people:
        made.contact(name, since="2020-01-01")
    return made


def asks(made: AccountBuilder, *pairs: tuple[str, str], kind: str = "advises") -> AccountBuilder:
    for one, other in pairs:
        made.tie(one, other, kind=kind, judged="2026-01-01")
    return made


def powers(made: AccountBuilder) -> dict[Ref, Power]:
    return {row.person: row for row in power(made.view(DAY))}


def test_who_is_asked_has_power_and_who_asks_gains_none():
    made = asks(house("Lin", "Bo", "Chen"), ("Bo", "Lin"), ("Chen", "Lin"))
    first, *others = power(made.view(DAY))
    assert (first.person, first.power) == (made.ref("Lin"), pytest.approx(0.8 * 2 / 6))
    assert [(row.power, row.is_known) for row in others] == [(0, False), (0, False)]


@pytest.mark.parametrize("kind", ["friend", "knows", "schoolmate", "family", "former_colleague"])
def test_being_liked_or_known_gives_no_power(kind):
    made = asks(house("Lin", "Bo"), ("Bo", "Lin"), kind=kind)
    assert {row.power for row in powers(made).values()} == {0}


def test_the_reasons_say_who_asks_and_what_is_below():
    made = house("Bo", "Chen").post("Head", level="director")
    made.post("Lab lead", level="lead", reports_to="Head").post(
        "Engineer", level="staff", reports_to="Lab lead", seats=4
    )
    made.tenure("Lin", "Head", since="2024-01-01")
    asks(made, ("Bo", "Lin"), ("Chen", "Lin"))
    advice, line = powers(made)[made.ref("Lin")].reasons
    assert advice.text.format(*advice.refs, **advice.values) == "2 people ask for advice"
    assert set(advice.refs) == {made.ref("Bo"), made.ref("Chen")}
    assert line.text == "Seats below {0}: {count}, {direct} of them directly"
    assert (line.refs, dict(line.values)) == ((made.ref("Head"),), {"count": 5, "direct": 1})
    assert line.points == pytest.approx(0.8 * 3 / 7)  # 1 + 4 / 2


def test_an_ended_tie_an_enemy_and_who_left_do_not_ask():
    made = house("Lin", "Bo", "Chen").contact("Gone", since="2020-01-01", until="2026-01-01")
    made.tie("Bo", "Lin", kind="advises", judged="2025-01-01", until="2026-06-01")
    made.tie("Chen", "Lin", kind="advises", judged="2025-01-01", sign=-1)
    made.tie("Gone", "Lin", kind="advises", judged="2025-01-01")
    assert powers(made)[made.ref("Lin")].power == 0


def test_one_of_us_who_asks_gives_no_power():
    made = house("Lin").tie("Wang", "Lin", kind="advises", judged="2026-01-01")
    assert powers(made)[made.ref("Lin")].power == 0


def test_posts_that_report_in_a_circle_are_counted_once():
    made = AccountBuilder().post("A").post("B", reports_to="A")
    made.tenure("Lin", "A", since="2024-01-01")
    view = made.view(DAY)
    a, b = view.posts
    (lin,) = power(replace(view, posts=(replace(a, reports_to=b.ref), b)))
    assert lin.reasons[0].values["count"] == 1


@given(st.integers(0, 12), st.integers(0, 12))
def test_one_more_who_asks_or_reports_never_lowers(askers, reports):
    def of(askers, reports):
        made = house("Lin", *(f"P{n}" for n in range(askers))).post("Head")
        made.tenure("Lin", "Head", since="2024-01-01")
        if reports:
            made.post("Buyer", reports_to="Head", seats=reports)
        asks(made, *((f"P{n}", "Lin") for n in range(askers)))
        return powers(made)[made.ref("Lin")].power

    here = of(askers, reports)
    assert 0 <= here < 1
    assert here < min(of(askers + 1, reports), of(askers, reports + 1))


# --- what a post weighs where nobody said


def weight_of(level: str, askers: int) -> float:
    made = house(*(f"P{n}" for n in range(askers))).post("Seat", level=level)
    made.tenure("Lin", "Seat", since="2024-01-01")
    asks(made, *((f"P{n}", "Lin") for n in range(askers)))
    return default_weights(made.view(DAY))[made.ref("Seat")]


@pytest.mark.parametrize("level", ["executive", "director", "manager", "lead", "staff"])
def test_nobody_asked_leaves_the_default_of_the_level(level):
    made = AccountBuilder().post("Seat", level=level)
    assert default_weights(made.view(DAY)) == {made.ref("Seat"): weight_of(level, 0)}
    assert weight_of(level, 0) == made.view(DAY).post(made.ref("Seat")).decision_weight


def test_whom_all_ask_lifts_a_lead_into_deciding_but_nobody_of_the_staff():
    assert weight_of("lead", 3) < 0.5 <= weight_of("lead", 70)
    assert weight_of("staff", 70) < 0.5


def test_a_given_weight_stands():
    made = house("P1", "P2").post("Seat", level="lead", decision_weight=0.3)
    asks(made.tenure("Lin", "Seat", since="2024-01-01"), ("P1", "Lin"), ("P2", "Lin"))
    assert default_weights(made.view(DAY))[made.ref("Seat")] == 0.3


def test_a_view_has_its_posts_lifted_once():
    made = house("P1", "P2").post("Seat", level="lead").tenure("Lin", "Seat", since="2024-01-01")
    view = asks(made, ("P1", "Lin"), ("P2", "Lin")).view(DAY)
    assert view.post(made.ref("Seat")).decision_weight == default_weights(view)[made.ref("Seat")]
    assert view.post(made.ref("Seat")).decision_weight > 0.2
    assert weighed(view) is view


def test_what_if_keeps_the_weights_of_the_day():
    made = house("P1", "P2").post("Seat", level="lead").tenure("Lin", "Seat", since="2024-01-01")
    view = asks(made, ("P1", "Lin"), ("P2", "Lin")).view(DAY)
    gone = without(view, [made.ref("Lin")])
    assert [row.decision_weight for row in gone.posts] == [
        row.decision_weight for row in view.posts
    ]


def test_a_blank_seat_weighs_what_its_level_does():
    made = house("P1").post("Seat", level="lead")
    asks(made.tenure("Lin", "Seat", since="2024-01-01", until="2026-01-01"), ("P1", "Lin"))
    assert default_weights(made.view(DAY))[made.ref("Seat")] == 0.2


# --- Krackhardt's firm


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    path = folder / "krackhardt" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def firm(folder: Path, *, ties: str, kind: str, is_reporting: bool = False) -> AccountBuilder:
    made, people = AccountBuilder("Firm"), rows(folder, "people")
    by_id = {row["person_id"]: row for row in people}

    def seat(number: str) -> str:
        row = by_id[number]
        title, boss = f"Seat {number}", row["manager_id"]
        if ("post", title) not in made._refs:
            above = seat(boss) if is_reporting and boss in by_id else None
            made.post(title, reports_to=above)
            made.tenure(number, title, since="2020-01-01")
        return title

    for number in by_id:
        seat(number)
    pairs = ((row["from_person"], row["to_person"]) for row in rows(folder, ties))
    return asks(made, *pairs, kind=kind)


def auc(made: AccountBuilder, folder: Path) -> float:
    """How often one of the executives is above one of the others, ties counted half."""
    found = powers(made)
    by_rank: dict[bool, list[float]] = {True: [], False: []}
    for row in rows(folder, "people"):
        by_rank[row["level"] in ("1", "2")].append(found[made.ref(row["person_id"])].power)
    pairs = list(product(by_rank[True], by_rank[False]))
    return sum((a > b) + 0.5 * (a == b) for a, b in pairs) / len(pairs)


def test_advice_finds_the_executives_of_krackhardts_firm(shared_data):
    advice = firm(shared_data, ties="advice", kind="advises")
    assert auc(advice, shared_data) >= 0.95


def test_friendship_does_not_find_them(shared_data):
    assert auc(firm(shared_data, ties="friendship", kind="friend"), shared_data) == 0.5
    # Nor would it, were it counted as advice is:
    assert auc(firm(shared_data, ties="friendship", kind="advises"), shared_data) < 0.6


def test_with_the_reporting_line_they_are_found_as_well(shared_data):
    whole = firm(shared_data, ties="advice", kind="advises", is_reporting=True)
    assert auc(whole, shared_data) >= 0.95
