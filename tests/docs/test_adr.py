"""Decision records are numbered, each number once, and the text says the same number."""

import re
from pathlib import Path

RECORDS = sorted((Path(__file__).parents[2] / "docs" / "adr").glob("*.md"))


def test_each_record_has_its_own_number():
    numbers = [int(record.name[:4]) for record in RECORDS]
    assert numbers == list(range(1, len(RECORDS) + 1))


def test_a_record_says_the_number_that_its_file_has():
    said = [re.match(r"# (\d+)\. ", record.read_text(encoding="utf-8")) for record in RECORDS]
    assert [int(found[1]) for found in said if found] == [int(r.name[:4]) for r in RECORDS]
