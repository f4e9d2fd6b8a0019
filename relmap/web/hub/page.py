"""The hub: every plug-in with its version, hooks, rules, health, last error and settings."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from relmap.config import config_of
from relmap.errors import Refused
from relmap.hub import health, registry
from relmap.hub.registry import registry_of, report
from relmap.hub.settings import CORE
from relmap.languages import tell
from relmap.web.security.viewer import require, writing_as_viewer

pages = Blueprint("hub", __name__, url_prefix="/plug-ins")


@pages.get("")
def index() -> str:
    """All plug-ins; only administrators see them."""
    require("administer")
    return _page()


def _page(failed: str | None = None, error: str | None = None) -> str:
    plugins = report.plugin_states(registry_of(current_app))
    return render_template(
        "hub/hub.html",
        active="hub",
        plugins=plugins,
        core=report.core_settings(),
        core_name=CORE,
        inactive_count=sum(1 for plugin in plugins if not plugin.is_active),
        suspended_count=sum(plugin.suspended_count for plugin in plugins),
        changed=registry.changed_since_start(registry_of(current_app)),
        is_safe_mode=config_of(current_app).safe_mode,
        failed=failed,
        error=error,
        typed=request.form,
    )


@pages.post("/<name>/switch")
def switch(name: str) -> Response:
    """Switch a plug-in on or off."""
    require("administer")
    is_on = request.form.get("on") == "1"
    with writing_as_viewer():
        registry.switch(registry_of(current_app), name, is_on=is_on)
    flash(f"{name} is {'on' if is_on else 'off'}.")
    return redirect(url_for("hub.index", _anchor=name), 303)


@pages.post("/<name>/resume")
def resume(name: str) -> Response:
    """Let the suspended rules of a plug-in run again."""
    require("administer")
    with writing_as_viewer():
        registry_of(current_app).plugin(name)
        health.resume(name)
    flash(f"The rules of {name} run again.")
    return redirect(url_for("hub.index", _anchor=name), 303)


@pages.post("/<name>/settings")
def save_settings(name: str) -> Response | tuple[str, int]:
    """Store what was typed; what does not fit is said beside the form and nothing is lost."""
    require("administer")
    typed = {key: value for key, value in request.form.items() if key != "csrf_token"}
    try:
        with writing_as_viewer():
            registry.set_setting(registry_of(current_app), name, typed)
    except Refused as refusal:
        return _page(name, tell(refusal)), 422
    flash(f"The settings of {name} are stored. Scores follow with the next sweep.")
    return redirect(url_for("hub.index", _anchor=name), 303)
