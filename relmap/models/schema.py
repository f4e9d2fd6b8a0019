"""The schema of the database: which step it is at, and how it gets to the newest.

The core has one chain of migrations and so may every plug-in; each chain keeps its step in a
version table of its own, so that a plug-in can be added and taken away without the others.

This loads Alembic: import it where it is used, so that other commands start without.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from flask_migrate import Migrate

from relmap.models import db

__all__ = ["CORE", "Chain", "downgrade", "migrate", "upgrade"]

HOME = Path(str(files("relmap_migrations")))

migrate = Migrate(db=db, directory=str(HOME))  # gives developers `flask --app wsgi db migrate`


@dataclass(frozen=True)
class Chain:
    """A line of migrations: those in ``folder``, of the tables ``<plugin>_*``, or of the core."""

    folder: Path
    plugin: str | None = None

    @property
    def version_table(self) -> str:
        """Name of the table that keeps the step this chain is at."""
        return f"alembic_version_{self.plugin}" if self.plugin else "alembic_version"

    def owns(self, table: str, plugins: set[str]) -> bool:
        """Whether a table is this chain's; ``plugins`` names those that have chains."""
        if table.startswith("alembic_version"):
            return False
        return self.plugin == next((name for name in plugins if table.startswith(f"{name}_")), None)


CORE = Chain(HOME / "versions")


def upgrade(chain: Chain = CORE, revision: str = "head") -> None:
    """Bring the database of the current app to a step of a chain, by default its newest.

    Does nothing when it is there already. Call it in an app context, outside any unit of work.
    """
    command.upgrade(_settings(chain), revision)


def downgrade(chain: Chain = CORE, revision: str = "base") -> None:
    """Take the database of the current app back to a step of a chain, by default to nothing."""
    command.downgrade(_settings(chain), revision)


def _settings(chain: Chain) -> Config:
    config = Config()
    config.attributes["chain"] = chain
    # One folder to a line: other separators are taken by paths. Per cent signs are the file's own.
    config.set_main_option("path_separator", "newline")
    config.set_main_option("script_location", str(HOME).replace("%", "%%"))
    config.set_main_option("version_locations", str(chain.folder).replace("%", "%%"))
    return config
