"""Signs that can be neither stored nor shown: those that steer a terminal, and halves of signs."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category

__all__ = ["has_unshowable", "one_line", "shown"]

LONGEST_LINE: Final = 300  # on a page; some errors carry the whole of what they choked on

STEERING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # categories of Unicode
# Those no text needs; others of the categories join emoji, or part words.
UNSHOWABLE: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def shown(text: str) -> str:
    """A text as it may be printed: without signs that steer a terminal or turn the line."""
    return "".join("\ufffd" if category(sign) in STEERING else sign for sign in text)


def has_unshowable(text: str) -> bool:
    """Whether a text holds signs that no database takes, or that turn what stands beside it."""
    return UNSHOWABLE.search(text) is not None


def one_line(text: object) -> str:
    """The text without breaks, not longer than a line of explanation, in signs that are shown."""
    flat = shown(" ".join(str(text)[: LONGEST_LINE * 4].split()))
    return flat if len(flat) <= LONGEST_LINE else flat[: LONGEST_LINE - 1] + "…"
