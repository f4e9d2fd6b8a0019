"""Which accounts a fact concerns: those whose views a change of it may change."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select, union

from relmap.models import (
    Account,
    Alert,
    Claim,
    Contact,
    Model,
    NextStep,
    Person,
    Post,
    Project,
    Tenure,
    Tie,
    Touch,
    TouchPerson,
    Unit,
    db,
)

__all__ = ["accounts_concerned", "accounts_of", "accounts_of_tie", "workplaces_of"]


def accounts_concerned(fact: Model) -> set[int]:
    """The accounts whose views a change of this fact may change."""
    match fact:
        case Account():
            return {fact.id}
        case Unit() | Project() | NextStep() | Alert():
            return {fact.account_id}
        case Post():
            return {fact.unit.account_id}
        case Person():
            return accounts_of(fact.id)
        case Contact():
            return {fact.account_id} | accounts_of(fact.person_id)
        case Tenure():
            return {fact.post.unit.account_id} | accounts_of(fact.person_id)
        case Tie():
            return accounts_of_tie(fact.a_id, fact.b_id)
        case Touch():
            return workplaces_of(row.person_id for row in fact.people)
        case Claim(person_id=None):
            return accounts_concerned(db.session.get_one(Post, fact.post_id))
        case Claim():
            return accounts_of(fact.person_id or 0)
    return set()


def accounts_of(*person_ids: int) -> set[int]:
    """The accounts that facts about these people concern.

    Where they hold or held a post or are a contact, and where those do with whom they have a tie
    or a touch. One of us also shows where an outsider whom they know has a tie. And those that they
    own, or where they are in a next step.
    """
    partners = {*person_ids, *_tied_to(person_ids)}
    touches = select(TouchPerson.touch_id).where(TouchPerson.person_id.in_(person_ids))
    partners |= set(
        db.session.scalars(select(TouchPerson.person_id).where(TouchPerson.touch_id.in_(touches)))
    )
    ours = _of_side("us", person_ids)
    if ours:
        partners |= _tied_to(_of_side("client", _tied_to(ours)))
    return workplaces_of(partners) | _named_in_plans(person_ids)


def _named_in_plans(person_ids: Iterable[int]) -> set[int]:
    """The accounts that one of these owns, or whose next steps name one."""
    ends = (NextStep.person_id, NextStep.owner_id, NextStep.through_id)
    owned = select(Account.id).where(Account.owner_id.in_(person_ids))
    planned = select(NextStep.account_id).where(or_(*(end.in_(person_ids) for end in ends)))
    return set(db.session.scalars(union(owned, planned)))


def accounts_of_tie(*person_ids: int) -> set[int]:
    """The accounts in whose views ties between these people stand.

    Where they hold or held a post or are a contact, and where those do with whom those of theirs
    have a tie: there they may be outsiders.
    """
    return workplaces_of({*person_ids, *_tied_to(_of_side("client", person_ids))})


def _of_side(side: str, person_ids: Iterable[int]) -> set[int]:
    query = select(Person.id).where(Person.id.in_(set(person_ids)), Person.side == side)
    return set(db.session.scalars(query))


def _tied_to(person_ids: Iterable[int]) -> set[int]:
    """With whom these people have a tie."""
    wanted, found = set(person_ids), set()
    for one, other in ((Tie.a_id, Tie.b_id), (Tie.b_id, Tie.a_id)):
        found |= set(db.session.scalars(select(other).where(one.in_(wanted))))
    return found


def workplaces_of(person_ids: Iterable[int]) -> set[int]:
    """The accounts where these people hold or held a post, or are a contact."""
    wanted = set(person_ids)
    held = (
        select(Unit.account_id)
        .join(Post, Post.unit_id == Unit.id)
        .join(Tenure, Tenure.post_id == Post.id)
        .where(Tenure.person_id.in_(wanted))
    )
    listed = select(Contact.account_id).where(Contact.person_id.in_(wanted))
    return set(db.session.scalars(union(held, listed)))
