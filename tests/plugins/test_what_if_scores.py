"""What a loss does to the scores that count warmth: never a gain."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from relmap_plugins.breadth import PeopleKnown
from relmap_plugins.depth import ThreadsHeld
from relmap_plugins.freshness import TiesKeptWarm
from relmap_plugins.outlook import DecidingPosts

from relmap.contracts import RELATIONSHIP_LEVELS, AccountView, Score
from relmap.insight.whatif import as_strangers, without
from relmap.testing import AccountBuilder

DAY = date(2026, 7, 1)
RULES = (PeopleKnown(), ThreadsHeld(), TiesKeptWarm(), DecidingPosts())
OURS, THEIRS = ("Wang", "Chen"), ("Wu", "Bai", "Lin", "Zhao")


def points(view: AccountView) -> dict[str, float]:
    found = {rule.key: rule.score(view) for rule in RULES}
    return {key: row.points for key, row in found.items() if isinstance(row, Score)}


def house() -> AccountBuilder:
    """A director with a deputy, a buyer, an engineer; each may leave."""
    made = AccountBuilder().owner("Wang").post("Director", level="director", function="purchasing")
    made.post("Deputy", level="lead", function="purchasing", reports_to="Director")
    made.post("Buyer", level="manager", function="purchasing", reports_to="Director")
    made.post("Engineer", level="manager", function="rnd")
    for person, post in zip(THEIRS, ("Director", "Deputy", "Buyer", "Engineer"), strict=True):
        made.tenure(person, post, since="2024-01-01").outlook(person, p90=0.1, p180=0.3, p365=0.5)
    return made


def test_who_goes_with_a_tie_gone_cold_makes_nothing_fresher_and_nobody_readier():
    made = house().tie("Wang", "Wu", level="vendor", judged="2023-01-01")
    made.tie("Chen", "Bai", level="trusted_advisor", judged=DAY)
    view, wu = made.view(DAY), made.ref("Wu")
    removed, stranger = points(without(view, [wu])), points(as_strangers(view, [wu]))
    before = points(view)
    rises = {key for key in before if removed.get(key, 0) > before[key]}
    assert rises == {"freshness.ties_kept_warm", "outlook.deciding_posts"}  # why strangers
    assert all(stranger[key] <= before[key] for key in before)


def test_nobody_gone_is_the_very_same_view():
    view = house().view(DAY)
    assert as_strangers(view, []) is view


TIES = st.lists(
    st.tuples(
        st.sampled_from(OURS),
        st.sampled_from(THEIRS),
        st.sampled_from(RELATIONSHIP_LEVELS),
        st.integers(0, 900),
    ),
    max_size=6,
)
TOUCHES = st.lists(
    st.tuples(st.sampled_from(OURS), st.sampled_from(THEIRS), st.integers(0, 900)), max_size=6
)


@given(TIES, TOUCHES, st.sets(st.sampled_from((*OURS, *THEIRS)), min_size=1))
def test_no_loss_raises_a_score_that_counts_warmth(ties, touches, gone):
    made = house()
    for ours, theirs, level, days in ties:
        made.tie(ours, theirs, level=level, judged=DAY - timedelta(days=days))
    for ours, theirs, days in touches:
        made.touch(DAY - timedelta(days=days), ours, theirs)
    view = made.view(DAY)
    people = [row.ref for row in view.people if row.name in gone]
    before, after = points(view), points(as_strangers(view, people))
    assert after.keys() == before.keys()
    assert {key for key in before if after[key] > before[key] + 1e-9} == set()
