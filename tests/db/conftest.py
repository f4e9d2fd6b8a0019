"""A small stored account for the tests of results and jobs."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import TypeVar

import pytest
from sqlalchemy import event, select

from relmap.facts import people, structure, tenures, ties, touches
from relmap.hub.engine import InProcess
from relmap.hub.registry import Registry, find_plugins
from relmap.models import Account, Person, Post, Tenure, Unit, db, writing

BEGAN = date(2024, 1, 1)
T = TypeVar("T")


class Firm:
    """One account with a purchasing unit, written line by line; people are known by name."""

    def __init__(self, name: str = "Jingfeng") -> None:
        with writing():
            account = structure.open_account(name, day=BEGAN)
            unit = structure.open_unit(account, "Purchasing", day=BEGAN)
            self.id, self.unit_id = account.id, unit.id

    def post(self, title: str, level: str = "staff", **fields) -> None:
        with writing():
            unit = db.session.get_one(Unit, self.unit_id)
            structure.open_post(
                unit, title, day=BEGAN, level=level, function="purchasing", **fields
            )

    def sit(self, name: str, title: str, since: date, **more) -> None:
        with writing():
            posts = select(Post).where(Post.title == title, Post.unit_id == self.unit_id)
            tenures.start_tenure(self.person(name), db.session.scalars(posts).one(), since, **more)

    def leave(self, name: str, day: date, **more) -> None:
        with writing():
            tenures.end_tenure(self.tenure(name), day, **more)

    def tie(self, ours: str, theirs: str, level: str, day: date) -> None:
        with writing():
            theirs_, ours_ = self.person(theirs), self.person(ours, side="us")
            ties.add_tie(ours_, theirs_, level=level, observed_on=day)

    def touch(self, ours: str, theirs: str, day: date, kind: str = "visit") -> None:
        with writing():
            touches.add_touch(day, kind, [self.person(ours, side="us"), self.person(theirs)])

    def person(self, name: str, side: str = "client") -> Person:
        """The person of that name, made where there is none."""
        found = db.session.scalar(select(Person).where(Person.name == name))
        return found or people.add_person(name, side=side)

    def tenure(self, name: str) -> Tenure:
        query = select(Tenure).join(Person, Person.id == Tenure.person_id)
        return db.session.scalars(query.where(Person.name == name, Tenure.ends_on.is_(None))).one()

    @property
    def revision(self) -> int:
        return db.session.scalars(select(Account.revision).where(Account.id == self.id)).one()


@pytest.fixture
def context(app) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def make_firm(context) -> Callable[[str], Firm]:
    """A function that opens one more account."""
    return Firm


@pytest.fixture
def firm(context, filled) -> Firm:
    """An account with nobody in it; inside an app context."""
    return filled(Firm)


@pytest.fixture
def staffed(context, filled) -> Firm:
    """Director Lin, whom Wang knows well, and buyer Wu, whom Wang knows a little."""
    return filled(_staffed_firm)


def _staffed_firm() -> Firm:
    firm = Firm()
    firm.post("Director", "director")
    firm.post("Buyer", seats=3)
    firm.sit("Lin", "Director", date(2025, 1, 1))
    firm.sit("Wu", "Buyer", date(2025, 1, 1))
    firm.tie("Wang", "Lin", "problem_solver", date(2026, 1, 1))
    firm.tie("Wang", "Wu", "vendor", date(2026, 1, 1))
    return firm


@pytest.fixture(scope="session")
def plugins() -> Registry:
    """The bundled plug-ins."""
    return find_plugins(safe_mode=True)


@pytest.fixture
def here() -> InProcess:
    """Runs rules in this process, with the engine's checks."""
    return InProcess()


@pytest.fixture
def meanwhile(app, context) -> Callable[[Callable[[], T]], T]:
    """A function that calls another to its end in a thread and on connections of its own."""

    def elsewhere(act: Callable[[], T]) -> T:
        with app.app_context():
            return act()

    def called(act: Callable[[], T]) -> T:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(elsewhere, act).result()

    return called


@pytest.fixture
def statements(context) -> Callable[[], AbstractContextManager[list[str]]]:
    """A function that gives the SQL statements sent while its context is open."""

    @contextmanager
    def sent() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_: object) -> None:
            if not statement.startswith("BEGIN"):
                seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return sent
