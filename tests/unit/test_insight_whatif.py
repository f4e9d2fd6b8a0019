"""What if somebody goes: the account without them, what is lost, and the laws."""

import pickle
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from relmap.contracts import RELATIONSHIP_LEVELS, AccountView, Ref
from relmap.contracts.rows import OutlookRow
from relmap.insight import coverage, known_people, paths, strength
from relmap.insight.plan import plan
from relmap.insight.succession import succession
from relmap.insight.waves import holders_below
from relmap.insight.whatif import MEASURES, Difference, Introduction, compare, people_known, without
from relmap.results.reports.what_ifs import what_if
from relmap.testing import AccountBuilder

DAY = date(2026, 7, 1)


def plant() -> AccountBuilder:
    """A director and a buyer whom Wang knows; Chen knows the engineer."""
    return (
        AccountBuilder()
        .owner("Wang")
        .post("Director", unit="Buying", level="director", function="purchasing")
        .post("Buyer", unit="Buying", level="lead", function="purchasing", reports_to="Director")
        .post("Engineer", unit="Lab", level="manager", function="rnd")
        .tenure("Wu", "Director", since="2024-01-01")
        .tenure("Bai", "Buyer", since="2024-01-01")
        .tenure("Lin", "Engineer", since="2024-01-01")
        .contact("Zhao", since="2024-01-01")
        .tie("Wang", "Wu", level="problem_solver", judged=DAY)
        .tie("Wang", "Bai", level="trusted_advisor", judged=DAY)
        .tie("Chen", "Lin", level="problem_solver", judged=DAY)
        .touch("2026-06-01", "Wang", "Bai", "Lin")
        .touch("2026-06-02", "Chen", "Zhao")
        .touch("2020-06-02", "Chen", "Lin")
    )


def outlook(view: AccountView, chance: float = 0.3) -> AccountView:
    rows = (OutlookRow(row.ref, "model", chance, chance, chance) for row in view.open_tenures)
    return replace(view, outlook=tuple(rows))


def test_who_is_gone_holds_no_post_and_is_known_no_more():
    made = plant()
    view = outlook(made.view(DAY))
    wu = made.ref("Wu")
    gone = without(view, [wu])
    assert wu not in {row.person for row in gone.open_tenures}
    assert gone.status(gone.post(made.ref("Director"))) == "vacant"
    assert coverage(gone, wu) == 0
    assert gone.person(wu).name == "Wu"
    assert len(gone.outlook) == len(view.outlook) - 1
    assert coverage(gone, made.ref("Bai")) == coverage(view, made.ref("Bai"))


def test_a_seat_that_somebody_else_still_holds_is_not_vacant():
    made = plant().post("Pair", seats=2)
    made.tenure("A", "Pair", since="2024-01-01").tenure("B", "Pair", since="2024-01-01")
    gone = without(made.view(DAY), [made.ref("A")])
    assert gone.status(gone.post(made.ref("Pair"))) == "filled"


def test_when_one_of_ours_goes_only_that_knowledge_goes():
    made = plant()
    view = made.view(DAY)
    wang, chen, lin = (made.ref(name) for name in ("Wang", "Chen", "Lin"))
    gone = without(view, [wang])
    assert gone.open_tenures == view.open_tenures
    assert coverage(gone, made.ref("Wu")) == coverage(gone, made.ref("Bai")) == 0
    assert strength(gone, chen, lin) == strength(view, chen, lin) == coverage(gone, lin)
    assert gone.account.owner is None


def test_the_seat_of_who_is_gone_goes_to_who_follows():
    made = plant()
    gone = without(made.view(DAY), [made.ref("Wu")])
    (part,) = (row for row in plan(gone, visits=1).people)
    assert part.person == succession(gone, made.ref("Director")).successors[0].person


def test_nobody_is_introduced_through_who_is_gone():
    made = plant().tie("Bai", "Zhao", judged=DAY, kind="friend")
    view = made.view(DAY)
    zhao, bai = made.ref("Zhao"), made.ref("Bai")
    assert any(bai in path.people for path in paths(view, zhao))
    gone = without(view, [bai])
    assert not any(bai in path.people for path in paths(gone, zhao))


def test_what_is_lost_with_the_director_and_the_buyer():
    made = plant()
    view = outlook(made.view(DAY))
    found = compare(view, without(view, [made.ref("Wu"), made.ref("Bai")]))
    assert found.unreached == (made.ref("Director"),)
    assert Introduction(made.ref("Bai"), made.ref("Director")) in found.introductions
    lost = {(row.measure, row.about): row for row in found.numbers}
    assert lost["coverage", "purchasing"].after == 0
    assert (
        lost["coverage", "purchasing"].before
        == (coverage(view, made.ref("Wu")) + coverage(view, made.ref("Bai"))) / 2
    )
    assert ("coverage", "rnd") not in lost
    assert lost["people_known", None] == Difference("people_known", None, 3, 1)
    assert lost["value", None].before == plan(view, visits=0).value_before
    assert [row.lost for row in found.numbers] == sorted(
        (row.lost for row in found.numbers), reverse=True
    )


def test_a_post_held_on_by_somebody_warm_is_still_reached():
    made = plant().post("Pair", level="director", seats=2)
    made.tenure("Wu", "Pair", since="2024-01-01").tenure("Bai", "Pair", since="2024-01-01")
    view = made.view(DAY)
    found = compare(view, without(view, [made.ref("Wu")]))
    assert found.unreached == (made.ref("Director"),)


def test_a_whole_department_can_go():
    made = plant()
    view = made.view(DAY)
    gone = without(view, holders_below(view, made.ref("Buying")))
    assert {row.person for row in gone.open_tenures} == {made.ref("Lin")}


def test_further_numbers_can_be_compared():
    def friends(before, after):
        yield Difference("friends", None, len(known_people(before)), len(known_people(after)))

    made = plant()
    view = made.view(DAY)
    gone = without(view, [made.ref("Lin")])
    assert compare(view, gone, measures=[friends]).numbers == (Difference("friends", None, 3, 2),)
    assert compare(view, gone, measures=[people_known]).numbers[0].measure == "people_known"


# --- laws

NAMES = tuple("ABCDEFG")
POSTS = ("Director", "Head", "Manager", "Lead")
OURS = ("Wang", "Chen", "Hu")
DAYS = st.integers(1, 900).map(lambda age: DAY - timedelta(days=age))
TENURES = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(POSTS), DAYS, st.booleans()), max_size=8
)
TIES = st.lists(
    st.tuples(
        st.sampled_from((*OURS, *NAMES)),
        st.sampled_from(NAMES),
        st.sampled_from(RELATIONSHIP_LEVELS),
        DAYS,
    ),
    max_size=8,
)
TOUCHES = st.lists(
    st.tuples(
        DAYS, st.sampled_from(OURS), st.lists(st.sampled_from(NAMES), min_size=1, max_size=3)
    ),
    max_size=8,
)
GONE = st.lists(st.sampled_from((*NAMES, *OURS)), max_size=4)


def account(tenures, ties, touches, chance) -> tuple[AccountBuilder, AccountView]:
    made = AccountBuilder()
    for name in OURS:
        made.person(name, side="us")
    for name in NAMES:
        made.person(name)
    made.post("Director", unit="Buying", level="director", function="purchasing")
    made.post("Head", unit="Lab", level="director", function="rnd", reports_to="Director")
    made.post("Manager", unit="Lab", level="manager", function="rnd", reports_to="Head")
    made.post("Lead", unit="Buying", level="lead", function="purchasing", seats=3)
    for person, post, since, acting in tenures:
        made.tenure(person, post, since=since, acting=acting)
    for a, b, level, judged in ties:
        if a != b:
            made.tie(a, b, level=level, judged=judged)
    for on, ours, theirs in touches:
        made.touch(on, ours, *sorted(set(theirs)))
    return made, outlook(made.view(DAY), chance)


ACCOUNTS = st.builds(account, TENURES, TIES, TOUCHES, st.floats(0, 1))


@given(ACCOUNTS, GONE, GONE)
def test_a_loss_is_never_a_gain(made_and_view, first, second):
    made, view = made_and_view
    less = without(view, {made.ref(name) for name in first})
    least = without(view, {made.ref(name) for name in (*first, *second)})
    for measure in MEASURES:
        for one, more in zip(measure(view, less), measure(view, least), strict=True):
            assert 0 <= more.after <= one.after <= one.before == more.before
    some, all_ = compare(view, less), compare(view, least)
    assert set(some.unreached) <= set(all_.unreached)
    assert set(some.introductions) <= set(all_.introductions)
    for person in view.people_of("client"):
        assert (
            coverage(least, person.ref) <= coverage(less, person.ref) <= coverage(view, person.ref)
        )


@given(ACCOUNTS, GONE)
def test_restoring_gives_the_same_numbers_bit_for_bit(made_and_view, names):
    made, view = made_and_view
    digest, stored = view.digest, pickle.dumps(view)
    people = {made.ref(name) for name in names}
    gone = without(view, people)
    compare(view, gone)
    assert pickle.dumps(view) == stored
    restored = without(view, people - people)
    assert restored.digest == digest
    assert not compare(view, restored)
    assert plan(restored, visits=3) == plan(view, visits=3)


@given(ACCOUNTS, GONE)
def test_one_after_the_other_is_all_at_once(made_and_view, names):
    made, view = made_and_view
    stepwise = view
    for name in names:
        stepwise = without(stepwise, [made.ref(name)])
    assert stepwise == without(view, {made.ref(name) for name in names})


@given(ACCOUNTS, GONE)
def test_the_account_without_them_is_a_view_like_any(made_and_view, names):
    made, view = made_and_view
    gone = without(view, {made.ref(name) for name in names})
    assert AccountView.from_json(gone.to_json()) == gone
    assert without(gone, [Ref("person", 999)]) == gone


@given(ACCOUNTS, GONE)
def test_only_what_was_reached_before_is_no_longer_reached(made_and_view, names):
    made, view = made_and_view
    found = what_if(view, {made.ref(name) for name in names})
    for row in (*found.posts, *found.projects):
        assert row.after.is_reached or row.before.is_reached
    warm = known_people(view)
    for post in found.lost.unreached:
        assert any(row.person in warm for row in view.holders(post))


def test_who_is_gone_is_announced_nowhere():
    made = plant().tenure("Zhou", "Adviser", since="2027-01-01", start_announced_on="2025-01-01")
    view = made.view(DAY)
    assert view.announced
    assert without(view, [made.ref("Zhou")]).announced == ()
