"""What is printed keeps to its schema, and docs/snapshots.md says what is true."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from relmap import imports
from relmap.errors import ImportHeld
from relmap.imports.plan import KINDS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "snapshots.md").read_text(encoding="utf-8")
HEAD = "unit_id,unit,parent_unit,post,person,external_id,affiliation,reports_to,level"
BEFORE = f"""{HEAD}
U1,Sales,East,Head,Josh Harlow,jh,Orion,,
U1,Sales,East,代理经理,Cy Ma,cm,,Josh Harlow,
U1,Sales,East,Buyer,Li Na,ln,,Josh Harlow,
U1,Sales,East,Buyer,Bo Wu,bw,,Josh Harlow,
U1,Sales,East,Coordinator,Ed Ray,er,,Josh Harlow,
U1,Sales,East,Clerk,Sam Cole,,,Josh Harlow,
U2,Plant,East,Guard,Al Fox,af,,,
U3,Store,West,Clerk,Di Ye,dy,,,"""
AFTER = f"""{HEAD}
U1,Markets,West,Head,Joshua Harlow,jh,Vega,,
U1,Markets,West,经理,Cy Ma,cm,,Joshua Harlow,
U1,Markets,West,Procurement Specialist,Li Na,ln,,Cy Ma,
U1,Markets,West,Procurement Specialist,Bo Wu,bw,,Cy Ma,
U1,Markets,West,Coordinator,Ed Ray,er,,Joshua Harlow,lead
U1,Markets,West,Clerk,Samm Cole,,,Joshua Harlow,
U2,Plant,East,Guard,Flo May,fm,,,
U2,Plant,East,Foreman,Al Fox,af,,,"""


@pytest.fixture
def validate():
    text = (DOCS / "schemas" / "import_snapshot.json").read_text(encoding="utf-8")
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(json.loads(text), format_checker=checker).validate


def test_a_report_with_every_kind_of_change_keeps_to_its_schema(book, validate):
    book.list("2026-01-01", BEFORE)
    report = book.list("2026-07-01", AFTER, complete=True)
    opened = book.list("2026-08-01", "unit,post,person\nYard,Guard,Ann Lee")
    kinds = {row["kind"] for one in (report, opened) for row in one.to_json()["changes"]}
    assert kinds == set(KINDS)
    validate(report.to_json())
    shown = imports.show_import(report.import_id).to_json()
    validate(shown)
    assert [row["kind"] for row in shown["changes"]] == [row["kind"] for row in report.changes]
    imports.undo_import(opened.import_id)
    validate(imports.undo_import(report.import_id).to_json())


def test_one_change_is_told_as_one(book):
    head = "unit,post,person\nSales,Clerk,Li Na"
    book.list("2026-01-01", f"{head}\nSales,Clerk,Bo Wu")
    report = book.list("2026-07-01", head)
    assert report.to_line().endswith(": 1 change")


def test_a_dry_run_and_a_held_import_keep_to_the_schema(book, validate):
    lines = [f"Unit {letter},Head,Person {letter}x" for letter in "abcd"]
    book.list("2026-01-01", "\n".join(["unit,post,person", *lines]))
    half = "\n".join(["unit,post,person", lines[0]])
    dry = book.list("2026-07-01", half, complete=True, dry_run=True).to_json()
    validate(dry)
    assert (dry["import"], dry["applied"]) == (None, False)
    with pytest.raises(ImportHeld) as held:
        book.list("2026-07-01", half, complete=True)
    shown = imports.show_import(held.value.import_id).to_json()
    validate(shown)
    assert (shown["applied"], shown["held"]) == (False, dry["held"])
    assert [row["kind"] for row in shown["changes"]] == [row["kind"] for row in dry["changes"]]


def test_a_report_reads_well_at_a_terminal(book):
    book.list("2026-01-01", "unit,post,person\nSales,Head,Li Na")
    report = book.list("2026-07-01", "unit,post,person\nSales,Head,Bo Wu")
    text = report.to_text().splitlines()
    assert text[0] == "2  2026-07-01  applied   2026-07-01.csv: 2 changes"
    assert "  left post · Li Na · Head · Sales · Meridian · (replaced)" in text


# --- docs/snapshots.md


def tables() -> list[str]:
    """The lists of the worked example, as CSV."""
    found = re.findall(r"^\| unit \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    rows = [[line.strip("|").split("|") for line in table.splitlines()] for table in found]
    return [
        "\n".join(
            ["unit,post,person,external_id", *(",".join(c.strip() for c in r) for r in table)]
        )
        for table in rows
    ]


def test_the_worked_example_is_what_comes_out(book, moves):
    january, july = tables()
    book.list("2026-01-01", january)
    report = book.list("2026-07-01", july)
    assert moves(report) == {
        "Li Na left Purchasing/Director (replaced)",
        "Bo Wu left Purchasing/Buyer (still_held)",
        "Bo Wu joined Purchasing/Director",
        "confirmed 陈明 Quality/经理",
    }
    left = {row["person"]: row for row in report.changes if row["kind"] == "left_post"}
    assert left["Bo Wu"]["reason"] == "promoted"
    assert left["Bo Wu"]["moved_to"]["post"] == "Director"
    assert left["Li Na"]["reason"] == "unknown"


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_explains_every_kind_of_change(kind):
    assert f"`{kind}`" in PAGE


def test_the_page_explains_every_reason_of_doubt():
    code = "".join(
        file.read_text(encoding="utf-8") for file in Path(imports.__file__).parent.rglob("*.py")
    )
    reasons = set(re.findall(r'doubt = \(\s*"([a-z_]+)"', code)) | {"inherited_mail"}
    assert {"near_match", "ended_by_hand", "unit_not_listed"} <= reasons
    assert [reason for reason in sorted(reasons) if f"| `{reason}` |" not in PAGE] == []


def test_an_id_is_spelled_as_in_a_column_of_external_ids(book):
    head = "unit,post,person,email,staff_number,external_id"
    book.list(
        "2026-01-01",
        f"{head}\nSales,Head,Li Na,li@m.example,1001,ln\nSales,Clerk,Bo Wu,bo@m.example,1002,"
        "\nSales,Aide,Cy Fox,cy@m.example,,\nLab,Boss,Di Ye,,,",
    )
    report = book.list("2026-07-01", "unit,post,person\nLab,Boss,Di Ye\nSales,Head,Al", yes=True)
    ids = {row["person"]: row["external_id"] for row in report.changes}
    assert ids == {
        "Li Na": "ln",
        "Bo Wu": "staff_number:1002",
        "Cy Fox": "mail:cy@m.example",
        "Al": None,
    }
    shown = imports.show_import(report.import_id).changes
    assert {row["person"]: row["external_id"] for row in shown} == ids
