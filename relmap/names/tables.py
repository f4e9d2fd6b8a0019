"""Tables of words that stand beside a module as a file of text."""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["compound_surnames", "read_rows"]


def read_rows(beside: str, name: str) -> list[tuple[str, ...]]:
    """The rows of the table ``name`` in the folder of the module file ``beside``, in their order.

    Cells are parted by tabs; blank lines and lines that begin with ``#`` are for who reads the
    file. Read where it is needed first, and kept by the caller.
    """
    lines = Path(beside).with_name(name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line.strip() and not line.startswith("#")]


@cache
def compound_surnames() -> frozenset[str]:
    """Family names of two characters, in simplified ones."""
    return frozenset(name for (name,) in read_rows(__file__, "compound_surnames.txt"))
