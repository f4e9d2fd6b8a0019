"""Whom a list leaves out: who leaves by that, and who is kept."""

from __future__ import annotations

from datetime import date, timedelta

from relmap.imports.facts_on_file import StoredPost, StoredTenure
from relmap.imports.plan import Interval
from relmap.imports.snapshot.days import end_between
from relmap.imports.snapshot_draft import (
    AccountDraft,
    Draft,
    Entry,
    FilePerson,
    FilePost,
    Join,
    Leave,
)

__all__ = ["end_absent", "kept_by"]


def end_absent(draft: Draft, account: AccountDraft) -> None:
    """End the tenures of the compared units that no row confirms, save those that are kept."""
    _keep_what_waits(draft, account)
    _keep_whom_a_contact_row_names(draft, account)
    file_posts = {post.post_id: post for post in account.posts}
    for unit_id in sorted(account.compared):
        for stored in account.seating.posts_in.get(unit_id, ()):
            _end_absent(draft, account, stored, file_posts.get(stored.id))


def _keep_what_waits(draft: Draft, account: AccountDraft) -> None:
    """Where a doubtful row and a candidate for it share a post, everything there waits."""
    for post in account.posts:
        for entry in post.named:
            if not entry.is_waiting:
                continue
            for tenure in kept_by(draft, account, entry):
                account.kept.add(tenure.id)


def kept_by(draft: Draft, account: AccountDraft, entry: Entry) -> list[StoredTenure]:
    """The tenures of this post that end or go on by who the row turns out to be."""
    doubt = entry.doubt or (entry.person and entry.person.doubt)
    if not doubt or entry.post is None:
        return []
    return [
        tenure
        for tenure in account.seating.tenures_in.get(entry.post.post_id, ())
        if tenure.person_id in doubt[1]
        and tenure.is_open(draft.day)
        and tenure.id not in account.listed_tenures
    ]


def _keep_whom_a_contact_row_names(draft: Draft, account: AccountDraft) -> None:
    """A row without a title ends nothing: its person keeps a seat that nobody else takes."""
    sitting = {post.post_id: len(post.named) + post.count("vacant") for post in account.posts}
    for entry in account.entries:
        if not (entry.row.is_contact and entry.person and entry.person.stored):
            continue
        for tenure in account.seating.tenures_of.get(entry.person.person_id, ()):
            stored = account.seating.post.get(tenure.post_id)
            if (
                stored is None
                or not tenure.is_open(draft.day)
                or tenure.id in account.listed_tenures
                or (entry.unit is not None and entry.unit.unit_id != tenure.unit_id)
                or sitting.get(stored.id, 0) >= stored.seats
                or tenure.unit_id not in account.compared
            ):
                continue
            account.kept.add(tenure.id)
            draft.note(
                entry.row.row,
                "Row {row} has no title; the person is left in the post {post}.",
                post=account.post_label(stored.id),
            )


def _end_absent(
    draft: Draft, account: AccountDraft, stored: StoredPost, post: FilePost | None
) -> None:
    unknown_sits = post is not None and post.count("unknown") > 0
    covered_on = draft.covered_before(account, stored.unit_id)
    leaves: list[Leave] = []
    sitting = [
        tenure
        for tenure in account.seating.tenures_in.get(stored.id, ())
        if account.sits(tenure, draft.day)
        and (tenure.id not in account.given_ends or tenure.id in account.listed_tenures)
    ]
    for tenure in sitting:
        if tenure.id in account.listed_tenures or tenure.id in account.kept:
            continue
        if unknown_sits and not _is_in_a_post(draft.settled.get(tenure.person_id)):
            account.kept.add(tenure.id)  # somebody sits there whom the list does not know
        elif not tenure.is_listed:
            draft.counts["not_in_file"] += 1
        elif _leaves_for_whom_is_listed(draft, account, tenure):
            account.kept.add(tenure.id)
        elif tenure.listed_on is not None and tenure.listed_on < tenure.starts_on:
            _never_came(draft, account, tenure)
        elif tenure.starts_on < draft.day:
            leaves.append(Leave(account, tenure, _end(draft, tenure, covered_on)))
    account.leaves.extend(_by_given_starts(draft, stored, leaves, len(sitting)))


def _never_came(draft: Draft, account: AccountDraft, tenure: StoredTenure) -> None:
    """Whoever was announced and is in no list since has not left: the announcement was not kept."""
    account.never_came.add(tenure.id)
    end = Interval(tenure.starts_on, tenure.starts_on + timedelta(days=1))
    account.leaves.append(Leave(account, tenure, end))
    draft.note(
        None,
        "{person} was announced as {post} for {day} and did not come: the list has nobody of that "
        "name there.",
        person=account.seating.people[tenure.person_id].name,
        post=account.post_label(tenure.post_id),
        day=tenure.starts_on,
    )


def _leaves_for_whom_is_listed(draft: Draft, account: AccountDraft, tenure: StoredTenure) -> bool:
    """Whether the seat is to be left on the day on which somebody whom the file names begins."""
    end = draft.end_of(account, tenure, {})
    return any(
        draft.day < account.corrected_starts.get(other.id, other.starts_on) == end
        for other in account.seating.tenures_in.get(tenure.post_id, ())
        if other.id in account.listed_tenures
    )


def _end(draft: Draft, tenure: StoredTenure, covered_on: date | None) -> Interval:
    """By the list's day; who is announced for another post sits there until then."""
    person = draft.settled.get(tenure.person_id)
    starts = [join.start for join in draft.joins_of.get(person, ())] if person else []
    if starts and min(start.on for start in starts) > draft.day:
        next_start = min(starts, key=lambda start: start.on)
        return end_between(tenure, next_start.after, next_start.on)
    return end_between(tenure, covered_on, draft.day)


def _is_in_a_post(person: FilePerson | None) -> bool:
    return person is not None and any(entry.post is not None for entry in person.entries)


def _by_given_starts(
    draft: Draft, stored: StoredPost, leaves: list[Leave], sitting_count: int
) -> list[Leave]:
    """Who leaves a full seat leaves on the day on which the file lets another begin there."""
    given = sorted(
        (join.start.on, join.start) for join in draft.joins_in[stored.id] if _is_given(join)
    )
    free = max(stored.seats - sitting_count, 0)
    starts = [start for _, start in given[free:]]
    result = []
    for place, leave in enumerate(leaves):
        start = starts[place] if place < len(starts) else None
        if start is not None and leave.tenure.starts_on < start.on:
            leave = Leave(
                leave.account, leave.tenure, end_between(leave.tenure, start.after, start.on)
            )
        result.append(leave)
    return result


def _is_given(join: Join) -> bool:
    cell = join.entry.row.starts
    return cell is not None and join.start.after is not None and cell.on > join.start.after
