"""The sample book goes whole: its accounts with everything about them, and its people.

What people added to a sample account meanwhile goes with it. Of the sample's people those stay, as
people of the real book, who hold or held a post at a real account, are a contact of one, own one,
log in, or, on our side, have a tie, a touch or a claim that stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update

from relmap.facts.audit import accounts_of, raise_revision
from relmap.models import (
    Account,
    Alert,
    BackTest,
    BookRate,
    Change,
    Claim,
    Contact,
    ContactPoint,
    Coverage,
    Due,
    ExternalId,
    Forecast,
    Foresight,
    Grant,
    Import,
    ImportRow,
    Model,
    NextStep,
    Person,
    PersonName,
    Post,
    PostOutlook,
    Project,
    ProjectPost,
    Scan,
    Score,
    StoredView,
    Tenure,
    Tie,
    Touch,
    TouchPerson,
    Unit,
    User,
    WhatIf,
    db,
)

__all__ = ["count_added_to_sample_book", "remove_sample_book"]

CHUNK = 500
Ids = set[int]


def count_added_to_sample_book() -> int:
    """How many facts people wrote in sample accounts since: they go with the accounts."""
    accounts = _sample_accounts()
    made = select(func.max(Change.id)).where(Change.verb == "make_sample")
    last = db.session.scalar(made) or 0
    return sum(row.id > last for row in _changes(Doomed(accounts)))


class Doomed:
    """The ids of everything that goes, by table."""

    def __init__(self, accounts: Ids) -> None:
        self.accounts = accounts
        self.units = _ids(Unit, Unit.account_id, accounts)
        self.posts = _ids(Post, Post.unit_id, self.units)
        self.tenures = _ids(Tenure, Tenure.post_id, self.posts)
        self.contacts = _ids(Contact, Contact.account_id, accounts)
        self.projects = _ids(Project, Project.account_id, accounts)
        self.project_posts = _ids(ProjectPost, ProjectPost.project_id, self.projects)
        self.clients = self._clients()
        self.ties = _ids(Tie, Tie.a_id, self.clients) | _ids(Tie, Tie.b_id, self.clients)
        self.touches = self._touches()
        self.claims = _ids(Claim, Claim.person_id, self.clients) | _ids(
            Claim, Claim.post_id, self.posts
        )
        self.next_steps = _ids(NextStep, NextStep.account_id, accounts)
        self.next_steps |= _ids(NextStep, NextStep.person_id, self.clients)
        self.people = self.clients | self._ours()

    def _clients(self) -> Ids:
        """Those of them who were at sample accounts and nowhere else."""
        theirs = Person.side == "client"
        were_here = _column(Tenure.person_id, Tenure.id, self.tenures)
        were_here |= _column(Contact.person_id, Contact.id, self.contacts)
        sample = set(db.session.scalars(select(Person.id).where(theirs, Person.is_sample)))
        here = _column(Person.id, Person.id, were_here, theirs) | sample
        return here - self._elsewhere()

    def _elsewhere(self) -> Ids:
        """Who holds or held a post at a real account, is its contact or waits in its imports."""
        real = ~Account.is_sample
        posts = (
            select(Tenure.person_id)
            .join(Post, Post.id == Tenure.post_id)
            .join(Unit, Unit.id == Post.unit_id)
            .join(Account, Account.id == Unit.account_id)
        )
        contacts = select(Contact.person_id).join(Account, Account.id == Contact.account_id)
        rows = select(ImportRow.person_id).join(Account, Account.id == ImportRow.account_id)
        users = select(User.person_id).where(User.person_id.is_not(None))
        found: Ids = set(db.session.scalars(users))
        for query in (posts, contacts, rows):
            found |= {row for row in db.session.scalars(query.where(real)) if row is not None}
        return found

    def _touches(self) -> Ids:
        """Touches at which nobody of the client's side is left."""
        concerned = _column(TouchPerson.touch_id, TouchPerson.person_id, self.clients)
        left: Ids = set()
        for some in _chunks(concerned):
            query = (
                select(TouchPerson.touch_id, TouchPerson.person_id)
                .join(Person, Person.id == TouchPerson.person_id)
                .where(TouchPerson.touch_id.in_(some), Person.side == "client")
            )
            left |= {
                touch for touch, person in db.session.execute(query) if person not in self.clients
            }
        return concerned - left

    def _ours(self) -> Ids:
        """The sample's people on our side whom nothing that stays points at."""
        ours = set(
            db.session.scalars(select(Person.id).where(Person.side == "us", Person.is_sample))
        )
        used = self._elsewhere()
        used |= _used(Account.owner_id, Account.id, self.accounts)
        for column in (Tie.a_id, Tie.b_id, Tie.observer_id):
            used |= _used(column, Tie.id, self.ties)
        used |= _used(TouchPerson.person_id, TouchPerson.touch_id, self.touches)
        for column in (Claim.observer_id, Claim.person_id):
            used |= _used(column, Claim.id, self.claims)
        for column in (NextStep.owner_id, NextStep.through_id):
            used |= _used(column, NextStep.id, self.next_steps)
        return ours - used


def remove_sample_book() -> int:
    """Take the sample book away and say how many accounts went. Does not commit.

    :func:`count_added_to_sample_book` says beforehand how much of people's own work goes with it.
    """
    accounts = _sample_accounts()
    if not accounts:
        return 0
    doomed = Doomed(accounts)
    concerned = accounts_of(*doomed.people) - accounts if doomed.people else set()
    _delete(Change, Change.id, {row.id for row in _changes(doomed)})
    _remove_results(accounts)
    _remove_facts(doomed)
    _remove_imports(accounts)
    db.session.execute(update(Person).where(Person.is_sample).values(is_sample=False))
    db.session.expire_all()
    raise_revision(concerned)
    return len(accounts)


def _sample_accounts() -> Ids:
    return set(db.session.scalars(select(Account.id).where(Account.is_sample)))


# --- the audit log


def _changes(doomed: Doomed) -> list[Change]:
    """The lines of the audit log about what goes."""
    facts = {
        "account": doomed.accounts,
        "unit": doomed.units,
        "post": doomed.posts,
        "tenure": doomed.tenures,
        "contact": doomed.contacts,
        "tie": doomed.ties,
        "touch": doomed.touches,
        "claim": doomed.claims,
        "project": doomed.projects,
        "project_post": doomed.project_posts,
        "next_step": doomed.next_steps,
        "person": doomed.people,
        "person_name": _ids(PersonName, PersonName.person_id, doomed.people),
        "external_id": _ids(ExternalId, ExternalId.person_id, doomed.people),
        "contact_point": _ids(ContactPoint, ContactPoint.person_id, doomed.people),
        "import": _imports(doomed.accounts)[0],
    }
    return [
        row
        for row in db.session.scalars(select(Change))
        if row.account_id in doomed.accounts
        or row.fact_id in facts.get(row.kind, ())
        or row.import_id in facts["import"]
        or _is_about(row, doomed.people)
    ]


def _is_about(change: Change, people: Ids) -> bool:
    """Whether a fact that was withdrawn since was about people who go."""
    columns = {**(change.before or {}), **(change.after or {})}
    return any(columns.get(key) in people for key in ("person_id", "a_id", "b_id"))


# --- what goes, in an order that leaves nothing pointing at it


def _remove_results(accounts: Ids) -> None:
    foreseen = (Forecast, Foresight, PostOutlook, BackTest, WhatIf)
    for model in (Alert, Score, *foreseen, Scan, StoredView, Due, Grant):
        _delete(model, model.account_id, accounts)
    _delete(BookRate, BookRate.is_sample, {True})
    of_book = BackTest.account_id.is_(None) & BackTest.computed_at.is_not(None)
    db.session.execute(
        delete(BackTest).where(of_book).execution_options(synchronize_session=False)
    )  # of invented people, perhaps: it is asked for again


def _remove_facts(doomed: Doomed) -> None:
    for model, ids in (
        (Claim, doomed.claims),
        (Tie, doomed.ties),
        (NextStep, doomed.next_steps),
        (ProjectPost, doomed.project_posts),
        (Project, doomed.projects),
    ):
        _delete(model, model.id, ids)
    _delete(TouchPerson, TouchPerson.touch_id, doomed.touches)
    _delete(TouchPerson, TouchPerson.person_id, doomed.clients)
    _delete(Touch, Touch.id, doomed.touches)
    _delete(Tenure, Tenure.id, doomed.tenures)
    _delete(Contact, Contact.id, doomed.contacts)
    _delete(Coverage, Coverage.unit_id, doomed.units)
    _delete(ImportRow, ImportRow.account_id, doomed.accounts)
    _unset(Post, Post.reports_to_id, doomed.posts)
    _delete(Post, Post.id, doomed.posts)
    _unset(Unit, Unit.parent_id, doomed.units)
    _delete(Unit, Unit.id, doomed.units)
    _delete(Account, Account.id, doomed.accounts)
    _unset(NextStep, NextStep.through_id, doomed.clients)
    for own in (PersonName, ExternalId, ContactPoint):
        _delete(own, own.person_id, doomed.people)
    _delete(Person, Person.id, doomed.people)


def _imports(accounts: Ids) -> tuple[Ids, list[Import]]:
    """The imports of sample accounts alone, and those of other accounts beside."""
    alone, shared = set(), []
    for row in db.session.scalars(select(Import)):
        concerned = set(row.account_ids)
        if concerned and concerned <= accounts:
            alone.add(row.id)
        elif concerned & accounts:
            shared.append(row)
    return alone, shared


def _remove_imports(accounts: Ids) -> None:
    alone, shared = _imports(accounts)
    for row in shared:
        row.account_ids = [account for account in row.account_ids if account not in accounts]
    db.session.flush()
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            is_pointer = any(key.target_fullname == "import.id" for key in column.foreign_keys)
            if is_pointer and column.nullable:
                for some in _chunks(alone):
                    db.session.execute(
                        update(table).where(column.in_(some)).values({column.name: None})
                    )
    for model in (ImportRow, Coverage):
        _delete(model, model.import_id, alone)
    _delete(Import, Import.id, alone)


# --- many ids, few at a time


def _chunks(ids: Iterable[int]) -> Iterable[Sequence[int]]:
    ordered = sorted(ids)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))


def _column(column: Any, key: Any, keys: Collection[int], *conditions: ColumnElement[bool]) -> Ids:
    """The values of a column in the rows of these keys."""
    found: Ids = set()
    for some in _chunks(keys):
        found |= set(db.session.scalars(select(column).where(key.in_(some), *conditions)))
    return found


def _ids(model: Any, key: Any, keys: Collection[int]) -> Ids:
    return _column(model.id, key, keys)


def _used(column: Any, key: Any, gone: Ids) -> Ids:
    """The people a column names in the rows that stay."""
    rows = db.session.execute(select(column, key).where(column.is_not(None)))
    return {value for value, row_id in rows if row_id not in gone}


def _delete(model: type[Model], key: Any, keys: Collection[int]) -> None:
    for some in _chunks(keys):
        db.session.execute(
            delete(model).where(key.in_(some)).execution_options(synchronize_session=False)
        )


def _unset(model: type[Model], column: Any, keys: Collection[int]) -> None:
    """Nothing points any more at the rows that go."""
    for some in _chunks(keys):
        db.session.execute(
            update(model)
            .where(column.in_(some))
            .values({column.key: None})
            .execution_options(synchronize_session=False)
        )
