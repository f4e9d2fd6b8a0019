"""A book that is told by lists: the sentences of docs/snapshots.md are tested through it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from relmap import graph, imports
from relmap.contracts import AccountView
from relmap.facts import tenures
from relmap.facts.structure import find_account
from relmap.imports import ImportReport
from relmap.models import Model, Person, Post, Tenure, Unit, db, writing

CAP = 10_000_000


class Book:
    """Imports lists written as text and tells what came of them in short sentences."""

    def list(self, day: str, text: str, *, account: str | None = "Meridian", **options):
        """Import a list; the first line of ``text`` is its header, blanks at the ends are cut."""
        lines = [line.strip() for line in text.strip().splitlines()]
        options.setdefault("cap", CAP)
        options.setdefault("file_name", f"{day}.csv")
        return imports.import_snapshot(
            "\n".join(lines).encode(), day=date.fromisoformat(day), account=account, **options
        )

    def view(self, day: str, account: str = "Meridian") -> AccountView:
        return graph.view(find_account(account).id, date.fromisoformat(day))

    def sits(self, day: str, account: str = "Meridian") -> set[str]:
        """Who sits where on a day: ``Li Na: Buyer``."""
        view = self.view(day, account)
        return {
            f"{view.person(row.person).name}: {view.post(row.post).title}"
            for row in view.open_tenures
        }

    def person(self, name: str) -> Person:
        return db.session.scalars(select(Person).where(Person.name == name)).one()

    def people(self, name: str) -> list[Person]:
        return list(db.session.scalars(select(Person).where(Person.name == name)))

    def post(self, title: str, unit: str | None = None) -> Post:
        query = select(Post).join(Unit, Unit.id == Post.unit_id).where(Post.title == title)
        if unit is not None:
            query = query.where(Unit.name == unit)
        return db.session.scalars(query).one()

    def unit(self, name: str) -> Unit:
        return db.session.scalars(select(Unit).where(Unit.name == name)).one()

    def tenure(self, name: str, title: str | None = None) -> Tenure:
        """The newest tenure of a person (in a post)."""
        query = select(Tenure).join(Person, Person.id == Tenure.person_id)
        query = query.where(Person.name == name)
        if title is not None:
            query = query.join(Post, Post.id == Tenure.post_id).where(Post.title == title)
        return db.session.scalars(query.order_by(Tenure.id.desc()).limit(1)).one()

    def status(self, day: str, title: str) -> str:
        """How a seat stands on a day."""
        view = self.view(day)
        return view.status(next(row for row in view.posts if row.title == title))

    def leaves(self, name: str, day: str, **more) -> None:
        """Somebody enters by hand that a person left."""
        with writing():
            tenures.end_tenure(self.tenure(name), date.fromisoformat(day), **more)

    def joins(self, name: str, title: str, day: str, **more) -> None:
        """Somebody enters by hand that a person (made if new) took a post."""
        with writing():
            found = self.people(name)
            person = found[0] if found else self._add(name)
            tenures.start_tenure(person, self.post(title), date.fromisoformat(day), **more)

    def _add(self, name: str) -> Person:
        from relmap.facts.people import add_person

        return add_person(name)

    def rows(self, *, but: tuple[str, ...] = ("change", "import", "import_row")) -> dict:
        """Every row of every table, revisions aside."""
        tables = {}
        for table in Model.metadata.sorted_tables:
            if table.name not in but:
                columns = [column for column in table.columns if column.name != "revision"]
                rows = db.session.execute(select(*columns)).all()
                tables[table.name] = sorted(map(repr, rows))
        db.session.rollback()
        return tables


@pytest.fixture
def book(app) -> Iterator[Book]:
    """An empty book inside the application's context."""
    with app.app_context():
        yield Book()
        db.session.rollback()


def place(change: dict) -> str:
    return f"{change['unit'] or 'root'}/{change['post']}" if change["post"] else change["unit"]


def sentence(change: dict) -> str:
    """One change in a few words."""
    kind, person = change["kind"], change["person"]
    if kind == "left_post":
        return f"{person} left {place(change)} ({change['seat']})"
    if kind == "joined_post":
        return f"{person} joined {place(change)}"
    if kind == "uncertain":
        return f"? {person} {place(change)} ({change['reason']})"
    if kind in ("unit_renamed", "unit_moved", "post_renamed", "person_renamed"):
        return f"{kind} {change['before']} -> {change['after']}"
    if kind == "affiliation_changed":
        return f"{person}: {change['before']} -> {change['after']}"
    if kind == "fact_changed":
        return f"{person or place(change)}: {change['before']} -> {change['after']}"
    return f"{kind} {person + ' ' if person else ''}{place(change)}"


@pytest.fixture
def told():
    """A function: a report's changes as short sentences, in order."""

    def tell(report: ImportReport) -> list[str]:
        return [sentence(change) for change in report.to_json()["changes"]]

    return tell


@pytest.fixture
def moves(told):
    """A function: who left, joined, was confirmed or is in doubt."""

    def tell(report: ImportReport) -> set[str]:
        kinds = ("left_post", "joined_post", "confirmed", "uncertain")
        changes = [row for row in report.to_json()["changes"] if row["kind"] in kinds]
        return {sentence(change) for change in changes}

    return tell
