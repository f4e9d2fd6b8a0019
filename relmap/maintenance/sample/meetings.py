"""What happened between us and an invented customer, and what we believe of its people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from relmap.maintenance.sample.company import Company
from relmap.maintenance.sample.phrases import SOURCES, draw_note
from relmap.maintenance.sample.relations import Bond
from relmap.models import Claim, Person, Touch, TouchPerson

__all__ = ["believe", "meet"]

RHYTHM: Final = {  # days between two touches
    "none": 240,
    "vendor": 130,
    "credible_source": 85,
    "problem_solver": 60,
    "trusted_advisor": 42,
}
KINDS: Final = {
    "visit": 30,
    "call": 20,
    "mail": 15,
    "message": 11,
    "meal": 10,
    "sample": 5,
    "event": 4,
    "complaint_call": 3,
    "gift": 2,
}
STANCES: Final = {  # odds by the level of the tie
    "none": {"neutral": 4, "unknown": 2, "non_supporter": 2, "enemy": 1},
    "vendor": {"neutral": 6, "non_supporter": 3, "supporter": 1, "enemy": 1},
    "credible_source": {"neutral": 4, "supporter": 4, "non_supporter": 1},
    "problem_solver": {"supporter": 6, "neutral": 2, "mentor": 1},
    "trusted_advisor": {"mentor": 4, "supporter": 4},
}
OPPOSITE: Final = {
    "mentor": "neutral",
    "supporter": "non_supporter",
    "neutral": "supporter",
    "non_supporter": "neutral",
    "enemy": "neutral",
    "unknown": "supporter",
}
POWERS: Final = ("inner_circle", "political", "outside", "unknown")
ROLES: Final = {
    "rnd": ("user", "influencer", "initiator"),
    "component_engineering": ("gatekeeper", "influencer"),
    "purchasing": ("buyer", "decider", "gatekeeper"),
    "management": ("approver", "decider"),
    "quality": ("gatekeeper", "influencer"),
}
SHELF_LIVES: Final = {"stance": 180, "power": 365, "buying_role": 365}


def meet(company: Company, bonds: Sequence[Bond]) -> None:
    """Touches along every bond, in the rhythm of its level, up to today or the departure."""
    random, draft = company.draft.random, company.draft
    quiet = {"cold": (200, 420), "empty": (90, 150)}.get(company.customer.acquaintance, (2, 75))
    for bond in bonds:
        last = bond.stay.ends_on or draft.past(*quiet)
        day = bond.since
        while day < last:
            _touch(company, bond, day, bonds)
            day += timedelta(days=round(RHYTHM[bond.level] * random.uniform(0.5, 1.6)))


def _touch(company: Company, bond: Bond, day: date, bonds: Sequence[Bond]) -> None:
    random, draft = company.draft.random, company.draft
    kind = random.choices(tuple(KINDS), tuple(KINDS.values()))[0]
    people = {bond.ours, bond.stay.person}
    if kind in ("visit", "meal", "event") and random.random() < 0.35:
        people |= _others_there(company, bond, day, bonds)
    said, step = draw_note(
        random,
        company.customer.language,
        kind,
        boss=_boss(company, bond),
        part=random.choice(("MC-8842", "MC-6120", "PX33-A", "LT-407", "RX-915", "CN-24P")),
    )
    is_recent = (draft.day - day).days < 120
    touch = draft.add(
        Touch,
        day,
        on=day,
        kind=kind,
        direction="in"
        if kind == "complaint_call"
        else random.choice(("out", "in", "both", "both")),
        said=said,
        next_step=step if is_recent or random.random() < 0.5 else None,
        next_step_on=day + timedelta(days=random.randint(5, 28)) if step and is_recent else None,
    )
    for person in sorted(people):
        draft.add(TouchPerson, touch_id=touch, person_id=person)


def _others_there(company: Company, bond: Bond, day: date, bonds: Sequence[Bond]) -> set[int]:
    """One or two more of them whom the same one of us knew by then."""
    known = [
        other.stay.person
        for other in bonds
        if other.ours == bond.ours
        and other.since <= day
        and (other.stay.ends_on is None or other.stay.ends_on > day)
    ]
    return set(company.draft.random.sample(known, min(len(known), 2)))


def _boss(company: Company, bond: Bond) -> str:
    """How the head of the person's branch is spoken of, or of the house."""
    heads = [
        row["person_id"]
        for row in company.open
        if company.level_of(row) == "director"
        and company.seat_of[row["post_id"]].function == bond.stay.function
        and row["person_id"] != bond.stay.person
    ] or [row["person_id"] for row in company.open if company.level_of(row) == "executive"]
    head = company.draft.row(Person, heads[0])
    return str(head["address_as"] or head["name"])


def believe(company: Company, bonds: Sequence[Bond]) -> None:
    """Stance, power and buying role of those who are there, some of it stale, some disputed."""
    random = company.draft.random
    for bond in bonds:
        if bond.stay.ends_on is not None and random.random() < 0.6:
            continue
        odds = STANCES[bond.level]
        stance = random.choices(tuple(odds), tuple(odds.values()))[0]
        _claim(company, bond, bond.ours, "stance", stance)
        if bond.stay.level in ("executive", "director", "manager") and random.random() < 0.5:
            _claim(company, bond, bond.ours, "power", random.choice(POWERS))
        if random.random() < 0.4:
            roles = ROLES.get(bond.stay.function, ("influencer", "user"))
            _claim(company, bond, bond.ours, "buying_role", random.choice(roles))
        others = [index + 1 for index in company.customer.team if index + 1 != bond.ours]
        if others and random.random() < 0.1:
            _claim(company, bond, random.choice(others), "stance", OPPOSITE[stance])


def _claim(company: Company, bond: Bond, observer: int, what: str, value: str) -> None:
    random, draft = company.draft.random, company.draft
    last = bond.stay.ends_on or draft.day
    age = random.randint(0, min(420, (last - bond.since).days))
    day = last - timedelta(days=age if random.random() < 0.5 else age // 3)
    draft.add(
        Claim,
        day,
        person_id=bond.stay.person,
        post_id=None,
        what=what,
        value=value,
        on=day,
        basis=random.choice(("told", "seen", "seen", "inferred", "hearsay")),
        shelf_life_days=SHELF_LIVES[what],
        observer_id=observer,
        source=random.choice(SOURCES[company.customer.language]),
    )
