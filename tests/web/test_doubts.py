"""Each reason for which a row waits is a question on the page, not a word of ours."""

import re
from pathlib import Path

from relmap.languages.labels import LABELS

ROOT = Path(__file__).parents[2]


def test_every_reason_of_the_guide_is_a_question_on_the_page():
    guide = (ROOT / "docs" / "snapshots.md").read_text(encoding="utf-8")
    table = guide.partition("| reason | the question |")[2].partition("\n\n")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(LABELS["doubt"])
    assert all(text.endswith("?") for text in LABELS["doubt"].values())
