"""Who stays, who joins and who leaves: the tenures of the compared units."""

from __future__ import annotations

from datetime import date
from typing import Any

from relmap.imports.facts_on_file import StoredTenure
from relmap.imports.plan import Interval
from relmap.imports.sheets.snapshot_rows.row import SnapshotRow
from relmap.imports.snapshot.absences import end_absent
from relmap.imports.snapshot.announced import hand_over, postpone_ends
from relmap.imports.snapshot.backlog import waiting_for
from relmap.imports.snapshot.days import (
    corrected_start,
    end_between,
    given_start,
    is_disjoint,
    note_of_start,
    written,
)
from relmap.imports.snapshot.leavers import announce_end
from relmap.imports.snapshot.unsaid import fallen_ends
from relmap.imports.snapshot_draft import AccountDraft, Draft, Entry, FilePost, Join

__all__ = ["compare_tenures", "end_tenure"]


def compare_tenures(draft: Draft, account: AccountDraft) -> None:
    """Settle every row's tenure, then end those that absence ends."""
    for post in account.posts:
        covered_on = draft.covered_before(account, post.unit.unit_id)
        for entry in post.named:
            _settle_row(draft, account, post, entry, covered_on)
    for entry, tenure in fallen_ends(draft, account):
        _stay_on(draft, account, entry, tenure)
    end_absent(draft, account)
    hand_over(draft, account)


def _settle_row(
    draft: Draft, account: AccountDraft, post: FilePost, entry: Entry, covered_on: date | None
) -> None:
    person = entry.person
    assert person is not None
    if person.doubt:
        return
    tenures = account.seating.tenures_of.get(person.person_id, ())
    here = [tenure for tenure in tenures if tenure.post_id == post.post_id]
    sitting = next((tenure for tenure in here if tenure.is_open(draft.day)), None)
    ahead = next((tenure for tenure in here if tenure.starts_on > draft.day), None)
    if sitting is not None:
        _stay(draft, account, entry, sitting, covered_on)
        announce_end(draft, account, entry, sitting)
    elif ahead is not None and (entry.begins_after(draft.day) or not ahead.start_by_hand):
        _come(draft, account, entry, ahead, covered_on)
    elif _contradicts_hand(draft, entry, here, covered_on):
        entry.doubt = ("ended_by_hand", (person.person_id,))
    elif stayed := next((tenure for tenure in here if _is_unseen_end(tenure, covered_on)), None):
        _stay_on(draft, account, entry, stayed)
    else:
        _join(draft, account, post, entry, covered_on)


def _is_unseen_end(tenure: StoredTenure, covered_on: date | None) -> bool:
    """Whether somebody was to leave since the last list, and no list has seen it."""
    is_since = covered_on is not None and tenure.ends_on is not None and tenure.ends_on > covered_on
    return is_since and tenure.listed_on == covered_on and not tenure.end_by_hand


def _stay_on(draft: Draft, account: AccountDraft, entry: Entry, tenure: StoredTenure) -> None:
    """Whoever is listed in the post after the day announced has not left it."""
    account.listed_tenures.add(tenure.id)
    account.still_there.add(tenure.id)
    draft.note(
        entry.row.row,
        "Row {row}: who was to leave {post} on {day} is there still; the end is taken back.",
        post=entry.row.post,
        day=tenure.ends_on,
    )
    ended = {"ends_after": tenure.ends_after, "ends_on": tenure.ends_on}
    _correct(draft, account, entry, tenure, ended, {"ends_after": None, "ends_on": None})
    draft.revise(
        "correct_tenure",
        "tenure",
        tenure.id,
        {"end_reason": None, "end_recorded_at": None, "end_import_id": None},
        account_id=account.id,
    )


def _come(
    draft: Draft,
    account: AccountDraft,
    entry: Entry,
    tenure: StoredTenure,
    covered_on: date | None,
) -> None:
    """Who is announced on file is announced again, for another day, or is there already."""
    account.listed_tenures.add(tenure.id)
    start = given_start(entry.row, covered_on=covered_on, day=draft.day)
    start = start or Interval(covered_on, draft.day)
    if (start.after, start.on) == (tenure.starts_after, tenure.starts_on):
        return
    _revise_start(draft, account, entry, tenure, start)
    if start.on > draft.day:
        postpone_ends(draft, account, entry, tenure, start)


def _contradicts_hand(
    draft: Draft, entry: Entry, here: list[StoredTenure], covered_on: date | None
) -> bool:
    """Whether somebody ended this holding by hand, or let it begin later, since the last list."""
    waiting = waiting_for(draft, entry)
    if waiting is not None and waiting.reason == "ended_by_hand":
        return True
    return any(
        (tenure.start_by_hand and tenure.starts_on > draft.day)
        or (tenure.end_by_hand and _is_after(tenure, covered_on))
        for tenure in here
    )


def _is_after(tenure: StoredTenure, covered_on: date | None) -> bool:
    assert tenure.ends_on is not None
    if covered_on is None or tenure.ends_on > covered_on:
        return True
    return tenure.listed_on is not None and tenure.listed_on >= tenure.ends_on


def _join(
    draft: Draft, account: AccountDraft, post: FilePost, entry: Entry, covered_on: date | None
) -> None:
    row, person = entry.row, entry.person
    assert person is not None
    start = _start(draft, entry, covered_on)
    tenure_id = draft.make(
        "tenure",
        person_id=person.person_id,
        post_id=post.post_id,
        starts_after=start.after,
        starts_on=start.on,
        precision=start.precision,
        acting=row.acting,
        term_ends_on=row.term_ends_on.on if row.term_ends_on else None,
        basis="listed",
        listed_on=draft.day,
        start_note=note_of_start(entry.row.starts, start),
        **_announced_end(row, start),
    )
    _reach_back(draft, account, post.unit.unit_id, post.post_id, start.on)
    join = Join(account, post, entry, person, start, tenure_id)
    account.joins.append(join)
    draft.joins_of[person].append(join)
    draft.joins_in[post.post_id].append(join)


def _announced_end(row: SnapshotRow, start: Interval) -> dict[str, Any]:
    ends = row.ends
    if ends is None or ends.on <= start.on:
        return {}
    after = max(ends.after, start.on)
    return {"ends_after": after, "ends_on": ends.on, "end_reason": row.end_reason}


def _start(draft: Draft, entry: Entry, covered_on: date | None) -> Interval:
    given = given_start(entry.row, covered_on=covered_on, day=draft.day)
    if given is None and entry.row.starts is not None:
        draft.note(
            entry.row.row,
            "Row {row} starts in {start}, but the list of {day} had nobody of that name there: the "
            "start lies after that list.",
            start=written(entry.row.starts),
            day=covered_on,
        )
    return given or Interval(covered_on, draft.day)


def _reach_back(
    draft: Draft, account: AccountDraft, unit_id: int | None, post_id: int, day: date
) -> None:
    """A seat and its units are at least as old as who sits there."""
    _begin_by(draft, account, "post", post_id, account.seating.post.get(post_id), day)
    while unit_id is not None:
        stored = account.seating.unit.get(unit_id)
        _begin_by(draft, account, "unit", unit_id, stored, day)
        made = draft.made.get(("unit", unit_id), {})
        unit_id = stored.parent_id if stored else made.get("parent_id")


def _begin_by(
    draft: Draft, account: AccountDraft, kind: str, fact_id: int, stored: Any, day: date
) -> None:
    columns = draft.made.get((kind, fact_id), {})
    begins = columns.get("starts_on") or draft.reached.get((kind, fact_id)) or stored.starts_on
    if begins <= day:
        return
    if not columns:
        draft.reached[kind, fact_id] = day
    after = columns.get("starts_after")
    values: dict[str, Any] = {"starts_on": day}
    if after is not None and after >= day:
        values["starts_after"] = None
    draft.revise(f"open_{kind}_earlier", kind, fact_id, values, account_id=account.id)


# --- who stays


def _stay(
    draft: Draft,
    account: AccountDraft,
    entry: Entry,
    tenure: StoredTenure,
    covered_on: date | None,
) -> None:
    account.listed_tenures.add(tenure.id)
    if tenure.acting and not entry.row.acting:
        _confirm(draft, account, entry, tenure, covered_on)
        return
    _correct_start(draft, account, entry, tenure, covered_on)
    if entry.row.acting and not tenure.acting:
        _correct(draft, account, entry, tenure, {"acting": False}, {"acting": True})
    term = entry.row.term_ends_on
    if term is not None and term.on != tenure.term_ends_on and term.on > tenure.starts_on:
        before = {"term_ends_on": tenure.term_ends_on}
        _correct(draft, account, entry, tenure, before, {"term_ends_on": term.on})


def _confirm(
    draft: Draft,
    account: AccountDraft,
    entry: Entry,
    tenure: StoredTenure,
    covered_on: date | None,
) -> None:
    """The acting tenure ends and another begins: no departure."""
    start = _start(draft, entry, covered_on)
    if tenure.starts_on >= start.on:
        start = Interval(covered_on, draft.day)
    if tenure.starts_on >= start.on:  # acting since this very day: it was written wrongly
        _correct(draft, account, entry, tenure, {"acting": True}, {"acting": False})
        return
    end = end_between(tenure, start.after, start.on)
    end_tenure(draft, account, tenure, end, "acting_ended")
    tenure_id = draft.make(
        "tenure",
        person_id=tenure.person_id,
        post_id=tenure.post_id,
        starts_after=end.after,
        starts_on=start.on,
        precision=start.precision,
        acting=False,
        term_ends_on=entry.row.term_ends_on.on if entry.row.term_ends_on else None,
        basis="listed",
        listed_on=draft.day,
        start_note=note_of_start(entry.row.starts, start),
    )
    _tell_of_row(draft, account, "confirmed", entry, tenure_id=tenure_id, start=start)


def end_tenure(
    draft: Draft, account: AccountDraft, tenure: StoredTenure, end: Interval, reason: str
) -> None:
    """Write the end; ``end_recorded_at`` and ``end_import_id`` are filled in when applied."""
    account.ended[tenure.id] = end
    draft.revise(
        "end_tenure",
        "tenure",
        tenure.id,
        {"ends_after": end.after, "ends_on": end.on, "end_reason": reason},
        account_id=account.id,
    )


def _correct_start(
    draft: Draft,
    account: AccountDraft,
    entry: Entry,
    tenure: StoredTenure,
    covered_on: date | None,
) -> None:
    """A start in the file corrects the one on file, unless somebody entered that since."""
    cell = entry.row.starts
    if cell is None:
        return
    if entry.begins_after(draft.day):
        draft.note(
            entry.row.row,
            "Row {row} starts in {start}, but the person is in the post already; that stays.",
            start=written(cell),
        )
    start = corrected_start(tenure, cell, day=draft.day)
    if start is None:
        return
    since = covered_on is None or tenure.starts_on > covered_on
    if tenure.start_by_hand and since and is_disjoint(tenure, cell):
        assert entry.person is not None
        entry.doubt = ("start_by_hand", (tenure.person_id,))
        return
    _revise_start(draft, account, entry, tenure, start)


def _revise_start(
    draft: Draft, account: AccountDraft, entry: Entry, tenure: StoredTenure, start: Interval
) -> None:
    _reach_back(draft, account, tenure.unit_id, tenure.post_id, start.on)
    account.corrected_starts[tenure.id] = start.on
    before: dict[str, Any] = {"starts_after": tenure.starts_after, "starts_on": tenure.starts_on}
    after: dict[str, Any] = {"starts_after": start.after, "starts_on": start.on}
    if start.precision != tenure.precision:
        before["precision"], after["precision"] = tenure.precision, start.precision
    _correct(draft, account, entry, tenure, before, after)


def _correct(
    draft: Draft,
    account: AccountDraft,
    entry: Entry,
    tenure: StoredTenure,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    changed = {key for key in after if after[key] != before[key]}
    values = {key: after[key] for key in changed}
    draft.revise("correct_tenure", "tenure", tenure.id, values, account_id=account.id)
    _tell_of_row(
        draft,
        account,
        "fact_changed",
        entry,
        tenure_id=tenure.id,
        before={key: _plain(before[key]) for key in after if key in changed},
        after={key: _plain(after[key]) for key in after if key in changed},
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _tell_of_row(draft: Draft, account: AccountDraft, kind: str, entry: Entry, **told: Any) -> None:
    assert entry.post is not None
    assert entry.person is not None
    draft.tell(
        kind,
        account,
        row=entry.row.row,
        unit=entry.post.unit.label,
        unit_id=entry.post.unit.unit_id,
        post=entry.post.title,
        post_id=entry.post.post_id,
        person_id=entry.person.person_id,
        **told,
    )
