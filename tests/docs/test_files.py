"""docs/files.md names every field, word and mark that the readers know."""

from pathlib import Path

import pytest

from relmap.contracts.words import (
    CLAIM_BASES,
    DIRECTIONS,
    END_REASONS,
    PROJECT_STAGES,
    TOUCH_KINDS,
)
from relmap.errors import Unreadable
from relmap.imports.sheets.cells import (
    read_day,
)
from relmap.imports.sheets.headings import vocabulary
from relmap.imports.sheets.nobody import is_unknown_mark, is_vacancy_mark
from relmap.imports.sheets.spellings import read_tie_kind

PAGE = (Path(__file__).parents[2] / "docs" / "files.md").read_text()


@pytest.mark.parametrize("kind", ["snapshot", "tenures", "ties", "touches", "projects"])
def test_every_field_is_on_the_page(kind):
    assert [field for field in vocabulary(kind) if f"`{field}`" not in PAGE] == []


@pytest.mark.parametrize(
    "words", [CLAIM_BASES, DIRECTIONS, END_REASONS, PROJECT_STAGES, TOUCH_KINDS]
)
def test_every_word_of_a_closed_list_is_on_the_page(words):
    assert [word for word in words if word not in PAGE] == []


def test_the_kinds_of_ties_on_the_page_are_read():
    (line,) = [line for line in PAGE.splitlines() if line.startswith("| `kind` | knows")]
    kinds = line.split("|")[2].replace("(the default)", "").split(",")
    assert len({read_tie_kind(kind.strip()) for kind in kinds}) == 9


def test_the_marks_and_dates_on_the_page_are_read():
    (marks,) = [part for part in PAGE.split("\n\n") if part.startswith("A person's cell reads")]
    vacant, unknown = (part.split("`")[1::2] for part in marks.split("for a vacant seat;"))
    assert all(map(is_vacancy_mark, vacant))
    assert all(map(is_unknown_mark, unknown))
    (dates,) = [part for part in PAGE.split("\n\n") if part.startswith("`2026-07-01`")]
    *readable, ambiguous = dates.split("`")[1::2]
    assert all(map(read_day, readable))
    with pytest.raises(Unreadable, match="two days"):
        read_day(ambiguous)
