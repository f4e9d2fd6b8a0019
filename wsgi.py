"""For a WSGI server in the checkout: ``gunicorn wsgi:app``.

Where the wheel is installed, ``gunicorn relmap.wsgi:app`` does the same. Developers write the next
migration with ``flask --app wsgi db migrate``.
"""

from relmap.models import db
from relmap.models.schema import migrate
from relmap.wsgi import app

migrate.init_app(app, db)
