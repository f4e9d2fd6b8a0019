"""All that a plug-in imports of relmap: the contracts, the questions of insight, and the hooks.

Importing it loads neither Flask nor SQLAlchemy nor pyvis.
"""

from relmap.contracts import *  # noqa: F403  # the room re-exports, and nothing else
from relmap.contracts import __all__ as _contracts
from relmap.hub.engine.rules import AlertRule, ScoringRule
from relmap.hub.hookspecs import API_VERSION, hookimpl
from relmap.hub.settings import setting
from relmap.insight import *  # noqa: F403  # as above
from relmap.insight import __all__ as _insight

__all__ = [
    "API_VERSION",
    "AlertRule",
    "ScoringRule",
    "hookimpl",
    "setting",
    *_contracts,
    *_insight,
]
