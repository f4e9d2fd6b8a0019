"""An empty book in a folder of its own, gone afterwards."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from relmap.app import create_app
from relmap.models import db
from relmap.models.schema import upgrade


@contextmanager
def empty_book() -> Iterator[Flask]:
    """The application, in its context on a new database of the newest schema."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'book.sqlite'}"
        app = create_app({"RELMAP_DATABASE_URL": url, "RELMAP_INSTANCE": folder})
        with app.app_context():
            upgrade()
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()
