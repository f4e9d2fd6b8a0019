"""How a text is written out plainly, so that two ways of writing it are one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

__all__ = ["tidy"]

_INVISIBLE: Final = re.compile(  # of no width, of the direction of writing, or for a terminal
    "[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """The text as written, without blanks around it, runs of them or invisible characters."""
    return " ".join(_INVISIBLE.sub("", text).split())
