"""Rows to an :class:`AccountView`: the only place that builds one from the database.

A view is in valid time. It holds what began on or before its day; a later end, with its reason, is
hidden unless it was recorded on or before the day (an announced leave), and what begins later
is ``announced`` if it was on record by then; titles, units' names,
reporting lines and vacancies are those of the day, read back from the audit log.

Nine queries, whatever the size of the account, and two where this process keeps the view; on SQLite
one more: pages are built on views. What many accounts hold of one person takes seven, however many
they are (``views_about``).
"""

from relmap.graph.accounts import view
from relmap.graph.careers import declared_days, past_views
from relmap.graph.past_values import Rewound, rewound_of
from relmap.graph.person_views import views_about
from relmap.graph.tenures import last_announced
from relmap.graph.touches import TOUCH_WINDOW

__all__ = [
    "TOUCH_WINDOW",
    "Rewound",
    "declared_days",
    "last_announced",
    "past_views",
    "rewound_of",
    "view",
    "views_about",
]
