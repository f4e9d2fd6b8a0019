"""What is told of an import: at once, and again whenever somebody looks."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from sqlalchemy import func, select, true

from relmap.contracts import Message
from relmap.facts.people import shown_id
from relmap.imports.additions import added_by
from relmap.imports.archive import parts_of, rows_of
from relmap.imports.plan import ChangeLine, ImportPlan, Note
from relmap.imports.sheets.row_places import place_of_row
from relmap.imports.sheets.table import Part
from relmap.imports.told_days import split_days
from relmap.languages import _, _n, commas, day, label, label_message, tell, word
from relmap.models import Change, ExternalId, Import, Person, db
from relmap.models.chunks import chunked
from relmap.models.json_lists import elements_of
from relmap.names.days import as_known

__all__ = [
    "ImportReport",
    "announced_day",
    "counts_within",
    "held_because",
    "kept_message",
    "report_of_import",
    "report_of_plan",
    "row_words",
    "stored_change",
]

# Figures that say what the file held, or what came along with a change, not how much changed.
_NO_CHANGES = frozenset(
    (
        "rows",
        "accounts",
        "units_compared",
        "units_not_listed",
        "not_in_file",
        "duplicate_rows",
        "contacts",
        "facts_added",
        "unchanged",
        "units_opened",
        "posts_opened",
        "people_added",
        "uncertain",
    )
)

WORDS = ("person", "project", "post", "unit", "account")
"""What a sentence names of a change, in this order."""

Who = tuple[str | None, str | None]
"""A name and an external id."""


@dataclass(frozen=True)
class ImportReport:
    """What one file changed, or would change; ``to_json`` has the shape of docs/schemas."""

    import_id: int | None
    status: str
    """``applied``, ``held``, ``dry_run`` or ``undone``."""
    on: date | None
    file: str
    accounts: tuple[str, ...]
    changes: tuple[dict[str, Any], ...]
    counts: Mapping[str, int]
    notes: tuple[Note, ...]
    held: Message | None = None
    kind: str = "snapshot"
    parts: tuple[Part, ...] = ()
    """The sheets that the rows were read from."""
    added: tuple[dict[str, Any], ...] = ()
    """Ties and touches of an import that is looked at again; ``changes`` have them at once."""

    @property
    def uncertain(self) -> tuple[dict[str, Any], ...]:
        """The rows that wait for a word."""
        return tuple(change for change in self.changes if change["kind"] == "uncertain")

    @property
    def mark(self) -> str:
        """A name for what changes; it changes with that."""
        told = json.dumps(self.changes, sort_keys=True, ensure_ascii=False, default=str)
        return blake2b(told.encode(), digest_size=16).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """One JSON document."""
        return {
            "import": self.import_id,
            "kind": self.kind,
            "on": self.on.isoformat() if self.on else None,
            "applied": self.status == "applied",
            "held": None if self.held is None else tell(self.held),
            "status": self.status,
            "file": self.file,
            "accounts": list(self.accounts),
            "counts": dict(self.counts),
            "changes": [self._placed(change) for change in self.changes],
            "notes": [
                self._placed({"row": note.row, "text": tell(note.message)}) for note in self.notes
            ],
        }

    def _placed(self, told: dict[str, Any]) -> dict[str, Any]:
        """What is told of a row, with its sheet and its number there where there were several."""
        if len(self.parts) < 2 or told.get("row") is None:
            return told
        sheet, row = place_of_row(told["row"], self.parts)
        return {**told, "sheet": sheet, "sheet_row": row}

    def to_line(self) -> str:
        """One line of a list."""
        number = "-" if self.import_id is None else str(self.import_id)
        waiting = len(self.uncertain)
        count = len(self.changes) - waiting if self.changes else self._counted()
        changes = _n("{count} change", "{count} changes", count)
        if waiting:
            changes = _("{changes}, {number} uncertain", changes=changes, number=waiting)
        on = "" if self.on is None else self.on.isoformat()  # a column: every day as wide
        status = label("import_status", self.status)
        return f"{number:>5}  {on:10}  {status:8}  {self.file}: {changes}"

    def _counted(self) -> int:
        """How many changes the figures tell, for a report that comes without the changes."""
        return sum(count for key, count in self.counts.items() if key not in _NO_CHANGES)

    def to_text(self) -> str:
        """A page for a terminal."""
        lines = [self.to_line().strip()]
        lines += [tell(self.held)] if self.held else []
        told = (self._placed(change) for change in (*self.changes, *self.added))
        lines += [f"  {_line(change, self.on)}" for change in told]
        lines += [f"  {_('Note: {text}', text=note.message)}" for note in self.notes]
        figures = [f"{word('figure', key)} {count}" for key, count in self.counts.items()]
        return "\n".join([*lines, commas(figures)])


def announced_day(change: Mapping[str, Any], on: date | None) -> str | None:
    """When after the day of the list somebody is to come or to leave, as well as it is known."""
    end = {"joined_post": "starts", "left_post": "ends"}.get(change["kind"], "")
    told = change.get(f"{end}_on")
    if not told or on is None or date.fromisoformat(told) <= on:
        return None
    after = change.get(f"{end}_after")
    return as_known(date.fromisoformat(after) if after else None, date.fromisoformat(told))


def _line(change: Mapping[str, Any], on: date | None) -> str:
    """What is told of a change, one thing beside the other."""
    words = [word("figure", change["kind"])]
    words += [change[key] for key in WORDS if change.get(key)]
    words += _parties(change)
    if change["kind"] == "project_added":
        words += _stated(change)
    if change.get("seat"):
        words.append(_("({seat})", seat=label_message("seat_left", change["seat"])))
    if (ahead := announced_day(change, on)) is not None:
        words.append(_("announced for {day}", day=ahead))
    if change.get("before") is not None or change.get("after") is not None:
        words.append(f"{_told(change.get('before'))} -> {_told(change.get('after'))}")
    if change["kind"] == "uncertain":
        doubt = label_message("short_doubt", change["reason"])
        words.append(_("row {row}: {doubt}", row=row_words(change), doubt=doubt))
        words += [f"--same {may['id']} {may['person']}" for may in change.get("candidates", ())]
    return " · ".join(words)


def row_words(change: Mapping[str, Any]) -> str:
    """A row as somebody answers it: ``3``, or ``Contacts:3`` of several sheets."""
    row = change["row"]
    return f"{change['sheet']}:{change['sheet_row']}" if change.get("sheet") else str(row)


def _parties(change: Mapping[str, Any]) -> list[str]:
    """Between whom a tie is, or who took part in a touch."""
    if change.get("tie"):
        level = change.get("level")
        told = [f"{change['from']} -> {change['to']}", word("tie_kind", change["tie"])]
        return [*told, word("relationship", level)] if level else told
    if change.get("touch"):
        ours, theirs = commas(change["ours"]), commas(change["theirs"])
        met = _("{ours} with {theirs}", ours=ours, theirs=theirs) if ours and theirs else ""
        on = day(date.fromisoformat(change["day"]))
        return [on, word("touch", change["touch"]), met or ours or theirs]
    return []


def _stated(change: Mapping[str, Any]) -> list[str]:
    """How a list states a project that is new: part, stage, value, days, and who decides."""
    words = [change.get("part_number"), word("stage", change["stage"])]
    if change.get("value") is not None:
        words.append(" ".join(filter(None, [_told(change["value"]), change.get("currency")])))
    fields = ("starts_on", "decides_on", "ended_on", "posts")
    words += [_field(key, change[key]) for key in fields if change.get(key)]
    return [one for one in words if one]


def _field(key: str, value: Any) -> str:
    return f"{word('column', key)} {_told(value)}"


def _told(value: Any) -> str:
    """One side of a change in words: a post is named by its title and unit."""
    if value is None:
        return _("nothing")
    if isinstance(value, dict) and "post" in value:
        return commas(str(value[key]) for key in ("post", "unit") if value.get(key))
    if isinstance(value, dict):
        days, rest = split_days(value)
        return commas([*days, *(_field(key, one) for key, one in rest.items())])
    if isinstance(value, float):
        return f"{value:,.2f}".removesuffix(".00")
    return tell(Message("{value}", {"value": value}))


# --- one change in JSON's types


def stored_change(line: ChangeLine) -> dict[str, Any]:
    """A change as an import keeps it: people by their ids, never by name."""
    told: dict[str, Any] = {
        "kind": line.kind,
        "row": line.row,
        "account": line.account,
        "account_id": line.account_id,
        "unit": line.unit,
        "unit_id": line.unit_id,
        "post": line.post,
        "post_id": line.post_id,
        "person_id": line.person_id,
        "tenure_id": line.tenure_id,
        "before": _plain(line.before),
        "after": _plain(line.after),
        "seat": line.seat,
        "moved_to": _plain(line.moved_to),
        "moved_from": _plain(line.moved_from),
        "reason": line.reason,
        "successors": list(line.successors),
        "candidates": list(line.candidates),
    }
    if line.kind == "person_renamed":  # the audit log has both names, and lets them be erased
        told["before"] = told["after"] = None
    for key, interval in (("start", line.start), ("end", line.end)):
        if interval is not None:
            told[f"{key}s_after"] = _plain(interval.after)
            told[f"{key}s_on"] = _plain(interval.on)
    return told


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value


def _named(
    told: Mapping[str, Any], who: Mapping[int, Who], by_row: Mapping[int, Who]
) -> dict[str, Any]:
    """A stored change with its names: as the row writes them, else as they are on file."""
    change = dict(told)
    person_id = change.pop("person_id")
    change.pop("resolves", None)
    ids = {key: change.pop(key) for key in ("account_id", "unit_id", "post_id", "tenure_id")}
    is_of_person = person_id is not None or told["kind"] == "uncertain"
    name, external_id = who.get(person_id, (None, None)) if person_id else (None, None)
    if is_of_person and told["row"] in by_row:
        written, id_in_row = by_row[told["row"]]
        if name is None or name not in (written or "").split(" / "):  # the row names several
            name, external_id = written, id_in_row
    change["person"], change["external_id"] = name, external_id
    for key in ("successors", "candidates"):
        change[key] = [
            {
                "id": number if number > 0 else None,
                "person": who.get(number, (None, None))[0],
                "external_id": who.get(number, (None, None))[1],
            }
            for number in told[key]
        ]
    change["refs"] = {
        key.removesuffix("_id"): number
        for key, number in {**ids, "person_id": person_id}.items()
        if number is not None and number > 0
    }
    return change


# --- reports


def report_of_plan(plan: ImportPlan, *, file: str, accounts: tuple[str, ...]) -> ImportReport:
    """What a plan would change, if it is applied."""
    changes = list(plan.told)
    for line in plan.changes:
        told = stored_change(line)
        told["before"], told["after"] = _plain(line.before), _plain(line.after)
        changes.append(_named(told, plan.people, plan.named))
    return ImportReport(
        import_id=None,
        status="dry_run",
        on=plan.day,
        file=file,
        accounts=accounts,
        changes=tuple(changes),
        counts=dict(plan.counts),
        notes=plan.notes,
        held=plan.held,
        kind=plan.kind,
        parts=plan.parts,
    )


def report_of_import(kept: Import, *, with_changes: bool = True) -> ImportReport:
    """An applied or undone import, with names as they are today."""
    changes = _changes_of(kept) if with_changes and kept.kind == "snapshot" else []
    return ImportReport(
        import_id=kept.id,
        status=kept.status,
        on=kept.on,
        file=kept.file_name,
        accounts=tuple(dict.fromkeys(change["account"] for change in changes)),
        changes=tuple(changes),
        counts=dict(kept.counts),
        notes=tuple(map(Note.from_json, kept.notes)),
        held=held_because(kept) if kept.status == "held" else None,
        kind=kept.kind,
        parts=parts_of(kept) if with_changes else (),
        added=tuple(added_by(kept)) if with_changes else (),
    )


def kept_message(message: Message) -> str:
    """A message as a column of text keeps it."""
    return json.dumps(message.to_json(), ensure_ascii=False)


def held_because(kept: Import) -> Message | None:
    """Why the guard holds an import; an older one says it in a plain sentence."""
    text = kept.held_because
    if text is None:
        return None
    return Message.from_json(json.loads(text) if text.startswith("{") else text)


def counts_within(
    import_ids: Collection[int], account_ids: Collection[int]
) -> dict[int, Counter[str]]:
    """How many changes of each kind each import made in these accounts: one query."""
    told = elements_of(Import.changes)
    kind = told.c.value["kind"].as_string()
    query = (
        select(Import.id, kind, func.count())
        .join(told, true())
        .where(Import.id.in_(import_ids), told.c.value["account_id"].as_integer().in_(account_ids))
        .group_by(Import.id, kind)
    )
    counts: dict[int, Counter[str]] = {number: Counter() for number in import_ids}
    for number, one, count in db.session.execute(query):
        counts[number][one] = count
    return counts


def _changes_of(kept: Import) -> list[dict[str, Any]]:
    ids = {
        number
        for told in kept.changes
        for number in (told["person_id"], *told["successors"], *told["candidates"])
        if number
    }
    who, renames = _people(ids), _renames(kept.id)
    nameless = {
        told["row"]
        for told in kept.changes
        if told["row"] is not None
        and (told["kind"] == "uncertain" or (told["person_id"] and told["person_id"] not in who))
    }
    by_row = _names_in_file(kept.id, nameless) if nameless else {}
    changes = []
    for told in kept.changes:
        change = _named(told, who, by_row)
        if told["kind"] == "person_renamed":
            change["before"], change["after"] = renames.get(told["person_id"], (None, None))
        changes.append(change)
    return changes


def _names_in_file(import_id: int, rows: set[int]) -> dict[int, Who]:
    names: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for row in rows_of(import_id, only=rows):
        if row.person:
            names[row.row][row.person] = None
    return {row: (" / ".join(some), None) for row, some in names.items()}


def _people(ids: set[int]) -> dict[int, Who]:
    who: dict[int, Who] = {}
    for some in chunked(ids):
        written = defaultdict(list)
        query = select(ExternalId).where(ExternalId.person_id.in_(some)).order_by(ExternalId.id)
        for one in db.session.scalars(query):
            written[one.person_id].append((one.kind, one.written))
        for row in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(some))):
            who[row.id] = (row.name, shown_id(written[row.id]))
    return who


def _renames(import_id: int) -> dict[int, tuple[Any, Any]]:
    """Old and new names by person, from the audit log."""
    query = select(Change).where(Change.import_id == import_id, Change.kind == "person")
    return {
        change.fact_id: (change.before["name"], (change.after or {}).get("name"))
        for change in db.session.scalars(query)
        if change.before and "name" in change.before
    }
