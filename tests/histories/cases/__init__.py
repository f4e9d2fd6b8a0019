"""The hard cases, each a function that tells one history of an invented client.

A case moves people about and has the client listed; which changes must come of it follows from
what is true. Where the rules cannot know, the case marks the row as doubtful, with the sentence of
docs/snapshots.md that says so.
"""

from tests.histories.cases import ids, lists, mixed, people, scope, seats, spellings, units
from tests.histories.cases.register import CASES

__all__ = ["CASES", "ids", "lists", "mixed", "people", "scope", "seats", "spellings", "units"]
