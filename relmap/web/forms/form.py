"""A form about one row: its fields, the version that it showed, and what to mend in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, cast

import wtforms
from flask import request
from wtforms.fields.core import UnboundField
from wtforms.i18n import DummyTranslations

from relmap.contracts import Message
from relmap.errors import Refused
from relmap.facts.locks import lock
from relmap.models import Change
from relmap.web.forms.fields import INCOMPLETE, Field, Watched
from relmap.web.forms.versions import (
    FieldDifference,
    Side,
    changes_of,
    digest,
    digests_in,
    last_written,
    version_of,
)
from relmap.web.security.viewer import current_viewer

__all__ = ["Form", "Stale"]


class Stale(Exception):
    """The row is another than the one that was shown; the form says in what."""


class Form(wtforms.Form):
    """A form about a row (``None``: about one to come), as it is on record or as it was ``sent``.

    ``key`` tells apart several on one page. What is to be mended stands in the fields'
    ``errors`` and in ``refusals``, what a colleague saved meanwhile in ``differences``.
    """

    row: Any = None
    version = ""
    refusals: Sequence[Message] = ()
    differences: Mapping[str, FieldDifference] = MappingProxyType({})

    def __init_subclass__(cls) -> None:
        """Refuse a field that would hide something of the form itself."""
        for name, value in vars(cls).items():
            if isinstance(value, UnboundField) and hasattr(Form, name):
                raise TypeError(f"{cls.__name__}.{name}: a field needs another name, and a column.")

    class Meta:
        """Our own sentences only."""

        def get_translations(self, form: Any) -> Any:
            """Nothing to translate: no sentence is WTForms' own."""
            return DummyTranslations()

    def __init__(self, row: Any = None, *, sent: bool = False, key: str = "") -> None:
        super().__init__()
        self.row = row
        self.was_sent = sent
        self.prepare()
        self.process(request.form if sent else None, data=self.on_record())
        for field in self.fields():
            field.id = f"{key}-{field.name}" if key else field.name
        self.version = (
            request.form.get("version-shown", "") if sent else version_of(self.on_record())
        )

    def prepare(self) -> None:
        """Give fields what only the row or the database knows; overridden where needed."""

    def add(self, name: str, field: Any) -> None:
        """One more field, in :meth:`prepare`, where the row says which there are."""
        wtforms.form.BaseForm.__setitem__(self, name, field)

    def fields(self) -> Iterator[Field]:
        """The fields, in their order."""
        return (cast(Field, field) for field in self)

    def drawn(self) -> Iterator[Field]:
        """The fields that are drawn."""
        return (field for field in self.fields() if not isinstance(field, Watched))

    def on_record(self) -> dict[str, Any]:
        """What stands on record by the names of the fields."""
        if self.row is None:
            return {}
        columns = ((field.name, field.column) for field in self.fields())
        return {name: getattr(self.row, column) for name, column in columns if column}

    @property
    def said(self) -> dict[str, Any]:
        """What was said by column, without what is left as a colleague saved it."""
        return {
            field.column: field.data
            for field in self.drawn()
            if field.column and self.side_of(field.name) != "theirs"
        }

    @property
    def differing(self) -> dict[str, Any]:
        """What was said and differs from what is on record."""
        return {
            column: value
            for column, value in self.said.items()
            if value != getattr(self.row, column)
        }

    @property
    def http_status(self) -> int:
        """The status of the answer to what was sent and is not stored."""
        return 409 if self.differences and not self.wrong else 422

    @property
    def wrong(self) -> list[Field]:
        """The fields with something to mend."""
        return [field for field in self.fields() if field.errors]

    # --- what was sent

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all that was sent can be read, and both versions were decided between."""
        super().validate(extra_validators)
        for field in filter(self.is_left_out, self.fields()):
            field.errors = []
        for name in self.asked_again():
            if self.side_of(name) == "theirs":
                self[name].errors = []
            elif self.side_of(name) is None:
                cast(Field, self[name]).errors = [Message("Say which of the two holds.")]
        if any(INCOMPLETE in field.errors for field in self.fields()):
            self.refusals = [INCOMPLETE]
        return not self.wrong

    def is_left_out(self, field: Field) -> bool:
        """Whether what was sent of a field does not count; overridden where some need not."""
        return False

    def asked_again(self) -> list[str]:
        """The fields of which two versions were shown when this was sent."""
        names = request.form.getlist("versions-of") if self.was_sent else []
        return [name for name in names if name in self]

    def side_of(self, name: str) -> Side | None:
        """Which of two versions was chosen."""
        if name not in self.asked_again():
            return None
        side = request.form.get(f"take-{name}")
        return cast(Side, side) if side in ("mine", "theirs") else None

    def refuse(self, error: Refused) -> None:
        """Note what a verb refused: at the field that it is about, else of the form."""
        for field in self.drawn():
            if error.about == field.about:
                field.errors = [*field.errors, error.message]
                return
        self.refusals = [*self.refusals, error.message]

    # --- what a colleague saved meanwhile

    def lock(self) -> None:
        """Read the row again, locked until the unit of work ends; raises ``NotFound``."""
        if self.row is not None:
            lock(self.row)

    def refuse_stale(self) -> None:
        """Raise :class:`Stale` where the locked row is another than the one that was shown."""
        now = self.on_record()
        if self.row is None or self.version == version_of(now):
            return
        if not self.version:
            raise Refused(INCOMPLETE)
        self.compare(digests_in(self.version))
        self.version = version_of(now)
        raise Stale

    def compare_again(self) -> None:
        """Set both versions beside each other as they were when this was sent."""
        names = self.asked_again()
        if names:
            self.compare({}, among=names)

    def compare(self, shown: dict[str, str], *, among: Iterable[str] | None = None) -> None:
        """Set what was sent beside what is on record by now, where the two differ.

        ``shown`` are the digests of what the form had shown, where that is known.
        """
        columns = [field.column for field in self.fields() if field.column]
        written = last_written(self.changes(), columns, viewer_id=current_viewer().id)
        now = self.on_record()
        names, found = set(self._fields if among is None else among), dict[str, FieldDifference]()
        for field in (field for field in self.fields() if field.name in names):
            theirs = now.get(field.name)
            is_theirs = field.column is not None and shown.get(field.name) != digest(theirs)
            is_named = is_theirs and (among is None or self.side_of(field.name) != "mine")
            if self._is_told(field, theirs, is_theirs):
                found[field.name] = FieldDifference(
                    name=field.name,
                    label=field.label.text,
                    mine="" if isinstance(field, Watched) else field.told(field.data),
                    theirs=field.told(theirs) if field.column else "",
                    side=self._preset(field, theirs, shown),
                    is_asked=field.column is not None and not isinstance(field, Watched),
                    written=written.get(field.column or "") if is_named else None,
                )
        self.differences = found

    def _is_told(self, field: Field, theirs: Any, is_theirs: bool) -> bool:
        """Whether both versions of a field are told: they differ, or it says what was not done."""
        if isinstance(field, Watched):
            return is_theirs
        if field.column is not None:
            return digest(field.data) != digest(theirs)
        return not self.said and bool(field.typed)

    def _preset(self, field: Field, theirs: Any, shown: dict[str, str]) -> Side | None:
        """Whoever alone changed it holds, or what was chosen; ``None`` where both changed it."""
        chosen, before = self.side_of(field.name), shown.get(field.name)
        if before is None or before == digest(theirs):
            return chosen or (None if before is None else "mine")
        return "theirs" if chosen == "theirs" or before == digest(field.data) else None

    def changes(self) -> Iterator[tuple[Change, Collection[str]]]:
        """The lines of the audit log about the row, the newest first, and what they wrote."""
        return changes_of(self.row)
