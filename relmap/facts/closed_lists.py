"""Words of the closed lists, checked before they are written."""

from __future__ import annotations

from collections.abc import Sequence

from relmap.errors import Refused

__all__ = ["refuse_unknown"]


def refuse_unknown(value: str, known: Sequence[str], what: str) -> None:
    """Raise ``Refused`` where a value is none of the words of its list; ``what`` names the list."""
    if value not in known:
        raise Refused(f"{value!r} is no {what}: {', '.join(known)}.")
