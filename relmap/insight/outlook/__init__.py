"""How likely each holder is to leave the post: what is known, then what the past has taught.

``forecast`` answers for a view, ``outlooks`` for spells alone, ``fit`` is the model without the
known terms. docs/foresight.md gives the formulas, the constants and what they were measured on.
"""

from relmap.insight.outlook.forecast import HolderOutlook, forecast, outlooks
from relmap.insight.outlook.histories import History, Spell, cut, in_post
from relmap.insight.outlook.joint_departures import how_many, togetherness, wave_units
from relmap.insight.outlook.mixture import fit
from relmap.insight.outlook.rate import RateElsewhere
from relmap.insight.outlook.spells import spells_of
from relmap.insight.terms import Term

__all__ = [
    "History",
    "HolderOutlook",
    "RateElsewhere",
    "Spell",
    "Term",
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
