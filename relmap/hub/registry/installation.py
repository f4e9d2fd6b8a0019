"""What is installed by now against what this process loaded when it started.

A process imports plug-ins once. Where one was installed, upgraded or taken away since, other
processes (the worker above all) may run other rules than this one shows.
"""

from __future__ import annotations

from relmap.hub.registry.discovery import Registry
from relmap.hub.registry.packages import installed_plugins
from relmap.languages import _

__all__ = ["changed_since_start"]


def changed_since_start(registry: Registry) -> tuple[str, ...]:
    """A sentence for each plug-in that is not installed as this process loaded it, by name."""
    loaded = {plugin.name: plugin.version for plugin in registry.plugins}
    installed = {found.title: found.version for found in installed_plugins()}
    lines = (
        _difference(name, loaded.get(name), installed.get(name))
        for name in sorted(loaded.keys() | installed.keys())
    )
    return tuple(line for line in lines if line)


def _difference(name: str, loaded: str | None, installed: str | None) -> str | None:
    if loaded == installed:
        return None
    if loaded is None:
        return _(
            "{name} {versions} was installed since, and is not loaded here.",
            name=name,
            versions=installed,
        )
    if installed is None:
        return _(
            "{name} {versions} was taken away since, and is still loaded here.",
            name=name,
            versions=loaded,
        )
    return _(
        "{name} is {installed} by now; {loaded} is loaded here.",
        name=name,
        installed=installed,
        loaded=loaded,
    )
