"""The application: settings, database and pages put together."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask

from relmap.config import Config, load_config, secret_key_beside
from relmap.errors import Refused
from relmap.hub.registry import registry_of
from relmap.languages.catalogues import TRANSLATIONS_OF
from relmap.models.book import refuse_other_book
from relmap.models.session import attach_database

__all__ = ["app_without_pages", "create_app"]


def create_app(config: Config | Mapping[str, str] | None = None) -> Flask:
    """The application, ready to serve; the database is left as it is (``relmap init`` migrates it).

    ``config`` is a checked ``Config`` or a mapping of ``RELMAP_*`` values; without one the
    environment counts. Raises ``Refused`` where a setting cannot be right, and for a book of a
    newer relmap.
    """
    from relmap.web import Application, init_web  # a third of a second, for pages alone

    app = Application(
        "relmap",
        template_folder="web",  # each page has its templates beside it
        static_folder="web/static",
    )
    _put_together(app, config)
    init_web(app)
    with app.app_context():
        refuse_other_book(is_older_taken=True)
    return app


def app_without_pages(config: Config | Mapping[str, str] | None = None) -> Flask:
    """What a command runs in: the application but for its pages, whatever its book is."""
    app = Flask("relmap", static_folder=None)
    _put_together(app, config)
    return app


def _put_together(app: Flask, config: Config | Mapping[str, str] | None) -> None:
    settings = config if isinstance(config, Config) else _checked(config)
    app.instance_path = str(settings.instance)
    try:
        attach_database(app, settings)
        app.config["SECRET_KEY"] = _secret_key(settings)
    except OSError as error:
        raise Refused(
            "{folder} cannot be used ({reason}). Let relmap write there, or name another folder in "
            "RELMAP_INSTANCE.",
            folder=settings.instance,
            reason=error.strerror,
        ) from error
    app.extensions[TRANSLATIONS_OF] = lambda: registry_of(app).translations


def _checked(values: Mapping[str, str] | None) -> Config:
    foreign = [name for name in values or () if not name.startswith("RELMAP_")]
    if foreign:
        raise Refused(
            "{foreign}: settings of relmap begin with RELMAP_.", foreign=", ".join(foreign)
        )
    return load_config(values)


def _secret_key(settings: Config) -> str:
    key = settings.secret_key or secret_key_beside(settings.instance)
    if len(key) < 32:
        raise Refused("RELMAP_SECRET_KEY is shorter than 32 characters: it could be guessed.")
    return key
