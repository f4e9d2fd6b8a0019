"""The audit log without the person's names: what was done stays, who it was about does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Row, select, update

from relmap.maintenance.erase.identifiers import WHO
from relmap.maintenance.erase.reach import ErasureReach
from relmap.models import Change, User, db
from relmap.models.chunks import rows_by_key, streamed

__all__ = ["erase_from_log"]

PERSONAL: Final[dict[str, frozenset[str]]] = {  # columns that say who somebody is, by kind
    "person": frozenset(WHO),
    "person_name": frozenset({"name"}),
    "external_id": frozenset({"value", "written"}),
    "contact_point": frozenset({"value", "note"}),
    "user": frozenset({"name"}),
}
NAMES_OF_ACCOUNTS: Final = frozenset({"name", "latin_name", "search_text"})
FREE: Final = frozenset({"preferences", "affiliation", "note"})  # where others may be named
States = dict[str, Any]
Facts = set[tuple[str, int]]


def erase_from_log(reach: ErasureReach) -> None:
    """Blank the lines about the person's own rows, take the names out of all others."""
    own = _own_rows(reach.forms.person_id)
    columns = (Change.kind, Change.fact_id, Change.account_id, Change.before, Change.after)
    for rows in rows_by_key(Change.id, *columns):
        gone = reach.gone_among([(row.kind, row.fact_id) for row in rows])
        for row in rows:
            _erase_from_line(row, own, gone, reach)


def _erase_from_line(row: Row[Any], own: Facts, gone: Facts, reach: ErasureReach) -> None:
    states = {"before": row.before, "after": row.after}
    cleared = {key: _cleared(row, state, own, gone, reach) for key, state in states.items()}
    changed = {key: state for key, state in cleared.items() if state != states[key]}
    if changed:
        db.session.execute(
            update(Change)
            .where(Change.id == row.id)
            .values(changed)
            .execution_options(synchronize_session=False)
        )


def _own_rows(person_id: int) -> Facts:
    """The person's rows that say who it is, deleted ones too, as (kind, id)."""
    users = db.session.scalars(select(User.id).where(User.person_id == person_id))
    own = {("person", person_id), *(("user", user_id) for user_id in users)}
    columns = (Change.kind, Change.fact_id, Change.before, Change.after)
    for row in streamed(select(*columns).where(Change.kind.in_(PERSONAL))):
        if _says(row, "person_id", {person_id}):
            own.add((row.kind, row.fact_id))
    return own


def _says(row: Row[Any], key: str, values: set[int] | frozenset[int]) -> bool:
    return any(state and state.get(key) in values for state in (row.before, row.after))


def _cleared(
    row: Row[Any], state: Mapping[str, Any] | None, own: Facts, gone: Facts, reach: ErasureReach
) -> States | None:
    if not state:
        return None if state is None else dict(state)
    if (row.kind, row.fact_id) in own:
        return {key: None if key in PERSONAL[row.kind] else value for key, value in state.items()}
    forms, near = reach.forms, _is_near(row, gone, reach)
    if row.kind in PERSONAL:
        return {
            key: forms.taken_out_of_json(value, near=near) if key in FREE else value
            for key, value in state.items()
        }
    kept = NAMES_OF_ACCOUNTS if row.kind == "account" else ()
    return {
        key: value if key in kept else forms.taken_out_of_json(value, near=near)
        for key, value in state.items()
    }


def _is_near(row: Row[Any], gone: Facts, reach: ErasureReach) -> bool:
    """Whether a line is near; one about a fact that is gone is, unless a namesake's."""
    bearers = reach.forms.bearers
    if any(_says(row, key, bearers) for key in ("person_id", "a_id", "b_id", "observer_id")):
        return False
    if row.kind in reach.facts and row.fact_id in reach.facts[row.kind]:
        return True
    if row.account_id is not None:
        return row.account_id in reach.accounts
    return row.kind not in reach.facts or (row.kind, row.fact_id) in gone
