"""Imports: the files that became facts, what each changed, and the rows that wait for a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import ColumnElement, case, exists, func, select, true
from sqlalchemy.orm import defer
from werkzeug.wrappers import Response

from relmap import imports
from relmap.clock import today
from relmap.contracts import N_, Message, Ref
from relmap.errors import Refused
from relmap.imports.archive import parts_of
from relmap.imports.sheets.row_places import row_told
from relmap.languages import _, label, tell
from relmap.models import Account, Import, ImportRow, db
from relmap.models.json_lists import elements_of, numbers_of
from relmap.permissions import accounts_open_to, can
from relmap.web.imports.changes import KINDS, change_groups
from relmap.web.layout.query import chosen, number_asked, number_in
from relmap.web.layout.sentences import names_of
from relmap.web.security.viewer import current_viewer

pages = Blueprint("imports", __name__, url_prefix="/imports")

PAGE_SIZE: Final = 50
CHANGES_SHOWN: Final = 300  # of a kind; more have pages of their own
STATUSES: Final = {
    "applied": N_("applied"),
    "held": N_("held by the guard"),
    "undone": N_("undone"),
}
FORMS: Final = {
    "snapshot": N_("snapshot"),
    "ties": N_("ties"),
    "touches": N_("touches"),
    "tenures": N_("tenures"),
    "projects": N_("projects"),
}


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A row that waits: its cells as the file has them, and whom it may be."""

    row: int
    place: int | Message
    """The row as it stands on its sheet."""
    reason: str
    account: Any
    cells: tuple[tuple[str, str], ...]
    candidates: tuple[tuple[int, Any], ...]
    may_write: bool


@pages.get("")
def index() -> str:
    """The files, newest first, with the rows that still wait."""
    start = max(0, (number_asked("from") or 1) - 1)
    waiting = (
        select(func.count())
        .where(
            ImportRow.import_id == Import.id,
            ImportRow.status == "waiting",
            accounts_open_to(current_viewer(), "read", ImportRow.account_id),
        )
        .scalar_subquery()
    )
    listed = (
        select(Import, waiting)
        .options(defer(Import.table), defer(Import.changes), defer(Import.notes))
        .where(_is_listed())
        .order_by(Import.created_at.desc(), Import.id.desc())
    )
    shown = db.session.execute(listed.offset(start).limit(PAGE_SIZE)).all()
    counts = _counts([found for found, _ in shown], _open_ids())
    of_all = select(
        func.count().label("all"),
        func.count(case((Import.status == "held", 1))).label("held"),
        func.coalesce(func.sum(waiting), 0).label("waiting"),
    )
    numbers = db.session.execute(of_all.select_from(Import).where(_is_listed())).one()
    return render_template(
        "imports/imports.html",
        active="imports",
        imports=shown,
        counts=counts,
        statuses=STATUSES,
        forms=FORMS,
        waiting_count=int(numbers.waiting),  # PostgreSQL sums up to a decimal
        held_count=numbers.held,
        start=start,
        count=numbers.all,
        page_size=PAGE_SIZE,
    )


def _counts(shown: Sequence[Import], open_ids: set[int] | None) -> dict[int, Mapping[str, int]]:
    """What each file changed, in the accounts that the viewer may read."""
    part = [
        found.id
        for found in shown
        if open_ids is not None and not open_ids.issuperset(found.account_ids)
    ]
    within = imports.counts_within(part, open_ids or ()) if part else {}
    return {found.id: within.get(found.id, found.counts) for found in shown}


@pages.get("/<int:import_id>")
def show(import_id: int) -> str:
    """One file: its doubts first, then what it changed."""
    return _page(_import_or_404(import_id))


def _page(found: Import, refused: Refused | None = None) -> str:
    open_ids, report = _open_ids(), imports.show_import(found.id)
    told, because = report.to_json(), imports.held_because(found) or report.held
    if because is not None and open_ids is not None:
        because = imports.without_names(imports.Note(None, because)).message
    is_whole = open_ids is None or _is_whole(found, told["accounts"], open_ids)
    changes = told["changes"] if open_ids is None else _shown(told["changes"], open_ids)
    certain = [row for row in changes if row["kind"] != "uncertain"]
    kind, start = chosen("kind", KINDS), max(0, (number_asked("from") or 1) - 1)
    listed = [row for row in certain if kind in (None, row["kind"])]
    return render_template(
        "imports/import.html",
        active="imports",
        found=found,
        refused=refused,
        mark=report.mark,
        held=because if is_whole else _("the guard wants a yes"),
        forms=FORMS,
        statuses=STATUSES,
        kinds=KINDS,
        kind=kind,
        counts=Counter(row["kind"] for row in certain),
        groups=change_groups(
            listed[start:] if kind else listed,
            most=CHANGES_SHOWN,
            on=found.on,
            folds=kind is None,
        ),
        start=start,
        page_size=CHANGES_SHOWN,
        waiting=_waiting(found),
        notes=_notes(found, open_ids) if is_whole else [],  # they name units and posts
        may_write=is_whole and _may_write(found.account_ids),
    )


@pages.post("/<int:import_id>/apply")
def apply_held(import_id: int) -> Response | tuple[str, int]:
    """Apply an import that the guard holds, where it would still change what was shown.

    Nobody opens an account that they could not see.
    """
    found, open_ids = _import_or_404(import_id, write=True), _open_ids()
    accounts = imports.show_import(import_id).accounts
    if open_ids is not None and not _is_whole(found, accounts, open_ids):
        abort(403)
    viewer_id, shown = current_viewer().id, request.form.get("mark", "")
    try:
        imports.apply_import(found.id, user_id=viewer_id, today=today(), shown=shown)
    except Refused as error:
        if found.status != "held":  # somebody applied it meanwhile
            raise
        return _page(found, error), 409
    flash(_("The file is applied."))
    return redirect(url_for("imports.show", import_id=import_id), 303)


@pages.post("/<int:import_id>/undo")
def undo(import_id: int) -> Response:
    """Take an import back."""
    found = _import_or_404(import_id, write=True)
    imports.undo_import(found.id, user_id=current_viewer().id)
    flash(_("The import is undone: what it made is gone, what it changed is as it was."))
    return redirect(url_for("imports.show", import_id=import_id), 303)


@pages.post("/<int:import_id>/rows/<int:row>")
def resolve(import_id: int, row: int) -> Response:
    """Say who an uncertain row is."""
    found = _import_or_404(import_id)
    query = select(ImportRow.account_id).where(
        ImportRow.import_id == found.id, ImportRow.row == row
    )
    account_id = db.session.scalar(query)
    if account_id is None:
        abort(404)
    if not can(current_viewer(), "write", account_id):
        abort(403)
    imports.resolve_row(import_id, row, same=_answer(), user_id=current_viewer().id)
    flash(_("Row {row} is settled.", row=row_told(row, parts_of(found))))
    return redirect(url_for("imports.show", import_id=import_id), 303)


def _answer() -> int | None:
    """The person the row is, ``None`` for somebody new."""
    text = request.form.get("same", "")
    if text == "different":
        return None
    person_id = number_in(text)
    if person_id is None:
        raise Refused("Say who the row is: one of those named, or somebody new.")
    return person_id


# --- rights: an import is as open as the accounts it touches


def _open_ids() -> set[int] | None:
    """The accounts the viewer may read; ``None`` for all, also those that do not exist yet."""
    viewer = current_viewer()
    if can(viewer, "read"):
        return None
    return set(db.session.scalars(select(Account.id).where(accounts_open_to(viewer))))


def _names_of_accounts(ids: set[int]) -> set[str]:
    return set(db.session.scalars(select(Account.name).where(Account.id.in_(ids))))


def _is_whole(found: Import, accounts: Iterable[str], open_ids: set[int]) -> bool:
    """Whether the viewer may read every account it concerns; a held one may open more of them."""
    if found.status == "held" and not _names_of_accounts(open_ids).issuperset(accounts):
        return False
    return open_ids.issuperset(found.account_ids)


def _shown(changes: Iterable[dict[str, Any]], open_ids: set[int]) -> list[dict[str, Any]]:
    """The changes in open accounts; of who went to another one or came from it no more is said."""
    shown = [row for row in changes if row.get("refs", {}).get("account") in open_ids]
    names = _names_of_accounts(open_ids) | {row["account"] for row in shown}  # as the file has them
    return [
        row | {key: _place(row.get(key), names) for key in ("moved_to", "moved_from")}
        for row in shown
    ]


def _place(place: dict[str, Any] | None, names: set[str]) -> dict[str, Any] | None:
    return (
        place if place is None or place["account"] in names else {"account": _("another account")}
    )


def _notes(found: Import, open_ids: set[int] | None) -> list[dict[str, Any]]:
    """What is to be said of the file; accounts alike are named to who may read all."""
    notes = [imports.Note.from_json(note) for note in found.notes]
    shown = notes if open_ids is None else map(imports.without_names, notes)
    parts = parts_of(found)
    return [
        {
            "row": None if note.row is None else row_told(note.row, parts),
            "text": tell(note.message),
        }
        for note in shown
    ]


def _is_listed() -> ColumnElement[bool]:
    """SQL condition: the viewer may read an account that the import concerns."""
    if can(current_viewer(), "read"):
        return true()
    concerned = elements_of(Import.account_ids)
    is_open = accounts_open_to(current_viewer(), "read", numbers_of(concerned))
    return exists(select(1).select_from(concerned).where(is_open))


def _is_open(found: Import, open_ids: set[int] | None) -> bool:
    return open_ids is None or bool(open_ids.intersection(found.account_ids))


def _may_write(account_ids: Iterable[int]) -> bool:
    viewer = current_viewer()
    if can(viewer, "write"):
        return True
    ids = list(account_ids)
    return bool(ids) and all(can(viewer, "write", account_id) for account_id in ids)


def _import_or_404(import_id: int, *, write: bool = False) -> Import:
    found = db.session.get(Import, import_id)
    if found is None or not _is_open(found, _open_ids()):
        abort(404)
    if write and not _may_write(found.account_ids):
        abort(403)
    return found


# --- the rows that wait


def _waiting(found: Import) -> list[WaitingRow]:
    query = select(ImportRow).where(
        ImportRow.import_id == found.id,
        ImportRow.status == "waiting",
        accounts_open_to(current_viewer(), "read", ImportRow.account_id),
    )
    rows = db.session.scalars(query.order_by(ImportRow.row)).all()
    refs = {Ref("person", number) for row in rows for number in row.candidate_ids}
    names = names_of(refs | {Ref("account", row.account_id) for row in rows})
    cells, parts = _cells(found, [row.row for row in rows]), parts_of(found)
    return [
        WaitingRow(
            row=row.row,
            place=row_told(row.row, parts),
            reason=label("doubt", row.reason),
            account=names.link(Ref("account", row.account_id)),
            cells=cells.get(row.row, ()),
            candidates=tuple(
                (number, names.link(Ref("person", number))) for number in row.candidate_ids
            ),
            may_write=can(current_viewer(), "write", row.account_id),
        )
        for row in rows
    ]


def _cells(found: Import, wanted: Sequence[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    """The cells of some rows with their headings, empty ones left out."""
    header = [str(cell) for cell in found.table.get("header", ())]
    lines = set(wanted)
    return {
        line: tuple(
            (heading, str(cell))
            for heading, cell in zip(header, cells, strict=False)
            if cell not in (None, "")
        )
        for line, cells in found.table.get("records", ())
        if line in lines
    }
