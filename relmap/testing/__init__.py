"""For authors of plug-ins: build an account without a database, run a rule on it, check both.

book = AccountBuilder("Example")
book.tenure("Li Na", "Head of purchasing", since="2025-03-01")
outcome = check_rule(MyRule(), book.view("2026-07-01"))
assert outcome.score.points == 1.0
"""

from relmap.testing.builder import AccountBuilder
from relmap.testing.checks import check_rule

__all__ = ["AccountBuilder", "check_rule"]
