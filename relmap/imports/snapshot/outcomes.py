"""What became of each seat: who left, who followed, where they went, what closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from relmap.contracts.words import LEVELS
from relmap.imports.facts_on_file import StoredPost, StoredTenure
from relmap.imports.plan import PostLabel
from relmap.imports.snapshot.absences import kept_by
from relmap.imports.snapshot.announced import joins_ahead
from relmap.imports.snapshot.posts import level_of
from relmap.imports.snapshot.tenures import end_tenure
from relmap.imports.snapshot_draft import AccountDraft, Draft, FilePost, Join, Leave

__all__ = ["Outcomes", "rank", "settle_outcomes"]


class Outcomes:
    """The joins and leaves of the whole file, by post and by person."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.leaves_of: defaultdict[int, list[Leave]] = defaultdict(list)
        self.leaving = {leave.tenure.id for leave in draft.leaves}
        for leave in draft.leaves:
            self.leaves_of[leave.tenure.person_id].append(leave)

    def moved_to(self, leave: Leave) -> Join | None:
        """The highest post that the leaver joined in this file."""
        person = self.draft.settled.get(leave.tenure.person_id)
        joins = self.draft.joins_of.get(person, []) if person else []
        return min(joins, key=self._height, default=None)

    def _height(self, join: Join) -> tuple[int, int]:
        return (rank(level_of(self.draft, join.account, join.post)), join.entry.row.row)

    def remaining(self, account: AccountDraft, post_id: int) -> list[StoredTenure]:
        """Who sat in the post before and still does."""
        return [
            tenure
            for tenure in account.seating.tenures_in.get(post_id, ())
            if account.sits(tenure, self.draft.day) and tenure.id not in self.leaving
        ]

    def is_taken_in_doubt(self, account: AccountDraft, post: FilePost | None) -> bool:
        """Whether somebody doubtful or unknown sits there beside those on file."""
        if post is None:
            return False
        doubtful = [entry for entry in post.named if entry.is_waiting]
        return post.count("unknown") > 0 or any(
            not kept_by(self.draft, account, entry)
            and not (entry.doubt and entry.doubt[0] == "start_by_hand")
            for entry in doubtful
        )


def rank(level: str) -> int:
    """0 for the highest level."""
    return [str(one) for one in LEVELS].index(level)


def settle_outcomes(draft: Draft) -> Outcomes:
    """Close what is gone, mark what is vacant, and tell who left and who joined."""
    outcomes, parents = Outcomes(draft), _new_parents(draft)
    for account in draft.accounts:
        posts = {post.post_id: post for post in account.posts}
        _close_units(draft, account, outcomes, parents[account.id])
        _close_posts(draft, account, outcomes, posts)
        _mark_vacancies(draft, account, outcomes, posts)
        _count_seats(draft, account)
        for leave in account.leaves:
            _tell_leave(draft, account, leave, outcomes, posts.get(leave.tenure.post_id))
    for join in draft.joins:
        _tell_join(draft, join, outcomes)
    return outcomes


# --- what closes


def _close_units(
    draft: Draft, account: AccountDraft, outcomes: Outcomes, parents: Mapping[int, int]
) -> None:
    """A unit absent from a complete file is closed, unless somebody or something is left in it."""
    seating = account.seating
    parent_of = {unit.id: unit.parent_id for unit in seating.units}
    parent_of.update(parents)
    closing = {
        unit_id
        for unit_id in account.absent
        if not seating.unit[unit_id].is_root
        and seating.unit[unit_id].starts_on < draft.day
        and not any(
            outcomes.remaining(account, post.id) or _is_announced(draft, account, post.id)
            for post in seating.posts_in.get(unit_id, ())
        )
    }
    while spared := {
        parent
        for unit_id, parent in parent_of.items()
        if parent in closing and unit_id not in closing
    }:
        closing -= spared
    account.closed_units = closing
    for unit_id in sorted(closing):
        after = draft.covered_before(account, unit_id)
        starts_on = seating.unit[unit_id].starts_on
        _close(draft, account, "unit", unit_id, after, starts_on)
        unit = account.unit_label(unit_id)
        draft.tell("unit_closed", account, unit=unit, unit_id=unit_id)
        for post in seating.posts_in.get(unit_id, ()):
            account.closed_posts.add(post.id)
            _close(draft, account, "post", post.id, after, post.starts_on)


def _is_announced(draft: Draft, account: AccountDraft, post_id: int) -> bool:
    """Whether somebody on file is to take the post after the day of the list."""
    tenures = account.seating.tenures_in.get(post_id, ())
    return any(tenure.starts_on > draft.day for tenure in tenures)


def _new_parents(draft: Draft) -> defaultdict[int | None, dict[int, int]]:
    """The units above those that are moved or new, by account."""
    parents: defaultdict[int | None, dict[int, int]] = defaultdict(dict)
    for row in draft.revised:
        if row.kind == "unit" and "parent_id" in row.after:
            parents[row.account_id][row.id] = row.after["parent_id"]
    for (kind, number), columns in draft.made.items():
        if kind == "unit" and columns.get("parent_id") is not None:
            parents[columns["account_id"]][number] = columns["parent_id"]
    return parents


def _close(
    draft: Draft,
    account: AccountDraft,
    kind: str,
    fact_id: int,
    after: date | None,
    starts_on: date,
) -> None:
    if starts_on >= draft.day:
        return
    if after is not None:
        after = max(after, starts_on)
    draft.revise(
        f"close_{kind}",
        kind,
        fact_id,
        {"ends_on": draft.day, "ends_after": after},
        account_id=account.id,
    )


def _close_posts(
    draft: Draft, account: AccountDraft, outcomes: Outcomes, posts: dict[int, FilePost]
) -> None:
    """A title that is gone is closed if its last holder took a new title in the same unit."""
    for leave in account.leaves:
        post_id, unit_id = leave.tenure.post_id, leave.tenure.unit_id
        if post_id in account.closed_posts or post_id in posts:
            continue
        if unit_id not in account.listed or outcomes.remaining(account, post_id):
            continue
        person = draft.settled.get(leave.tenure.person_id)
        took_new_title = any(
            join.post.is_new and join.post.unit.unit_id == unit_id
            for join in (draft.joins_of.get(person, []) if person else [])
        )
        if took_new_title:
            account.closed_posts.add(post_id)
            after = draft.covered_before(account, unit_id)
            _close(draft, account, "post", post_id, after, account.seating.post[post_id].starts_on)


# --- who sits there now


def _mark_vacancies(
    draft: Draft, account: AccountDraft, outcomes: Outcomes, posts: dict[int, FilePost]
) -> None:
    lost = {
        leave.tenure.post_id: leave.tenure.starts_on
        if leave.tenure.id in account.never_came
        else leave.end.on
        for leave in account.leaves
    }
    touched = sorted({*posts, *lost} - account.closed_posts)
    for post_id in touched:
        post = posts.get(post_id)
        stored = account.seating.post.get(post_id)
        ahead = [join.start.on for join in joins_ahead(draft, post_id)]
        holds = len(draft.joins_in.get(post_id, ())) > len(ahead) or bool(
            outcomes.remaining(account, post_id)
        )
        since = stored.vacant_since if stored else None
        stays = any(
            tenure.id in account.still_there
            for tenure in account.seating.tenures_in.get(post_id, ())
        )
        if holds and not stays and since is not None and since > draft.day:
            continue  # vacant from the day on which who sits there is announced to leave
        if ahead and not holds:
            if since is not None:
                _set_vacant(draft, account, post_id, None, filled_on=min(ahead))
            continue
        if holds or outcomes.is_taken_in_doubt(account, post):
            vacant_since = None
        elif (post is not None and post.count("vacant")) or post_id in lost:
            is_since_then = since is not None and since <= draft.day  # else it was announced
            vacant_since = since if is_since_then else lost.get(post_id, draft.day)
        else:
            vacant_since = since
        if vacant_since != since:
            _set_vacant(draft, account, post_id, vacant_since)
            if not (holds or post_id in lost) and stored is not None and post is not None:
                _tell_vacancy(draft, account, post, since, vacant_since)


def _set_vacant(
    draft: Draft,
    account: AccountDraft,
    post_id: int,
    vacant_since: date | None,
    *,
    filled_on: date | None = None,
) -> None:
    draft.revise(
        "fill_post" if vacant_since is None else "mark_vacant",
        "post",
        post_id,
        {"vacant_since": vacant_since},
        account_id=account.id,
        effective_on=vacant_since or filled_on or draft.day,
    )


def _tell_vacancy(
    draft: Draft, account: AccountDraft, post: FilePost, before: date | None, after: date | None
) -> None:
    if any(entry.is_waiting for entry in post.named):
        return  # the uncertain row says so
    draft.tell(
        "fact_changed",
        account,
        row=post.entries[0].row.row,
        unit=post.unit.label,
        unit_id=post.unit.unit_id,
        post=post.title,
        post_id=post.post_id,
        before={"vacant_since": before.isoformat() if before else None},
        after={"vacant_since": after.isoformat() if after else None},
    )


def _count_seats(draft: Draft, account: AccountDraft) -> None:
    """As many seats as were ever listed, and as many as ever had a holder on one day."""
    leaving = {leave.tenure.id: leave.end.on for leave in account.leaves}
    for post in account.posts:
        stored = account.seating.post.get(post.post_id)
        held = _most_at_once(_spans(draft, account, post.post_id, leaving))
        seats = max(draft.seats_of(account, post), held)
        old = stored.seats if stored else 1
        if seats != old or stored is None:
            draft.revise(
                "change_post",
                "post",
                post.post_id,
                {"seats": seats},
                account_id=account.id,
                effective_on=draft.day,
            )


Span = tuple[date, date | None]


def _spans(
    draft: Draft, account: AccountDraft, post_id: int, leaving: Mapping[int, date]
) -> list[Span]:
    """When anybody held the post, by what is on file and what this file says."""
    spans: list[Span] = [
        (join.start.on, draft.made["tenure", join.tenure_id].get("ends_on"))
        for join in draft.joins_in.get(post_id, ())
    ]
    for tenure in account.seating.tenures_in.get(post_id, ()):
        if tenure.never_came or tenure.id in account.never_came:
            continue
        ends_on = draft.end_of(account, tenure, leaving)  # who is confirmed sits on
        spans.append((account.corrected_starts.get(tenure.id, tenure.starts_on), ends_on))
    return spans


def _most_at_once(spans: list[Span]) -> int:
    """The largest number on one day; it is reached where one of them begins."""
    return max(
        (
            sum(begin <= day and (end is None or end > day) for begin, end in spans)
            for day, _ in spans
        ),
        default=0,
    )


# --- telling


def _tell_leave(
    draft: Draft,
    account: AccountDraft,
    leave: Leave,
    outcomes: Outcomes,
    post: FilePost | None,
) -> None:
    tenure = leave.tenure
    if tenure.id in account.never_came:
        _tell_never_came(draft, account, leave)
        return
    joined = draft.joins_in.get(tenure.post_id, [])
    target = outcomes.moved_to(leave)
    reason = _end_reason(draft, account, tenure, target)
    end_tenure(draft, account, tenure, leave.end, reason)
    draft.tell(
        "left_post",
        account,
        row=leave.row,
        **account.told(tenure.unit_id, tenure.post_id),
        person_id=tenure.person_id,
        tenure_id=tenure.id,
        seat=_seat(account, tenure, outcomes, post, is_joined=bool(joined)),
        moved_to=_place_of(target),
        reason=reason,
        successors=tuple(dict.fromkeys(join.person.person_id for join in joined)),
        end=leave.end,
    )


def _tell_never_came(draft: Draft, account: AccountDraft, leave: Leave) -> None:
    """Nobody left; a note says whom the list does not have."""
    tenure = leave.tenure
    end_tenure(draft, account, tenure, leave.end, "never_came")
    draft.tell(
        "fact_changed",
        account,
        **account.told(tenure.unit_id, tenure.post_id),
        person_id=tenure.person_id,
        tenure_id=tenure.id,
        before={"end_reason": None},
        after={"end_reason": "never_came"},
    )


def _seat(
    account: AccountDraft,
    tenure: StoredTenure,
    outcomes: Outcomes,
    post: FilePost | None,
    *,
    is_joined: bool,
) -> str:
    if is_joined or outcomes.is_taken_in_doubt(account, post):
        return "replaced"
    if outcomes.remaining(account, tenure.post_id):
        return "still_held"
    if tenure.unit_id in account.closed_units:
        return "unit_closed"
    return "post_closed" if tenure.post_id in account.closed_posts else "vacant"


def _end_reason(
    draft: Draft, account: AccountDraft, tenure: StoredTenure, target: Join | None
) -> str:
    if target is None:
        return account.given_ends.get(tenure.id, "unknown")
    if target.account is not account:
        return "left_company"
    old = account.seating.post[tenure.post_id]
    is_up = rank(level_of(draft, account, target.post)) < rank(_old_level(draft, account, old))
    return "promoted" if is_up else "moved_inside"


def _old_level(draft: Draft, account: AccountDraft, old: StoredPost) -> str:
    """The old post's level, corrected by this file if it says so."""
    for post in account.posts:
        if post.post_id == old.id:
            return level_of(draft, account, post)
    return old.level


def _place_of(join: Join | None) -> PostLabel | None:
    if join is None:
        return None
    return PostLabel(join.account.name, join.post.unit.label, join.post.title)


def _tell_join(draft: Draft, join: Join, outcomes: Outcomes) -> None:
    draft.tell(
        "joined_post",
        join.account,
        row=join.entry.row.row,
        unit=join.post.unit.label,
        unit_id=join.post.unit.unit_id,
        post=join.post.title,
        post_id=join.post.post_id,
        person_id=join.person.person_id,
        tenure_id=join.tenure_id,
        moved_from=_moved_from(join, outcomes),
        reason="first_seen" if join.start.after is None else None,
        start=join.start,
    )


def _moved_from(join: Join, outcomes: Outcomes) -> PostLabel | None:
    """The highest post that the person left in this file, or holds where the file does not look."""
    person = join.person
    left = outcomes.leaves_of.get(person.person_id, [])
    if left:
        leave = min(left, key=lambda one: rank(one.account.seating.post[one.tenure.post_id].level))
        return leave.account.place(leave.tenure.unit_id, leave.tenure.post_id)
    if person.stored and person.stored.elsewhere:
        there = person.stored.elsewhere[0]
        return PostLabel(there.account, there.unit, there.post)
    return None
