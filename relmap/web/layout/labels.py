"""A count with its noun in English; goes when the last page tells by ``_n``."""

from __future__ import annotations

__all__ = ["plural"]


def plural(count: int, one: str, many: str | None = None) -> str:
    """``1 person``, ``3 people``."""
    return f"{count} {one if count == 1 else many or one + 's'}"
