"""Facts that break the rules of the services; see :mod:`relmap.maintenance.check.book`."""

from relmap.maintenance.check.book import check_book
from relmap.maintenance.check.violation import Violation

__all__ = ["Violation", "check_book"]
