"""Maps are plain data: JSON without markup or colours, still, folded where there is too much."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest

from relmap.contracts import Ref
from relmap.errors import NotFound
from relmap.maps import reporting_map, surroundings_map
from relmap.testing import AccountBuilder

TODAY = date(2026, 11, 21)


def account(staff: int = 3) -> AccountBuilder:
    book = AccountBuilder("Mingchuan").person("王磊", side="us")
    book.post("Director", level="director", function="rnd")
    book.post("Manager", level="manager", function="rnd", reports_to="Director")
    book.post("Assistant", level="staff", function="rnd", reports_to="Director")
    book.person("陈雅琴").tenure("陈雅琴", "Manager", since="2025-01-01")
    book.tie("王磊", "陈雅琴", level="trusted_advisor", judged="2026-01-01")
    for number in range(staff):
        book.post(f"Engineer {number}", level="staff", function="rnd", reports_to="Manager")
        book.person(f"<b>工程师 {number}</b>")
        book.tenure(f"<b>工程师 {number}</b>", f"Engineer {number}", since="2025-01-01")
    return book


def test_a_map_is_json_and_says_nothing_of_colours():
    drawn = reporting_map(account().view(TODAY)).as_json()
    written = json.dumps(drawn)
    assert "#" not in written.replace("&#", "")
    assert "rgb" not in written
    assert drawn["options"]["physics"] is False


def test_a_map_is_drawn_without_what_comes_for_notebooks_alone():
    running = (Path(__file__).parents[2] / "docs/running.md").read_text()
    (named,) = re.findall(r"pip uninstall --yes ([^`]+)```", running)
    modules = [name.replace("-", "_") for name in named.replace("\\", "").split()]
    assert all(map(find_spec, modules))  # the list is of what is there
    tried = (
        f"import sys; sys.modules.update(dict.fromkeys({modules}))\n"  # as if they were not
        "from relmap.maps.drawing import add_node, as_map, new_network\n"
        "net = new_network(); add_node(net, {'id': 'a', 'name': 'Mira Holt'})\n"
        "print(as_map(net, shown=1, whole=1).nodes[0]['name'])"
    )
    done = subprocess.run([sys.executable, "-c", tried], capture_output=True, text=True, check=True)
    assert done.stdout == "Mira Holt\n"


def test_every_seat_stands_once_the_blank_ones_too():
    drawn = reporting_map(account().view(TODAY))
    assert len(drawn.nodes) == drawn.shown_count == drawn.whole_count == 6
    assert {node["kind"] for node in drawn.nodes} == {"filled", "unknown_holder"}


def test_a_seat_hangs_below_its_superior():
    drawn = reporting_map(account().view(TODAY))
    height = {node["id"]: node["y"] for node in drawn.nodes}
    lines = [edge for edge in drawn.edges if edge["kind"] == "reports"]
    assert len(lines) == 5
    assert all(height[edge["from"]] < height[edge["to"]] for edge in lines)


def wide_account(managers: int) -> AccountBuilder:
    book = AccountBuilder("Broad").post("Director", level="director", function="rnd")
    for number in range(managers):
        book.post(f"Manager {number}", level="manager", function="rnd", reports_to="Director")
        book.post(f"Clerk {number}", level="staff", function="rnd", reports_to=f"Manager {number}")
    return book


def test_neighbours_on_a_crowded_level_stand_a_step_apart():
    drawn = reporting_map(wide_account(12).view(TODAY))
    managers = [node for node in drawn.nodes if node["title"].startswith("Manager")]
    heights = [node["y"] for node in sorted(managers, key=lambda node: node["x"])]
    assert len(set(heights)) == 2
    assert all(one != other for one, other in pairwise(heights))
    assert [band["title"] for band in drawn.bands].count("Manager") == 2


def test_a_level_with_few_seats_is_one_row():
    drawn = reporting_map(wide_account(8).view(TODAY))
    assert [band["title"] for band in drawn.bands] == ["Director", "Manager", "Staff"]


def test_superiors_in_a_circle_are_drawn_once_each():
    book = AccountBuilder("Circle").post("A", level="manager", function="rnd")
    book.post("B", level="manager", function="rnd", reports_to="A")
    view = book.view(TODAY)
    first, second = view.posts
    view = replace(view, posts=(replace(first, reports_to=second.ref), second))
    assert len(reporting_map(view).nodes) == 2


def test_people_stand_in_the_same_place_at_every_visit():
    view = account().view(TODAY)
    assert reporting_map(view) == reporting_map(view)


def test_past_the_limit_groups_are_folded_and_counted():
    view = account(staff=200).view(TODAY)
    drawn = reporting_map(view)
    assert len(drawn.nodes) <= 150
    assert drawn.whole_count == 203
    fold = next(node for node in drawn.nodes if node["kind"] == "fold")
    assert fold["name"] == "200 more, 0 known"
    assert len(reporting_map(view, limit=300).nodes) == 203


def test_the_surroundings_of_a_person():
    view = account().view(TODAY)
    person = next(row.ref for row in view.people if row.name == "陈雅琴")
    drawn = surroundings_map(view, person)
    names = {node["name"]: node for node in drawn.nodes}
    assert names["陈雅琴"]["focus"]
    assert names["王磊"]["kind"] == "us"
    assert {edge["kind"] for edge in drawn.edges} == {"reports", "tie"}
    assert len(drawn.nodes) == 5


def test_somebody_who_is_not_there_has_no_surroundings():
    with pytest.raises(NotFound):
        surroundings_map(account().view(TODAY), Ref("person", 999))
