"""The plug-ins of this installation: found by entry point, imported, checked, in a fixed order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast

import pluggy

from relmap.config import config_of
from relmap.contracts import N_, Message
from relmap.contracts.signs import one_line
from relmap.errors import NotFound, PluginError, RelmapError
from relmap.hub import hookspecs
from relmap.hub.engine.call import described
from relmap.hub.registry.packages import installed_plugins
from relmap.hub.settings import CORE, fields_of
from relmap.hub.supervision import TookTooLong, supervised
from relmap.hub.surroundings import Disturbed
from relmap.languages.catalogues import flaw_of_catalogues

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["Plugin", "Registry", "find_plugins", "registry_of"]

IMPORT_SECONDS = 20.0  # one that hangs would hang server, worker and commands alike
SLOW_IMPORT = N_("It took longer than {seconds:g} s to import.")
FIRST = N_(
    "This is {plugin} of the package {package}. {others} has one of the same name, which is not "
    "loaded: take one of the two away."
)
SECOND = N_(
    "The package {package} has a plug-in named {plugin} as well, and that one is loaded. Take one "
    "of the two away."
)
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
HOOKS = tuple(name for name, value in vars(hookspecs).items() if hasattr(value, "relmap_spec"))


@dataclass(frozen=True)
class Plugin:
    """One plug-in that was found, and the package it came in.

    ``reason`` says why it is not usable, where it is not; ``notice`` what else is to be known.
    """

    name: str
    version: str
    is_bundled: bool = False
    package: str = ""
    notice: Message | None = None
    hooks: tuple[str, ...] = ()
    settings: type[Any] | None = None
    translations: Path | None = None
    reason: Message | None = None
    load_milliseconds: float = 0.0
    implementations: dict[str, pluggy.HookImpl] = field(default_factory=dict, repr=False)

    def call(self, hook: str, **arguments: Any) -> Any:
        """What the plug-in's hook returns, with those of the arguments that it takes.

        Raises whatever the hook raises, and ``KeyError`` where it does not have it.
        """
        implementation = self.implementations[hook]
        return implementation.function(*(arguments[name] for name in implementation.argnames))


class Registry:
    """The plug-ins by name, bundled ones first; closed for registration once started."""

    def __init__(self) -> None:
        self._hooks = pluggy.PluginManager("relmap")
        self._hooks.add_hookspecs(hookspecs)
        self._plugins: dict[str, Plugin] = {}
        self._is_started = False
        self.built: Any = None  # the rules under the settings last seen, see rules_in_force

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """All that were found, usable or not: bundled ones first, then by name."""
        return tuple(
            sorted(self._plugins.values(), key=lambda plugin: (not plugin.is_bundled, plugin.name))
        )

    @property
    def translations(self) -> tuple[Path, ...]:
        """The folders of the plug-ins' catalogues, each once, the first to count last."""
        found = (plugin.translations for plugin in self.plugins if plugin.translations)
        return tuple(reversed(dict.fromkeys(found)))

    def plugin(self, name: str) -> Plugin:
        """The plug-in of that name; raises ``NotFound``."""
        if name not in self._plugins:
            raise NotFound(
                "There is no plug-in {name!r}. There are: {plugins}.",
                name=name,
                plugins=", ".join(self._plugins),
            )
        return self._plugins[name]

    def register(
        self,
        name: str,
        load: Callable[[], Any],
        *,
        version: str,
        is_bundled: bool = False,
        package: str = "",
        notice: Message | None = None,
    ) -> Plugin:
        """Add the plug-in that ``load`` gives, or one that is inactive with the reason.

        Raises ``PluginError`` after the start, and where the name is taken.
        """
        if self._is_started:
            raise PluginError(
                name,
                "It was registered after relmap had started, and some accounts would be scored "
                "without it. Name it in an entry point of relmap.plugins instead.",
            )
        if name in self._plugins:
            raise PluginError(name, "Another plug-in has this name. Rename one of them.")
        began = perf_counter()
        try:
            found = supervised(
                partial(self._checked, name, load, is_bundled),
                IMPORT_SECONDS,
                text=SLOW_IMPORT,
                is_watched=not is_bundled,
            )
        except BaseException as error:  # a plug-in may call sys.exit() when it is imported
            if isinstance(error, KeyboardInterrupt):
                raise
            found = {"reason": _reason(error)}
        milliseconds = (perf_counter() - began) * 1000
        plugin = Plugin(
            name,
            version,
            is_bundled,
            package=package,
            notice=notice,
            load_milliseconds=milliseconds,
            **found,
        )
        self._plugins[name] = plugin
        return plugin

    def refuse(self, name: str, *, version: str, reason: Message | None) -> None:
        """Show a plug-in as inactive without importing it."""
        self._plugins.setdefault(name, Plugin(name, version, reason=reason))

    def start(self) -> None:
        """Close the registry; what registers later is refused."""
        self._is_started = True

    def _checked(self, name: str, load: Callable[[], Any], is_bundled: bool) -> dict[str, Any]:
        """Hooks and settings of a plug-in; raises where it cannot be used."""
        if not NAME.fullmatch(name) or name == CORE:
            raise Unusable(
                "A plug-in's name is small letters, digits and _, and not {core!r}.", core=CORE
            )
        module = load()
        wanted = getattr(module, "api_version", hookspecs.API_VERSION)
        if wanted != hookspecs.API_VERSION:
            raise Unusable(
                "It asks for version {wanted} of relmap.api; this is {api_version}.",
                wanted=one_line(repr(wanted)),
                api_version=hookspecs.API_VERSION,
            )
        self._hooks.register(module, name)
        found = {item.name: item for item in self._hooks.get_hookcallers(module) or ()}
        for unknown in found.keys() - set(HOOKS):
            raise Unusable(
                "It implements {unknown!r}, which is no hook: {hooks} are.",
                unknown=one_line(unknown),
                hooks=", ".join(HOOKS),
            )
        if not found:
            raise Unusable(
                "It implements no hook. Mark one with @hookimpl: {hooks}.", hooks=", ".join(HOOKS)
            )
        implementations = {
            hook: implementation
            for hook in HOOKS
            if hook in found
            for implementation in found[hook].get_hookimpls()
            if implementation.plugin_name == name
        }
        settings = None
        if "settings" in implementations:
            settings = implementations["settings"].function()
            try:
                fields_of(settings)
            except TypeError as error:
                raise Unusable(
                    "Its settings cannot be used: {error}", error=one_line(error)
                ) from None
        folder = _folder(implementations.get("translations"))
        wrong = None if folder is None or is_bundled else flaw_of_catalogues(folder)
        if wrong is not None:
            raise Unusable(wrong)
        return {
            "hooks": tuple(implementations),
            "implementations": implementations,
            "settings": settings,
            "translations": folder,
        }


def _folder(implementation: pluggy.HookImpl | None) -> Path | None:
    if implementation is None:
        return None
    folder = implementation.function()
    if not (isinstance(folder, Path) and folder.is_dir()):
        raise Unusable(
            "Its translations are {folder!r}, which is no folder.", folder=one_line(folder)
        )
    return folder


class Unusable(RelmapError):  # a fact about a plug-in, caught where it is registered
    """Why a plug-in cannot be used."""


def _reason(error: BaseException) -> Message:
    if isinstance(error, Unusable | TookTooLong | Disturbed):
        return error.message
    if isinstance(error, pluggy.PluginValidationError):
        return Message(one_line(error))
    return Message("It could not be loaded: {problem}", {"problem": described(error)})


def registry_of(app: Flask) -> Registry:
    """The plug-ins of an application, found when they are first asked for and then kept."""
    if "relmap.registry" not in app.extensions:
        app.extensions["relmap.registry"] = find_plugins(safe_mode=config_of(app).safe_mode)
    return cast("Registry", app.extensions["relmap.registry"])


def find_plugins(*, safe_mode: bool = False) -> Registry:
    """Import what the entry points of ``relmap.plugins`` name and start the registry.

    Never raises for what a plug-in does: such a plug-in is there, inactive, with its reason. In
    safe mode plug-ins that are not bundled are not even imported.
    """
    registry = Registry()
    every = installed_plugins()
    for found in every:
        first, *others = [other.package for other in every if other.name == found.name]
        values = {"plugin": found.name, "package": first, "others": ", ".join(others)}
        reason = found.problem
        if safe_mode and not found.is_bundled:
            reason = Message("Not loaded: safe mode.")
        elif found.nth:
            reason = Message(SECOND, values)
        if reason is not None or found.load is None:
            registry.refuse(found.title, version=found.version, reason=reason)
            continue
        registry.register(
            found.name,
            found.load,
            version=found.version,
            is_bundled=found.is_bundled,
            package=first,
            notice=Message(FIRST, values) if others else None,
        )
    registry.start()
    return registry
