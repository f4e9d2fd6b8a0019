"""Facts that break the rules of the services; see :mod:`relmap.facts.check.book`."""

from relmap.facts.check.book import check_book
from relmap.facts.check.violation import Violation

__all__ = ["Violation", "check_book"]
