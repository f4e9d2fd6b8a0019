"""Who is to begin after the day of the list: the seat keeps its holder until then.

Two holders of one seat whose days do not overlap need one seat: who fills the seat that somebody is
announced for is taken to leave it on that day, where the list does not say who else would.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from relmap.imports.facts_on_file import StoredTenure
from relmap.imports.plan import Interval
from relmap.imports.snapshot.days import end_between, written
from relmap.imports.snapshot_draft import AccountDraft, Draft, Entry, FilePost, Join, Leave

__all__ = ["hand_over", "joins_ahead", "move_end", "postpone_ends"]


def joins_ahead(draft: Draft, post_id: int) -> list[Join]:
    """The tenures of a post that this file announces."""
    return [join for join in draft.joins_in[post_id] if join.start.on > draft.day]


def hand_over(draft: Draft, account: AccountDraft) -> None:
    """Let go who fills a seat on the day on which somebody else is announced for it."""
    for post in account.posts:
        by_day: defaultdict[date, list[Interval]] = defaultdict(list)
        for start in _starts_ahead(draft, account, post.post_id):
            by_day[start.on].append(start)
        for day in sorted(by_day):
            _hand_over(draft, account, post, by_day[day])


def _starts_ahead(draft: Draft, account: AccountDraft, post_id: int) -> Iterator[Interval]:
    """When those begin whom this file announces for a post, or an earlier word did."""
    for join in joins_ahead(draft, post_id):
        yield join.start
    for tenure in account.seating.tenures_in.get(post_id, ()):
        on = account.corrected_starts.get(tenure.id, tenure.starts_on)
        if on > draft.day:
            is_as_on_file = on == tenure.starts_on
            after = tenure.starts_after if is_as_on_file else None
            yield Interval(after, on, tenure.precision if is_as_on_file else "day")


def _hand_over(
    draft: Draft, account: AccountDraft, post: FilePost, starts: Sequence[Interval]
) -> None:
    start, row = starts[0], _row_of(draft, post, starts[0])
    leaving = {leave.tenure.id: leave.end.on for leave in account.leaves}
    stored = {
        tenure: draft.end_of(account, tenure, leaving)
        for tenure in account.seating.tenures_in.get(post.post_id, ())
        if account.sits(tenure, draft.day)
    }
    joined = {
        join: draft.made["tenure", join.tenure_id].get("ends_on")
        for join in draft.joins_in[post.post_id]
        if join.start.on < start.on
    }
    ends = [end for end in (*stored.values(), *joined.values()) if end is None or end > start.on]
    excess = len(ends) + len(starts) - draft.seats_of(account, post)
    if excess <= 0 or None not in ends:
        return
    is_taken = bool(stored) or any(join.start.on <= draft.day for join in joined)
    leaving_joins = [join for join, end in joined.items() if end is None]
    if (
        excess != ends.count(None)
        or any(tenure.id in account.kept for tenure in stored)
        or any(not _follows(draft, start, join, is_taken=is_taken) for join in leaving_joins)
    ):
        draft.note(
            row,
            "Row {row}: who of {post} leaves when the next begins ({day}) is not said; it gets "
            "another seat.",
            post=post.title,
            day=written(start),
        )
        return
    for tenure in (tenure for tenure, end in stored.items() if end is None):
        account.leaves.append(Leave(account, tenure, end_between(tenure, start.after, start.on)))
    for join in leaving_joins:
        _end_joined(draft, account, join, start)
    draft.note(
        row,
        "Row {row}: who holds {post} is taken to leave when the next begins ({day}).",
        post=post.title,
        day=written(start),
    )


def _follows(draft: Draft, start: Interval, join: Join, *, is_taken: bool) -> bool:
    """Whether who begins at ``start`` can be the next after a join of the same file.

    Two who are announced for a seat that nobody leaves are to sit side by side, and of two who
    begin in one year nobody knows who is the first.
    """
    is_next = start.after is not None and start.after >= join.start.on
    return is_next and (is_taken or join.start.on <= draft.day)


def _row_of(draft: Draft, post: FilePost, start: Interval) -> int:
    """The row that announces the start, else the first of the post."""
    rows = [join.entry.row.row for join in joins_ahead(draft, post.post_id) if join.start == start]
    return rows[0] if rows else post.entries[0].row.row


def _end_joined(draft: Draft, account: AccountDraft, join: Join, start: Interval) -> None:
    after = max(start.after, join.start.on) if start.after else join.start.on
    ends = {"ends_after": after, "ends_on": start.on, "end_reason": "unknown"}
    draft.revise("end_tenure", "tenure", join.tenure_id, ends, account_id=account.id)


def postpone_ends(
    draft: Draft, account: AccountDraft, entry: Entry, announced: StoredTenure, start: Interval
) -> None:
    """An announced start that moves takes the ends along that rest on it.

    They are of who hands the post over, and of what the person leaves for it.
    """
    seating = account.seating
    of_post = seating.tenures_in.get(announced.post_id, ())
    for tenure in dict.fromkeys((*of_post, *seating.tenures_of.get(announced.person_id, ()))):
        if tenure.ends_on != announced.starts_on or tenure.end_by_hand:
            continue
        if tenure.id in account.still_there:
            continue
        move_end(draft, account, entry, tenure, end_between(tenure, start.after, start.on))


def move_end(
    draft: Draft, account: AccountDraft, entry: Entry, tenure: StoredTenure, end: Interval
) -> None:
    """An end on record moves to another day, because of a row."""
    assert entry.post is not None
    assert tenure.ends_on is not None
    account.ended[tenure.id] = end
    values = {"ends_after": end.after, "ends_on": end.on}
    draft.revise("end_tenure", "tenure", tenure.id, values, account_id=account.id)
    draft.tell(
        "fact_changed",
        account,
        row=entry.row.row,
        unit=entry.post.unit.label,
        unit_id=entry.post.unit.unit_id,
        post=entry.post.title,
        post_id=tenure.post_id,
        person_id=tenure.person_id,
        tenure_id=tenure.id,
        before={"ends_on": tenure.ends_on.isoformat()},
        after={"ends_on": end.on.isoformat()},
    )
