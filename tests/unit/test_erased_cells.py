"""What is left out when a person is looked for in the cells of a file, which may be a million."""

from types import SimpleNamespace

from hypothesis import example, given
from hypothesis import strategies as some

from relmap.maintenance.erase.files import _cleared_cell
from relmap.maintenance.erase.identifiers import Identifier, Identifiers
from relmap.names.matching import name_keys

LIN = Identifiers(
    1,
    (
        Identifier("name", "Lin Zhi-Ming"),
        Identifier("name", "林志明"),
        Identifier("call", "Orlando"),
        Identifier("mail", "z.lin@example.com"),
        Identifier("id", "E20417"),
        Identifier("phone", "+86 755 5550 4711"),
    ),
)
NAMESAKE = Identifiers(2, (Identifier("name", "Ann Lee", frozenset({7})), Identifier("id", "A1")))
CELLS = some.one_of(
    some.text(max_size=12),
    some.text("linzhmg- .,", max_size=14),
    some.text("annle, ", max_size=9),
    some.sampled_from(
        [
            "Dr. LIN, ZHIMING",
            "林誌明",
            "Ｌｉｎ Zhiming",
            "mail:Z.Lin@example.com ",
            "e20417",
            "755-5550-4711",
        ],
    ),
    some.sampled_from(
        ["Ask Lin Zhiming", "Orlando", "Lee (Ann)", "Mr Lee Ann\n", "A1", ""],
    ),
)


@given(cell=CELLS)
@example(cell="K")  # the sign of kelvin, which is a k in small letters
def test_a_cell_is_a_name_by_all_of_its_keys(cell):
    for forms in (LIN, NAMESAKE):
        names = {form.text for form in forms.forms if form.kind == "name"}
        keys = {key for name in names for key in name_keys(name)}
        assert forms.is_name(cell) == (bool(cell.strip()) and not keys.isdisjoint(name_keys(cell)))


@given(cells=some.lists(CELLS, max_size=4), near=some.booleans())
def test_a_record_that_is_passed_over_is_one_of_which_no_cell_would_change(cells, near):
    for forms in (LIN, NAMESAKE):
        reach = SimpleNamespace(forms=forms, ids_of_bearers=set())
        if not forms.is_in(cells):
            looked_at = [_cleared_cell(cell, reach, is_own=False, near=near) for cell in cells]
            assert looked_at == cells
