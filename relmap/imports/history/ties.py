"""Lists of ties become ties: new ones are added, changed levels are judged anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from relmap.contracts.words import DIRECTED_TIES, TieKind
from relmap.errors import Refused
from relmap.imports.history.draft import Additions
from relmap.imports.history.parties import Parties, accounts_named
from relmap.imports.identity.roster import Known
from relmap.imports.plan import Revised
from relmap.imports.sheets.tie_rows import FileTie
from relmap.models import Tie, db

__all__ = ["plan_ties"]

Pair = tuple[int, int, str]


@dataclass(slots=True)
class _OnFile:
    """The newest tie of a pair and kind."""

    id: int
    a_id: int
    b_id: int
    level: str | None
    sign: int
    starts_on: date | None
    observed_on: date
    ends_on: date | None


def plan_ties(rows: Sequence[FileTie], *, create_people: bool) -> Additions:
    """What a list of ties adds and judges anew. Writes nothing."""
    draft = Additions(counts={"rows": len(rows), "tie_added": 0, "tie_judged": 0, "unchanged": 0})
    parties = Parties(draft, accounts_named(rows), create_people=create_people)
    on_file = _ties_on_file()
    seen: dict[Pair, FileTie] = {}
    for row in rows:
        a, b = _pair(row, parties)
        pair = _pair_key(a.id, b.id, row.kind)
        first = seen.setdefault(pair, row)
        if first is not row:
            _refuse_contradiction(first, row)
            draft.count("unchanged")
            draft.note(row.row, "Row {row} repeats row {other_row}.", other_row=first.row)
            continue
        known = on_file.get(pair)
        if known is None:
            _add(draft, row, a.id, b.id)
        elif not _judge(draft, row, known):
            draft.count("unchanged")
            continue
        draft.people |= {a.id, b.id}
    parties.finish()
    return draft


def _pair(row: FileTie, parties: Parties) -> tuple[Known, Known]:
    def theirs(name: str, column: str) -> Known:
        given_id = row.to_id if column == "to" else None
        return parties.theirs(
            name,
            account=row.account,
            row=row.row,
            column=column,
            day=row.starts_on or row.observed_on,
            given_id=given_id,
        )

    a = theirs(row.from_name, "from") if row.among_client else parties.ours(row.from_name)
    b = theirs(row.to_name, "to")
    if a.id == b.id:
        raise Refused(
            "Row {row}: {from_name} and {to_name} are one person.",
            row=row.row,
            column="to",
            from_name=row.from_name,
            to_name=row.to_name,
        )
    return a, b


def _pair_key(a_id: int, b_id: int, kind: TieKind) -> Pair:
    if kind not in DIRECTED_TIES and a_id > b_id:
        a_id, b_id = b_id, a_id
    return a_id, b_id, kind


def _refuse_contradiction(first: FileTie, row: FileTie) -> None:
    if (first.level, first.sign) != (row.level, row.sign):
        raise Refused(
            "Row {row} says otherwise of the two people in row {other_row}. Keep one of them.",
            row=row.row,
            other_row=first.row,
        )


def _ties_on_file() -> dict[Pair, _OnFile]:
    """The open tie of each pair and kind, else the one that ended last."""
    columns = (Tie.id, Tie.a_id, Tie.b_id, Tie.level, Tie.sign)
    query = select(*columns, Tie.starts_on, Tie.observed_on, Tie.ends_on, Tie.kind)
    found: dict[Pair, _OnFile] = {}
    for row in db.session.execute(query):
        pair = _pair_key(row.a_id, row.b_id, row.kind)
        tie = _OnFile(*row[:-1])
        other = found.get(pair)
        if other is None or (tie.ends_on or date.max) > (other.ends_on or date.max):
            found[pair] = tie
    return found


def _add(draft: Additions, row: FileTie, a_id: int, b_id: int) -> None:
    sign = -1 if row.kind == "conflicts" else 1 if row.sign is None else row.sign
    draft.make(
        "tie",
        a_id=a_id,
        b_id=b_id,
        kind=row.kind,
        sign=sign,
        level=row.level,
        starts_on=row.starts_on,
        observed_on=row.observed_on,
        basis=row.basis,
    )
    told = {"from": row.from_name, "to": row.to_name, "tie": row.kind, "level": row.level}
    draft.change("tie_added", row.row, **told)


def _judge(draft: Additions, row: FileTie, known: _OnFile) -> bool:
    """Bring a tie on file up to the row; ``False`` where the row brings nothing."""
    if known.ends_on is not None:
        if row.observed_is_given and row.observed_on > known.ends_on:
            _add(draft, row, known.a_id, known.b_id)
            return True
        if row.level != known.level or row.observed_is_given:
            draft.note(
                row.row, "Row {row}: the tie ended on {day}; it stays ended.", day=known.ends_on
            )
        return False
    differs = row.level is not None and row.level != known.level
    if differs and row.observed_on < known.observed_on:
        draft.note(
            row.row,
            "Row {row}: the tie was judged later, on {day}; that stays.",
            day=known.observed_on,
        )
        return False
    values: dict[str, object] = {}
    if row.starts_on is not None and known.starts_on is None:
        values["starts_on"] = row.starts_on
    later = row.observed_is_given and row.observed_on > known.observed_on
    is_judgement = differs or (later and known.level is not None)
    if is_judgement and row.observed_on > max(known.observed_on, known.starts_on or date.min):
        _succeed(draft, row, known)
    elif differs or later:
        values |= {"level": row.level or known.level, "observed_on": row.observed_on}
    elif not values:
        return False
    if values:
        draft.revised.append(Revised("judge_tie", "tie", known.id, None, after=values))
    told = {"from": row.from_name, "to": row.to_name, "tie": row.kind}
    draft.change(
        "tie_judged", row.row, **told, before={"level": known.level}, after={"level": row.level}
    )
    return True


def _succeed(draft: Additions, row: FileTie, known: _OnFile) -> None:
    """Judged anew on the day of the row: the old tie ends, another begins, of whatever level."""
    draft.revised.append(
        Revised(
            "end_tie",
            "tie",
            known.id,
            None,
            after={"ends_on": row.observed_on},
        )
    )
    draft.make(
        "tie",
        a_id=known.a_id,
        b_id=known.b_id,
        kind=row.kind,
        sign=known.sign if row.sign is None else row.sign,
        level=row.level or known.level,
        starts_on=row.observed_on,
        observed_on=row.observed_on,
        basis=row.basis,
    )
