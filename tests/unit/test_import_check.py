"""`relmap import check` says how a file would be read, and needs no database for it."""

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from relmap.cli import main

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "import_check.json"
LIST = "Acme 2026\nDepartment,Title,Name,Shoe size\nP,Buyer,Mira Holt,38\nTotal: 1\n"


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Check a file of this text or workbook; gives the command's result."""
    monkeypatch.setenv("RELMAP_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("RELMAP_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    def call(content, *words, name="list.csv"):
        file = tmp_path / name
        if isinstance(content, str):
            file.write_text(content, encoding="utf-8")
        else:
            content.save(file)
        return CliRunner().invoke(main, ["import", "check", str(file), *words])

    yield call
    assert not (tmp_path / "instance").exists()


def document(done):
    found = json.loads(done.stdout)
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(found)
    return found


def test_a_file_is_told_column_by_column(check):
    done = check(LIST, "--json")
    found = document(done)
    assert done.exit_code == 0
    assert found["readable"]
    assert found["rows"] == 1
    assert found["sheets"] == [
        {"sheet": None, "header_row": 2, "records": 1, "counted_from": 0}
    ]  # fmt: skip
    assert [(one["heading"], one["field"]) for one in found["columns"]] == [
        ("Department", "unit"),
        ("Title", "post"),
        ("Name", "person"),
        ("Shoe size", None),
    ]
    assert [one["rows"] for one in found["left_out"]] == [[1], [4]]
    assert any("--account" in note for note in found["notes"])


def test_the_page_says_the_same(check):
    done = check(LIST, "--account", "Acme")
    for words in ("Row 2 names the columns", "Name -> person", "row 1", "row 4", "Shoe size"):
        assert words in done.stdout
    assert "can be imported (rows: 1)" in done.stdout


def test_a_row_that_cannot_be_read_is_the_problem(check):
    done = check("account,person,post,starts_on\nA,Li,Buyer,soon\n", "--json")
    assert done.exit_code == 1
    assert not document(done)["readable"]
    assert document(done)["problem"]["row"] == 2
    assert document(done)["columns"][1]["field"] == "person"


def test_what_will_be_asked_ends_as_a_held_import(check):
    book = openpyxl.Workbook()
    for row in (["Name", "Title"], ["Mira Holt", "Buyer"], ["Bo Wu", "Clerk"]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    done = check(book, "--json", name="list.xlsx")
    assert done.exit_code == 3
    assert "row 3" in document(done)["questions"][0]
    assert document(check(book, "--json", "--hidden", "skip", name="list.xlsx"))["rows"] == 1


def test_other_kinds_of_lists_are_checked_too(check):
    found = document(check("ours,theirs,account\nLi,Mira Holt,Acme\n", "--as", "ties", "--json"))
    assert (found["kind"], found["rows"]) == ("ties", 1)


def test_a_file_without_a_table_is_refused(check):
    done = check("Hello\nthere\n")
    assert done.exit_code == 1
    assert "--header-row" in done.stderr
