"""For a WSGI server: ``gunicorn relmap.wsgi:app``.

What is refused ends the server with one sentence.
"""

from __future__ import annotations

import sys
from typing import Final

from relmap.app import create_app
from relmap.errors import Refused
from relmap.hub.registry import prepare_rules
from relmap.languages import tell
from relmap.models import db
from relmap.models.book import refuse_other_book

__all__ = ["app"]

NOT_LOADED: Final = 4  # to gunicorn: start no further worker, and end as this one did

try:
    app = create_app()
    with app.app_context():
        refuse_other_book()
        prepare_rules(app)
        db.session.remove()
        db.engine.dispose()  # with --preload what is open now all processes would share
except Refused as refused:
    print(tell(refused), file=sys.stderr)  # noqa: T201  # no server is there yet to log it
    sys.exit(NOT_LOADED)
