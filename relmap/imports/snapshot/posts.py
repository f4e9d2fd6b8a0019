"""Which post of the file is which post on file: by its title, or as the one it continues."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from rapidfuzz import fuzz

from relmap.contracts import N_
from relmap.imports.facts_on_file import StoredPost
from relmap.imports.snapshot.regrades import regraded_posts
from relmap.imports.snapshot.retitles import listed_keys, person_keys
from relmap.imports.snapshot_draft import AccountDraft, Draft, FilePost, FileUnit
from relmap.names.matching import are_alike_titles, title_key
from relmap.names.short_forms import mean_the_same
from relmap.names.titles import guess_function, guess_level
from relmap.names.units import readings_within

__all__ = ["level_of", "match_posts", "match_retitled", "open_new_posts"]

MORE_THAN_ONE: Final = {
    "level": N_("The rows of {post} give more than one level; the first counts."),
    "function": N_("The rows of {post} give more than one function; the first counts."),
    "decision_weight": N_(
        "The rows of {post} give more than one decision weight; the first counts."
    ),
}


def match_posts(draft: Draft, account: AccountDraft) -> None:
    """A post matches by its normalised title within the unit, else by what that means.

    Short forms mean the same; so does a title that the whole list writes anew.
    """
    for unit in account.units:
        by_key: dict[str, FilePost] = {}
        for entry in unit.entries:
            title = entry.row.post or ""
            key = title_key(title)
            if key not in by_key:
                by_key[key] = FilePost(unit, title)
                account.posts.append(by_key[key])
            entry.post = by_key[key]
            entry.post.entries.append(entry)
        for key, old in regraded_posts(draft, account, unit).items():
            if not _is_given_otherwise(by_key[key], old):
                _retitle(draft, account, by_key[key], old)
        for stored in account.seating.posts_in.get(unit.unit_id, ()):
            post = by_key.get(title_key(stored.title))
            if post is not None and not post.post_id and stored.id not in account.post_labels:
                post.post_id = stored.id
        _match_rewritten(draft, account, unit, by_key)
    for post in account.posts:
        if post.post_id:
            account.post_labels[post.post_id] = post.title


def _match_rewritten(
    draft: Draft, account: AccountDraft, unit: FileUnit, by_key: dict[str, FilePost]
) -> None:
    """Where one title is gone and one is new that means the same, it is one post."""
    listed = {post.post_id for post in by_key.values()}
    gone = [old for old in account.seating.posts_in.get(unit.unit_id, ()) if old.id not in listed]
    unmatched = [post for post in by_key.values() if not post.post_id]
    pairs = [
        (post, old)
        for post, old in _of_one_meaning(unmatched, gone, unit=unit.name or "")
        if not _went_elsewhere(draft, account, old, post, unmatched)
    ]
    times = Counter(part for post, old in pairs for part in (id(post), -old.id))
    for post, old in pairs:
        if times[id(post)] == times[-old.id] == 1:
            _retitle(draft, account, post, old)
    for old in gone:
        new = by_key.get(account.retitled.get(title_key(old.title), ""))
        if new is None or new.post_id or old.id in account.post_labels:
            continue
        if not _is_given_otherwise(new, old) and not _went_elsewhere(
            draft, account, old, new, unmatched
        ):
            _retitle(draft, account, new, old)


def _went_elsewhere(
    draft: Draft, account: AccountDraft, old: StoredPost, post: FilePost, new: list[FilePost]
) -> bool:
    """Whether more of a post's holders, two at least, sit in another new one than in this one."""
    if len(new) < 2:
        return False
    holders = [
        person_keys(account.seating, tenure.person_id)
        for tenure in account.seating.tenures_in.get(old.id, ())
        if tenure.is_open(draft.day)
    ]

    def stay_in(other: FilePost) -> int:
        listed = {key for entry in other.entries for key in listed_keys(entry)}
        return sum(not keys.isdisjoint(listed) for keys in holders)

    most = max((stay_in(other) for other in new if other is not post), default=0)
    return most >= 2 and most > stay_in(post)


def _of_one_meaning(
    new: list[FilePost], gone: list[StoredPost], *, unit: str
) -> list[tuple[FilePost, StoredPost]]:
    """The pairs of titles that mean the same in a unit, their short forms opened."""
    meaning: defaultdict[str, list[FilePost]] = defaultdict(list)
    for post in new if gone else ():
        for reading in readings_within(post.title, unit):
            meaning[reading].append(post)
    pairs = {
        (id(post), old.id): (post, old)
        for old in gone
        for reading in readings_within(old.title, unit)
        for post in meaning.get(reading, ())
    }
    return list(pairs.values())


def match_retitled(draft: Draft, account: AccountDraft) -> None:
    """A post is retitled if its title is gone, the new one was not there, and holders stay."""
    for unit in account.units:
        posts = [post for post in account.posts if post.unit is unit]
        new = [post for post in posts if not post.post_id]
        listed = {post.post_id for post in posts}
        stored = account.seating.posts_in.get(unit.unit_id, ())
        gone = [post for post in stored if post.id not in listed]
        if new and gone:
            _match_best(draft, account, new, gone)


def _match_best(
    draft: Draft, account: AccountDraft, new: list[FilePost], gone: list[StoredPost]
) -> None:
    ranked: defaultdict[tuple[int, float], list[tuple[FilePost, StoredPost]]] = defaultdict(list)
    gone_by_id = {old.id: old for old in gone}
    for post in new:
        for old, stay in _where_from(draft, account, post, gone_by_id):
            if (stay >= 2 and not _is_given_otherwise(post, old)) or (
                stay == 1 and _is_alike(post, old)
            ):
                ranked[stay, fuzz.token_ratio(old.title, post.title)].append((post, old))
            elif stay == 1 and _is_alike_but_for_its_level(post, old):
                draft.note(
                    post.entries[0].row.row,
                    "Row {row}: {post} is taken for another post than {old_post}, since by its "
                    "words it has another level: the person counts as moved. If only the title "
                    "changed, undo this import and give the level in a column.",
                    post=post.title,
                    old_post=old.title,
                )
    taken: set[int] = set()
    for rank in sorted(ranked, reverse=True):
        pairs = [pair for pair in ranked[rank] if not pair[0].post_id and pair[1].id not in taken]
        times = Counter(part for pair in pairs for part in (id(pair[0]), -pair[1].id))
        for post, old in pairs:
            if times[id(post)] == times[-old.id] == 1:  # two equally good ones: neither
                taken.add(old.id)
                _retitle(draft, account, post, old)


def _where_from(
    draft: Draft, account: AccountDraft, post: FilePost, gone: Mapping[int, StoredPost]
) -> Iterator[tuple[StoredPost, int]]:
    """The posts that are gone whose holders sit in this one, and how many of them."""
    sitting = {entry.person.person_id for entry in post.named if entry.person}
    stay = Counter(
        tenure.post_id
        for person_id in sitting
        for tenure in account.seating.tenures_of.get(person_id, ())
        if tenure.is_open(draft.day)
    )
    return ((gone[post_id], count) for post_id, count in stay.items() if post_id in gone)


def _is_given_otherwise(post: FilePost, old: StoredPost) -> bool:
    """Whether level or function changed by what was given, not guessed: then it is another post."""
    return _differs(post, "level", old.level, is_given=old.level_is_given) or _differs(
        post, "function", old.function, is_given=old.function_is_given
    )


def _differs(post: FilePost, field: str, stored: str, *, is_given: bool) -> bool:
    given = _given(post, field)
    return is_given and given is not None and given != stored


def _is_alike(post: FilePost, old: StoredPost) -> bool:
    """Whether a post of one holder goes on by its title: alike, and of no other rank.

    Words of rank that differ by guess only tell two such titles apart; a level somebody corrected
    by hand stays with its post.
    """
    if _is_given_otherwise(post, old):
        return False
    if mean_the_same(old.title, post.title):
        return True
    return are_alike_titles(old.title, post.title) and (
        (_given(post, "level") is not None or guess_level(post.title) == guess_level(old.title))
        and (
            _given(post, "function") is not None
            or guess_function(post.title) == guess_function(old.title)
        )
    )


def _is_alike_but_for_its_level(post: FilePost, old: StoredPost) -> bool:
    """Whether nothing but a guess from the words says that it is another post."""
    return (
        are_alike_titles(old.title, post.title)
        and not _is_given_otherwise(post, old)
        and _given(post, "level") is None
        and guess_level(post.title) != guess_level(old.title)
    )


def _given(post: FilePost, field: str) -> Any:
    """What the first row that says so gives."""
    return next(
        (value for entry in post.entries if (value := getattr(entry.row, field)) is not None), None
    )


def _retitle(draft: Draft, account: AccountDraft, post: FilePost, old: StoredPost) -> None:
    post.post_id = old.id
    account.post_labels[old.id] = post.title
    draft.revise(
        "change_post",
        "post",
        old.id,
        {"title": post.title},
        account_id=account.id,
        effective_on=draft.day,
    )
    draft.tell(
        "post_renamed",
        account,
        row=post.entries[0].row.row,
        unit=post.unit.label,
        unit_id=post.unit.unit_id,
        post=post.title,
        post_id=old.id,
        before=old.title,
        after=post.title,
    )


# --- new posts, corrected posts


def open_new_posts(draft: Draft, account: AccountDraft) -> None:
    """Make the posts that are new; correct level, function and weight of those that are not."""
    for post in account.posts:
        stored = account.seating.post.get(post.post_id)
        _note_contradictions(draft, post)
        if stored is None:
            _open(draft, account, post)
        else:
            _correct(draft, account, post, stored)


def _open(draft: Draft, account: AccountDraft, post: FilePost) -> None:
    level, function = _given(post, "level"), _given(post, "function")
    post.is_new = True
    post.post_id = draft.make(
        "post",
        unit_id=post.unit.unit_id,
        title=post.title,
        level=level or guess_level(post.title),
        function=function or guess_function(post.title, unit=post.unit.name),
        level_is_given=level is not None,
        function_is_given=function is not None,
        decision_weight=_given(post, "decision_weight"),
        seats=1,
        reports_to_id=None,
        vacant_since=None,
        starts_after=draft.covered_before(account, post.unit.unit_id),
        starts_on=draft.day,
    )
    account.post_labels[post.post_id] = post.title
    draft.tell(
        "post_opened",
        account,
        row=post.entries[0].row.row,
        unit=post.unit.label,
        unit_id=post.unit.unit_id,
        post=post.title,
        post_id=post.post_id,
    )


def _correct(draft: Draft, account: AccountDraft, post: FilePost, stored: StoredPost) -> None:
    """Level, function and weight given in a file correct the post."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    marks: dict[str, bool] = {}
    for field in MORE_THAN_ONE:
        given = _given(post, field)
        if given is None:
            continue
        if field != "decision_weight" and not getattr(stored, f"{field}_is_given"):
            marks[f"{field}_is_given"] = True
        if given != getattr(stored, field):
            before[field], after[field] = getattr(stored, field), given
    if not (after or marks):
        return
    draft.revise(
        "change_post",
        "post",
        stored.id,
        {**after, **marks},
        account_id=account.id,
        effective_on=draft.day if after else None,
    )
    if after:
        draft.tell(
            "fact_changed",
            account,
            row=post.entries[0].row.row,
            unit=post.unit.label,
            unit_id=post.unit.unit_id,
            post=post.title,
            post_id=stored.id,
            before=before,
            after=after,
        )


def _note_contradictions(draft: Draft, post: FilePost) -> None:
    for field, text in MORE_THAN_ONE.items():
        values = {getattr(entry.row, field) for entry in post.entries} - {None}
        if len(values) > 1:
            draft.note(post.entries[0].row.row, text, post=post.title)


def level_of(draft: Draft, account: AccountDraft, post: FilePost) -> str:
    """The level of a post after this file."""
    given = _given(post, "level")
    stored = account.seating.post.get(post.post_id)
    return str(given or (stored.level if stored else guess_level(post.title)))
