"""Takes an import of any kind back: rows it made go, values it changed are restored.

What it made carries its id, what it changed stands in the audit log. Refused, with the list, if
something later rests on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Date, Table, delete, insert, select, update
from sqlalchemy.orm import selectinload

from relmap.errors import Refused
from relmap.facts.audit import acting_as, actor_id
from relmap.facts.concerned import accounts_of
from relmap.facts.locks import get_for_change, lock_accounts, raise_revision
from relmap.facts.people import refresh_search_text
from relmap.imports.archive import get_import
from relmap.imports.dependents import refuse_if_something_rests
from relmap.imports.report import ImportReport, report_of_import
from relmap.models import (
    Account,
    Alert,
    Change,
    Contact,
    Coverage,
    ExternalId,
    Import,
    ImportRow,
    Model,
    Person,
    PersonName,
    Scan,
    Tenure,
    Tie,
    TouchPerson,
    User,
    UtcDateTime,
    db,
    utc_now,
    writing,
)
from relmap.models.chunks import chunked
from relmap.permissions import accounts_open_to, can

__all__ = ["undo_import"]

TABLES: Final = Model.metadata.tables
LATE: Final = ("tenure", "contact", "tie")
"""Restored after the import's own rows are gone: one open tenure, contact or tie of the same."""

DERIVED_COLUMNS: Final = ("search_text",)
"""Follow from the other columns; the audit log need not know every change of them."""

DERIVED: Final = (
    *("alert", "scan", "stored_view", "score", "due"),
    *("forecast", "foresight", "post_outlook", "back_test", "what_if"),
)
"""Tables of what was worked out of an account's facts; they go with it, in this order."""

ABOUT: Final = {
    "tenure": (Tenure.id, Tenure.person_id),
    "contact": (Contact.id, Contact.person_id),
    "person_name": (PersonName.id, PersonName.person_id),
    "external_id": (ExternalId.id, ExternalId.person_id),
    "tie": (Tie.id, Tie.a_id, Tie.b_id),
    "touch": (TouchPerson.touch_id, TouchPerson.person_id),
}
"""By table: the id of a fact, and the people whom it is about."""

ABOUT_WHICH: Final = ("tenure", "post", "person", "unit")
"""What an alert may be about, and goes with it."""

Columns = dict[str, Any]


def undo_import(import_id: int, user_id: int | None = None) -> ImportReport:
    """Delete what an applied import made and restore what it changed.

    The alerts it raised are withdrawn, and the scans of its accounts since then are dropped, so
    that importing the file again raises them anew. Opens its own unit of work. Raises ``Refused``
    where the import is not applied, or something later rests on it; to a user who may not read
    what that is, it is not told.
    """
    with writing():
        kept = get_import(import_id)
        concerned = _concerned(kept)
        lock_accounts(concerned)
        kept = get_for_change(Import, import_id)  # somebody may have undone it while we waited
        if kept.status != "applied":
            raise Refused(
                "Import {import_id} is {import_status}. Only an applied one can be undone.",
                import_id=import_id,
                import_status=kept.status,
            )
        changes, made = _changes_by(import_id), _made_by(import_id)
        refuse_if_something_rests(kept, changes, made, open_ids=_open_ids(user_id))
        with acting_as(actor_id() if user_id is None else user_id, import_id=import_id):
            _take_back(kept, changes, made, concerned)
    return report_of_import(kept)  # which reads the file anew: nobody waits for that


def _open_ids(user_id: int | None) -> set[int] | None:
    """The accounts that the user may read; ``None`` for all, as at the command line."""
    user = None if user_id is None else db.session.get_one(User, user_id)
    if user is None or can(user, "read"):
        return None
    return set(db.session.scalars(select(Account.id).where(accounts_open_to(user))))


def _changes_by(import_id: int) -> list[Change]:
    query = select(Change).where(Change.import_id == import_id)
    return list(db.session.scalars(query.order_by(Change.id)))


def _concerned(kept: Import) -> set[int]:
    """Its accounts, and those that facts about its people concern by now."""
    facts, accounts = _made_by(kept.id), set(kept.account_ids)
    for change in _changes_by(kept.id):
        facts.setdefault(change.kind, set()).add(change.fact_id)
        accounts |= {change.account_id} - {None}
    for some in chunked(_people_of(facts)):
        accounts |= accounts_of(*some)
    return accounts


def _people_of(facts: Mapping[str, set[int]]) -> set[int]:
    """The people whom these facts, by table and id, are about."""
    found = set(facts.get("person", ()))
    for kind, (key, *people) in ABOUT.items():
        for some in chunked(facts.get(kind, ())):
            for row in db.session.execute(select(*people).where(key.in_(some))):
                found |= set(row)
    return found


def _made_by(import_id: int) -> dict[str, set[int]]:
    """The ids of the rows the import made, by table."""
    return {
        table.name: set(
            db.session.scalars(select(table.c.id).where(table.c.import_id == import_id))
        )
        for table in TABLES.values()
        if "recorded_at" in table.c and "import_id" in table.c
    }


def _take_back(
    kept: Import, changes: Sequence[Change], made: Mapping[str, set[int]], concerned: set[int]
) -> None:
    first = _values_before(changes)
    first = {key: values for key, values in first.items() if key[1] not in made.get(key[0], ())}
    own = set(kept.account_ids) | {one.account_id for one in changes if one.account_id}
    _withdraw_alerts(kept, changes, made, own)
    _drop_scans(kept, own)
    renamed = _people_of({"person_name": made.get("person_name", set())})
    renamed |= {number for kind, number in first if kind == "person"}
    _restore({key: values for key, values in first.items() if key[0] not in LATE})
    _restore_import_lines(changes)
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == kept.id))
    db.session.execute(delete(Coverage).where(Coverage.import_id == kept.id))
    _delete(made)
    _restore({key: values for key, values in first.items() if key[0] in LATE})
    _put_back(kept, changes)
    _refresh_search(renamed - made.get("person", set()))
    _log(kept, first, made)
    kept.status, kept.undone_at = "undone", utc_now()
    db.session.flush()
    raise_revision(concerned - made.get("account", set()))


def _refresh_search(person_ids: Iterable[int]) -> None:
    """What people are found by follows from their names, whoever gave them."""
    db.session.flush()
    for some in chunked(person_ids):
        people = select(Person).where(Person.id.in_(some)).options(selectinload(Person.other_names))
        for person in db.session.scalars(people.execution_options(populate_existing=True)):
            refresh_search_text(person)


# --- values


def _values_before(changes: Iterable[Change]) -> dict[tuple[str, int], Columns]:
    """Each changed column as it was before the import touched it first."""
    first: defaultdict[tuple[str, int], Columns] = defaultdict(dict)
    for change in changes:
        if change.kind not in TABLES or change.before is None or change.after is None:
            continue
        if change.kind == "import":
            continue
        for key, value in change.before.items():
            if key in DERIVED_COLUMNS:
                continue
            first[change.kind, change.fact_id].setdefault(key, value)
    return dict(first)


def _restore(values: Mapping[tuple[str, int], Columns]) -> None:
    for (kind, number), columns in values.items():
        table = TABLES[kind]
        db.session.execute(
            update(table).where(table.c.id == number).values(**_typed(table, columns))
        )


def _typed(table: Table, columns: Mapping[str, Any]) -> Columns:
    """Values of the audit log in their columns' types."""
    return {key: _value(table, key, value) for key, value in columns.items()}


def _value(table: Table, key: str, value: Any) -> Any:
    if isinstance(value, str) and isinstance(table.c[key].type, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and isinstance(table.c[key].type, Date):
        return date.fromisoformat(value)
    return value


def _restore_import_lines(changes: Iterable[Change]) -> None:
    """The days on which tenures were last listed, and the rows that lapsed."""
    tenure = TABLES["tenure"]
    for change in changes:
        if change.kind != "import" or not change.before:
            continue
        for day, ids in change.before.get("listed_on", {}).items():
            listed_on = date.fromisoformat(day) if day else None
            for some in chunked(ids):
                db.session.execute(
                    update(tenure).where(tenure.c.id.in_(some)).values(listed_on=listed_on)
                )
        for import_id, row in change.before.get("lapsed", ()):
            db.session.execute(
                update(ImportRow)
                .where(ImportRow.import_id == import_id, ImportRow.row == row)
                .values(status="waiting")
            )


def _put_back(kept: Import, changes: Iterable[Change]) -> None:
    """Rows that the import removed, but for its own."""
    for change in changes:
        if change.kind not in TABLES or change.after is not None or change.before is None:
            continue
        if change.before.get("import_id") != kept.id:
            table = TABLES[change.kind]
            db.session.execute(insert(table).values(**_typed(table, change.before)))


# --- rows


def _delete(made: Mapping[str, set[int]]) -> None:
    """Delete the import's rows, children before parents, and what was derived from its accounts."""
    _delete_derived(made.get("account", set()))
    for kind, column in (("unit", "parent_id"), ("post", "reports_to_id")):
        table = TABLES[kind]
        for some in chunked(made.get(kind, ())):
            db.session.execute(update(table).where(table.c.id.in_(some)).values({column: None}))
    touches = TABLES["touch_person"]
    for some in chunked(made.get("touch", ())):
        db.session.execute(delete(touches).where(touches.c.touch_id.in_(some)))
    for table in reversed(Model.metadata.sorted_tables):
        for some in chunked(made.get(table.name, ())):
            db.session.execute(delete(table).where(table.c.id.in_(some)))


def _delete_derived(account_ids: Iterable[int]) -> None:
    for name in DERIVED:
        table = TABLES[name]
        for some in chunked(account_ids):
            db.session.execute(delete(table).where(table.c.account_id.in_(some)))


def _log(
    kept: Import, restored: Mapping[tuple[str, int], Columns], made: Mapping[str, set[int]]
) -> None:
    """One line for all that went, and one for each row whose values came back."""
    counts = {kind: len(ids) for kind, ids in made.items() if ids}
    db.session.add(
        Change(
            user_id=actor_id(),
            import_id=kept.id,
            verb="undo_import",
            kind="import",
            fact_id=kept.id,
            after={"removed": counts, "restored": len(restored)},
        )
    )


# --- alerts and scans


def _withdraw_alerts(
    kept: Import,
    changes: Sequence[Change],
    made: Mapping[str, set[int]],
    account_ids: Iterable[int],
) -> None:
    """Withdraw the alerts that rest on tenures the import ended or made, and open those it closed.

    An alert of a tenure that goes altogether goes with it: it would tell of nobody. What is true
    still is found by the next scan, which sees the whole stretch again.
    """
    gone = {f"{kind}:{number}" for kind in ABOUT_WHICH for number in made.get(kind, ())}
    tenures = {change.fact_id for change in changes if change.kind == "tenure"}
    touched = {f"tenure:{number}" for number in tenures} | _posts_of(tenures)
    since = kept.applied_at or kept.created_at
    for alert in db.session.scalars(select(Alert).where(Alert.account_id.in_(set(account_ids)))):
        named = {*alert.key.split(), *alert.refs}
        if named & gone:
            db.session.delete(alert)
        elif (named | {*alert.parts}) & touched and alert.raised_at >= since:
            if alert.status != "withdrawn":
                alert.status_before, alert.status = alert.status, "withdrawn"
        elif alert.closed_at is not None and alert.closed_at >= since:
            alert.open_again()
    db.session.flush()


def _posts_of(tenures: Iterable[int]) -> set[str]:
    found: set[str] = set()
    for some in chunked(sorted(tenures)):
        posts = db.session.scalars(select(Tenure.post_id).where(Tenure.id.in_(some)))
        found |= {f"post:{number}" for number in posts}
    return found


def _drop_scans(kept: Import, account_ids: Iterable[int]) -> None:
    since = kept.applied_at or kept.created_at
    db.session.execute(
        delete(Scan).where(Scan.account_id.in_(set(account_ids)), Scan.scanned_at >= since)
    )
