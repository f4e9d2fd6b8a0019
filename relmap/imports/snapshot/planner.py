"""What a snapshot changes: one pure function that writes nothing.

The passes run in the order of docs/snapshots.md: who the rows mean and where they sit, which
units and posts are meant, who that is on file, who stays, comes and goes, what became of the
seats, and whether the whole should wait for a yes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from relmap.contracts import Message
from relmap.errors import Refused
from relmap.facts.people import shown_id
from relmap.imports.facts_on_file import Seating, StoredPerson, UnresolvedRow
from relmap.imports.identity.belief import take_off_unbelieved_ids
from relmap.imports.identity.clusters import (
    join_by_id,
    join_by_name,
    mark_duplicates,
    take_off_shared_ids,
)
from relmap.imports.identity.handles import part_by_case
from relmap.imports.identity.ids import settle_by_id
from relmap.imports.identity.namesakes import doubt_near_matches, settle_by_name
from relmap.imports.identity.other_script import (
    ask_about_other_script,
    settle_across_scripts,
    tell_read_alike,
)
from relmap.imports.plan import KINDS, IdKey, ImportPlan
from relmap.imports.sheets.cells import id_key
from relmap.imports.sheets.snapshot_rows.row import SnapshotRow
from relmap.imports.snapshot.backlog import lapse_waiting, recall_waiting
from relmap.imports.snapshot.doubts import tell_doubts
from relmap.imports.snapshot.guard import reason_to_hold
from relmap.imports.snapshot.leavers import end_of_leavers
from relmap.imports.snapshot.outcomes import settle_outcomes
from relmap.imports.snapshot.people import enter_contacts, make_new_people, update_people
from relmap.imports.snapshot.posts import match_posts, match_retitled, open_new_posts
from relmap.imports.snapshot.regrades import find_regrades
from relmap.imports.snapshot.reporting_lines import draw_lines
from relmap.imports.snapshot.retitles import find_retitles
from relmap.imports.snapshot.tenures import compare_tenures
from relmap.imports.snapshot.units import match_units
from relmap.imports.snapshot_draft import AccountDraft, Draft, Entry
from relmap.names.matching import unit_key
from relmap.names.search import search_text

__all__ = ["plan"]


def plan(
    rows: Sequence[SnapshotRow],
    *,
    day: date,
    complete: bool,
    views: Mapping[str, Seating],
    known: Mapping[IdKey, StoredPerson],
    coverage: Mapping[int, tuple[date, ...]],
    waiting: Sequence[UnresolvedRow],
) -> ImportPlan:
    """Compare a file with what is on file, and say all that it changes.

    ``views`` holds the seating of every account the rows name, by that name as written; ``known``
    the owner of each id over the whole book; ``coverage`` the days on which a unit was listed;
    ``waiting`` the rows nobody has resolved yet. Raises ``Refused`` with row and column where the
    file cannot be right.
    """
    draft = Draft(
        day=day,
        complete=complete,
        people=_people(views.values(), known.values()),
        known={key: person.id for key, person in known.items()},
        coverage=coverage,
        waiting=tuple(waiting),
    )
    _sort_rows(draft, rows, views, known)
    for account in draft.accounts:
        _refuse_older(draft, account)
        match_units(draft, account)
    find_retitles(draft)
    find_regrades(draft)
    for account in draft.accounts:
        match_posts(draft, account)
    _settle_people(draft)
    make_new_people(draft)
    for account in draft.accounts:
        open_new_posts(draft, account)
        end_of_leavers(draft, account)
        compare_tenures(draft, account)
    ask_about_other_script(draft)
    tell_read_alike(draft, draft.read_alike)
    outcomes = settle_outcomes(draft)
    for account in draft.accounts:
        draw_lines(draft, account)
        enter_contacts(draft, account, outcomes)
    update_people(draft)
    tell_doubts(draft, outcomes)
    lapse_waiting(draft)
    _refuse_second_of_the_day(draft)
    return _plan(draft, held=reason_to_hold(draft, outcomes))


def _people(seatings: Iterable[Seating], known: Iterable[StoredPerson]) -> dict[int, StoredPerson]:
    people = {person.id: person for person in known}
    for seating in seatings:
        people.update(
            {number: person for number, person in seating.people.items() if number not in people}
        )
    return people


def _sort_rows(
    draft: Draft,
    rows: Sequence[SnapshotRow],
    views: Mapping[str, Seating],
    known: Mapping[IdKey, StoredPerson],
) -> None:
    """Give every row its account and its ids."""
    accounts: dict[int, AccountDraft] = {}
    entries = []
    for row in rows:
        seating = views[row.account]
        account = accounts.get(seating.account_id)
        if account is None:
            account = accounts[seating.account_id] = AccountDraft(seating, row.account)
            _open_if_new(draft, seating)
        if row.has_left:
            account.leavers.append(row)
            continue
        entry = Entry(_in_its_unit(row), account)
        if row.person is not None:
            for kind, value in row.external_ids:
                scope = account.id if kind == "staff_number" else 0
                entry.ids[(*id_key(kind, value), scope)] = value
        account.entries.append(entry)
        entries.append(entry)
    draft.accounts = list(accounts.values())
    named = [entry for entry in entries if entry.row.person is not None]
    part_by_case(named, known.get)
    take_off_shared_ids(draft, named)
    draft.people = join_by_id(named)
    draft.counts["rows"] = len(entries)


def _in_its_unit(row: SnapshotRow) -> SnapshotRow:
    """Who is listed under a parent and in none of its parts sits in the parent itself.

    A unit that is its own parent is one unit.
    """
    if row.unit and row.parent_unit and unit_key(row.unit) == unit_key(row.parent_unit):
        return replace(row, parent_unit=None)
    if row.unit is None and row.unit_id is None and row.parent_unit is not None:
        return replace(row, unit=row.parent_unit, parent_unit=None)
    return row


def _open_if_new(draft: Draft, seating: Seating) -> None:
    """An account that nobody knew is opened by the list, with the unit that stands for it."""
    if not seating.is_new:
        return
    name = seating.name
    draft.adopt("account", seating.account_id, name=name, search_text=search_text([name]))
    draft.adopt(
        "unit",
        seating.root.id,
        account_id=seating.account_id,
        name=name,
        is_root=True,
        starts_on=draft.day,
    )


def _settle_people(draft: Draft) -> None:
    take_off_unbelieved_ids(draft)
    settle_by_id(draft)
    for account in draft.accounts:
        join_by_name(draft, account)
        recall_waiting(draft, account)
    for account in draft.accounts:
        settle_by_name(draft, account)
        settle_across_scripts(draft, account)
    for account in draft.accounts:
        mark_duplicates(draft, account)
        match_retitled(draft, account)
        doubt_near_matches(draft, account)


# --- what is refused


def _refuse_older(draft: Draft, account: AccountDraft) -> None:
    newest = account.seating.newest_on
    if newest is not None and newest > draft.day:
        raise Refused(
            "{account} has a newer list, of {newest} (import {import_id}). Undo that one "
            "first and import both in order, or bring older history with `relmap import "
            "tenures`.",
            account=account.name,
            newest=newest,
            import_id=account.seating.newest_import_id,
        )


def _refuse_second_of_the_day(draft: Draft) -> None:
    """A second list of one day may add units, and must not contradict the first."""
    accounts = {account.id: account for account in draft.accounts}
    order = {number: place for place, number in enumerate(accounts)}
    for change in sorted(draft.changes, key=lambda change: order[change.account_id]):
        account = accounts[change.account_id]
        if draft.is_covered_today(account, change.unit_id):
            where = change.unit or account.name
            raise Refused(
                "{where} was listed on {day} already, and this file says otherwise "
                "({figure}). Undo that import first (`relmap import undo`).",
                row=change.row,
                where=where,
                day=draft.day,
                figure=change.kind,
            )


# --- the result


def _plan(draft: Draft, *, held: Message | None) -> ImportPlan:
    order = {kind: place for place, kind in enumerate(KINDS)}
    changes = sorted(draft.changes, key=lambda change: (order[change.kind], change.row or 0))
    draft.counts["accounts"] = len(draft.accounts)
    draft.counts["units_compared"] = sum(len(account.compared) for account in draft.accounts)
    kinds = Counter(change.kind for change in changes)
    counts = {key: draft.counts[key] for key in COUNTED} | {
        key: kinds[key] for key in KINDS if kinds[key]
    }
    return ImportPlan(
        day=draft.day,
        accounts=frozenset(account.id for account in draft.accounts),
        about=frozenset(
            number for line in changes for number in (line.person_id, *line.successors) if number
        ),
        revisions={account.id: account.seating.revision for account in draft.accounts},
        made=draft.finished(),
        revised=tuple(draft.revised),
        removed_contacts=tuple(draft.removed_contacts),
        listed=tuple(
            sorted(number for account in draft.accounts for number in account.listed_tenures)
        ),
        covered=tuple(unit for account in draft.accounts for unit in sorted(account.compared)),
        doubts=tuple(draft.doubts),
        lapsed=tuple(draft.lapsed),
        changes=tuple(changes),
        notes=tuple(sorted(draft.notes, key=lambda note: note.row or 0)),
        counts=counts,
        held=held,
        people=_told_people(draft),
        named=_named_in_file(draft),
    )


def _named_in_file(draft: Draft) -> dict[int, tuple[str, str | None]]:
    """Name and id by row; all names of a row with several."""
    rows: defaultdict[int, list[Entry]] = defaultdict(list)
    for account in draft.accounts:
        for entry in account.entries:
            if entry.row.person:
                rows[entry.row.row].append(entry)
    return {
        row: (
            " / ".join(dict.fromkeys(_as_in_file([one])[0] for one in some)),
            _as_in_file(some)[1],
        )
        for row, some in rows.items()
    }


COUNTED = (
    "rows",
    "accounts",
    "units_compared",
    "units_not_listed",
    "not_in_file",
    "duplicate_rows",
    "contacts",
    "facts_added",
)


def _told_people(draft: Draft) -> dict[int, tuple[str, str | None]]:
    """Names and ids of people in the changes: as the file writes them, else as on file."""
    ids = {
        number
        for change in draft.changes
        for number in (change.person_id, *change.successors, *change.candidates)
        if number
    }
    told = {
        number: (person.name, shown_id(person.written_ids))
        for number in ids
        if (person := draft.stored_people.get(number)) is not None
    }
    for person_in_file in draft.people:
        if person_in_file.person_id in ids:
            told[person_in_file.person_id] = _as_in_file(person_in_file.entries)
    return told


def _as_in_file(entries: Sequence[Entry]) -> tuple[str, str | None]:
    written = [pair for entry in entries for pair in entry.row.external_ids]
    return entries[0].row.person or "", shown_id(written[:1])
