"""Writes a plan: in one unit of work, if nobody wrote meanwhile.

Rows are inserted many at once and carry the import's id; of what was changed, each row gets its
line in the audit log, from which the import can be undone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from relmap.errors import Refused
from relmap.facts.audit import actor_id, plain
from relmap.facts.concerned import accounts_of, workplaces_of
from relmap.facts.locks import accounts_for_change, lock_accounts, raise_revision
from relmap.imports.identity.people_on_file import owners_of_ids
from relmap.imports.insertion import RealIds, make_rows
from relmap.imports.plan import Doubt, ImportPlan, Interval, Made, Revised
from relmap.imports.report import stored_change
from relmap.models import Account, Import, Model, db, utc_now, writing
from relmap.models.chunks import ROWS, chunked

__all__ = ["apply_plan", "is_stale", "rows_by_id", "write_plan"]

ATTEMPTS: Final = 4
"""Whoever writes about the same accounts is done before the last, which waits for them."""
ENDING: Final = ("tenure", "contact", "tie")

Columns = dict[str, Any]
ROOT_OF_FACTS: Final = Model.metadata.tables


def apply_plan(
    make: Callable[[], ImportPlan],
    keep: Callable[[], Import],
    *,
    is_wanted: Callable[[ImportPlan], bool],
    file_name: str,
) -> tuple[ImportPlan, int | None]:
    """Plan outside the unit of work that writes, and write if the plan still holds.

    ``make`` plans, ``keep`` gives the import to write for. Where others keep writing about the same
    accounts, the last attempt makes them wait and plans inside. Returns the plan that was made last
    and the import's id, ``None`` where the plan is not wanted.
    """
    for attempt in range(ATTEMPTS):
        is_last = attempt == ATTEMPTS - 1
        db.session.rollback()
        plan = make()
        try:
            if is_wanted(plan):
                with writing():
                    if is_last:
                        is_stale(plan)  # for its locks: what is read from here on stays
                        plan = make()
                    if is_wanted(plan) and not is_stale(plan):
                        kept = keep()
                        write_plan(plan, kept)
                        return plan, kept.id
        except IntegrityError:  # somebody made the same account or id in this very moment
            if is_last:
                raise
            continue
        if not is_wanted(plan):
            db.session.rollback()
            return plan, None
    raise Refused(
        "Others kept writing about the accounts of {file}. Nothing was imported: try again.",
        file=file_name,
    )


def is_stale(plan: ImportPlan) -> bool:
    """Lock every account that is concerned, and say whether somebody wrote since the plan."""
    planned = {number: revision for number, revision in plan.revisions.items() if number > 0}
    locked = accounts_for_change({*planned, *_workplaces(plan)})
    if {account.id: account.revision for account in locked if account.id in planned} != planned:
        return True
    new = [row.columns["name"] for row in plan.made if row.kind == "account"]
    twin = select(Account.id).where(Account.name.in_(new)).limit(1)
    if new and db.session.scalar(twin) is not None:
        return True
    owners = owners_of_ids(plan.owners)
    return any(owners.get(key) != owner for key, owner in plan.owners.items())


def _workplaces(plan: ImportPlan) -> set[int]:
    """The accounts that facts about the people of the plan concern."""
    people = {number for number in plan.about if number > 0}
    return {account for some in chunked(people) for account in accounts_of(*some)}


def write_plan(plan: ImportPlan, kept: Import) -> None:
    """Write all that a plan makes and changes, and what undoing it needs to know."""
    concerned = _workplaces(plan)
    # What ends comes first: whoever is confirmed ends and begins in one post, of which the
    # database allows one open tenure; likewise one open tie of a kind between two.
    ending = [one for one in plan.revised if one.kind in ENDING]
    staying = [one for one in plan.revised if one.kind not in ENDING]
    lines = _revise_all(ending, {}, kept.id)
    real = _make(plan.made, kept.id)
    lines += _revise_all([_of_real_row(one, real) for one in staying], real, kept.id)
    lines += _remove_contacts(plan.removed_contacts)
    lines.append(_log_import(plan, kept.id, real))
    _log(lines, kept.id)
    _cover(plan, kept.id, real)
    _keep_doubts(plan.doubts, kept.id, real)
    _lapse(plan.lapsed)
    account_ids = {real.get(("account", number), number) for number in plan.accounts}
    if plan.kind != "snapshot":  # a snapshot is of the accounts it lists, a history of its people's
        people = {real.get(("person", number), number) for number in plan.about}
        account_ids |= {account for some in chunked(people) for account in workplaces_of(some)}
    kept.status, kept.applied_at, kept.held_because = "applied", utc_now(), None
    kept.account_ids = sorted(account_ids)
    kept.changes = [_with_real_ids(stored_change(line), real) for line in plan.changes]
    kept.counts = dict(plan.counts)
    kept.notes = [note.to_json() for note in plan.notes]
    db.session.flush()
    raise_revision(account_ids | concerned)


# --- rows that are made


def _make(made: Sequence[Made], import_id: int) -> RealIds:
    """Accounts first: an external id's scope is one, though no foreign key says so."""
    accounts = [row for row in made if row.kind == "account"]
    rest = [_learnt(row, import_id) for row in made if row.kind != "account"]
    known = make_rows(accounts, import_id=import_id)
    lock_accounts(known.values())
    return make_rows(rest, import_id=import_id, known=known)


def _learnt(row: Made, import_id: int) -> Made:
    """A tenure that has ended says when and by which import that was learnt."""
    if row.kind != "tenure" or row.columns.get("ends_on") is None:
        return row
    learnt = {"end_recorded_at": utc_now(), "end_import_id": import_id}
    return Made(row.kind, row.id, {**row.columns, **learnt})


def _cover(plan: ImportPlan, import_id: int, real: RealIds) -> None:
    _insert(
        "coverage",
        [
            {"unit_id": real.get(("unit", unit), unit), "on": plan.day, "import_id": import_id}
            for unit in plan.covered
        ],
    )


def _insert(table: str, rows: Sequence[Columns]) -> None:
    for some in chunked(rows, ROWS):
        db.session.execute(insert(ROOT_OF_FACTS[table]), some)


# --- rows that are changed


def _revise_all(revised: Sequence[Revised], real: RealIds, import_id: int) -> list[Columns]:
    """Update the rows, many at once, and return their lines for the audit log."""
    ends = {"end_recorded_at": utc_now(), "end_import_id": import_id}
    lines = []
    updates: defaultdict[tuple[str, tuple[str, ...]], list[Columns]] = defaultdict(list)
    stored = _stored_rows(revised)
    for one in revised:
        after = _resolved(one.kind, one.after, real)
        if one.verb == "end_tenure":
            after |= ends
        row = stored[one.kind, one.id]
        before = {key: row[key] for key in after if row[key] != after[key]}
        after = {key: after[key] for key in before}
        if not before:
            continue
        row.update(after)
        lines.append(
            _line(one.verb, one.kind, one.id, one.account_id, before, after, one.effective_on)
        )
        updates[one.kind, tuple(after)].append({"row_id": one.id, **after})
    for (kind, _), values in updates.items():
        table = ROOT_OF_FACTS[kind]
        for some in chunked(values, ROWS):
            db.session.connection().execute(
                update(table).where(table.c.id == bindparam("row_id")), some
            )
    return lines


def _of_real_row(one: Revised, real: RealIds) -> Revised:
    """What the plan changes of a row that it makes, too: a seat was vacant, and is taken since."""
    if one.id > 0:
        return one
    account_id = real.get(("account", one.account_id or 0), one.account_id)
    return replace(one, id=real[one.kind, one.id], account_id=account_id)


def _stored_rows(revised: Sequence[Revised]) -> dict[tuple[str, int], Columns]:
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for one in revised:
        wanted[one.kind].add(one.id)
    return {
        (kind, row["id"]): dict(row)
        for kind, ids in wanted.items()
        for row in rows_by_id(ROOT_OF_FACTS[kind], ids)
    }


def rows_by_id(table: Table, ids: Iterable[int]) -> Iterable[Mapping[str, Any]]:
    """Stored rows with all their columns."""
    for some in chunked(ids):
        for row in db.session.execute(select(table).where(table.c.id.in_(some))):
            yield row._asdict()


def _resolved(kind: str, after: Mapping[str, Any], real: RealIds) -> Columns:
    """Foreign keys below zero made real."""
    targets = {"parent_id": "unit", "reports_to_id": "post"}
    return {
        key: real[targets[key], value]
        if key in targets and value is not None and value < 0
        else value
        for key, value in after.items()
    }


def _remove_contacts(ids: Sequence[int]) -> list[Columns]:
    """Contact entries of the very day on which the person got a post were never needed."""
    table = ROOT_OF_FACTS["contact"]
    lines = [
        _line("end_contact", "contact", row["id"], row["account_id"], row, None, None)
        for row in rows_by_id(table, ids)
    ]
    for some in chunked(ids):
        db.session.execute(delete(table).where(table.c.id.in_(some)))
    return lines


# --- the audit log


def _line(
    verb: str,
    kind: str,
    fact_id: int,
    account_id: int | None,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    effective_on: date | None,
) -> Columns:
    return {
        "verb": verb,
        "kind": kind,
        "fact_id": fact_id,
        "account_id": account_id,
        "effective_on": effective_on,
        "before": None if before is None else {key: plain(value) for key, value in before.items()},
        "after": None if after is None else {key: plain(value) for key, value in after.items()},
    }


def _log(lines: Sequence[Columns], import_id: int) -> None:
    shared = {"at": utc_now(), "user_id": actor_id(), "import_id": import_id}
    _insert("change", [shared | line for line in lines])


def _log_import(plan: ImportPlan, import_id: int, real: RealIds) -> Columns:
    """One line for all rows that were made, and for the days on which tenures were last listed."""
    made: defaultdict[str, int] = defaultdict(int)
    for kind, _ in real:
        made[kind] += 1
    listed = _mark_listed(plan)
    before = {"listed_on": listed, "lapsed": [list(row) for row in plan.lapsed]}
    return _line(f"import_{plan.kind}", "import", import_id, None, before, {"made": made}, None)


def _mark_listed(plan: ImportPlan) -> dict[str, list[int]]:
    """Stamp what the file confirms; returns the tenures by the day they were stamped with."""
    table = ROOT_OF_FACTS["tenure"]
    old: defaultdict[str, list[int]] = defaultdict(list)
    for some in chunked(plan.listed):
        for row in db.session.execute(
            select(table.c.id, table.c.listed_on).where(table.c.id.in_(some))
        ):
            if row.listed_on != plan.day:
                old[row.listed_on.isoformat() if row.listed_on else ""].append(row.id)
        db.session.execute(update(table).where(table.c.id.in_(some)).values(listed_on=plan.day))
    return dict(old)


# --- rows that wait


def _keep_doubts(doubts: Sequence[Doubt], import_id: int, real: RealIds) -> None:
    _insert(
        "import_row",
        [
            {
                "import_id": import_id,
                "account_id": real.get(("account", doubt.account_id), doubt.account_id),
                "row": doubt.row,
                "status": "waiting",
                "reason": doubt.reason,
                "candidate_ids": list(doubt.candidates),
                "waits": _waits(doubt, real),
            }
            for doubt in doubts
        ],
    )


def _waits(doubt: Doubt, real: RealIds) -> Columns:
    """What to write under either answer. No names: those are in the file's cells."""
    return {
        "unit": real.get(("unit", doubt.unit_id or 0), doubt.unit_id),
        "post": real.get(("post", doubt.post_id or 0), doubt.post_id),
        "start": _interval(doubt.start),
        "kept": list(doubt.kept),
        "part": doubt.part,
        "end": _interval(doubt.end) if doubt.end else None,
    }


def _interval(interval: Interval) -> list[str | None]:
    return [plain(interval.after), plain(interval.on), interval.precision]


def _lapse(rows: Sequence[tuple[int, int]]) -> None:
    table = ROOT_OF_FACTS["import_row"]
    for import_id, row in rows:
        db.session.execute(
            update(table)
            .where(table.c.import_id == import_id, table.c.row == row)
            .values(status="lapsed")
        )


def _with_real_ids(told: Columns, real: RealIds) -> Columns:
    for kind in ("account", "unit", "post", "person", "tenure"):
        number = told[f"{kind}_id"]
        told[f"{kind}_id"] = real.get((kind, number), number) if number else number
    for key in ("successors", "candidates"):
        told[key] = [real.get(("person", number), number) for number in told[key]]
    return told
