"""A whole list regraded in a chain: the holders tell which seat is which, not the titles."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relmap import imports

UNITS = ["Buying", "Quality", "Labs", "Plant"]
NAMES = [
    ["Ana Ruiz", "Bo Wu", "Cy Roth"],
    ["Di Fox", "Eve Lund", "Flo Mann"],
    ["Gus Ahl", "Hui Lin", "Ian Falk"],
    ["Joe Bell", "Kim Oh", "Lee Park"],
]
CHAINS = [
    [("经理", "总监"), ("副经理", "经理")],
    [("Engineer II", "Senior Engineer"), ("Senior Engineer", "Staff Engineer")],
    [("Clerk", "Buyer"), ("Buyer", "Manager"), ("Manager", "Director")],
    [("Lead", "Chair"), ("Chair", "Lead")],
]


def roster(chain, side, units=UNITS, *, regraded=UNITS):
    """A list before (0) or after (1) the chain, whose steps some units take."""
    return "unit,post,person\n" + "\n".join(
        f"{unit},{step[side if unit in regraded else 0]},{name}"
        for unit, names in zip(units, NAMES, strict=False)
        for step, name in zip(chain, names, strict=False)
    )


def undo_all():
    for report in imports.list_imports():
        if report.status == "applied":
            imports.undo_import(report.import_id)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(chain=st.sampled_from(CHAINS), units=st.integers(2, 4), turned=st.booleans())
def test_nobody_leaves_by_a_regrade_of_the_whole_list(book, told, chain, units, turned):
    undo_all()
    chain = chain[::-1] if turned else chain
    book.list("2026-01-01", roster(chain, 0, UNITS[:units]))
    before = {line.split(":")[0] for line in book.sits("2026-01-01")}
    report = book.list("2026-07-01", roster(chain, 1, UNITS[:units]))
    assert {line.split(" ")[0] for line in told(report)} == {"post_renamed"}
    assert len(told(report)) == units * len(chain)
    assert {line.split(":")[0] for line in book.sits("2026-07-01")} == before
    assert told(book.list("2026-12-01", roster(chain, 1, UNITS[:units]))) == []


def test_one_real_change_among_them_stays_one(book, told):
    chain = CHAINS[0]
    book.list("2026-01-01", roster(chain, 0))
    after = roster(chain, 1).replace("Labs,总监,Gus Ahl", "Labs,总监,Hui Lin")
    after = after.replace("Labs,经理,Hui Lin", "Labs,经理,Zoe Hall")
    found = told(book.list("2026-07-01", after))
    assert [line for line in found if not line.startswith("post_renamed")] == [
        "Gus Ahl left Labs/总监 (replaced)",
        "Hui Lin left Labs/经理 (replaced)",
        "Hui Lin joined Labs/总监",
        "Zoe Hall joined Labs/经理",
    ]


def test_a_chain_in_half_of_the_units_is_promotions(book, told):
    chain = CHAINS[0]
    book.list("2026-01-01", roster(chain, 0))
    report = book.list("2026-07-01", roster(chain, 1, regraded=UNITS[:2]), yes=True)
    assert not [line for line in told(report) if line.startswith("post_renamed")]
    left = [change for change in report.changes if change["kind"] == "left_post"]
    assert {change["reason"] for change in left} <= {"promoted", "moved_inside"}
    assert len(left) == 4


@pytest.mark.parametrize("units", [2, 4])
def test_who_moves_up_into_a_seat_that_was_left_is_promoted(book, told, units):
    chain = [("Head", "Head"), ("Deputy", "Head"), ("Clerk", "Deputy")]
    book.list("2026-01-01", roster(chain, 0, UNITS[:units]))
    after = roster(chain, 1, UNITS[:units]).splitlines()
    gone = {names[0] for names in NAMES}
    report = book.list(
        "2026-07-01",
        "\n".join(line for line in after if line.split(",")[-1] not in gone),
        yes=True,
    )
    assert not [line for line in told(report) if line.startswith("post_renamed")]
    assert len([line for line in told(report) if " left " in line and "/Head" in line]) == units
