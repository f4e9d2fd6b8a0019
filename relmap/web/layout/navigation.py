"""Where people can go from every page, and what all templates may use."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, g, redirect, url_for
from werkzeug.wrappers import Response

from relmap.clock import local_day, zone_name
from relmap.languages import _, zone
from relmap.permissions import can
from relmap.web.layout.names import initials, lang_of
from relmap.web.security.viewer import current_viewer

__all__ = ["init_navigation"]


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation."""

    name: str
    label: str
    icon: str
    href: str


def init_navigation(app: Flask) -> None:
    """Register the first page, and the words and addresses that templates use."""
    app.add_url_rule("/", "home", home)
    app.add_template_filter(local_day, "local_day")
    app.add_template_global(lambda: zone(zone_name()), "zone_name")
    app.add_template_filter(initials, "initials")
    app.add_template_filter(lang_of, "lang_of")
    app.add_template_global(main_nav, "main_nav")
    app.add_template_global(viewer_name, "viewer_name")
    app.add_template_global(sprite_url, "sprite_url")


def home() -> Response:
    """The first page is the list of accounts."""
    return redirect(url_for("accounts.index"))


def main_nav() -> list[NavItem]:
    """Where the viewer can go; drawn twice a page, so it is kept for the request."""
    if "main_nav" not in g:
        g.main_nav = _main_nav()
    found: list[NavItem] = g.main_nav
    return found


def _main_nav() -> list[NavItem]:
    items: list[tuple[str, str, str, str]] = [
        ("accounts", _("Accounts"), "building", "accounts.index"),
        ("alerts", _("Alerts"), "bell", "alerts.index"),
        ("rotation", _("Rotation"), "radar-2", "rotation.index"),
        ("imports", _("Imports"), "upload", "imports.index"),
    ]
    if can(current_viewer(), "administer"):
        items.append(("hub", _("Plug-ins"), "plug", "hub.index"))
    return [NavItem(name, label, icon, url_for(where)) for name, label, icon, where in items]


def viewer_name() -> str:
    """Who is logged in, by the name they log in with."""
    return current_viewer().name


def sprite_url() -> str:
    """Address of the icons; asked for each icon, so it is kept for the request."""
    if "sprite_url" not in g:
        g.sprite_url = url_for("static", filename="vendor/icons.svg")
    return str(g.sprite_url)
