"""What map.js writes, in the reader's language."""

from __future__ import annotations

from relmap.languages import _, label

__all__ = ["map_words"]


def map_words() -> dict[str, str]:
    """The words of a drawing that do not come with its cards."""
    return {
        "acting": label("status", "acting"),
        "no_step": _(
            "No step of the plan leads to these posts. The table below says who may follow there."
        ),
        "not_loaded": _(
            "The map could not be loaded. The list beside it says the same; reload to try again."
        ),
    }
