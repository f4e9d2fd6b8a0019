"""Effective threads: six friends in one lab do not count six, and a loss is no gain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.insight import effective_threads, hill
from relmap.testing import AccountBuilder

DAY = "2026-07-01"
AMOUNTS = st.lists(st.floats(0, 1), max_size=8)


def known(made: AccountBuilder, ours: str, *theirs: str) -> AccountBuilder:
    for name in theirs:
        made.tie(ours, name, level="trusted_advisor", judged=DAY)
    return made


def lab(people: int = 6) -> AccountBuilder:
    made = AccountBuilder().post("Director", function="rnd")
    made.post("Engineer", function="rnd", reports_to="Director", seats=people)
    for number in range(people):
        made.tenure(f"E{number}", "Engineer", since="2025-01-01")
    return made


def counts(made: AccountBuilder) -> dict[str, float]:
    return {row.over: round(row.threads, 2) for row in effective_threads(made.view(DAY)).spreads}


def test_six_friends_in_one_lab_are_one_thread_though_six_of_us_know_them():
    made = lab()
    for number in range(6):
        known(made, f"W{number}", f"E{number}")
    assert counts(made) == {"functions": 1.0, "branches": 1.0, "colleagues": 4.8}
    assert effective_threads(made.view(DAY)).count <= 1


def test_six_people_everywhere_whom_one_of_us_knows_are_one_thread():
    made = AccountBuilder()
    for number, function in enumerate(("rnd", "quality", "npi", "planning", "product", "finance")):
        made.unit(f"U{number}").post(f"Post {number}", unit=f"U{number}", function=function)
        made.tenure(f"P{number}", f"Post {number}", since="2025-01-01")
        known(made, "Wang", f"P{number}")
    assert counts(made) == {"functions": 4.8, "branches": 4.8, "colleagues": 1.0}
    assert effective_threads(made.view(DAY)).narrowest.over == "colleagues"


def test_the_reasons_name_the_groups_the_narrowest_first():
    made = known(lab(2), "Wang", "E0", "E1")
    found = effective_threads(made.view(DAY)).reasons
    assert [row.refs for row in found] == [(), (made.ref("Director"),), (made.ref("Wang"),)]
    assert found[0].text.format(**found[0].values) == (
        "Functions held: 1, worth 1.0 threads, as even as 1.0 alike"
    )


def test_where_no_post_has_a_function_functions_are_not_counted():
    made = AccountBuilder().tenure("Lin", "Director", since="2025-01-01")
    assert set(counts(known(made, "Wang", "Lin"))) == {"branches", "colleagues"}


def test_who_is_cold_and_who_has_left_hold_nothing():
    made = lab(1).tenure("Gone", "Buyer", since="2025-01-01", until="2026-01-01")
    made.tie("Wang", "E0", level="vendor", judged=DAY)
    assert effective_threads(known(made, "Wang", "Gone").view(DAY)).count == 0


def test_an_empty_account_has_no_thread():
    found = effective_threads(AccountBuilder().view(DAY))
    assert (found.count, [row.even_as for row in found.spreads]) == (0, [0, 0])


def test_the_hill_number_alone_would_call_a_loss_a_gain():
    assert hill([1.0, 0.1, 0.1]) < hill([0.1, 0.1]) == pytest.approx(2)


@given(AMOUNTS)
def test_the_hill_number_lies_between_one_and_the_number_of_groups(amounts):
    held = [amount for amount in amounts if amount > 0]
    assert min(1, len(held)) - 1e-9 <= hill(amounts) <= len(held) + 1e-9


@given(st.lists(st.floats(1e-6, 1), min_size=1, max_size=8))
def test_the_hill_number_times_the_typical_hold_is_the_sum(amounts):
    typical = sum(amount**2 for amount in amounts) / sum(amounts)
    assert hill(amounts) * typical == pytest.approx(sum(amounts))
    assert sum(amounts) <= hill(amounts) + 1e-9
