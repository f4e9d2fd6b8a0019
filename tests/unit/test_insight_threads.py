"""Independent threads: who hangs on one man counts as one."""

from hypothesis import given
from hypothesis import strategies as st

from relmap.insight import branch_of, branches, independent, people_in_place
from relmap.testing import AccountBuilder

DAY = "2026-07-01"
CHANCE = st.floats(0, 1)
GROUPS = st.lists(st.lists(CHANCE, max_size=5), max_size=5)


def lab() -> AccountBuilder:
    made = AccountBuilder().post("Director").post("Engineer", reports_to="Director", seats=6)
    for name in ("A", "B", "C"):
        made.tenure(name, "Engineer", since="2025-01-01")
    return made.tenure("Boss", "Director", since="2025-01-01")


def test_who_reports_to_one_man_hangs_on_his_post():
    made = lab()
    view = made.view(DAY)
    group = [made.ref(name) for name in ("A", "B", "C")]
    found = branches(view, [*group, made.ref("Boss")])
    assert found == {made.ref("Director"): tuple(group), made.ref("Company"): (made.ref("Boss"),)}


def test_a_contact_without_a_post_hangs_on_the_account():
    made = lab().contact("Zhao", since="2025-01-01")
    view = made.view(DAY)
    assert branch_of(view, made.ref("Zhao")) == view.account.ref


def test_who_left_is_not_in_place():
    made = lab().tenure("Gone", "Buyer", since="2025-01-01", until="2026-01-01")
    made.contact("Former", since="2025-01-01", until="2026-01-01")
    names = ("A", "B", "C", "Boss")
    assert people_in_place(made.view(DAY)) == {made.ref(name) for name in names}


def test_six_friends_in_one_group_are_one_thread():
    assert independent([[1.0] * 6]) == 1
    assert independent([[1.0], [1.0]]) == 2


@given(GROUPS, CHANCE, st.integers(0, 4))
def test_one_more_friend_never_lowers_and_brings_at_most_one(groups, chance, place):
    before = independent(groups)
    more = [list(group) for group in groups] + [[] for _ in range(5)]
    more[place].append(chance)
    assert before - 1e-9 <= independent(more) <= before + 1 + 1e-9
