"""How likely each holder is to leave the post: what is known, then what the past has taught.

``forecast`` answers for a view, ``outlooks`` for spells alone, ``fit`` is the model without the
known terms. docs/foresight.md gives the formulas, the constants and what they were measured on.
"""

from relmap.insight.outlook.forecast import (
    Basis,
    HolderOutlook,
    Outlook,
    Source,
    forecast,
    outlooks,
)
from relmap.insight.outlook.histories import History, Spell, cut, in_post
from relmap.insight.outlook.joint_departures import (
    Togetherness,
    UnitWave,
    how_many,
    togetherness,
    wave_units,
)
from relmap.insight.outlook.mixture import Model, Weights, fit
from relmap.insight.outlook.rate import BookRate, book_rate
from relmap.insight.outlook.spells import spells_of
from relmap.insight.terms import Term

__all__ = [
    "Basis",
    "BookRate",
    "History",
    "HolderOutlook",
    "Model",
    "Outlook",
    "Source",
    "Spell",
    "Term",
    "Togetherness",
    "UnitWave",
    "Weights",
    "book_rate",
    "cut",
    "fit",
    "forecast",
    "how_many",
    "in_post",
    "outlooks",
    "spells_of",
    "togetherness",
    "wave_units",
]
