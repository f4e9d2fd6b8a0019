"""The test kit for plug-in authors: the builder's ways, and what check_rule finds."""

import itertools
import sys
import textwrap

import pytest

from relmap.contracts import Ref
from relmap.testing import AccountBuilder, check_rule

RULES = """
    import itertools
    import random
    from dataclasses import dataclass, field
    from relmap.api import Alert, Evidence, NotApplicable, Score

    counter = itertools.count()

    class Rule:
        key, version, title = "kit.rule", 1, "A rule"

        def score(self, view):
            return Score((Evidence("{n} people", 1.0, values={"n": len(view.people)}),), 5.0)

        def check(self, before, now):
            for tenure in before.open_tenures:
                if now.tenure(tenure.ref).has_ended(now.as_of):
                    yield Alert(str(tenure.ref), "{0} left", "note", refs=(tenure.person,))

    class Silent(Rule):
        def score(self, view):
            return NotApplicable("Nothing to say.")

    class Counts(Rule):
        def score(self, view):
            return Score((Evidence("{n}", values={"n": next(counter)}),), 5.0)

    class Throws(Rule):
        def score(self, view):
            return Score((Evidence("{n}", values={"n": random.random()}),), 5.0)

    class Hashes(Rule):
        '''The same in one process, another in another: an order of hashes.'''

        def score(self, view):
            return Score((Evidence("{n}", values={"n": hash("text") % 1_000_003}),), 5.0)

    class ById(Rule):
        seen = {}

        def score(self, view):
            number = Rule.seen.setdefault(id(view), len(Rule.seen)) if hasattr(Rule, "seen") else 0
            return Score((Evidence("{n}", values={"n": number}),), 5.0)

    Rule.seen = {}

    class Writes(Rule):
        def score(self, view):
            view.graph.nodes[view.people[0].ref]["seen"] = True
            return Rule.score(self, view)

    class Fails(Rule):
        def score(self, view):
            return Score((Evidence("ten", 10.0),), 5.0)

    class Untitled(Rule):
        title = ""

    def local():
        class Local(Rule):
            pass
        return Local
"""


@pytest.fixture
def kit(tmp_path, monkeypatch):
    (tmp_path / "kit_rules.py").write_text(textwrap.dedent(RULES), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    import kit_rules

    yield kit_rules
    sys.modules.pop("kit_rules")


@pytest.fixture
def book() -> AccountBuilder:
    return AccountBuilder("Example").tenure(
        "Li Na", "Buyer", since="2025-03-01", until="2026-06-01"
    )


# --- the builder


def test_what_is_named_is_made_on_the_spot(book):
    book.tie("Mia", "Li Na", judged="2026-01-01")
    view = book.view("2026-05-01")
    assert [(row.name, row.side) for row in view.people] == [("Li Na", "client"), ("Mia", "us")]
    assert [row.title for row in view.posts] == ["Buyer"]
    assert [row.name for row in view.units] == ["Company"]


def test_a_view_hides_what_comes_later(book):
    book.tenure("Chen Bo", "Buyer", since="2026-06-01")
    before, after = book.view("2026-05-31"), book.view("2026-06-01")
    assert [before.person(row.person).name for row in before.open_tenures] == ["Li Na"]
    assert before.tenures[0].ends_on is None
    assert before.tenures[0].end_reason is None
    assert [after.person(row.person).name for row in after.open_tenures] == ["Chen Bo"]


def test_an_announced_end_is_there_before_it_comes():
    book = AccountBuilder().tenure(
        "Li Na", "Buyer", since="2025-03-01", until="2026-06-01", announced_on="2026-05-01"
    )
    assert book.view("2026-04-30").tenures[0].ends_on is None
    assert str(book.view("2026-05-01").tenures[0].ends_on) == "2026-06-01"


def test_an_empty_seat_is_vacant_only_where_somebody_said_so(book):
    def status(book):
        view = book.view("2026-07-01")
        return view.status(view.posts[0])

    assert status(book) == "unknown_holder"
    told = AccountBuilder().tenure(
        "Li Na", "Buyer", since="2025-03-01", until="2026-06-01", nobody_yet=True
    )
    assert status(told) == "vacant"
    assert status(told.tenure("Chen Bo", "Buyer", since="2026-06-15")) == "filled"
    assert status(AccountBuilder().post("Buyer", vacant_since="2026-01-01")) == "vacant"


def test_attached_data_is_in_extra(book):
    book.attach("orders", {"open": 3})
    assert book.view("2026-07-01").extra == {"orders": {"open": 3}}


def test_names_lead_to_refs(book):
    assert book.ref("Li Na") == Ref("person", 1)
    assert book.ref("Buyer") == Ref("post", 1)
    with pytest.raises(KeyError):
        book.ref("nobody")


def test_a_name_is_given_once(book):
    with pytest.raises(ValueError, match="There is a person 'Li Na' already"):
        book.person("Li Na")


# --- check_rule


def test_a_good_rule_passes_with_its_outcome(kit, book):
    outcome = check_rule(kit.Rule(), book.view("2026-07-01"))
    assert (outcome.status, outcome.score.points) == ("ok", 1.0)


def test_not_applicable_passes(kit, book):
    assert check_rule(kit.Silent(), book.view("2026-07-01")).reason == "Nothing to say."


def test_an_alert_rule_gets_two_views(kit, book):
    outcome = check_rule(kit.Rule(), book.view("2026-05-01"), book.view("2026-07-01"))
    assert [alert.key for alert in outcome.alerts] == ["tenure:1"]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("Counts", "kit.rule: It gave another result the second time."),
        ("Throws", "kit.rule: It gave another result the second time."),
        ("ById", "kit.rule: It gave another result on an equal view."),
        ("Hashes", "kit.rule: It gave another result in a child process."),
        ("Writes", "kit.rule failed. It wrote to the view"),
        ("Fails", "kit.rule failed. ValueError: 10.0 points are not between 0 and 5.0."),
        ("Untitled", "'kit.rule' has no title."),
    ],
)
def test_what_breaks_the_contract_is_said(kit, book, name, complaint):
    with pytest.raises(AssertionError) as found:
        check_rule(getattr(kit, name)(), book.view("2026-07-01"))
    assert str(found.value).startswith(complaint)


def test_a_rule_that_cannot_be_pickled_is_said(kit, book):
    with pytest.raises(AssertionError, match=r"kit\.rule cannot be pickled"):
        check_rule(kit.local()(), book.view("2026-07-01"))


def test_the_number_of_views_must_fit(kit, book):
    views = itertools.repeat(book.view("2026-07-01"), 3)
    with pytest.raises(AssertionError, match="Give one view for a scoring rule"):
        check_rule(kit.Rule(), *views)


def test_functions_come_in_the_usual_order_and_a_customers_own_last():
    book = AccountBuilder()
    for function in ("tooling", "purchasing", "rnd", "purchasing"):
        book.post(f"{function} {len(book.view('2026-07-01').posts)}", function=function)
    assert book.view("2026-07-01").functions == ("rnd", "purchasing", "tooling")
