"""The hooks a plug-in may implement, and the version of the interface they belong to.

A plug-in is a module named by an entry point of the group ``relmap.plugins``. It implements the
hooks it needs with ``@hookimpl``, taking only the arguments it wants. It may say for which
version of this interface it was written with a module-level ``api_version = 1``.

A new hook needs a plug-in that uses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pluggy

from relmap.hub.engine.rules import AlertRule, ScoringRule

__all__ = [
    "API_VERSION",
    "ENTRY_POINTS",
    "alert_rules",
    "hookimpl",
    "hookspec",
    "scoring_rules",
    "settings",
    "translations",
]

API_VERSION: Final = 1
"""The version of ``relmap.api``: what it exports, the hooks and the contracts."""

ENTRY_POINTS: Final = "relmap.plugins"

hookspec = pluggy.HookspecMarker("relmap")
hookimpl = pluggy.HookimplMarker("relmap")


@hookspec
def settings() -> type[Any]:  # type: ignore[empty-body]  # a plug-in has it
    """The plug-in's settings: one frozen dataclass whose fields are made with ``setting(...)``.

    The hub stores their values, draws the form and hands an instance to the other hooks.
    """


@hookspec
def scoring_rules(settings: Any) -> Iterable[ScoringRule]:  # type: ignore[empty-body]  # as above
    """The rules that score an account; each has ``score(view)``.

    ``settings`` is an instance of the plug-in's dataclass, or ``None`` where it has none.
    """


@hookspec
def alert_rules(settings: Any) -> Iterable[AlertRule]:  # type: ignore[empty-body]  # as above
    """The rules that compare two views of an account; each has ``check(before, now)``.

    ``settings`` is an instance of the plug-in's dataclass, or ``None`` where it has none.
    """


@hookspec
def translations() -> Path:  # type: ignore[empty-body]  # as above
    """The folder of the plug-in's catalogues: ``zh_Hant/LC_MESSAGES/<plugin>.po`` lies in it.

    Its texts, titles and settings are told from there. What two catalogues know is told as the
    core tells it, then as the plug-in that comes first.
    """
