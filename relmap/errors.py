"""What can go wrong, by what the reader can do about it."""

from __future__ import annotations

from typing import Any

from relmap.contracts.message import Message

__all__ = ["ImportHeld", "NotFound", "PluginError", "Refused", "RelmapError", "Unreadable"]


class RelmapError(Exception):
    """Root of the errors relmap raises on purpose; what is said is kept as a ``message``.

    Takes a message, or the English sentence with its values: ``Refused("{name} left.", name=...)``;
    ``many`` is the sentence where ``count`` is not one. ``str()`` is the English sentence.
    """

    def __init__(self, text: str | Message, /, *, many: str | None = None, **values: Any) -> None:
        self.message = text if isinstance(text, Message) else Message(text, values, many)
        super().__init__(str(self.message))


class Refused(RelmapError):
    """The user can mend this: the message says what happened, to what, and what to do next.

    ``row`` is the record's line in a file (header = 1) and ``column`` its heading, where the
    refusal is about a file; else both are ``None``. ``about`` is the column of the fact that is to
    be mended, where it is one: a form says it beside that field.
    """

    def __init__(
        self,
        text: str | Message,
        /,
        *,
        row: int | None = None,
        column: str | None = None,
        about: str | None = None,
        **values: Any,
    ) -> None:
        placed = {"row": row, "column": column}  # a text may name them as well
        values |= {name: one for name, one in placed.items() if f"{{{name}}}" in str(text)}
        super().__init__(text, **values)
        self.row = row
        self.column = column
        self.about = about


class Unreadable(RelmapError):
    """A text cannot mean what it stands for; told without its place."""


class ImportHeld(Refused):
    """An import waits for a yes, and nothing was applied (exit status 3).

    ``import_id`` is the import that keeps the file; ``None`` where it has to be handed in again.
    """

    def __init__(self, text: str | Message, /, *, import_id: int | None, **values: Any) -> None:
        super().__init__(text, **values)
        self.import_id = import_id


class NotFound(RelmapError):
    """What was asked for is not there, or not for this viewer: the two look the same."""


class PluginError(RelmapError):
    """A plug-in did what a plug-in must not do; the text names the plug-in."""

    def __init__(self, plugin: str, text: str | Message, /, **values: Any) -> None:
        problem = text if isinstance(text, Message) else Message(text, values)
        super().__init__("{plugin}: {problem}", plugin=plugin, problem=problem)
        self.plugin = plugin
