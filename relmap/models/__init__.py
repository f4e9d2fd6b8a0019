"""The tables: columns, constraints and one-line conditions. ``facts/`` writes facts."""

from relmap.models.accounts import Account, Post, Unit
from relmap.models.audit import Change
from relmap.models.base import Model, Recorded, UtcDateTime, db, utc_now
from relmap.models.foresight import BookRate, Forecast, Foresight
from relmap.models.imports import Coverage, Import, ImportRow
from relmap.models.people import Contact, ContactPoint, ExternalId, Person, PersonName, Tenure
from relmap.models.plugins import PluginHealth, PluginSetting, PluginSwitch
from relmap.models.projects import NextStep, Project, ProjectPost
from relmap.models.radar import BackTest, PostOutlook
from relmap.models.results import Alert, Due, LastSweep, Scan, Score, StoredView
from relmap.models.session import writing
from relmap.models.ties import Claim, Tie, Touch, TouchPerson
from relmap.models.users import FailedLogin, Grant, User
from relmap.models.what_ifs import WhatIf
from relmap.models.whereabouts import is_of_accounts

# An id is never given twice: results, alerts and the audit log name facts by their ids after these
# are gone. PostgreSQL's sequences do so anyway; SQLite gives the highest id again unless told.
for _table in db.metadata.tables.values():
    if "id" in _table.columns:
        _table.kwargs["sqlite_autoincrement"] = True

__all__ = [
    "Account",
    "Alert",
    "BackTest",
    "BookRate",
    "Change",
    "Claim",
    "Contact",
    "ContactPoint",
    "Coverage",
    "Due",
    "ExternalId",
    "FailedLogin",
    "Forecast",
    "Foresight",
    "Grant",
    "Import",
    "ImportRow",
    "LastSweep",
    "Model",
    "NextStep",
    "Person",
    "PersonName",
    "PluginHealth",
    "PluginSetting",
    "PluginSwitch",
    "Post",
    "PostOutlook",
    "Project",
    "ProjectPost",
    "Recorded",
    "Scan",
    "Score",
    "StoredView",
    "Tenure",
    "Tie",
    "Touch",
    "TouchPerson",
    "Unit",
    "User",
    "UtcDateTime",
    "WhatIf",
    "db",
    "is_of_accounts",
    "utc_now",
    "writing",
]
