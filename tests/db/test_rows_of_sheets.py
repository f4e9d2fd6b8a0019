"""A row of several sheets is told, and answered, as it stands on its sheet."""

import json
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from relmap.cli import main
from relmap.contracts import Message
from relmap.imports.sheets.row_places import as_seen, place_of_row, row_at
from relmap.imports.sheets.table import Part
from relmap.languages import tell

HEADER = ["Department", "Title", "Name", "Boss"]
PARTS = st.lists(st.integers(1, 9), min_size=2, max_size=4).map(
    lambda sizes: tuple(Part(f"S{n}", 1, size, n * 100) for n, size in enumerate(sizes))
)


@given(PARTS, st.data())
def test_a_row_is_found_again_by_its_sheet_and_its_number_there(parts, data):
    part = data.draw(st.sampled_from(parts))
    own = data.draw(st.integers(2, 99))
    row = part.first + own
    assert place_of_row(row, parts) == (part.sheet, own)
    assert row_at(f"{part.sheet}:{own}", parts) == row_at(str(row), parts) == row
    told = as_seen(Message("Row {row}: {note}", {"row": row, "note": "x"}), parts)
    assert tell(told, "en") == f"Row {own} of sheet {part.sheet}: x"


def test_rows_of_several_sheets_are_told_sheet_by_sheet():
    parts = (Part("A", 1, 9), Part("B", 1, 9, 100))
    inner = Message("rows {rows}", {"rows": [2, 3, 103]})
    told = tell(as_seen(Message("See {what}.", {"what": inner}), parts), "en")
    assert told == "See rows 2-3 of sheet A and 3 of sheet B."


@pytest.mark.parametrize("text", ["", "x", "C:2", "A:", "A:x"])
def test_what_is_no_row_is_none(text):
    assert row_at(text, (Part("A", 1, 9), Part("B", 1, 9, 100))) is None


def two_sheets(first, second):
    book = openpyxl.Workbook()
    book.active.title = "Staff"
    other = book.create_sheet("Contacts")
    for sheet, rows in ((book.active, first), (other, second)):
        for row in (HEADER, *rows):
            sheet.append(row)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


@pytest.fixture
def relmap(runner, tmp_path, app):
    """Import two sheets of people; gives the command's result."""

    def call(*words):
        return runner.invoke(main, ["import", *words], obj=app)

    def bring(day, first, second, *words):
        (tmp_path / "list.xlsx").write_bytes(two_sheets(first, second))
        path = str(tmp_path / "list.xlsx")
        return call("snapshot", path, "--on", day, "--account", "Acme", *words)

    bring.call = call
    schema = Path(__file__).parents[2] / "docs" / "schemas" / "import_snapshot.json"
    bring.schema = Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))
    return bring


STAFF = [["P", "Head", "Mira Holt", ""], ["P", "Buyer", "Ann Lee", ""]]


def test_a_note_names_the_sheet_of_its_row(relmap):
    done = relmap("2026-01-01", STAFF, [["Q", "Head", "Bo Wu", "Nobody Known"]])
    assert "Row 2 of sheet Contacts: who is named in" in done.stdout
    found = json.loads(relmap.call("show", "1", "--json").stdout)
    relmap.schema.validate(found)
    places = {(one.get("sheet"), one.get("sheet_row")) for one in found["changes"]}
    assert {("Staff", 2), ("Staff", 3), ("Contacts", 2)} <= places


def test_an_uncertain_row_is_answered_as_it_is_told(relmap):
    relmap("2026-01-01", STAFF, [["Q", "Clerk", "Jonathan Smith", ""]])
    told = relmap("2026-07-01", STAFF, [["Q", "Clerk", "Jonathan Smithers", ""]]).stdout
    assert "row Contacts:2" in told
    refused = relmap.call("resolve", "2", "Contact:2", "--different")
    assert refused.exit_code == 1
    assert "Contacts:3" in refused.stderr
    missed = relmap.call("resolve", "2", "Staff:2", "--different")
    assert "Row 2 of sheet Staff of import 2 is not uncertain." in missed.stderr
    assert relmap.call("resolve", "2", "Contacts:2", "--different").exit_code == 0


def test_a_refusal_names_the_sheets_of_all_its_rows(relmap):
    circle = relmap(
        "2026-01-01", [["P", "Head", "Mira Holt", "Bo Wu"]], [["Q", "Head", "Bo Wu", "Mira Holt"]]
    )
    assert circle.exit_code == 1
    assert "2 of sheet Staff and 2 of sheet Contacts" in circle.stderr


def test_one_sheet_is_told_by_its_rows_alone(relmap):
    done = relmap("2026-01-01", [["P", "Head", "Mira Holt", "Nobody Known"]], [])
    assert "Row 2: who is named in" in done.stdout
    assert all(
        "sheet" not in one
        for one in json.loads(relmap.call("show", "1", "--json").stdout)["changes"]
    )
