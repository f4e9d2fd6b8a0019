"""What several accounts hold of one person: a few queries, however many accounts there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from relmap.clock import day_end
from relmap.contracts import (
    AccountView,
    Measures,
    PersonRow,
    PostRow,
    TenureRow,
    UnitRow,
)
from relmap.contracts.refs import ref_of
from relmap.contracts.rows import TouchCount
from relmap.graph.accounts import account_row
from relmap.graph.claims import claim_row
from relmap.graph.columns import DAY, rows_of
from relmap.graph.past_values import Rewound, rewound_of
from relmap.graph.people import insiders
from relmap.graph.structure import POST_COLUMNS, UNIT_COLUMNS, post_row, unit_row
from relmap.graph.tenures import TENURE_COLUMNS, is_on_record, tenure_row
from relmap.graph.ties import TIE_COLUMNS, tie_row
from relmap.graph.touches import SINCE, TOUCH_COLUMNS, TOUCH_WINDOW, touches_in
from relmap.models import (
    Account,
    Claim,
    Person,
    Post,
    Tenure,
    Tie,
    Touch,
    TouchPerson,
    Unit,
    is_of_accounts,
)

__all__ = ["views_about"]

PERSON: Final = bindparam("person_id", type_=Integer)
ACCOUNTS: Final = bindparam("account_ids", expanding=True, type_=Integer)


def views_about(
    person_id: int, accounts: Sequence[Account], day: date, *, measures: Measures
) -> list[AccountView]:
    """A view of each account that holds the person alone, as known on ``day``; seven queries.

    Where they sat is of the account; their ties, touches and claims are of all these accounts
    together, and stand in each view. Nobody else sits in them, so that nothing can be said of the
    account itself.
    """
    asked: dict[str, Any] = {
        "person_id": person_id,
        "account_ids": [account.id for account in accounts],
        "day": day,
        "day_over": day_end(day),
        "since": day - TOUCH_WINDOW,
    }
    rewound = rewound_of(asked["account_ids"], day)
    seats = _seats(asked, day, rewound, measures)
    ties = tuple(tie_row(row, day) for row in rows_of(_ties(), asked))
    touches = touches_in(rows_of(_touches(), asked))
    counts = tuple(
        TouchCount(ref_of("person", ours), ref_of("person", person_id), count, on)
        for ours, count, on in rows_of(_counts(), asked)
    )
    claims = tuple(claim_row(row) for row in rows_of(_claims(), asked))
    people = _people(person_id, ties, touches, counts, claims)
    return [
        AccountView(
            account=account_row(account, rewound),
            as_of=day,
            revision=account.revision,
            units=tuple(seats[account.id].units),
            posts=tuple(seats[account.id].posts),
            tenures=tuple(row for row in seats[account.id].tenures if row.starts_on <= day),
            announced=tuple(row for row in seats[account.id].tenures if row.starts_on > day),
            people=people,
            ties=ties,
            touches=touches,
            touch_counts=counts,
            claims=claims,
            measures=measures,
        )
        for account in accounts
    ]


class _Seats:
    """Where the person sat in one account."""

    def __init__(self) -> None:
        self.units: dict[UnitRow, None] = {}
        self.posts: dict[PostRow, None] = {}
        self.tenures: list[TenureRow] = []


def _seats(
    asked: dict[str, Any], day: date, rewound: Rewound, measures: Measures
) -> defaultdict[int, _Seats]:
    found: defaultdict[int, _Seats] = defaultdict(_Seats)
    weights, units = dict(measures.level_weights), len(UNIT_COLUMNS)
    posts = units + len(POST_COLUMNS)
    for account_id, *row in rows_of(_sat(), asked):
        seats = found[account_id]
        seats.units[unit_row(row[:units], day, rewound)] = None
        seats.posts[post_row(row[units:posts], day, rewound, (), weights)] = None
        seats.tenures.append(tenure_row(row[posts:], day, rewound))
    return found


def _people(person_id: int, *rows: Iterable[Any]) -> tuple[PersonRow, ...]:
    """The person and whoever is named with them; of the others the names alone."""
    ties, touches, counts, claims = rows
    named = {person_id, *(end.id for tie in ties for end in (tie.a, tie.b))}
    named |= {person.id for touch in touches for person in touch.people}
    named |= {count.ours.id for count in counts}
    named |= {claim.observer.id for claim in claims if claim.observer}
    return tuple(
        PersonRow(
            ref=ref_of("person", number),
            side=side,
            name=name,
            latin_name=latin_name,
            language=language,
        )
        for number, side, name, latin_name, language in rows_of(_named(), {"named": sorted(named)})
    )


# --- the queries, put together once a process


def _is_one(account: Any) -> ColumnElement[bool]:
    return account.in_(ACCOUNTS)  # type: ignore[no-any-return]  # a column


def _is_theirs(person: Any, on: Any) -> ColumnElement[bool]:
    """SQL: what was so of a person on a day is a fact of these accounts."""
    return is_of_accounts(person, on, _is_one, by=DAY)


@cache
def _sat() -> Any:
    return (
        select(Unit.account_id, *UNIT_COLUMNS, *POST_COLUMNS, *TENURE_COLUMNS)
        .join(Post, Post.unit_id == Unit.id)
        .join(Tenure, Tenure.post_id == Post.id)
        .where(Tenure.person_id == PERSON, _is_one(Unit.account_id), is_on_record())
        .order_by(Tenure.starts_on, Tenure.id)
    )


@cache
def _ties() -> Any:
    a_is_ours, b_is_ours = (
        exists().where(Person.id == end, Person.side == "us") for end in (Tie.a_id, Tie.b_id)
    )
    theirs = _is_theirs(PERSON, Tie.made_on())
    return (
        select(*TIE_COLUMNS)
        .where(
            or_(
                and_(Tie.a_id == PERSON, or_(b_is_ours, theirs)),
                and_(Tie.b_id == PERSON, or_(a_is_ours, theirs)),
            ),
            or_(Tie.starts_on.is_(None), Tie.starts_on <= DAY),
            PERSON.in_(insiders(_is_one)),
        )
        .order_by(Tie.id)
    )


@cache
def _touches() -> Any:
    present, everybody, one = aliased(TouchPerson), aliased(TouchPerson), aliased(TouchPerson)
    of_these = exists().where(
        one.touch_id == Touch.id,
        one.person_id.in_(insiders(_is_one)),
        _is_theirs(one.person_id, Touch.on),
    )
    return (
        select(*TOUCH_COLUMNS, everybody.person_id)
        .join(present, present.touch_id == Touch.id)
        .join(everybody, everybody.touch_id == Touch.id)
        .where(present.person_id == PERSON, Touch.on <= DAY, Touch.on > SINCE, of_these)
    )


@cache
def _counts() -> Any:
    """Older touches with each of us."""
    ours, theirs = aliased(TouchPerson), aliased(TouchPerson)
    return (
        select(ours.person_id, func.count(), func.max(Touch.on))
        .select_from(theirs)
        .join(Touch, Touch.id == theirs.touch_id)
        .join(ours, ours.touch_id == Touch.id)
        .join(Person, Person.id == ours.person_id)
        .where(
            theirs.person_id == PERSON,
            Touch.on <= SINCE,
            Person.side == "us",
            PERSON.in_(insiders(_is_one)),
            _is_theirs(PERSON, Touch.on),
        )
        .group_by(ours.person_id)
    )


@cache
def _claims() -> Select[Any]:
    return (
        select(Claim.__table__)
        .where(
            Claim.person_id == PERSON,
            Claim.on <= DAY,
            PERSON.in_(insiders(_is_one)),
            _is_theirs(PERSON, Claim.on),
        )
        .order_by(Claim.on, Claim.id)
    )


@cache
def _named() -> Any:
    return (
        select(Person.id, Person.side, Person.name, Person.latin_name, Person.language)
        .where(Person.id.in_(bindparam("named", expanding=True)))
        .order_by(Person.id)
    )
