"""A book of invented accounts, written in bulk: the same one for the same numbers."""

import random
from datetime import date, timedelta

from sqlalchemy import insert, select

from relmap.contracts.words import FUNCTIONS, LEVELS, RELATIONSHIP_LEVELS, TOUCH_KINDS
from relmap.models import Account, Person, Post, Tenure, Tie, Touch, TouchPerson, Unit, db, writing

DAY = date(2026, 7, 1)
AMONG = ("knows", "friend", "advises", "influences", "schoolmate", "conflicts")
SHARE_OF_LEVEL = (2, 6, 14, 18, 60)


def fill(
    accounts: int,
    *,
    people: int,
    touches: int,
    ours: int = 10,
    seed: int = 7,
    with_past: bool = False,
) -> list[int]:
    """Add accounts with so many people in post and touches each; gives their ids.

    ``with_past``: also who sat in the posts before, back to 2020, and ties among the people.
    """
    chance = random.Random(seed)
    with writing():
        colleagues = _add(Person, [_person(f"Colleague {n}", "us") for n in range(ours)])
        first = len(db.session.scalars(select(Account.id)).all())
        made = _add(Account, [{"name": f"Account {first + n}"} for n in range(accounts)])
    for start in range(0, accounts, 20):
        with writing():
            for account_id in made[start : start + 20]:
                clients, posts = _account(account_id, colleagues, people, touches, chance)
                if with_past:
                    _past(account_id, clients, posts, chance)
    return made


def _account(account_id, colleagues, people, touches, chance) -> tuple[list[int], list[int]]:
    units = _add(
        Unit,
        [
            {"account_id": account_id, "name": f"Unit {n}", "starts_on": date(2020, 1, 1)}
            for n in range(max(3, people // 12))
        ],
    )
    posts = _add(Post, [_post(n, chance.choice(units), chance) for n in range(people)])
    heads = posts[: max(2, people // 6)]
    with_superior = [{"id": post, "reports_to_id": chance.choice(heads)} for post in posts]
    db.session.bulk_update_mappings(
        Post.__mapper__, [row for row in with_superior if row["id"] != row["reports_to_id"]]
    )
    clients = _add(Person, [_person(f"Person {account_id}-{n}", "client") for n in range(people)])
    _add(Tenure, [_tenure(*pair, chance) for pair in zip(clients, posts, strict=True)])
    known = [(chance.choice(colleagues), theirs) for theirs in clients if chance.random() < 0.5]
    known = known or [(colleagues[0], clients[0])]
    _add(Tie, [_tie(*pair, chance) for pair in known])
    made = _add(Touch, [_touch(chance) for _ in range(touches)])
    pairs = [(touch, *chance.choice(known)) for touch in made]
    seats = [(touch, person) for touch, *both in pairs for person in both]
    db.session.execute(
        insert(TouchPerson), [{"touch_id": touch, "person_id": one} for touch, one in seats]
    )
    return clients, posts


# --- what makes a past: who sat there before, and who knows whom


def _past(account_id, clients, posts, chance) -> None:
    """Who sat in each post since 2020, one in four of them in another post now; ties."""
    begun = dict(
        db.session.execute(
            select(Tenure.post_id, Tenure.starts_on).where(Tenure.post_id.in_(posts))
        ).all()
    )
    spans = [(post, *span) for post in posts for span in _spans(begun[post], chance)]
    gone = _add(Person, [_person(f"Former {account_id}-{n}", "client") for n in range(len(spans))])
    rows = []
    for former, (post, start, end) in zip(gone, spans, strict=True):
        who = chance.choice(clients) if chance.random() < 0.25 else former
        rows.append(_ended(who, post, start, end))
    _add(Tenure, rows)
    pairs = {tuple(chance.sample(clients, 2)) for _ in clients}
    _add(Tie, [_tie(*pair, chance) | {"kind": chance.choice(AMONG)} for pair in sorted(pairs)])


def _spans(until, chance):
    """Who sat there before ``until``: spans that follow each other, back to 2020."""
    while (start := until - timedelta(days=chance.randrange(180, 1500))) > date(2020, 1, 1):
        yield start, until
        until = start


def _ended(person_id, post_id, start, end) -> dict:
    day_before = {"starts_after": start - timedelta(days=1), "ends_after": end - timedelta(days=1)}
    span = {"starts_on": start, "ends_on": end, "end_reason": "moved_inside"}
    return {"person_id": person_id, "post_id": post_id} | span | day_before


# --- rows


def _add(table, rows) -> list[int]:
    """Insert rows and give their ids in order."""
    if not rows:
        return []
    found = db.session.scalars(
        insert(table).returning(table.id, sort_by_parameter_order=True), rows
    )
    return list(found)


def _person(name, side) -> dict:
    return {"name": name, "side": side, "search_text": name.casefold()}


def _post(number, unit_id, chance) -> dict:
    level = chance.choices(LEVELS, SHARE_OF_LEVEL)[0]
    return {
        "unit_id": unit_id,
        "title": f"Post {number}",
        "level": level,
        "function": chance.choice(FUNCTIONS),
        "starts_on": date(2020, 1, 1),
    }


def _tenure(person_id, post_id, chance) -> dict:
    start = DAY - timedelta(days=chance.randrange(30, 1500))
    return {
        "person_id": person_id,
        "post_id": post_id,
        "starts_after": start - timedelta(days=1),
        "starts_on": start,
    }


def _tie(ours, theirs, chance) -> dict:
    judged = DAY - timedelta(days=chance.randrange(1, 700))
    return {
        "a_id": ours,
        "b_id": theirs,
        "level": chance.choice(RELATIONSHIP_LEVELS),
        "observed_on": judged,
        "starts_on": judged,
    }


def _touch(chance) -> dict:
    return {
        "on": DAY - timedelta(days=chance.randrange(1, 900)),
        "kind": chance.choice(TOUCH_KINDS),
    }
