"""Icons of kinds, and what is not yet told by ``relmap.languages``."""

from __future__ import annotations

from typing import Final

__all__ = [
    "FACE_TO_FACE",
    "TIE_ICONS",
    "TOUCH_ICONS",
    "plural",
    "signed",
]

TIE_ICONS: Final[dict[str, str]] = {
    "knows": "users",
    "influences": "arrow-narrow-right",
    "advises": "message-circle",
    "conflicts": "bolt",
    "schoolmate": "school",
    "former_colleague": "affiliate",
    "family": "affiliate",
    "friend": "users",
    "dotted_line": "route",
}
FACE_TO_FACE: Final = frozenset({"visit", "meal", "event"})
TOUCH_ICONS: Final[dict[str, str]] = {
    "visit": "map-pin",
    "call": "phone",
    "mail": "mail",
    "message": "message-circle",
    "meal": "tools-kitchen-2",
    "gift": "gift",
    "sample": "package",
    "event": "presentation",
    "complaint_call": "message-report",
    "other": "message-circle",
}


def plural(count: int, one: str, many: str | None = None) -> str:
    """``1 person``, ``3 people``: a count with its noun."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def signed(value: float) -> str:
    """Points with their sign: ``+4``, ``−2.5``, ``0``."""
    rounded = round(value, 1)
    if rounded == 0:
        return "0"
    text = f"{abs(rounded):g}"
    return f"+{text}" if rounded > 0 else f"\u2212{text}"
