"""All that knows a request: pages, forms, log-in, and what guards them."""

from __future__ import annotations

from flask import Flask

__all__ = ["init_web"]


def init_web(app: Flask) -> None:
    """Register the pages and all that guards them."""
