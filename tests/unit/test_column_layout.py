"""Cards in columns: no line behind a card, no label on anything."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from relmap.maps.column_layout import Box, Link, layers

from .geometry import faults, frame

SIZES = ((190, 48), (176, 72), (176, 72), (206, 84))


@st.composite
def drawings(draw):
    """Up to 24 cards in four columns, and lines between any two of them."""
    columns = draw(st.lists(st.integers(0, 3), min_size=2, max_size=24))
    boxes = [Box(f"c{at}", column, *SIZES[column]) for at, column in enumerate(columns)]
    pairs = draw(
        st.lists(st.tuples(*[st.integers(0, len(boxes) - 1)] * 2), max_size=30, unique=True)
    )
    links = [
        Link(f"l{at}", f"c{a}", f"c{b}", draw(st.sampled_from((0, 20, 38))))
        for at, (a, b) in enumerate(pairs)
        if a != b
    ]
    return boxes, links


@settings(max_examples=150, deadline=None)
@given(drawings())
def test_no_line_runs_behind_a_card_and_no_label_lies_on_anything(drawing):
    boxes, links = drawing
    assert faults(boxes, links, layers(boxes, links)) == []


@given(drawings())
def test_a_line_begins_and_ends_at_its_cards(drawing):
    boxes, links = drawing
    found = layers(boxes, links)
    cards = {box.key: frame(found.places[box.key], box.width, box.height) for box in boxes}
    for link in links:
        points = found.routes[link.key].points
        for end, key in ((points[0], link.a), (points[-1], link.b)):
            left, top, right, bottom = cards[key]
            assert top <= end[1] <= bottom
            assert min(abs(end[0] - left), abs(end[0] - right)) < 0.1


def test_the_same_cards_stand_in_the_same_places():
    boxes = [Box(f"c{at}", at % 4, *SIZES[at % 4]) for at in range(12)]
    links = [Link(f"l{at}", f"c{at}", f"c{(at * 5 + 1) % 12}", 20) for at in range(12)]
    assert layers(boxes, links) == layers(boxes, links)


def test_the_last_column_keeps_its_order_and_lines_do_not_cross_in_vain():
    boxes = [
        *(Box(f"p{at}", 1, 206, 84) for at in range(4)),
        *(Box(f"s{at}", 0, 176, 72) for at in range(4)),
    ]
    links = [Link(f"l{at}", f"s{at}", f"p{3 - at}", 38) for at in range(4)]
    found = layers(boxes, links)
    assert [key for key, _ in sorted(found.places.items(), key=lambda row: row[1])] == [
        "s3",
        "s2",
        "s1",
        "s0",
        "p0",
        "p1",
        "p2",
        "p3",
    ]
    assert all(found.places[f"s{at}"][1] == found.places[f"p{3 - at}"][1] for at in range(4))


def test_nothing_to_draw_is_drawn():
    assert layers([], []).places == {}


def test_a_chain_within_a_column_stands_in_its_order():
    boxes = [Box(f"c{at}", 0, 176, 72) for at in range(5)] + [Box("end", 1, 206, 84)]
    chain = ("c3", "c0", "c4", "c1", "c2", "end")
    links = [Link(f"l{at}", a, b, 20) for at, (a, b) in enumerate(pairwise(chain))]
    found = layers(boxes, links)
    rows = sorted(chain[:-1], key=lambda key: found.places[key][1])
    assert tuple(rows) == chain[:-1]
    assert faults(boxes, links, found) == []
