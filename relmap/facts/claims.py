"""Claims: what one of us believes about a person or a post, and for how long."""

from __future__ import annotations

from datetime import date

from relmap.contracts import N_
from relmap.contracts.words import CLAIM_BASES, ClaimBasis
from relmap.facts.audit import add, remove
from relmap.facts.closed_lists import refuse_unknown
from relmap.facts.locks import lock, raise_revision
from relmap.models import Claim, Person, Post

__all__ = ["add_claim", "withdraw_claim"]

SHELF_LIFE_DAYS = {"stance": 180, "power": 365, "buying_role": 365, "level": 365}
DEFAULT_SHELF_LIFE = 365


def add_claim(
    about: Person | Post,
    what: str,
    value: str,
    *,
    on: date,
    basis: ClaimBasis,
    observer: Person | None = None,
    shelf_life_days: int | None = None,
    source: str | None = None,
) -> Claim:
    """One of us believes something about a person or a post; past its shelf life it is unknown."""
    refuse_unknown(basis, CLAIM_BASES, N_("{value!r} is no basis: {known}."))
    concerned = lock(about)
    claim = Claim(
        person_id=about.id if isinstance(about, Person) else None,
        post_id=about.id if isinstance(about, Post) else None,
        what=what,
        value=value,
        on=on,
        basis=basis,
        shelf_life_days=shelf_life_days or SHELF_LIFE_DAYS.get(what, DEFAULT_SHELF_LIFE),
        observer_id=None if observer is None else observer.id,
        source=source,
    )
    add("add_claim", claim)
    raise_revision(concerned)
    return claim


def withdraw_claim(claim: Claim) -> None:
    """Nobody ever believed it: the row goes, the audit log keeps it."""
    concerned = lock(claim)
    remove("withdraw_claim", claim)
    raise_revision(concerned)
