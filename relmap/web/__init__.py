"""All that knows a request: pages, forms, log-in, and what guards them."""

from __future__ import annotations

from flask import Flask

from relmap.web.errors import Application, init_errors
from relmap.web.layout.language import init_language
from relmap.web.login import init_login
from relmap.web.pages import init_pages
from relmap.web.security import init_security

__all__ = ["Application", "init_web"]


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
    init_pages(app)


def healthz() -> tuple[str, dict[str, str]]:
    """Say that the server answers; asks nobody else, not even the database."""
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}
