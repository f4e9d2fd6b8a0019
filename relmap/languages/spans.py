"""Lengths of time, as everything that tells one says it."""

from __future__ import annotations

from relmap.contracts import Message

__all__ = ["span"]


def span(days: int) -> Message:
    """A length of time in years or months: ``2.9 years``, ``5 months``, ``12 days``."""
    if days >= 365:
        return Message("{years:.1f} years", {"years": days / 365.25})
    if days >= 60:
        return Message("{count} month", {"count": round(days / 30.4)}, many="{count} months")
    return Message("{count} day", {"count": days}, many="{count} days")
