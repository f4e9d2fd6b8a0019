"""What everybody may hold: frozen values, without Flask and without SQL."""

from relmap.contracts.measures import Measures
from relmap.contracts.refs import Ref
from relmap.contracts.results import Action, Alert, Evidence, NotApplicable, Score
from relmap.contracts.rows import (
    AccountRow,
    ClaimRow,
    ContactRow,
    PersonRow,
    PostRow,
    TenureRow,
    TieRow,
    TouchRow,
    UnitRow,
)
from relmap.contracts.view import AccountView
from relmap.contracts.words import (
    DECIDING_WEIGHT,
    FUNCTIONS,
    LEVELS,
    RELATIONSHIP_LEVELS,
    EndReason,
    Function,
    Level,
    PostStatus,
    RelationshipLevel,
    Severity,
    Side,
    Stance,
)

__all__ = [
    "DECIDING_WEIGHT",
    "FUNCTIONS",
    "LEVELS",
    "RELATIONSHIP_LEVELS",
    "AccountRow",
    "AccountView",
    "Action",
    "Alert",
    "ClaimRow",
    "ContactRow",
    "EndReason",
    "Evidence",
    "Function",
    "Level",
    "Measures",
    "NotApplicable",
    "PersonRow",
    "PostRow",
    "PostStatus",
    "Ref",
    "RelationshipLevel",
    "Score",
    "Severity",
    "Side",
    "Stance",
    "TenureRow",
    "TieRow",
    "TouchRow",
    "UnitRow",
]
