"""The hub: every plug-in with its version, hooks, rules, health, last error and settings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from relmap.config import config_of
from relmap.contracts import N_, Message
from relmap.errors import Refused
from relmap.hub import health, registry
from relmap.hub.registry import (
    Registry,
    SettingState,
    lock_settings,
    registry_of,
    report,
    setting_states,
)
from relmap.hub.settings import CORE
from relmap.languages import _, _n, commas, tell
from relmap.models import Change, PluginSetting, db
from relmap.results.runs.forgetting import (
    forget_plugin,
    gone_plugins,
    held_of_plugin,
    left_behind,
    standing_of_plugin,
)
from relmap.web.forms import Field, Form, saved
from relmap.web.security.viewer import require, writing_as_viewer
from relmap.web.standstill import standstill_of

HOOKS: Final = {
    "alert_rules": N_("alert rules"),
    "scoring_rules": N_("scoring rules"),
    "settings": N_("settings"),
    "translations": N_("translations"),
}

pages = Blueprint("hub", __name__, url_prefix="/plug-ins")


class SettingInput(Field):
    """One setting of a plug-in, read as the hub reads it."""

    def __init__(self, label: str, *, state: SettingState, **bound: Any) -> None:
        self.setting = item = state.field
        required = Message("It must be {wanted}.", {"wanted": item.wanted})
        super().__init__(label, help=_help(state), required=required, **bound)
        yes_or_no = {"yes": Message("yes"), "no": Message("no")} if item.kind == "bool" else {}
        choices = {choice: str(choice) for choice in item.choices} or yes_or_no
        self.options = choices
        self.empty = self.without = ""
        self.lines, self.most = 1, None
        is_number = item.kind in ("int", "float")
        self.kind = "choice" if choices else "fraction" if is_number else "text"  # type: ignore[misc]  # of each

    def read(self, text: str) -> Any:
        """The value; raises ``Refused`` with what it may be."""
        return self.setting.read(text)

    def written(self, value: Any) -> str:
        """The value as it is typed."""
        return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def _help(state: SettingState) -> str:
    """What the setting is for, what it may be, and what it is where nobody sets it."""
    wanted = tell(state.field.wanted)
    said = {
        "help": _(state.field.help),
        "wanted": f"{wanted[:1].upper()}{wanted[1:]}",
        "default": str(state.field.default),
    }
    if state.is_default:
        return _("{help} {wanted}; the default.", **said).strip()
    return _("{help} {wanted}; default {default}.", **said).strip()


class SettingsForm(Form):
    """The settings of a plug-in or of ``relmap``; its row is how they stand."""

    def __init__(self, name: str, states: Sequence[SettingState], *, sent: bool = False) -> None:
        self.name = name
        super().__init__(states, sent=sent, key=name)

    def prepare(self) -> None:
        """A field a setting."""
        for state in self.row:
            self.add(state.field.name, SettingInput(state.field.label, state=state))

    def on_record(self) -> dict[str, Any]:
        """The settings as they are in force."""
        return {state.field.name: state.value for state in self.row}

    @property
    def texts(self) -> dict[str, str]:
        """What was typed, without what is left as a colleague stored it."""
        return {one.name: one.typed or "" for one in self.fields() if one.name in self.said}

    @property
    def changed_count(self) -> int:
        """How many of them somebody set."""
        return sum(not state.is_default for state in self.row)

    def lock(self) -> None:
        """Read the settings again, with nobody else writing any."""
        lock_settings()
        self.row = setting_states(_registry(), self.name)

    def changes(self) -> Iterator[tuple[Change, Collection[str]]]:
        """The lines of the audit log about these settings, the newest first, each with its name."""
        rows = select(PluginSetting.id, PluginSetting.key).where(PluginSetting.plugin == self.name)
        keys = dict(db.session.execute(rows).all())
        query = select(Change).where(Change.kind == PluginSetting.__tablename__)
        for change in db.session.scalars(query.order_by(Change.id.desc())):
            said = change.after or change.before or {}
            if said.get("plugin") == self.name:  # it was stored for the first time, or taken away
                yield change, (said["key"],)
            elif change.fact_id in keys and "plugin" not in said:
                yield change, (keys[change.fact_id],)


@pages.get("")
def index() -> str:
    """All plug-ins; only administrators see them."""
    require("administer")
    return _page()


def _registry() -> Registry:
    return registry_of(current_app)


def _page(sent: SettingsForm | None = None) -> str:
    plugins = report.plugin_states(_registry())
    states = {plugin.name: plugin.settings for plugin in plugins if plugin.settings}
    states[CORE] = report.core_settings()
    return render_template(
        "hub/hub.html",
        active="hub",
        plugins=plugins,
        core=CORE,
        hooks={plugin.name: commas(_(HOOKS[hook]) for hook in plugin.hooks) for plugin in plugins},
        forms={
            name: sent if sent and sent.name == name else SettingsForm(name, states[name])
            for name in states
        },
        sent=sent,
        gone={name: left_behind(held_of_plugin(name)) for name in gone_plugins(_registry())},
        left={
            plugin.name: left_behind(held_of_plugin(plugin.name))
            for plugin in plugins
            if not plugin.is_active
        },
        inactive_count=sum(1 for plugin in plugins if not plugin.is_active),
        suspended_count=sum(plugin.suspended_count for plugin in plugins),
        changed=registry.changed_since_start(_registry()),
        is_safe_mode=config_of(current_app).safe_mode,
        still_since=standstill_of(current_app),
    )


@pages.post("/<name>/switch")
def switch(name: str) -> Response:
    """Switch a plug-in on or off."""
    require("administer")
    is_on = request.form.get("on") == "1"
    with writing_as_viewer():
        registry.switch(_registry(), name, is_on=is_on)
    flash(_("{name} is on.", name=name) if is_on else _switched_off(name))
    return redirect(url_for("hub.index", _anchor=name), 303)


def _switched_off(name: str) -> str:
    left = standing_of_plugin(name)
    if not left:
        return _("{name} is off.", name=name)
    return _n(
        "{name} is off. {count} alert of it stands, and nothing looks after it any more.",
        "{name} is off. {count} alerts of it stand, and nothing looks after them any more.",
        left,
        name=name,
    )


@pages.post("/<name>/forget")
def forget(name: str) -> Response:
    """Clear what is stored of a plug-in that does not work here, or is gone."""
    require("administer")
    active = {plugin.name for plugin in report.plugin_states(_registry()) if plugin.is_active}
    if name in active:
        raise Refused("{name} works. Switch it off first; then what is stored can go.", name=name)
    with writing_as_viewer():
        left = left_behind(forget_plugin(name))
    flash(_("Cleared. {left}", left=left or ""))
    return redirect(url_for("hub.index"), 303)


@pages.post("/<name>/resume")
def resume(name: str) -> Response:
    """Let the suspended rules of a plug-in run again."""
    require("administer")
    with writing_as_viewer():
        _registry().plugin(name)
        health.resume(name)
    flash(_("The rules of {name} run again.", name=name))
    return redirect(url_for("hub.index", _anchor=name), 303)


@pages.post("/<name>/settings")
def save_settings(name: str) -> Response | tuple[str, int]:
    """Store what was typed; what does not fit is said at its field and nothing is lost."""
    require("administer")
    form = SettingsForm(name, setting_states(_registry(), name), sent=True)
    if not saved(form, lambda: registry.set_setting(_registry(), name, form.texts)):
        return _page(form), form.http_status
    flash(_("The settings of {name} are stored. Scores follow with the next sweep.", name=name))
    return redirect(url_for("hub.index", _anchor=name), 303)
