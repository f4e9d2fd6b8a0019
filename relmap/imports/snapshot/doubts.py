"""Rows that wait for a person's word: what is told, and what is kept for later."""

from __future__ import annotations

from relmap.imports.plan import Doubt, Interval
from relmap.imports.snapshot.absences import kept_by
from relmap.imports.snapshot.backlog import waiting_for
from relmap.imports.snapshot.days import end_between, given_start
from relmap.imports.snapshot.outcomes import Outcomes
from relmap.imports.snapshot_draft import AccountDraft, Draft, Entry

__all__ = ["tell_doubts"]


def tell_doubts(draft: Draft, outcomes: Outcomes) -> None:
    """One uncertain change for each row in doubt; a row that waits already is not told again."""
    told: set[int] = set()
    for account in draft.accounts:
        for entry in account.entries:
            if not entry.is_waiting or entry.is_duplicate:
                continue
            waiting = waiting_for(draft, entry)
            if waiting is not None:
                draft.recalled.add((waiting.import_id, waiting.row))
            elif entry.line in told:
                _note_second(draft, entry)
            else:
                told.add(entry.line)
                _tell(draft, account, entry)


def _note_second(draft: Draft, entry: Entry) -> None:
    draft.note(
        entry.line,
        "Row {row} names several people or units, and more than one of them is uncertain. Only "
        "the first waits for a word: give each a row of its own.",
    )


def _tell(draft: Draft, account: AccountDraft, entry: Entry) -> None:
    person = entry.person
    assert person is not None
    reason, candidates = entry.doubt or person.doubt or ("", ())
    unit_id = entry.post.unit.unit_id if entry.post else None
    post_id = entry.post.post_id if entry.post else None
    covered_on = draft.covered_before(account, unit_id) if unit_id is not None else None
    start = given_start(entry.row, covered_on=covered_on, day=draft.day)
    start = start or Interval(covered_on, draft.day)
    left = start if start.on > draft.day else Interval(covered_on, draft.day)
    kept = kept_by(draft, account, entry)
    draft.doubts.append(
        Doubt(
            row=entry.row.row,
            part=entry.row.part,
            account_id=account.id,
            unit_id=unit_id,
            post_id=post_id,
            reason=reason,
            candidates=candidates,
            start=start,
            kept=tuple(tenure.id for tenure in kept),
            end=end_between(kept[0], left.after, left.on) if kept else None,
        )
    )
    draft.tell(
        "uncertain",
        account,
        row=entry.row.row,
        unit=entry.unit.label if entry.unit else None,
        unit_id=unit_id,
        post=entry.post.title if entry.post else None,
        post_id=post_id,
        reason=reason,
        candidates=candidates,
    )
