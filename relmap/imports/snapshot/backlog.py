"""Rows of earlier imports that nobody has resolved yet, and the rows that repeat them."""

from __future__ import annotations

from relmap.imports.facts_on_file import UnresolvedRow
from relmap.imports.snapshot_draft import AccountDraft, Draft, Entry
from relmap.names.matching import are_equal

__all__ = ["lapse_waiting", "recall_waiting", "waiting_for"]

STALE = ("ended_by_hand", "start_by_hand")
"""Reasons that doubt the list, not who the person is."""
DECIDED_ANEW = (*STALE, "unit_not_listed")
"""Reasons that each list gives by itself: one that lists the old unit as well settles the row."""


def waiting_for(draft: Draft, entry: Entry) -> UnresolvedRow | None:
    """The unresolved row of an earlier import that says the same as this one."""
    if entry.row.person is None:
        return None
    post_id = entry.post.post_id if entry.post else 0
    return next(
        (
            waiting
            for waiting in draft.waiting_at.get(post_id, ())
            if waiting.account_id == entry.account.id
            and are_equal([entry.row.person], [waiting.name])
        ),
        None,
    )


def recall_waiting(draft: Draft, account: AccountDraft) -> None:
    """Who was in doubt before and is not settled by an id is in the same doubt still."""
    for entry in account.entries:
        person = entry.person
        waiting = waiting_for(draft, entry)
        if waiting is None or person is None or person.stored or person.doubt:
            continue
        if waiting.reason not in DECIDED_ANEW:
            person.doubt = (waiting.reason, waiting.candidate_ids)


def lapse_waiting(draft: Draft) -> None:
    """A newer file that lists the unit and no longer says the same makes a waiting row moot."""
    for account in draft.accounts:
        for rows in draft.waiting_at.values():
            for waiting in rows:
                if (
                    waiting.account_id == account.id
                    and waiting.on < draft.day
                    and waiting.unit_id in account.compared
                    and (waiting.import_id, waiting.row) not in draft.recalled
                ):
                    draft.lapsed.append((waiting.import_id, waiting.row))
