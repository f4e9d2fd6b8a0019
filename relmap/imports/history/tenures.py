"""Histories become tenures: new ones are added, known ones filled in, nobody is overruled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select

from relmap.contracts.words import LEVELS, EndReason
from relmap.errors import Refused
from relmap.imports.history.draft import Additions
from relmap.imports.history.holders import HolderSearch
from relmap.imports.history.places import HistoryPost, Places
from relmap.imports.identity.roster import load_roster
from relmap.imports.plan import Made, Revised
from relmap.imports.sheets.tenure_rows import FileTenure
from relmap.models import Contact, Post, Tenure, Unit, db

__all__ = ["plan_tenures"]

_HANDOVER: Final = timedelta(days=31)
"""A post taken within so many days of leaving another is where the person went."""


@dataclass(slots=True)
class _Span:
    """A tenure on file, or a row that becomes one."""

    id: int
    person_id: int
    seat: HistoryPost
    starts_after: date | None
    starts_on: date
    ends_after: date | None
    ends_on: date | None
    end_reason: str | None
    basis: str
    listed_on: date | None
    acting: bool = False
    term_ends_on: date | None = None
    row: FileTenure | None = None

    def overlaps(self, row: FileTenure) -> bool:
        """Whether both cover a day."""
        return (row.ends is None or self.starts_on < row.ends.on) and (
            self.ends_on is None or row.starts.on < self.ends_on
        )


def plan_tenures(rows: Sequence[FileTenure], *, on: date) -> Additions:
    """What a history of the day ``on`` adds and fills in. Writes nothing."""
    counts = dict.fromkeys(("rows", "tenure_added", "tenure_changed", "unchanged"), 0)
    draft = Additions(counts={**counts, "rows": len(rows)})
    ordered = sorted(rows, key=lambda row: (row.starts.on, row.row))
    places = Places(draft, tuple(ordered), on=on)
    account_ids = {account_id for account_id, _ in places.accounts.values()}
    named = [(row, places.account(row)) for row in ordered if row.person]
    spans = _Spans(places, account_ids, on)
    holders = HolderSearch(draft, load_roster(account_ids), named, spans.units_of)
    for row in ordered:
        seat = places.seat(row)
        if not row.person:
            continue
        person = holders.person(row, seat.account_id, seat.unit_id)
        known = spans.overlapping(person.id, seat.id, row)
        if known is None:
            spans.add(draft.new_id("tenure"), person.id, seat, row)
        elif known.row is not None:
            _refuse_overlap(draft, known.row, row)
        elif not spans.fill_in(draft, known, row, holders):
            draft.count("unchanged")
    spans.settle(draft, holders)
    for row in ordered:
        if row.is_vacant:
            spans.vacate(draft, places.seat(row), row)
    places.finish()
    holders.finish()
    draft.changes.sort(key=lambda change: change["row"])
    return draft


def _refuse_overlap(draft: Additions, first: FileTenure, row: FileTenure) -> None:
    if (first.starts, first.ends, first.acting) != (row.starts, row.ends, row.acting):
        raise Refused(
            "Row {row} and row {other_row} have {person} in {post} at the same time. Make "
            "them one, or correct the days.",
            row=row.row,
            other_row=first.row,
            person=row.person,
            post=row.post,
        )
    draft.count("unchanged")
    draft.note(row.row, "Row {row} repeats row {other_row}.", other_row=first.row)


class _Spans:
    """Tenures by person and post: those on file, and those that rows add."""

    def __init__(self, places: Places, account_ids: set[int], on: date) -> None:
        self._places = places
        self._on = on
        self._of: defaultdict[tuple[int, int], list[_Span]] = defaultdict(list)
        self._in_seat: defaultdict[int, list[_Span]] = defaultdict(list)
        self._by_person: defaultdict[int, list[_Span]] = defaultdict(list)
        self._added: list[_Span] = []
        for tenure in _tenures_of(account_ids):
            self._take(
                _Span(
                    id=tenure.id,
                    person_id=tenure.person_id,
                    seat=places.seats[tenure.post_id],
                    starts_after=tenure.starts_after,
                    starts_on=tenure.starts_on,
                    ends_after=tenure.ends_after,
                    ends_on=tenure.ends_on,
                    end_reason=tenure.end_reason,
                    basis=tenure.basis,
                    listed_on=tenure.listed_on,
                    acting=tenure.acting,
                    term_ends_on=tenure.term_ends_on,
                )
            )

    def _take(self, span: _Span) -> None:
        self._of[span.person_id, span.seat.id].append(span)
        self._in_seat[span.seat.id].append(span)
        self._by_person[span.person_id].append(span)

    def units_of(self, person_id: int) -> set[int]:
        """Where the person sits or sat."""
        return {span.seat.unit_id for span in self._by_person.get(person_id, ())}

    def overlapping(self, person_id: int, seat_id: int, row: FileTenure) -> _Span | None:
        """The person's tenure in the post that the row means, if there is one."""
        return next((one for one in self._of[person_id, seat_id] if one.overlaps(row)), None)

    def add(self, tenure_id: int, person_id: int, seat: HistoryPost, row: FileTenure) -> None:
        """A tenure that the row adds."""
        span = _Span(
            id=tenure_id,
            person_id=person_id,
            seat=seat,
            starts_after=row.starts.after if row.start_known else None,
            starts_on=row.starts.on,
            ends_after=None if row.ends is None else row.ends.after,
            ends_on=None if row.ends is None else row.ends.on,
            end_reason=row.end_reason,
            basis="history",
            listed_on=row.starts.on,
            acting=row.acting,
            term_ends_on=row.term_ends_on,
            row=row,
        )
        self._take(span)
        self._added.append(span)

    def fill_in(
        self, draft: Additions, known: _Span, row: FileTenure, holders: HolderSearch
    ) -> bool:
        """What the row knows better than the file; ``False`` where it is nothing."""
        was_to_start_on = known.starts_on
        if not _fill_in(draft, known, row, self._on):
            return False
        if self._on < was_to_start_on != known.starts_on:
            for other in self._in_seat[known.seat.id]:  # who hands over stays as long
                is_next = other.ends_on == was_to_start_on and other.end_reason == "unknown"
                if is_next and other.starts_on < known.starts_on:
                    self._end_with(draft, other, known, row, holders)
        return True

    def settle(self, draft: Additions, holders: HolderSearch) -> None:
        """Give reasons to ends, seats to posts; put the new tenures into the draft."""
        for seat_id, row in {span.seat.id: span.row for span in self._added if span.row}.items():
            ahead: defaultdict[date, list[_Span]] = defaultdict(list)
            for span in self._in_seat[seat_id]:
                if span.starts_on > self._on:
                    ahead[span.starts_on].append(span)
            for day in sorted(ahead):
                self._hand_over(draft, ahead[day], row, holders)
        for span in self._added:
            if span.end_reason == "unknown":
                span.end_reason = self._reason(span)
            _make(draft, span)
        for seat_id in {span.seat.id for span in self._added}:
            self._settle_seat(seat_id)
        _end_contacts(draft, self._added)

    def _hand_over(
        self, draft: Additions, newcomers: Sequence[_Span], row: FileTenure, holders: HolderSearch
    ) -> None:
        """Who fills the seat that others are announced for on a day leaves it on that day."""
        day, seat, row = newcomers[0].starts_on, newcomers[0].seat, newcomers[0].row or row
        others = [span for span in self._in_seat[seat.id] if span.starts_on < day]
        seats = max(seat.seats, _most_at_once([one for one in others if one.starts_on <= self._on]))
        sitting = [span for span in others if (span.ends_on or date.max) > day]
        staying = [span for span in sitting if span.ends_on is None or self._waits(span)]
        excess = len(sitting) + len(newcomers) - seats
        if excess <= 0 or not staying:
            return
        eve = newcomers[0].starts_after or day - timedelta(days=1)
        if excess != len(staying) or any(eve < span.starts_on for span in staying):
            text = (
                "Row {row}: who of {post} leaves when the next begins ({day}) is not said; it gets "
                "another seat."
            )
            draft.note(row.row, text, post=row.post, day=day)
            return
        for span in staying:
            self._end_with(draft, span, newcomers[0], row, holders)

    def _waits(self, span: _Span) -> bool:
        """Whether a tenure ends only because the next was announced: another may come before."""
        if span.ends_on is None or span.ends_on <= self._on or span.end_reason != "unknown":
            return False
        return any(other.starts_on == span.ends_on for other in self._in_seat[span.seat.id])

    def _end_with(
        self,
        draft: Additions,
        span: _Span,
        newcomer: _Span,
        row: FileTenure,
        holders: HolderSearch,
    ) -> None:
        """A tenure ends where the one that is announced for its seat begins."""
        eve = newcomer.starts_after or newcomer.starts_on - timedelta(days=1)
        after = max(eve, span.starts_on)
        before = {"ends_after": span.ends_after, "ends_on": span.ends_on}
        span.ends_after, span.ends_on = after, newcomer.starts_on
        span.end_reason = self._reason(span)
        values = {"ends_after": after, "ends_on": span.ends_on, "end_reason": span.end_reason}
        text = "Row {row}: who holds {post} is taken to leave when the next begins ({day})."
        draft.note(row.row, text, post=row.post, day=newcomer.starts_on)
        if span.row is not None:
            return
        told = {**_told(row), "person": holders.name(span.person_id), "external_id": None}
        told |= {"starts_on": span.starts_on.isoformat(), "ends_on": newcomer.starts_on.isoformat()}
        _revise(draft, span, row, told=told, before=before, after=values)

    def _reason(self, span: _Span) -> EndReason:
        """Why the person left, where the person's next post shows it."""
        assert span.ends_on is not None
        first, last = (span.ends_after or span.ends_on) - _HANDOVER, span.ends_on + _HANDOVER
        later = [
            other
            for other in self._by_person[span.person_id]
            if other is not span
            and other.starts_on > span.starts_on
            and first <= other.starts_on <= last
        ]
        if not later:
            return "unknown"
        if span.acting and any(other.seat is span.seat and not other.acting for other in later):
            return "acting_ended"
        here = [other for other in later if other.seat.account_id == span.seat.account_id]
        if not here:
            return "left_company"
        highest = min(LEVELS.index(other.seat.level) for other in here)
        return "promoted" if highest < LEVELS.index(span.seat.level) else "moved_inside"

    def vacate(self, draft: Additions, seat: HistoryPost, row: FileTenure) -> None:
        """A seat that the row says to be vacant is, unless somebody sits there."""
        if row.starts.on > self._on:
            draft.note(row.row, "Row {row}: a vacancy that lies ahead is not kept.")
            return
        if row.ends is not None and row.ends.on <= self._on:
            self._vacate_for_a_while(draft, seat, row, row.ends.on)
            return
        sitting = [
            span
            for span in self._in_seat[seat.id]
            if span.starts_on <= self._on and (span.ends_on is None or span.ends_on > self._on)
        ]
        if len(sitting) >= seat.seats:
            draft.note(row.row, "Row {row}: somebody sits there on file; that stays.")
        elif not sitting and (seat.vacant_since is None or seat.filled_on is not None):
            seat.vacant_since, seat.filled_on = row.starts.on, None
            told = {"post": row.post, "first": row.starts.on}
            draft.note(row.row, "Row {row}: {post} is vacant since {first}.", **told)

    def _vacate_for_a_while(
        self, draft: Additions, seat: HistoryPost, row: FileTenure, ends_on: date
    ) -> None:
        """A vacancy that is over: the book keeps the newest one of a post that the file opens."""
        told = {"post": row.post, "first": row.starts.on, "last": ends_on}
        taken = any(
            span.starts_on < ends_on and row.starts.on < (span.ends_on or date.max)
            for span in self._in_seat[seat.id]
        )
        is_vacant_now = seat.vacant_since is not None and seat.filled_on is None
        if taken:
            text = "Row {row}: somebody sat in {post} between {first} and {last}; that stays."
        elif seat.id > 0 or is_vacant_now:
            text = (
                "Row {row}: that {post} was vacant from {first} until {last} is not kept: the "
                "book keeps the newest vacancy of a post that is new to it."
            )
        else:
            seat.vacant_since, seat.filled_on = row.starts.on, ends_on
            text = "Row {row}: {post} was vacant from {first} until {last}."
        draft.note(row.row, text, **told)

    def _settle_seat(self, seat_id: int) -> None:
        seat, spans = self._places.seats[seat_id], self._in_seat[seat_id]
        seat.seats = max(seat.seats, _most_at_once(spans))
        if any(span.ends_on is None and span.starts_on <= self._on for span in spans):
            seat.vacant_since = None
            return
        ahead = [span.starts_on for span in spans if span.starts_on > self._on]
        if seat.vacant_since is not None and ahead:
            seat.filled_on = min(ahead)
            return
        last = max(spans, key=lambda span: span.ends_on or date.max)
        if seat.id < 0 and last.end_reason == "post_abolished":
            seat.ends_on = last.ends_on


def _tenures_of(account_ids: set[int]) -> Sequence[Tenure]:
    query = (
        select(Tenure)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Unit.account_id.in_(account_ids))
        .order_by(Tenure.starts_on, Tenure.id)
    )
    return db.session.scalars(query).all()


def _most_at_once(spans: Sequence[_Span]) -> int:
    """The largest number of holders on one day."""
    steps = [(span.starts_on, 1) for span in spans]
    steps += [(span.ends_on, -1) for span in spans if span.ends_on is not None]
    here = most = 0
    for _, step in sorted(steps):  # who leaves on a day leaves before who comes on it
        here += step
        most = max(most, here)
    return most


def _make(draft: Additions, span: _Span) -> None:
    row = span.row
    assert row is not None
    columns = {
        "post_id": span.seat.id,
        "person_id": span.person_id,
        "starts_after": span.starts_after,
        "starts_on": span.starts_on,
        "ends_after": span.ends_after,
        "ends_on": span.ends_on,
        "precision": row.starts.precision,
        "term_ends_on": span.term_ends_on,
        "acting": span.acting,
        "end_reason": span.end_reason,
        "basis": "history",
        "listed_on": span.listed_on,
    }
    draft.made.append(Made("tenure", span.id, columns))
    draft.concerned.add(span.seat.account_id)
    draft.people.add(span.person_id)
    draft.change("tenure_added", row.row, **_told(row))


def _told(row: FileTenure) -> dict[str, Any]:
    return {
        "account": row.account,
        "unit": row.unit or "",
        "post": row.post,
        "person": row.person,
        "external_id": row.external_ids[0][1] if row.external_ids else None,
        "starts_on": row.starts.on.isoformat(),
        "ends_on": None if row.ends is None else row.ends.on.isoformat(),
    }


def _fill_in(draft: Additions, known: _Span, row: FileTenure, on: date) -> bool:
    """What the row knows better than the file; ``False`` where it is nothing."""
    values = {**_better_start(draft, known, row, on), **_better_end(draft, known, row, on)}
    if known.term_ends_on is None and row.term_ends_on is not None:
        values["term_ends_on"] = row.term_ends_on
    if not values:
        return False
    before = {key: getattr(known, key) for key in values if hasattr(known, key)}
    for key in before:
        setattr(known, key, values[key])
    _revise(draft, known, row, told=_told(row), before=before, after=values)
    return True


def _revise(
    draft: Additions,
    span: _Span,
    row: FileTenure,
    *,
    told: dict[str, Any],
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    """Write other values to a tenure on file, and tell of it in the words of ``told``."""
    verb = "end_tenure" if "ends_on" in after else "correct_start"
    draft.revised.append(Revised(verb, "tenure", span.id, span.seat.account_id, after=after))
    draft.concerned.add(span.seat.account_id)
    draft.people.add(span.person_id)
    draft.change("tenure_changed", row.row, **told, before=_plain(before), after=_plain(after))


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in values.items()
    }


def _better_start(draft: Additions, known: _Span, row: FileTenure, on: date) -> dict[str, Any]:
    starts = row.starts
    after = starts.after if row.start_known else None
    if (known.starts_after, known.starts_on) == (after, starts.on):
        return {}
    if known.starts_on > on:
        is_better = True  # announced: the newest word holds
    elif not row.start_known:
        is_better = known.starts_after is None and starts.on < known.starts_on
    elif known.starts_after is None:
        is_better = starts.on <= known.starts_on
    else:
        is_better = known.starts_after <= starts.after and starts.on <= known.starts_on
    if is_better:
        return {"starts_after": after, "starts_on": starts.on, "precision": starts.precision}
    if row.start_known and known.starts_after is not None and starts.on <= known.starts_after:
        draft.note(
            row.row,
            "Row {row}: on file the tenure begins after {day}; that stays.",
            day=known.starts_after,
        )
    return {}


def _better_end(draft: Additions, known: _Span, row: FileTenure, on: date) -> dict[str, Any]:
    if row.ends is None:
        return {}
    end = {
        "ends_after": row.ends.after,
        "ends_on": row.ends.on,
        "end_reason": row.end_reason or "unknown",
    }
    if known.ends_on is None or (known.ends_on > on and row.ends.on != known.ends_on):
        if known.listed_on is not None and known.listed_on >= row.ends.on:
            draft.note(
                row.row,
                "Row {row}: a list of {day} still has the person in post; that stays.",
                day=known.listed_on,
            )
            return {}
        return end
    if (known.ends_after, known.ends_on) == (row.ends.after, row.ends.on):
        is_told = known.end_reason in (None, "unknown") and row.end_reason != "unknown"
        return {"end_reason": row.end_reason} if is_told else {}
    if (
        known.ends_after is None
        or known.ends_after <= row.ends.after < row.ends.on <= known.ends_on
    ):
        return end if row.end_reason != "unknown" else {**end, "end_reason": known.end_reason}
    draft.note(
        row.row, "Row {row}: on file the tenure ended by {day}; that stays.", day=known.ends_on
    )
    return {}


def _end_contacts(draft: Additions, added: Sequence[_Span]) -> None:
    """A contact entry ends where the person gets a post."""
    starts: dict[tuple[int, int], date] = {}
    for span in added:
        if span.ends_on is None and span.person_id > 0:
            key = span.person_id, span.seat.account_id
            starts[key] = min(span.starts_on, starts.get(key, date.max))
    if not starts:
        return
    query = select(Contact.id, Contact.person_id, Contact.account_id, Contact.starts_on)
    for row in db.session.execute(query.where(Contact.ends_on.is_(None))):
        day = starts.get((row.person_id, row.account_id))
        if day is None:
            continue
        if day <= row.starts_on:
            draft.removed_contacts.append(row.id)
        else:
            draft.revised.append(
                Revised("end_contact", "contact", row.id, row.account_id, after={"ends_on": day})
            )
