"""Every text of the bundled plug-ins reads well, whether it counts none, one or two."""

import re

import pytest
from relmap_plugins.breadth import PeopleKnown
from relmap_plugins.depth import ThreadsHeld
from relmap_plugins.freshness import TiesKeptWarm
from relmap_plugins.rotation import PostVacated

from relmap.contracts import Ref, Score
from relmap.languages import pieces
from relmap.testing import AccountBuilder

NOW = "2026-07-01"
ONE_OF_MANY = re.compile(r"(?<![\d.])1 (?!as\b|is\b|of\b)(?:[a-z]+s|people)\b")


def office(count: int) -> AccountBuilder:
    """So many of us met so many of them so often; all but the director then left."""
    made = AccountBuilder("Example").post("Director", level="director", function="rnd")
    made.post("Buyer", level="staff", function="purchasing", reports_to="Director", seats=2)
    made.tenure("Head", "Director", since="2025-01-01")
    for number in range(count):
        made.tenure(f"Their {number}", "Buyer", since="2025-01-01", until="2026-06-25")
        made.tenure(f"New {number}", "Buyer", since="2026-06-26")
        for theirs in (f"Their {number}", f"New {number}", "Head"):
            made.tie(f"Our {number}", theirs, level="trusted_advisor", judged="2026-06-01")
            for day in range(count):
                made.touch(f"2026-06-{day + 20}", f"Our {number}", theirs, kind="visit")
    made.tenure("Stranger", "Buyer", since="2025-01-01", until="2026-06-25")
    made.person("Passing", side="us")
    for day in range(count):
        made.touch(f"2026-06-1{day}", "Passing", "Stranger")
    return made


def sentences(made: AccountBuilder) -> list[str]:
    """What the four plug-ins say, with names filled in."""
    before, now = made.view("2026-06-01"), made.view(NOW)
    said = list(PostVacated().check(before, now))
    for rule in (PeopleKnown(), ThreadsHeld(), TiesKeptWarm()):
        outcome = rule.score(now)
        said.extend([outcome] if isinstance(outcome, Score) else [])
    rows = [row for found in said for row in (*found.evidence, *found.actions)]
    names = {ref: "Somebody" for row in rows for ref in row.refs if isinstance(ref, Ref)}
    return [
        "".join(piece.text for piece in pieces(row.text, row.refs, row.values, names))
        for row in rows
    ]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_no_text_says_one_of_what_is_many(count):
    found = sentences(office(count))
    assert len(found) > 5
    assert [text for text in found if ONE_OF_MANY.search(text)] == []


def test_a_text_that_says_so_is_found():
    assert ONE_OF_MANY.search("Wang had 1 contacts with Lin")
    assert ONE_OF_MANY.search("1 people are known")
    assert not ONE_OF_MANY.search("Contacts in 24 months: 1; strength 0.81 days")
