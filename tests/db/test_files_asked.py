"""A file that can be read in two ways is held with the question, and an option is the answer."""

import json

import openpyxl
import pytest

from relmap.cli import main


@pytest.fixture
def relmap(runner, tmp_path, app):
    """Import a workbook of three people, the second hidden; gives the command's result."""
    book = openpyxl.Workbook()
    for row in (["Title", "Name"], ["Buyer", "Mira Holt"], ["Clerk", "Bo Wu"], ["Head", "Ann Lee"]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.save(tmp_path / "list.xlsx")

    def call(*words):
        return runner.invoke(main, words, obj=app)

    def bring(*words, kind="snapshot"):
        given = ["import", kind, str(tmp_path / "list.xlsx"), "--account", "Acme", *words]
        return call(*given)

    bring.call = call
    return bring


ON = ("--on", "2026-07-01")


def people(done):
    return [
        change["person"]
        for change in json.loads(done.stdout)["changes"]
        if change["kind"] == "joined_post"
    ]


def imports_of(relmap):
    return json.loads(relmap.call("import", "list", "--json").stdout)


def test_a_list_with_hidden_rows_is_held_until_somebody_says_which(relmap):
    held = relmap(*ON)
    assert held.exit_code == 3
    assert "--hidden skip" in held.stderr
    answered = relmap(*ON, "--hidden", "skip", "--json")
    assert people(answered) == ["Mira Holt", "Ann Lee"]
    assert [one["status"] for one in imports_of(relmap)] == ["applied"]
    assert relmap(*ON, "--hidden", "skip", "--dry-run").exit_code == 0


def test_what_is_held_may_be_applied_and_its_notes_stay(relmap):
    number = json.loads(relmap(*ON, "--json").stdout)["import"]
    applied = relmap.call("import", "apply", str(number), "--json")
    assert people(applied) == ["Mira Holt", "Bo Wu", "Ann Lee"]
    notes = [note["text"] for note in json.loads(applied.stdout)["notes"]]
    assert any("row 3" in note for note in notes)


def test_a_yes_reads_everything_and_says_so(relmap):
    done = relmap(*ON, "--yes", "--json")
    assert len(people(done)) == 3
    assert "row 3" in done.stdout


def test_a_history_with_hidden_rows_is_refused_until_somebody_says_which(relmap):
    for kind in ("tenures", "projects"):
        refused = (
            relmap("--map", "project=Name", kind=kind) if kind == "projects" else relmap(kind=kind)
        )
        assert refused.exit_code == 1
        assert "--hidden skip" in refused.stderr


def test_a_list_in_either_of_two_encodings_is_held_until_somebody_says_which(relmap, tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("Unit,Title,Name\nP,Buyer,Benoît Crête\n".encode("cp1252"))
    given = ("import", "snapshot", str(path), "--account", "Acme", *ON)
    held = relmap.call(*given, "--json")
    assert held.exit_code == 3
    told = json.loads(held.stdout)["held"]
    assert "Crête" in told
    assert "Cręte" in told
    assert "--encoding cp1250" in told
    assert people(relmap.call(*given, "--encoding", "cp1250", "--json")) == ["Benoît Cręte"]
    assert [one["status"] for one in imports_of(relmap)] == ["applied"]
    history = relmap.call("import", "ties", str(path), "--map", "to=Name", "--map", "from=Title")
    assert history.exit_code == 1
    assert "--encoding cp1250" in history.stderr
