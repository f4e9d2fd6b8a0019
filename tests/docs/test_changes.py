"""Entries for the changelog are one sentence each, of a known kind."""

from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "changes"
KINDS = {"feature", "fix", "removal", "plugin-api"}


def entries():
    return [file for file in sorted(FOLDER.iterdir()) if file.name != "README.md"]


def test_every_entry_has_a_topic_and_a_known_kind():
    odd = [
        file.name
        for file in entries()
        if file.suffix != ".md" or len(file.suffixes) != 2 or file.suffixes[0][1:] not in KINDS
    ]
    assert odd == []


def test_every_entry_is_one_line_that_ends_like_a_sentence():
    odd = [
        file.name
        for file in entries()
        if len(file.read_text().splitlines()) != 1 or not file.read_text().endswith(".\n")
    ]
    assert odd == []


def test_every_kind_is_explained_where_authors_look():
    assert all(f"- `{kind}`: " in (FOLDER / "README.md").read_text() for kind in KINDS)
