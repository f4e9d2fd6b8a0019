"""All that knows a request: pages, forms, log-in, and what guards them."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from flask import Flask

from relmap.web.layout.language import init_language
from relmap.web.layout.navigation import init_navigation
from relmap.web.security.errors import Application, init_errors
from relmap.web.security.guard import init_security
from relmap.web.security.login import init_login

__all__ = ["Application", "init_web"]

PAGES: Final = (
    "accounts.page",
    "account.page",
    "maps.page",
    "plan.page",
    "what_if.page",
    "outlook.page",
    "plan.adoption",
    "timeline.page",
    "account.policy",
    "next_step.page",
    "person.page",
    "post.page",
    "alerts.page",
    "rotation.page",
    "imports.page",
    "hub.page",
    "password.page",
    "timezone.page",
    "users.page",
)
"""Modules of pages, each with its blueprint ``pages``."""


def init_web(app: Flask) -> None:
    """Register what guards the pages, then the pages.

    The order counts: where a request comes from is looked at before who sent it, and that before
    its form.
    """
    init_security(app)
    init_errors(app)
    init_language(app)
    init_login(app)
    app.add_url_rule("/healthz", "healthz", healthz)
    init_navigation(app)
    for name in PAGES:
        app.register_blueprint(import_module(f"relmap.web.{name}").pages)


def healthz() -> tuple[str, dict[str, str]]:
    """Say that the server answers; asks nobody else, not even the database."""
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}
