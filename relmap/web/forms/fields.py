"""The fields of forms: each reads what was typed, keeps it, and says what it could not read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Final
from unicodedata import normalize

import wtforms

from relmap import languages
from relmap.clock import today, zone_name
from relmap.contracts import Message
from relmap.errors import Refused, Unreadable
from relmap.languages import _, tell
from relmap.names.days import one_day
from relmap.web.layout.query import EARLIEST

__all__ = [
    "Choice",
    "Day",
    "Field",
    "Fraction",
    "Secret",
    "Text",
    "Tick",
    "Watched",
    "WholeNumber",
]

LATEST: Final = timedelta(days=20 * 366)
"""So far ahead a day may lie; further is a slip of the year."""
LONGEST_READ: Final = 1000  # characters in which a number or a day may be written
LONGEST: Final = 20  # characters of what was typed that are repeated
INCOMPLETE: Final = Message("The form is not complete. Reload the page and try again.")
OWN_NAME: Final = "="


class Field(wtforms.Field):
    """One thing that is asked for.

    ``column`` is the attribute of the row that it shows and changes: its own name unless another is
    given, ``None`` for what is said of the act itself (from which day on, why); then ``about`` is
    the column of which a verb says what it refuses. ``required`` is the sentence that is told where
    it was left empty; without one it may be.
    """

    kind: ClassVar[str]
    """How ``forms/fields.html`` draws it."""
    errors: Any
    """Messages."""

    def __init__(
        self,
        label: str,
        *,
        column: str | None = OWN_NAME,
        about: str | None = None,
        help: str | Message = "",  # noqa: A002  # the word an author and a form expect
        required: str | Message | None = None,
        **bound: Any,
    ) -> None:
        super().__init__(label, **bound)
        self.help = help
        self.column = self.short_name if column == OWN_NAME else column
        self.about = about or self.column or self.short_name
        self.required = Message(required) if isinstance(required, str) else required
        self.typed: str | None = None

    @property
    def shown(self) -> str:
        """What stands in the field: as it was typed, else the value as it is written."""
        return self.written(self.data) if self.typed is None else self.typed

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was sent; what is missing is not what was emptied."""
        if not valuelist:
            raise ValueError(INCOMPLETE)
        self.data = None
        self.typed = str(valuelist[0])
        text = self.tidied(self.typed)
        if not text and self.required:
            raise ValueError(self.required)
        try:
            self.data = self.read(text) if text else None
        except (Refused, Unreadable) as error:
            raise ValueError(error.message) from None

    def tidied(self, text: str) -> str:
        """The text without what does not count: digits may be full-width."""
        is_short = len(text) <= LONGEST_READ  # to sort the accents of 100,000 takes minutes
        return (normalize("NFKC", text) if is_short else text).strip()

    def read(self, text: str) -> Any:
        """The value of a text that is not empty; raises ``Refused`` or ``Unreadable``."""
        return text

    def written(self, value: Any) -> str:
        """A value as it stands in the field."""
        return "" if value is None else str(value)

    def told(self, value: Any) -> str:
        """A value as it is told beside another; empty where there is none."""
        return self.written(value)


class Text(Field):
    """A few words, or ``lines`` of them."""

    kind = "text"

    def __init__(self, label: str, *, most: int = 500, lines: int = 1, **more: Any) -> None:
        super().__init__(label, **more)
        self.most, self.lines = most, lines

    def tidied(self, text: str) -> str:
        """The text without blanks around it, else as it was typed."""
        return text.strip()

    def read(self, text: str) -> str:
        """The words; raises ``Refused`` where they are too many."""
        if len(text) > self.most:
            raise Refused(
                "This has {given} characters; {most} is the most.",
                given=len(text),
                most=self.most,
            )
        return text


class Secret(Field):
    """A password: taken as it was typed, and never shown again."""

    kind = "secret"

    def __init__(self, label: str, *, use: str, least: int = 0, **more: Any) -> None:
        super().__init__(label, column=None, **more)
        self.use, self.least = use, least

    @property
    def shown(self) -> str:
        """Nothing."""
        return ""

    def tidied(self, text: str) -> str:
        """The text itself: blanks count."""
        return text


class WholeNumber(Field):
    """A whole number. The bounds are a hint to the browser; the verb refuses what is beyond."""

    kind = "number"

    def __init__(self, label: str, *, least: int = 0, most: int | None = None, **more: Any) -> None:
        super().__init__(label, **more)
        self.least, self.most = least, most

    @property
    def is_readable(self) -> bool:
        """Whether a field for numbers can show it: browsers empty what they cannot read."""
        return not self.typed or (self.typed.isascii() and self.typed.isdecimal())

    def read(self, text: str) -> int:
        """The number; raises ``Refused``."""
        if not (text.isascii() and text.isdecimal() and len(text) < 6):
            raise Refused("{typed!r} is no whole number.", typed=text[:LONGEST])
        return int(text)


class Fraction(Field):
    """A number with a point or a comma; ``without`` stands where none is given."""

    kind = "fraction"

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, **more)
        self.without = ""

    def read(self, text: str) -> float:
        """The number; raises ``Refused``."""
        try:
            return float(text.replace(",", "."))
        except ValueError:
            raise Refused(
                "{typed!r} is no number. Write it like 0.8.", typed=text[:LONGEST]
            ) from None

    def written(self, value: float | None) -> str:
        """The number as short as it is exact."""
        return "" if value is None else f"{value:g}"


class Day(Field):
    """A day that has come, or that may lie ahead.

    The browser's own calendar is offered; a day that was written otherwise is read as well.
    """

    kind = "day"

    def __init__(
        self,
        label: str,
        *,
        may_lie_ahead: bool = False,
        earliest: date = EARLIEST,
        latest: Callable[[], date] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(label, **more)
        self.may_lie_ahead, self.earliest = may_lie_ahead, earliest
        ahead = today() + LATEST if may_lie_ahead else today()
        self.latest = latest() if latest else ahead

    @property
    def is_readable(self) -> bool:
        """Whether a calendar can show it: browsers empty what they cannot read."""
        return not self.typed or self.data is not None

    @property
    def shown(self) -> str:
        """A day that was read as calendars have it, else what was typed."""
        return self.written(self.data) if self.is_readable else self.typed or ""

    def read(self, text: str) -> date:
        """The day; raises ``Refused``."""
        day = one_day(text)
        if day > today() and not self.may_lie_ahead:
            raise Refused(
                "{day} has not come: today is {today} ({zone}).",
                day=day,
                today=today(),
                zone=zone_name(),
            )
        if not EARLIEST <= day <= today() + LATEST:
            raise Refused("{day} lies too far away. Look at the year.", day=day)
        return day

    def written(self, value: date | None) -> str:
        """The day as calendars have it."""
        return "" if value is None else value.isoformat()

    def told(self, value: date | None) -> str:
        """The day as pages write it."""
        return "" if value is None else languages.day(value)


class Choice(Field):
    """One of a closed list, keys to labels; ``empty`` is what no choice is called.

    A list that the database or the row decides is given by the page:
    ``form.owner.options = {...}``. Keys are text or whole numbers; a label that is a message is
    told in the reader's language, a name as it is.
    """

    kind = "choice"

    def __init__(
        self,
        label: str,
        options: Mapping[Any, str | Message] | None = None,
        *,
        empty: str = "",
        **more: Any,
    ) -> None:
        super().__init__(label, **more)
        self.options: Mapping[Any, str | Message] = options or {}
        self.empty = empty

    def tidied(self, text: str) -> str:
        """The key as it was sent."""
        return text

    def read(self, text: str) -> Any:
        """The key; raises ``Refused`` where it is none of the list."""
        for key in self.options:
            if str(key) == text:
                return key
        raise Refused(self.required or "This is not to be chosen any more. Choose again.")

    def told(self, value: Any) -> str:
        """The label of a key."""
        if value is None:
            return _(self.empty)
        label = self.options.get(value, self.written(value))
        return tell(label) if isinstance(label, Message) else label


class Tick(Field):
    """Yes where it is ticked. Browsers send nothing where it is not."""

    kind = "tick"

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Ticked or not."""
        self.data = bool(valuelist)

    def told(self, value: Any) -> str:
        """In words."""
        return _("yes") if value else _("no")


class Watched(Field):
    """A column that a form asks for nowhere, but that must be as it was when the form is sent."""

    kind = "watched"

    def __init__(
        self, label: str, words: Mapping[Any, str | Message] | None = None, **more: Any
    ) -> None:
        super().__init__(label, **more)
        self.words = words or {}

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Nothing is sent of it."""

    def told(self, value: Any) -> str:
        """The value as pages write it."""
        if isinstance(value, datetime):
            return languages.moment(value)
        if isinstance(value, date):
            return languages.day(value)
        label: str | Message | None = self.words.get(value)
        return tell(label) if isinstance(label, Message) else label or self.written(value)
