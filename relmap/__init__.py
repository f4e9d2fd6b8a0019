"""relmap: who sits where at a customer, how broadly we know them, who just rotated out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from flask import Flask

    from relmap.config import Config
    from relmap.hub.registry import Registry

__all__ = ["__version__", "config_of", "create_app", "registry_of"]

__version__ = "0.1.0"


def create_app(config: Config | Mapping[str, str] | None = None) -> Flask:
    """The application, ready to serve; the database is left as it is (``relmap init`` migrates it).

    ``config`` is a checked ``Config`` or a mapping of ``RELMAP_*`` values; without one the
    environment counts. Raises ``Refused`` where a setting cannot be right.
    """
    from relmap.config import Config
    from relmap.models import db
    from relmap.models.session import prepare_engine
    from relmap.web import Application, init_web

    settings = config if isinstance(config, Config) else _checked(config)
    app = Application(
        "relmap",
        instance_path=str(settings.instance),
        template_folder="web/templates",
        static_folder="web/static",
    )
    app.extensions["relmap.config"] = settings
    app.config.update(
        SECRET_KEY=_secret_key(settings),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},  # no names, no hashes in the log
    )
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            prepare_engine(engine)
    init_web(app)
    return app


def config_of(app: Flask) -> Config:
    """The settings an application runs with; pass ``current_app`` inside a request or command."""
    return cast("Config", app.extensions["relmap.config"])


def registry_of(app: Flask) -> Registry:
    """The plug-ins of an application, found when they are first asked for and then kept."""
    from relmap.hub.registry import find_plugins

    if "relmap.registry" not in app.extensions:
        app.extensions["relmap.registry"] = find_plugins(safe_mode=config_of(app).safe_mode)
    return cast("Registry", app.extensions["relmap.registry"])


def _checked(values: Mapping[str, str] | None) -> Config:
    from relmap.config import load_config
    from relmap.errors import Refused

    foreign = [name for name in values or () if not name.startswith("RELMAP_")]
    if foreign:
        raise Refused(f"{', '.join(foreign)}: settings of relmap begin with RELMAP_.")
    return load_config(values)


def _secret_key(settings: Config) -> str:
    from relmap.config import secret_key_beside
    from relmap.errors import Refused

    key = settings.secret_key or secret_key_beside(settings.instance)
    if len(key) < 32:
        raise Refused("RELMAP_SECRET_KEY is shorter than 32 characters: it could be guessed.")
    return key
