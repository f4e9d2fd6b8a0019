"""Who of us knows whom at an invented customer, and who there is tied to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from relmap.contracts.words import RELATIONSHIP_LEVELS
from relmap.maintenance.sample.company import Company
from relmap.maintenance.sample.customers import OURS, Acquaintance
from relmap.maintenance.sample.phrases import TIE_NOTES
from relmap.models import Contact, Tie

__all__ = ["Bond", "Stay", "make_acquaintances", "stays", "tie_among_them"]

SHARE_KNOWN: Final[dict[Acquaintance, dict[str, float]]] = {
    "broad": {"executive": 0.5, "director": 0.8, "manager": 0.8, "lead": 0.65, "staff": 0.4},
    "fair": {"executive": 0.2, "director": 0.45, "manager": 0.5, "lead": 0.4, "staff": 0.3},
    "one_thread": {"executive": 0.0, "director": 0.0, "manager": 0.0, "lead": 0.0, "staff": 0.0},
    "cold": {"executive": 0.1, "director": 0.35, "manager": 0.4, "lead": 0.3, "staff": 0.15},
    "empty": {"executive": 0.0, "director": 0.0, "manager": 0.5, "lead": 0.0, "staff": 0.0},
}
LEVEL_ODDS: Final[dict[Acquaintance, tuple[int, ...]]] = {  # none, vendor, ..., trusted_advisor
    "broad": (1, 3, 6, 6, 4),
    "fair": (2, 5, 5, 3, 1),
    "one_thread": (0, 2, 3, 3, 4),
    "cold": (2, 5, 4, 2, 0),
    "empty": (1, 1, 0, 0, 0),
}
THE_ONE_BRANCH: Final = frozenset({"mgr_buy1", "mgr_buy2", "lead_contract", "buyer"})
KINDS_AMONG: Final = (
    ("influences", 1, 5),
    ("advises", 1, 4),
    ("conflicts", -1, 2),
    ("schoolmate", 1, 2),
    ("former_colleague", 1, 2),
    ("dotted_line", 0, 1),
    ("friend", 1, 1),
)


@dataclass(frozen=True)
class Stay:
    """A person's time at one customer, in the newest post (``None``: post unknown)."""

    person: int
    starts_on: date
    ends_on: date | None
    key: str | None
    level: str
    function: str


@dataclass(frozen=True)
class Bond:
    """One of us knows one of them since a day: what touches and claims are made from."""

    ours: int
    stay: Stay
    since: date
    level: str


def stays(company: Company) -> list[Stay]:
    """Everybody who was there since we go there, by the newest post, in the order of coming."""
    found: dict[int, Stay] = {}
    for row in company.all:
        seat = company.seat_of[row["post_id"]]
        earlier = found.get(row["person_id"])
        since = min(earlier.starts_on, row["starts_on"]) if earlier else row["starts_on"]
        since = max(since, company.met_on)
        is_gone = not any(other["person_id"] == row["person_id"] for other in company.open)
        found[row["person_id"]] = Stay(
            row["person_id"],
            since,
            row["ends_on"] if is_gone else None,
            seat.key,
            seat.level,
            seat.function,
        )
    for row in company.draft.rows(Contact):
        if row["account_id"] == company.account:
            stay = Stay(row["person_id"], row["starts_on"], row["ends_on"], None, "staff", "other")
            found.setdefault(row["person_id"], stay)
    return [row for row in found.values() if row.ends_on is None or row.ends_on > company.met_on]


def make_acquaintances(company: Company) -> list[Bond]:
    """Tie those of them whom we know to one or more of us; the bonds are returned."""
    bonds = []
    for stay in stays(company):
        if not _is_known(company, stay):
            continue
        for ours in _knowers(company, stay):
            bond = _tie(company, ours, stay)
            if bond is not None:
                bonds.append(bond)
    return bonds


def _is_known(company: Company, stay: Stay) -> bool:
    if stay.person in company.known_leavers:
        return True
    if stay.person in company.strangers:
        return False
    kind = company.customer.acquaintance
    if kind == "one_thread" and stay.key in THE_ONE_BRANCH:
        return company.draft.random.random() < (0.3 if stay.ends_on else 0.6)
    share = SHARE_KNOWN[kind][stay.level] * (0.7 if stay.ends_on else 1.0)
    return company.draft.random.random() < share


def _knowers(company: Company, stay: Stay) -> list[int]:
    """Ids of ours, who fits the function best first; the ids of ours are 1, 2, ..."""
    random, team = company.draft.random, company.customer.team
    if company.customer.acquaintance in ("one_thread", "empty"):
        return [team[0] + 1]
    fitting = [index for index in team if stay.function in OURS[index].functions] or [team[0]]
    others = [index for index in team if index not in fitting]
    knowers = [random.choice(fitting)]
    is_broad = company.customer.acquaintance == "broad"
    more = [index for index in (*fitting, *others) if index not in knowers]
    knowers += [index for index in more if random.random() < (0.45 if is_broad else 0.2)]
    return [index + 1 for index in knowers]


def _tie(company: Company, ours: int, stay: Stay) -> Bond | None:
    """A tie with its present level, and often an earlier judgement before it."""
    random, draft = company.draft.random, company.draft
    last = stay.ends_on or draft.day
    room = (last - stay.starts_on).days
    if room < 10:
        return None
    if (ours, stay.person) in draft.bonds:  # known from another customer
        return Bond(ours, stay, stay.starts_on, "credible_source")
    draft.bonds.add((ours, stay.person))
    since = stay.starts_on + timedelta(days=random.randint(3, max(4, room * 2 // 3)))
    level = random.choices(RELATIONSHIP_LEVELS, LEVEL_ODDS[company.customer.acquaintance])[0]
    if stay.person in company.known_leavers:
        level = random.choice(RELATIONSHIP_LEVELS[2:])
    judged = since + timedelta(days=random.randint(0, max(0, (last - since).days - 5)))
    rank = RELATIONSHIP_LEVELS.index(level)
    if rank > 1 and (judged - since).days > 60:
        _judge(company, ours, stay.person, RELATIONSHIP_LEVELS[rank - 1], since, since, judged)
        _judge(company, ours, stay.person, level, judged, judged, None)
    else:
        _judge(company, ours, stay.person, level, since, judged, None)
    return Bond(ours, stay, since, level)


def _judge(
    company: Company,
    ours: int,
    theirs: int,
    level: str,
    starts_on: date,
    observed_on: date,
    ends_on: date | None,
) -> None:
    company.draft.add(
        Tie,
        observed_on,
        a_id=ours,
        b_id=theirs,
        kind="knows",
        sign=1,
        level=level,
        starts_on=starts_on,
        observed_on=observed_on,
        ends_on=ends_on,
        basis="seen",
        observer_id=ours,
        note=None,
    )


def tie_among_them(company: Company) -> None:
    """Influence, advice, conflict and shared pasts among those who are there now."""
    random, draft = company.draft.random, company.draft
    here = [stay for stay in stays(company) if stay.ends_on is None]
    taken: set[tuple[int, int, str]] = set()
    for kind, sign, count in KINDS_AMONG:
        for _ in range(count if company.customer.acquaintance != "empty" else 0):
            first, second = random.sample(here, 2)
            low, high = sorted((first.person, second.person))
            if (low, high, kind) in taken:
                continue
            taken.add((low, high, kind))
            both_here = max(first.starts_on, second.starts_on)
            observed = both_here + (draft.day - both_here) * random.random()
            draft.add(
                Tie,
                observed,
                a_id=first.person,
                b_id=second.person,
                kind=kind,
                sign=sign,
                level=None,
                starts_on=None,
                observed_on=observed,
                ends_on=None,
                basis=random.choice(("told", "seen", "inferred", "hearsay")),
                observer_id=random.choice(company.customer.team) + 1,
                note=TIE_NOTES[company.customer.language].get(kind),
            )
