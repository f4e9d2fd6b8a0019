"""The tree of the map: nothing overlaps, nothing hides a line, the same input stands alike."""

from hypothesis import given
from hypothesis import strategies as st

from relmap.maps.tree_layout import LINE, TreeBox, tidy


@st.composite
def trees(draw):
    """Cards whose superiors come before them; levels fall, now and then by more than one."""
    cards = [TreeBox("0", None, 0, 206, 84)]
    for number in range(1, draw(st.integers(1, 40))):
        above = draw(st.sampled_from([None, *cards]))
        level = draw(st.integers(0, 4)) if above is None else above.level + draw(st.integers(1, 3))
        group = draw(st.integers(0, 2))
        cards.append(TreeBox(str(number), above.key if above else None, level, 176, 72, group))
    return cards


def boxes(cards, layout):
    for card in cards:
        x, y = layout.places[card.key]
        yield card, x - card.width / 2, y - card.height / 2, x + card.width / 2, y + card.height / 2


@given(trees())
def test_no_two_cards_overlap(cards):
    placed = list(boxes(cards, tidy(cards)))
    for index, (one, left, top, right, bottom) in enumerate(placed):
        for other, left2, top2, right2, bottom2 in placed[index + 1 :]:
            apart = right <= left2 or right2 <= left or bottom <= top2 or bottom2 <= top
            assert apart, (one, other)


@given(trees())
def test_a_card_stands_in_the_row_of_its_level(cards):
    layout = tidy(cards)
    for card, _, top, _, bottom in boxes(cards, layout):
        row_top, row_bottom = layout.levels[card.level]
        assert row_top <= top
        assert bottom <= row_bottom
    tops = [layout.levels[level][0] for level in sorted(layout.levels)]
    assert tops == sorted(tops)


@given(trees())
def test_a_line_that_passes_levels_meets_no_card(cards):
    layout = tidy(cards)
    by_key = {card.key: card for card in cards}
    for card in cards:
        above = by_key.get(card.parent or "")
        if above is None:
            continue
        trunk = layout.trunks[card.key]
        for other, left, _, right, _ in boxes(cards, layout):
            if above.level < other.level < card.level:
                assert trunk + LINE / 2 <= left or right <= trunk - LINE / 2, (card, other)


@given(trees())
def test_the_same_tree_stands_alike(cards):
    assert tidy(cards) == tidy(cards)


def test_reports_without_reports_are_stacked():
    team = [TreeBox(str(number), "boss", 1, 176, 72) for number in range(5)]
    layout = tidy([TreeBox("boss", None, 0, 206, 84), *team])
    assert len({layout.places[card.key][0] for card in team}) == 1


def test_lines_in_a_circle_end():
    layout = tidy([TreeBox("a", "b", 0, 176, 72), TreeBox("b", "a", 1, 176, 72)])
    assert set(layout.places) == {"a", "b"}
