"""Whom to cultivate: the plan by person, what breaks without somebody, and the map of it."""

import json
import random
from datetime import date, timedelta

import pytest

from relmap.contracts import Ref
from relmap.insight.cultivation import broken, cultivation
from relmap.maps.column_layout import Box, Curve, Layers, Link
from relmap.maps.cultivate import CHANCE, NUMBER, POSTS, cultivate_map, shown_targets
from relmap.testing import AccountBuilder

from .geometry import faults

DAY = date(2026, 7, 1)


def account() -> AccountBuilder:
    """Wang knows Fang; she is a friend of Lin, who holds the post that decides, with a deputy."""
    book = AccountBuilder("Mingchuan")
    book.person("Wang", side="us").person("Sofia", side="us").owner("Wang")
    for name in ("Lin", "Deng", "Fang", "Tan"):
        book.person(name)
    book.post("Director", level="director", decision_weight=0.8)
    book.post("Deputy director", level="lead", reports_to="Director")
    book.post("Buyer", level="staff").post("Clerk", level="staff")
    book.post("Vice president", level="executive", decision_weight=1.0, vacant_since="2026-01-01")
    book.tenure("Lin", "Director", since="2024-01-01")
    book.tenure("Deng", "Deputy director", since="2024-01-01")
    book.tenure("Fang", "Buyer", since="2024-01-01").tenure("Tan", "Clerk", since="2024-01-01")
    book.outlook("Lin", p365=0.4)
    book.tie("Wang", "Fang", level="trusted_advisor", judged=DAY)
    book.tie("Fang", "Lin", kind="friend", judged=DAY)
    book.tie("Sofia", "Tan", level="problem_solver", judged=DAY)
    return book.tie("Fang", "Deng", kind="conflicts", sign=-1, judged=DAY)


def drawn(book, *, visits=2, gone=(), **asked):
    found = cultivation(book.view(DAY), visits=visits)
    refs = [book.ref(name) for name in gone]
    return cultivate_map(found, shown_targets(found, **asked), rings={}, gone=refs)


def by_name(found) -> dict[str, dict]:
    return {node["name"]: node for node in found.nodes}


def lines(found, kind) -> list[tuple[str, str]]:
    names = {node["id"]: node["name"] for node in found.nodes}
    return [(names[e["from"]], names[e["to"]]) for e in found.edges if e["kind"] == kind]


# --- the plan by person


def test_several_visits_to_one_person_are_one_stop():
    found = cultivation(account().view(DAY), visits=5)
    assert [stop.number for stop in found.stops] == list(range(1, len(found.stops) + 1))
    assert sum(stop.visits for stop in found.stops) == len(found.plan.steps) == 5
    gains = sum(stop.gain for stop in found.stops)
    assert gains == pytest.approx(found.plan.value_after - found.plan.value_before)


def test_the_seat_of_which_nothing_is_known_is_the_most_open():
    book = account()
    found = cultivation(book.view(DAY), visits=1)
    assert [found.view.post(row.post).title for row in found.targets] == [
        "Vice president",
        "Director",
    ]


@pytest.mark.parametrize(
    ("gone", "kind", "says"),
    [("Fang", "lost", "Fang"), ("Wang", "lost", "Wang"), ("Lin", "gone", "Lin")],
)
def test_a_stop_breaks_where_its_way_or_its_end_is_gone(gone, kind, says):
    book = account()
    found = cultivation(book.view(DAY), visits=1)
    row = broken(found, [book.ref(gone)])[1]
    assert (row.kind, row.without) == (kind, (book.ref(says),))


def test_a_stop_goes_another_way_where_there_is_one():
    book = account().tie("Tan", "Lin", kind="friend", judged=DAY)
    found = cultivation(book.view(DAY), visits=1)
    row = broken(found, [book.ref("Fang")])[1]
    assert row.kind == "detour"
    assert row.path == tuple(map(book.ref, ("Sofia", "Tan", "Lin")))


def test_who_carries_nothing_breaks_nothing():
    book = account()
    found = cultivation(book.view(DAY), visits=1)
    assert broken(found, [book.ref("Tan")]) == broken(found, []) == {}


# --- the map


def test_the_map_reads_from_us_over_who_introduces_to_who_decides():
    found = drawn(account())
    assert [band["title"] for band in found.bands] == [
        "Of us",
        "Can introduce",
        "Likely to follow",
        "Deciding posts",
    ]
    cards = by_name(found)
    assert cards["Wang"]["x"] < cards["Fang"]["x"] < cards["Deng"]["x"] < cards["Lin"]["x"]
    assert lines(found, "plan") == [("Wang", "Fang"), ("Fang", "Lin")]
    assert cards["Lin"]["step"] == 1
    assert ("Deng", "Lin") in lines(found, "next")
    assert ("Somebody from outside", "Lin") in lines(found, "next")
    assert lines(found, "conflicts") == [("Fang", "Deng")]


def test_chances_on_the_map_are_in_steps_of_five():
    found = drawn(account())
    said = [edge["text"] for edge in found.edges if edge["kind"] == "next"]
    assert said
    assert all(int(text.removesuffix(" %")) % 5 == 0 for text in said)


def test_a_blank_seat_is_drawn():
    assert by_name(drawn(account()))["Vacant"]["kind"] == "vacant"


def test_whom_nobody_can_introduce_is_visited_cold_by_who_looks_after_the_account():
    book = AccountBuilder().person("Wang", side="us").owner("Wang")
    book.post("Director", level="director", decision_weight=0.8)
    book.tenure("Lin", "Director", since="2024-01-01").outlook("Lin", p365=0.4)
    found = drawn(book, visits=1)
    assert lines(found, "cold") == [("Wang", "Lin")]
    assert lines(found, "plan") == []


def test_everything_stays_where_it_is_when_somebody_goes():
    before, after = drawn(account()), drawn(account(), gone=["Fang"])
    places = [[(node["id"], node["x"], node["y"]) for node in one.nodes] for one in (before, after)]
    assert places[0] == places[1]
    assert [edge["points"] for edge in before.edges] == [edge["points"] for edge in after.edges]
    assert by_name(after)["Fang"]["gone"]
    assert {edge["kind"] for edge in after.edges if edge["lost"]} == {"plan", "conflicts"}
    assert not any(edge["lost"] for edge in before.edges)


def test_a_map_with_nobody_gone_is_the_map():
    assert drawn(account(), gone=[]) == drawn(account())


def test_the_map_is_json_and_says_nothing_of_colours():
    written = json.dumps(drawn(account()).as_json())
    assert "#" not in written
    assert "rgb" not in written


def test_a_path_of_a_phone_ends_at_the_post():
    found = drawn(account())
    names = {node["id"]: node["name"] for node in found.nodes}
    assert next([names[key] for key in path["cards"]] for path in found.paths) == [
        "Wang",
        "Fang",
        "Lin",
    ]


# --- large accounts


def crowd(seed: int, posts: int = 40) -> AccountBuilder:
    """An account of 300: deciding posts with deputies, ties and conflicts here and there."""
    chosen = random.Random(seed)  # no secret
    book = AccountBuilder("Crowd", rotation_months=36)
    ours = [f"Ours {number}" for number in range(6)]
    for name in ours:
        book.person(name, side="us")
    book.owner(ours[0])
    theirs = []
    for number in range(300):
        title, level = f"Post {number}", "director" if number < posts else "staff"
        above = f"Post {chosen.randrange(posts)}" if number >= posts else None
        function = chosen.choice(("rnd", "purchasing", "quality"))
        book.post(title, level=level, function=function, reports_to=above)
        if chosen.random() < 0.9:
            book.tenure(f"Person {number}", title, since=DAY - timedelta(days=400))
            theirs.append(f"Person {number}")
            if number < posts:
                book.outlook(f"Person {number}", p365=round(chosen.random(), 2))
    for name in theirs:
        if chosen.random() < 0.2:
            book.tie(chosen.choice(ours), name, level="problem_solver", judged=DAY)
        if chosen.random() < 0.5:
            other = chosen.choice(theirs)
            kind = chosen.choice(("friend", "knows", "conflicts"))
            if other != name:
                book.tie(name, other, kind=kind, sign=-1 if kind == "conflicts" else 1, judged=DAY)
    return book


def layers_of(found):
    """A drawn map as the layout that it was drawn from."""
    columns = sorted({node["x"] for node in found.nodes})
    boxes = [Box(n["id"], columns.index(n["x"]), n["w"], n["h"]) for n in found.nodes]
    routes = {str(at): edge for at, edge in enumerate(found.edges)}
    links = [
        Link(
            key,
            edge["from"],
            edge["to"],
            {"next": CHANCE, "way": NUMBER, "conflicts": 0}.get(
                edge["kind"], NUMBER * len(edge["text"].split())
            ),
        )
        for key, edge in routes.items()
    ]
    placed = Layers(
        {node["id"]: (node["x"], node["y"]) for node in found.nodes},
        {key: Curve(tuple(map(tuple, e["points"])), tuple(e["at"])) for key, e in routes.items()},
        (),
        0,
    )
    return boxes, links, placed


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("most", [POSTS, 12, 24])
def test_on_a_large_map_no_line_runs_behind_a_card_and_no_label_lies_on_anything(seed, most):
    boxes, links, placed = layers_of(drawn(crowd(seed), visits=12, most=most))
    assert len(boxes) > 2 * most
    assert faults(boxes, links, placed) == []


def test_a_large_account_shows_the_posts_of_the_plan_and_the_most_open():
    found = cultivation(crowd(1).view(DAY), visits=4)
    shown = shown_targets(found)
    assert len(shown) == POSTS
    assert {stop.post for stop in found.stops} <= {row.post for row in shown}
    rest = [row for row in shown if row.post not in {stop.post for stop in found.stops}]
    left = [row for row in found.targets if row not in shown]
    assert min(row.open for row in rest) >= max(row.open for row in left)


def test_a_function_shows_its_posts_only():
    found = cultivation(crowd(1).view(DAY), visits=4)
    shown = shown_targets(found, function="quality")
    assert {found.view.post(row.post).function for row in shown} == {"quality"}


def test_somebody_in_two_places_may_be_taken_away_from_both():
    book = crowd(2)
    found = cultivation(book.view(DAY), visits=8)
    everybody = [row.ref for row in found.view.people]
    after = cultivate_map(found, shown_targets(found), rings={}, gone=everybody)
    people = [node for node in after.nodes if (node["ref"] or "").startswith("person:")]
    assert all(node["gone"] for node in people)
    assert all(edge["lost"] for edge in after.edges if edge["kind"] in ("plan", "way", "cold"))
    assert Ref("person", 1) in everybody
