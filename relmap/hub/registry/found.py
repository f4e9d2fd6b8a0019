"""The plug-ins of this installation: found by entry point, imported, checked, in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

__all__ = ["Plugin", "Registry", "find_plugins"]


@dataclass(frozen=True, slots=True)
class Plugin:
    """One plug-in that was found. ``reason`` says why it is not usable, where it is not."""

    name: str
    version: str
    is_bundled: bool
    hooks: tuple[str, ...] = ()
    settings: type[Any] | None = None
    reason: str | None = None
    load_milliseconds: float = 0.0


class Registry:
    """The plug-ins by name, bundled ones first; closed for registration once started."""

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """All that were found, usable or not: bundled ones first, then by name."""
        raise NotImplementedError

    def plugin(self, name: str) -> Plugin:
        """The plug-in of that name; raises ``NotFound``."""
        raise NotImplementedError

    def register(
        self, name: str, module: ModuleType, *, version: str, is_bundled: bool = False
    ) -> None:
        """Add a plug-in; raises ``PluginError`` after the start."""
        raise NotImplementedError

    def start(self) -> None:
        """Close the registry; what registers later is refused."""
        raise NotImplementedError


def find_plugins(*, safe_mode: bool = False) -> Registry:
    """Import what the entry points of ``relmap.plugins`` name and start the registry.

    Never raises for what a plug-in does: such a plug-in is there, inactive, with its reason. In
    safe mode plug-ins that are not bundled are not even imported.
    """
    raise NotImplementedError
