"""What was announced and this list does not say any more: what falls, and what is kept."""

from __future__ import annotations

from collections.abc import Sequence

from relmap.imports.facts_on_file import StoredTenure
from relmap.imports.plan import Interval
from relmap.imports.snapshot.days import written
from relmap.imports.snapshot_draft import AccountDraft, Draft, Entry

__all__ = ["fallen_ends"]


def fallen_ends(draft: Draft, account: AccountDraft) -> list[tuple[Entry, StoredTenure]]:
    """The announced ends whose ground has fallen: the list has both there together.

    Of the ends and starts that nothing speaks against and the list does not say any more, a note
    says that they are kept.
    """
    fallen: list[tuple[Entry, StoredTenure]] = []
    for post in account.posts:
        for entry in post.named:
            for tenure in _announced_to_end(account, entry):
                grounds = _grounds(account, tenure)
                if _have_begun(draft, account, grounds):
                    fallen.append((entry, tenure))
                elif not grounds:
                    _say_kept_end(draft, entry, tenure)
    _say_kept_starts(draft, account)
    return fallen


def _announced_to_end(account: AccountDraft, entry: Entry) -> list[StoredTenure]:
    """The ends of who the row confirms in the post, where the file says nothing of them."""
    if entry.person is None or entry.post is None:
        return []
    return [
        tenure
        for tenure in account.seating.tenures_of.get(entry.person.person_id, ())
        if tenure.post_id == entry.post.post_id
        and tenure.id in account.listed_tenures
        and tenure.end_is_announced
        and tenure.id not in account.ended
        and tenure.id not in account.still_there
        and tenure.id not in account.given_ends
        and (entry.row.ends is None or entry.row.ends.on != tenure.ends_on)
    ]


def _grounds(account: AccountDraft, tenure: StoredTenure) -> list[StoredTenure]:
    """The announced starts that an end rests on: of who follows, or of what it is left for."""
    seating = account.seating
    beside = (
        *seating.tenures_in.get(tenure.post_id, ()),
        *seating.tenures_of.get(tenure.person_id, ()),
    )
    return [other for other in beside if other.starts_on == tenure.ends_on]


def _have_begun(draft: Draft, account: AccountDraft, grounds: Sequence[StoredTenure]) -> bool:
    """Whether the list has somebody there already beside whom was to leave for them."""
    return any(
        other.id in account.listed_tenures
        and account.corrected_starts.get(other.id, other.starts_on) <= draft.day
        for other in grounds
    )


def _say_kept_end(draft: Draft, entry: Entry, tenure: StoredTenure) -> None:
    assert entry.post is not None
    draft.note(
        entry.row.row,
        "Row {row}: the list no longer says that {post} is to be left on {day}; that stays "
        "announced.",
        post=entry.post.title,
        day=tenure.ends_on,
    )


def _say_kept_starts(draft: Draft, account: AccountDraft) -> None:
    """Who is announced for a unit that the list names, and stands there in no row."""
    for unit_id in sorted(account.compared & account.listed):
        for post in account.seating.posts_in.get(unit_id, ()):
            for tenure in account.seating.tenures_in.get(post.id, ()):
                if (
                    tenure.starts_on > draft.day
                    and tenure.listed_on is not None
                    and tenure.id not in account.listed_tenures
                ):
                    start = Interval(tenure.starts_after, tenure.starts_on, tenure.precision)
                    draft.note(
                        None,
                        "The list no longer says that {person} begins as {post} ({day}); that "
                        "stays announced.",
                        person=account.seating.people[tenure.person_id].name,
                        post=account.post_label(post.id),
                        day=written(start),
                    )
