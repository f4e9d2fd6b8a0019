"""Words of the closed lists, checked before they are written."""

from __future__ import annotations

from collections.abc import Sequence

from relmap.errors import Refused

__all__ = ["refuse_unknown"]


def refuse_unknown(
    value: str, known: Sequence[str], text: str, *, about: str | None = None
) -> None:
    """Raise ``Refused`` where a value is none of the words of its list.

    ``text`` says so, with ``{value}`` and with ``{known}``, the words that may be written;
    ``about`` is the column that it is about.
    """
    if value not in known:
        raise Refused(text, value=value, known=", ".join(known), about=about)
