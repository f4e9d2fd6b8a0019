"""Refs, results and the codec: what goes out comes back, and nonsense is refused."""

import json
import pickle
from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.contracts import (
    AccountRow,
    AccountView,
    Action,
    Alert,
    Bands,
    Basis,
    ClaimRow,
    Evidence,
    Message,
    NextStepRow,
    OutlookRow,
    PersonRow,
    PostRow,
    ProjectRow,
    Ref,
    Score,
    TenureRow,
    TieRow,
    TouchRow,
    UnitRow,
    codec,
)
from relmap.contracts.view_document import view_document
from relmap.contracts.words import LEVELS, PROJECT_STAGES, RELATIONSHIP_LEVELS

DAY = date(2026, 7, 1)
days = st.dates(date(1990, 1, 1), date(2040, 1, 1))
names = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)


def refs(kind):
    return st.builds(Ref, st.just(kind), st.integers(1, 10**9))


people = st.builds(
    PersonRow,
    ref=refs("person"),
    side=st.sampled_from(["client", "us"]),
    name=names,
    latin_name=st.none() | names,
    external_ids=st.tuples() | st.tuples(names),
)
posts = st.builds(
    PostRow,
    ref=refs("post"),
    unit=refs("unit"),
    title=names,
    function=st.just("rnd"),
    level=st.sampled_from(LEVELS),
    decision_weight=st.floats(0, 1),
    seats=st.integers(1, 9),
    reports_to=st.none() | refs("post"),
    vacant_since=st.none() | days,
    starts_on=days,
    weight_given=st.booleans(),
)
projects = st.builds(
    ProjectRow,
    ref=refs("project"),
    name=names,
    stage=st.none() | st.sampled_from(PROJECT_STAGES),
    value=st.none() | st.floats(0, 1e12),
    decides_on=st.none() | days,
    posts=st.tuples() | st.tuples(refs("post")),
)
next_steps = st.builds(
    NextStepRow,
    ref=refs("next_step"),
    person=refs("person"),
    planned_on=days,
    due_on=days,
    owner=st.none() | refs("person"),
    what=st.none() | names,
    through=st.none() | refs("person"),
    done_on=st.none() | days,
)
bands = st.tuples(st.floats(0, 1), st.floats(0, 1))
outlooks = st.builds(
    OutlookRow,
    tenure=refs("tenure"),
    source=st.just("model"),
    p90=st.none() | st.floats(0, 1),
    p180=st.none() | st.floats(0, 1),
    p365=st.none() | st.floats(0, 1),
    bands=st.none() | st.builds(Bands, bands, bands, bands),
    tenures=st.integers(0, 10**5),
    held_since=st.none() | days,
    mirrors_imports=st.booleans(),
    basis=st.lists(st.builds(Basis, names, st.integers(0, 10**5)), max_size=2).map(tuple),
)
tenures = st.builds(
    TenureRow,
    ref=refs("tenure"),
    person=refs("person"),
    post=refs("post"),
    starts_after=st.none() | days,
    starts_on=days,
    ends_on=st.none() | days,
    acting=st.booleans(),
)
ties = st.builds(
    TieRow,
    ref=refs("tie"),
    a=refs("person"),
    b=refs("person"),
    kind=st.just("knows"),
    sign=st.sampled_from([-1, 0, 1]),
    level=st.none() | st.sampled_from(RELATIONSHIP_LEVELS),
    starts_on=st.none() | days,
    observed_on=days,
)
touches = st.builds(
    TouchRow,
    ref=refs("touch"),
    on=days,
    kind=st.just("visit"),
    direction=st.just("both"),
    people=st.lists(refs("person"), max_size=3).map(tuple),
)
claims = st.builds(
    ClaimRow,
    ref=refs("claim"),
    about=refs("person"),
    what=st.just("stance"),
    value=names,
    on=days,
    basis=st.just("told"),
    shelf_life_days=st.integers(1, 999),
)
views = st.builds(
    AccountView,
    account=st.builds(AccountRow, ref=refs("account"), name=names),
    as_of=days,
    revision=st.integers(0, 10**6),
    units=st.lists(
        st.builds(UnitRow, ref=refs("unit"), name=names, parent=st.none(), starts_on=days),
        max_size=2,
    ).map(tuple),
    posts=st.lists(posts, max_size=3).map(tuple),
    people=st.lists(people, max_size=3).map(tuple),
    tenures=st.lists(tenures, max_size=3).map(tuple),
    ties=st.lists(ties, max_size=3).map(tuple),
    touches=st.lists(touches, max_size=3).map(tuple),
    claims=st.lists(claims, max_size=2).map(tuple),
    projects=st.lists(projects, max_size=2).map(tuple),
    next_steps=st.lists(next_steps, max_size=2).map(tuple),
    outlook=st.lists(outlooks, max_size=2).map(tuple),
    attached=st.just((("weather", '{"rain":[1,2.5,null]}'),)),
)


@given(views)
def test_a_view_comes_back_from_json_exactly(view):
    again = AccountView.from_json(view.to_json())

    assert again == view
    assert again.digest == view.digest


@given(views, views, st.sets(st.sampled_from(["units", "people", "posts", "outlook", "touches"])))
def test_beside_another_a_view_comes_back_as_without_it(view, other, changed):
    later = replace(view, as_of=DAY, **{name: getattr(other, name) for name in changed})
    again = AccountView.from_json(view.to_json(), beside=later)

    assert again == view == AccountView.from_json(view.to_json(), beside=other)
    assert again.digest == view.digest
    for name in ("units", "people", "posts", "tenures", "touches", "outlook"):
        if getattr(later, name) == getattr(view, name):
            assert getattr(again, name) is getattr(later, name)


@given(views)
def test_a_view_comes_back_from_what_is_printed_exactly(view):
    again = AccountView.from_json(json.dumps(view_document(view)))

    assert again == view
    assert view_document(again) == view_document(view)


def test_a_view_stored_before_projects_were_thought_of_reads_as_one_without():
    post = PostRow(Ref("post", 1), Ref("unit", 1), "B", "rnd", "lead", 0.2, 1, None, None, DAY)
    view = AccountView(AccountRow(Ref("account", 1), "Mingchuan"), DAY, 1, posts=(post,))
    document = json.loads(view.to_json())
    del document["projects"], document["next_steps"], document["posts"][0]["weight_given"]

    assert AccountView.from_json(json.dumps(document)) == view


@pytest.mark.parametrize(
    "other",
    [{"p180": 0.31}, {"basis": (Basis("Acting", 1),)}, {"mirrors_imports": True}, {"tenures": 8}],
)
def test_another_forecast_makes_another_digest(other):
    row = OutlookRow(Ref("tenure", 1), "model", 0.2, 0.3, 0.5, held_since=DAY)
    view = AccountView(AccountRow(Ref("account", 1), "Mingchuan"), DAY, 1, outlook=(row,))

    assert replace(view, outlook=(replace(row, **other),)).digest != view.digest


def test_a_printed_ref_bears_its_name():
    person = PersonRow(Ref("person", 7), "client", "林志明")
    view = AccountView(
        AccountRow(Ref("account", 1), "Mingchuan", owner=person.ref), DAY, 1, people=(person,)
    )

    account = view_document(view)["account"]

    assert (account["kind"], account["id"], account["name"]) == ("account", 1, "Mingchuan")
    assert account["owner"] == {"kind": "person", "id": 7, "name": "林志明"}


@given(views)
def test_a_view_comes_back_from_a_pickle_without_what_was_derived(view):
    _ = view.digest
    packed = pickle.dumps(view)

    assert pickle.loads(packed) == view  # our own bytes
    assert view.digest.encode() not in packed


@given(views)
def test_the_digest_is_that_of_the_content_in_canonical_json(view):
    content = {key: value for key, value in codec.plain(view).items() if key != "revision"}
    assert view.digest == sha256(codec.canonical(content)).hexdigest()


def test_the_digest_says_the_content_and_not_the_revision():
    account = AccountRow(Ref("account", 1), "Mingchuan")
    view = AccountView(account, DAY, 1)

    assert view.digest == AccountView(account, DAY, 2).digest
    assert view.digest != AccountView(account, date(2026, 7, 2), 1).digest


def test_what_is_no_view_is_refused():
    for text in ('{"as_of": "2026-07-01"}', '{"on": "2026-07-01"}', "[]", "7", '{"account": 1}'):
        with pytest.raises(ValueError, match="no AccountView"):
            AccountView.from_json(text)


def test_what_a_rule_does_with_extra_does_not_reach_the_view():
    view = AccountView(AccountRow(Ref("account", 1), "M"), DAY, 1, attached=(("w", '{"a": []}'),))

    view.extra["w"]["a"].append("changed")

    assert view.extra == {"w": {"a": []}}


@pytest.mark.parametrize("text", ["", "person", "person:", ":7", "person:x", "person:-1"])
def test_what_is_no_ref_is_refused(text):
    with pytest.raises(ValueError, match="is not a ref"):
        Ref.parse(text)


def test_the_points_of_a_score_are_the_sum_of_its_evidence():
    score = Score((Evidence("one", 2.5), Evidence("minus", -1.0)), out_of=25)

    assert score.points == 1.5


@pytest.mark.parametrize("points", [-1.0, 26.0])
def test_points_outside_the_bounds_are_refused(points):
    with pytest.raises(ValueError, match="not between"):
        Score((Evidence("one", points),), out_of=25)


def test_a_text_that_asks_for_a_missing_ref_is_refused():
    person = Ref("person", 1)

    Action("Meet {0}", (person,))
    with pytest.raises(ValueError, match=r"\{1\}"):
        Action("Meet {0} through {1}", (person,))
    with pytest.raises(ValueError, match=r"\{days\}"):
        Alert("k", "Not seen for {days} days", "note")


def test_a_ref_where_several_are_meant_is_refused():
    person = Ref("person", 1)  # a tuple as well
    for make in (Evidence, Action):
        with pytest.raises(ValueError, match=r"write \(person:1,\)"):
            make("Meet {0}", refs=person)
    with pytest.raises(ValueError, match="Ref"):
        Message("Meet {who}", {"who": person})


def test_an_unknown_severity_is_refused():
    with pytest.raises(ValueError, match="severity"):
        Alert("k", "Something", "terrible")
