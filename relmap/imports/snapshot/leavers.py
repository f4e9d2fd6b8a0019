"""Whom the list itself says to have left, and who is to leave: their tenures end on that day."""

from __future__ import annotations

from relmap.imports.facts_on_file import StoredPerson, StoredTenure
from relmap.imports.plan import Interval
from relmap.imports.sheets.cells import id_key
from relmap.imports.sheets.snapshot_rows.row import SnapshotRow
from relmap.imports.snapshot.announced import move_end
from relmap.imports.snapshot.days import end_between, written
from relmap.imports.snapshot_draft import AccountDraft, Draft, Entry, Leave
from relmap.names.matching import are_equal, title_key, unit_key

__all__ = ["announce_end", "end_of_leavers"]


def end_of_leavers(draft: Draft, account: AccountDraft) -> None:
    """End what those held whom a row says to have left, listed units or not.

    A row of somebody who is on file in no post tells nothing new: nobody is added to have left.
    """
    for row in account.leavers:
        person = _who(draft, account, row)
        for tenure in _meant(draft, account, row, person) if person else ():
            account.given_ends[tenure.id] = row.end_reason
            end = _end(draft, account, row, tenure)
            account.leaves.append(Leave(account, tenure, end, row.row))


def _who(draft: Draft, account: AccountDraft, row: SnapshotRow) -> StoredPerson | None:
    """Whom the row means: by an id, else by the one name of somebody in a post."""
    people = account.seating.people
    for kind, value in row.external_ids:
        scope = account.id if kind == "staff_number" else 0
        owner = draft.known.get((*id_key(kind, value), scope))
        if owner is not None and owner in people:
            return people[owner]
    names = [name for name in (row.person, row.other_name) if name]
    found = [one for one in people.values() if are_equal(names, one.names)]
    sitting = [one for one in found if _meant(draft, account, row, one)]
    if len(sitting) > 1:
        draft.note(
            row.row,
            "Row {row}: several people of that name are in a post; none was taken to leave.",
        )
    return sitting[0] if len(sitting) == 1 else None


def _meant(
    draft: Draft, account: AccountDraft, row: SnapshotRow, person: StoredPerson
) -> list[StoredTenure]:
    """The tenures that end: in the post of the row, else the only one, if no row confirms it."""
    listed = draft.settled.get(person.id)
    confirmed = {entry.post.post_id for entry in listed.entries if entry.post} if listed else set()
    open_ones = [
        tenure
        for tenure in account.seating.tenures_of.get(person.id, ())
        if tenure.is_open(draft.day)
        and tenure.post_id not in confirmed
        and tenure.id not in account.given_ends
    ]
    return [one for one in open_ones if _is_of(account, row, one)] or open_ones[:1][
        : len(open_ones) == 1
    ]


def _is_of(account: AccountDraft, row: SnapshotRow, tenure: StoredTenure) -> bool:
    post = account.seating.post.get(tenure.post_id)
    if post is None or row.post is None or title_key(post.title) != title_key(row.post):
        return False
    return row.unit is None or unit_key(row.unit) == tenure.unit_key


def _end(draft: Draft, account: AccountDraft, row: SnapshotRow, tenure: StoredTenure) -> Interval:
    """In (P, D], on the day that the row gives where that lies there."""
    is_listed = tenure.listed_on is not None
    covered_on = draft.covered_before(account, tenure.unit_id) if is_listed else None
    ends = row.ends
    first = max(covered_on or tenure.starts_on, tenure.starts_on)
    if ends is None:
        return end_between(tenure, covered_on, draft.day)
    if ends.on <= first:
        draft.note(
            row.row,
            "Row {row}: the end {end} does not come after {day}, when the person was still in the "
            "post by what is on file. The end lies after that.",
            end=written(ends),
            day=first,
        )
        return end_between(tenure, covered_on, draft.day)
    after = ends.after if covered_on is None else max(ends.after, covered_on)
    return end_between(tenure, after, min(ends.on, draft.day))


def announce_end(draft: Draft, account: AccountDraft, entry: Entry, tenure: StoredTenure) -> None:
    """Whoever is to leave on a day after the list sits there until then."""
    ends = entry.row.ends
    if ends is None or ends.on <= draft.day or tenure.end_by_hand or tenure.ends_on == ends.on:
        return
    end = end_between(tenure, ends.after, ends.on)
    account.given_ends[tenure.id] = entry.row.end_reason
    if tenure.ends_on is None:
        account.leaves.append(Leave(account, tenure, end, entry.row.row))
        return
    move_end(draft, account, entry, tenure, end)
