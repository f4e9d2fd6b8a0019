"""What is installed by now against what this process loaded when it started.

A process imports plug-ins once. Where one was installed, upgraded or taken away since, other
processes (the worker above all) may run other rules than this one shows.
"""

from __future__ import annotations

from importlib.metadata import entry_points

from relmap.hub import hookspecs
from relmap.hub.registry.discovery import Registry
from relmap.languages import _

__all__ = ["changed_since_start"]


def changed_since_start(registry: Registry) -> tuple[str, ...]:
    """A sentence for each plug-in that is not installed as this process loaded it, by name."""
    loaded = {(plugin.name, plugin.version) for plugin in registry.plugins}
    installed = {
        (point.name, point.dist.version if point.dist else "?")
        for point in entry_points(group=hookspecs.ENTRY_POINTS)
    }
    names = {name for name, version in loaded ^ installed if " of " not in name}
    lines = (
        _difference(name, _versions(name, loaded), _versions(name, installed))
        for name in sorted(names)
    )
    return tuple(line for line in lines if line)


def _versions(name: str, pairs: set[tuple[str, str]]) -> list[str]:
    """The versions of a plug-in; of two with one name the second is loaded as "name of package"."""
    return sorted(
        version for other, version in pairs if other == name or other.startswith(f"{name} of ")
    )


def _difference(name: str, loaded: list[str], installed: list[str]) -> str | None:
    if loaded == installed:
        return None
    if not loaded:
        return _(
            "{name} {versions} was installed since, and is not loaded here.",
            name=name,
            versions=", ".join(installed),
        )
    if not installed:
        return _(
            "{name} {versions} was taken away since, and is still loaded here.",
            name=name,
            versions=", ".join(loaded),
        )
    return _(
        "{name} is {installed} by now; {loaded} is loaded here.",
        name=name,
        installed=", ".join(installed),
        loaded=", ".join(loaded),
    )
