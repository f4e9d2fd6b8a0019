"""For a WSGI server in the checkout: ``gunicorn wsgi:app``.

Where the wheel is installed, ``gunicorn 'relmap.app:create_app()'`` does the same. Developers write
the next migration with ``flask --app wsgi db migrate``.
"""

from relmap.app import create_app
from relmap.models import db
from relmap.models.schema import migrate

app = create_app()
migrate.init_app(app, db)
