"""What can go wrong, by what the reader can do about it."""

from __future__ import annotations

__all__ = ["Held", "NotFound", "PluginError", "Refused", "RelmapError"]


class RelmapError(Exception):
    """Root of the errors relmap raises on purpose."""


class Refused(RelmapError):
    """The user can mend this: the message says what happened, to what, and what to do next.

    ``row`` is the record's line in a file (header = 1) and ``column`` its heading, where the
    refusal is about a file; else both are ``None``.
    """

    def __init__(self, message: str, *, row: int | None = None, column: str | None = None) -> None:
        super().__init__(message)
        self.row = row
        self.column = column


class Held(Refused):
    """The guard holds an import: nothing was applied, the file is kept (exit status 3)."""

    def __init__(self, message: str, *, import_id: int) -> None:
        super().__init__(message)
        self.import_id = import_id


class NotFound(RelmapError):
    """What was asked for is not there, or not for this viewer: the two look the same."""


class PluginError(RelmapError):
    """A plug-in did what a plug-in must not do; the text names the plug-in."""

    def __init__(self, plugin: str, message: str) -> None:
        super().__init__(f"{plugin}: {message}")
        self.plugin = plugin
