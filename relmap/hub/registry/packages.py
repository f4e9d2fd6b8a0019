"""The plug-ins that installed packages name, whatever state those packages are in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import Distribution, distributions
from typing import Any

from relmap.contracts import N_, Message
from relmap.contracts.signs import one_line
from relmap.hub import hookspecs
from relmap.hub.engine.call import described

__all__ = ["BUNDLED_WITH", "Installed", "installed_plugins"]

BUNDLED_WITH = "relmap"  # the distribution whose plug-ins come first and run in safe mode
UNREADABLE = N_(
    "What this package says of itself cannot be read: {problem}. Install it again, or take it away."
)


@dataclass(frozen=True, slots=True)
class Installed:
    """A plug-in that a package names; of several with one name all but the first ``of`` it."""

    name: str
    version: str
    package: str
    load: Callable[[], Any] | None = None
    problem: Message | None = None  # why not even its name is known
    nth: int = 0  # among those of its name

    @property
    def is_bundled(self) -> bool:
        """Whether it comes with relmap."""
        return self.package == BUNDLED_WITH

    @property
    def title(self) -> str:
        """What it is called here, which no other is."""
        if not self.nth:
            return self.name
        return f"{self.name} of {self.package}" + (f" ({self.nth + 1})" if self.nth > 1 else "")


def installed_plugins() -> list[Installed]:
    """All that are installed: bundled ones first, then by name and package."""
    found = sorted(_found(), key=lambda one: (not one.is_bundled, one.name, one.package))
    names = [one.name for one in found]
    return [replace(one, nth=names[:place].count(one.name)) for place, one in enumerate(found)]


def _found() -> Iterator[Installed]:
    seen: set[str] = set()
    for package in distributions():
        try:
            points = [*package.entry_points.select(group=hookspecs.ENTRY_POINTS)]
            if not points:
                continue
            name = one_line(package.name or _folder_of(package))  # half removed: it has none
            version = one_line(package.version or "?")
        except Exception as error:  # not by the rules
            problem = Message(UNREADABLE, {"problem": described(error)})
            yield Installed(_folder_of(package), "?", "", problem=problem)
            continue
        if name not in seen:  # who is found first hides others of its name
            yield from (Installed(one_line(one.name), version, name, one.load) for one in points)
        seen.add(name)


def _folder_of(package: Distribution) -> str:
    """The name of the folder that says what is installed."""
    place = getattr(package, "_path", None)  # there is no public way to it
    return one_line(getattr(place, "name", "?"))
