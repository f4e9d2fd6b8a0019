"""Facts that violate the rules of the services: written by hand, by a fault, or by an old version.

The database itself keeps keys and spans in order. What only the services refuse (overlaps, circles,
facts of two accounts joined) is looked for here, in a fixed number of queries. Nothing is changed.
"""

from __future__ import annotations

from relmap.maintenance.check.people import check_people
from relmap.maintenance.check.plans import check_next_steps, check_projects
from relmap.maintenance.check.posts import check_posts
from relmap.maintenance.check.readable import check_readable
from relmap.maintenance.check.structure import Structure
from relmap.maintenance.check.tenures import check_contacts, check_tenures
from relmap.maintenance.check.ties import check_ties, check_touches
from relmap.maintenance.check.units import check_roots, check_units
from relmap.maintenance.check.violation import Violation
from relmap.maintenance.check.words import check_words

__all__ = ["check_book"]


def check_book() -> list[Violation]:
    """All violations of the whole book, by rule; an orderly book has none.

    Where rows cannot be read these are told alone: the rules read whole tables.
    """
    if damaged := check_readable():
        return damaged  # whoever reads the rest of the book stumbles over them
    structure = Structure()
    found = [
        *check_roots(structure),
        *check_units(structure),
        *check_posts(structure),
        *check_tenures(structure),
        *check_contacts(),
        *check_ties(),
        *check_touches(),
        *check_projects(),
        *check_next_steps(),
        *check_people(),
        *check_words(),
    ]
    return sorted(found, key=lambda row: (row.kind, row.ref))
