"""One invented customer is known by lists: two phone lists, half a year apart, really imported.

The second one shows what lists show: who left, who came, who moved, a department's new name, and
two rows that could mean two people and wait for somebody's word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import update

from relmap.facts.audit import acting_as, actor_id
from relmap.imports.apply import write_plan
from relmap.imports.archive import kept_cells
from relmap.imports.sheets.snapshot_rows import read_snapshot
from relmap.imports.sheets.table import Table
from relmap.imports.snapshot.planner import plan
from relmap.imports.snapshot.reader import read_on_file
from relmap.maintenance.sample.company import Company
from relmap.maintenance.sample.draft import Draft, moment
from relmap.maintenance.sample.names import draw_name
from relmap.models import (
    ContactPoint,
    ExternalId,
    Import,
    Person,
    Post,
    Recorded,
    Tenure,
    Unit,
    db,
)

__all__ = ["DraftedList", "draft_lists", "import_list"]

HEADER: Final = ("部门", "职位", "姓名", "邮箱")
FIRST: Final = timedelta(days=180)  # from the first list to the second
VACANT, SOMEBODY = "空缺", "未知"
Cells = tuple[str, str, str, str]


@dataclass(frozen=True)
class DraftedList:
    """A list of who sat where on a day, as a file would hold it."""

    account: str
    file_name: str
    day: date
    records: tuple[Cells, ...]


def draft_lists(company: Company, newest: date) -> list[DraftedList]:
    """The list of the newest day, and the one of half a year before, which finds nothing new."""
    rows = dict(_rows(company))
    first = tuple(rows.values())
    _change(company, rows)
    days = (newest - FIRST, newest)
    return [
        DraftedList(company.customer.name, f"通讯录-{day:%Y%m%d}.csv", day, records)
        for day, records in zip(days, (first, tuple(rows.values())), strict=True)
    ]


def _rows(company: Company) -> Iterator[tuple[tuple[int, int], Cells]]:
    """Every seat of the company as a record, by post and person (0: nobody known)."""
    draft = company.draft
    mails = {
        row["person_id"]: row["written"]
        for row in draft.rows(ExternalId)
        if row["kind"] == "mail" and row["written"].endswith(company.customer.domain)
    }
    for post in company.posts.values():
        row = draft.row(Post, post)
        unit = draft.row(Unit, row["unit_id"])["name"]
        held = [tenure for tenure in company.open if tenure["post_id"] == post]
        for tenure in held:
            person = tenure["person_id"]
            title = f"代理{row['title']}" if tenure["acting"] else row["title"]
            name = draft.row(Person, person)["name"]
            yield (post, person), (unit, title, name, mails.get(person, ""))
        if not held:
            nobody = SOMEBODY if row["vacant_since"] is None else VACANT
            yield (post, 0), (unit, row["title"], nobody, "")


def _change(company: Company, rows: dict[tuple[int, int], Cells]) -> None:
    """Let half a year pass in the records."""
    leavers = iter(_leavers(company, rows))
    director, manager, lead, inherited, doubtful = (next(leavers) for _ in range(5))
    _say(rows, director, name=VACANT, mail="")
    _say(rows, manager, *_stranger(company))
    _say(rows, lead, *_stranger(company))
    name, _ = _stranger(company)
    _say(rows, inherited, name, rows[inherited][3])  # the old holder's mailbox, another name
    _move_with_another_mail(company, rows, doubtful)
    _rename_unit(rows, "工艺工程部", "工艺与试产部")
    company.known_leavers = {director[1], lead[1]}


def _leavers(company: Company, rows: dict[tuple[int, int], Cells]) -> list[tuple[int, int]]:
    """Five who sit in one seat each and have a mailbox: a director, a manager, three below."""
    random = company.draft.random
    seats = [
        (row["post_id"], row["person_id"])
        for row in company.settled(company.draft.day)
        if not company.is_busy(row) and rows[row["post_id"], row["person_id"]][3]
    ]
    random.shuffle(seats)
    found: list[tuple[int, int]] = []
    for levels in (("director",), ("manager",), ("lead",), ("manager", "lead"), ("staff",)):
        fitting = [
            key for key in seats if company.seat_of[key[0]].level in levels and key not in found
        ]
        avoided = {"npi", *_units_of(company, found)}
        found.append(min(fitting, key=partial(_is_in, company, avoided)))
    return found


def _is_in(company: Company, units: set[str], key: tuple[int, int]) -> bool:
    return company.seat_of[key[0]].unit in units


def _units_of(company: Company, keys: list[tuple[int, int]]) -> set[str]:
    return {company.seat_of[post].unit for post, _ in keys}


def _say(rows: dict[tuple[int, int], Cells], key: tuple[int, int], name: str, mail: str) -> None:
    unit, title, _, _ = rows[key]
    rows[key] = (unit, title, name, mail)


def _stranger(company: Company) -> tuple[str, str]:
    name = draw_name(company.draft.random, company.customer.language, company.draft.names)
    return name.name, company.draft.free_mail(name.mailbox, company.customer.domain)


def _move_with_another_mail(
    company: Company, rows: dict[tuple[int, int], Cells], key: tuple[int, int]
) -> None:
    """Gone from one seat; in another sits one of the same name with another mail."""
    unit, title, name, mail = rows.pop(key)
    other = next(row for row in rows if rows[row][2] == SOMEBODY)
    rows[other] = (*rows[other][:2], name, mail.replace("@", ".2@"))
    rows[key] = (unit, title, *_stranger(company))


def _rename_unit(rows: dict[tuple[int, int], Cells], old: str, new: str) -> None:
    for key, (unit, *cells) in rows.items():
        if unit == old:
            rows[key] = (new, cells[0], cells[1], cells[2])


# --- importing


def import_list(drafted: DraftedList, draft: Draft) -> None:
    """Plan and write a list as any other; what it made counts as learnt the day after it."""
    records = tuple((line, cells) for line, cells in enumerate(drafted.records, start=2))
    table = Table(name=drafted.file_name, header=HEADER, records=records)
    rows = read_snapshot(table, on=drafted.day, account=drafted.account, mapping={}).rows
    on_file = read_on_file(rows, drafted.day)
    made = plan(
        rows,
        day=drafted.day,
        complete=False,
        views=on_file.views,
        known=on_file.known,
        coverage=on_file.coverage,
        waiting=on_file.waiting,
    )
    kept = Import(
        kind="snapshot",
        file_name=drafted.file_name,
        on=drafted.day,
        status="held",
        account_name=drafted.account,
        column_map={},
        table=kept_cells(table),
        created_by=actor_id(),
    )
    db.session.add(kept)
    db.session.flush()
    with acting_as(actor_id(), import_id=kept.id):
        write_plan(made, kept)
    _backdate(kept, min(drafted.day + timedelta(days=1), draft.day))


def _backdate(kept: Import, day: date) -> None:
    kept.created_at = kept.applied_at = moment(day, hour=9)
    tables: tuple[Any, ...] = (Person, ExternalId, ContactPoint, Unit, Post, Tenure)
    for model in tables:
        assert issubclass(model, Recorded)
        values: dict[str, Any] = {"recorded_at": moment(day, hour=9)}
        if model is Person:
            values["is_sample"] = True
        db.session.execute(
            update(model)
            .where(model.import_id == kept.id)
            .values(values)
            .execution_options(synchronize_session=False)
        )
    db.session.execute(
        update(Tenure)
        .where(Tenure.end_import_id == kept.id)
        .values(end_recorded_at=moment(day, hour=9))
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
