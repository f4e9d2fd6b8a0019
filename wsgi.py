"""For a WSGI server in the checkout: ``gunicorn wsgi:app``.

Where the wheel is installed, ``gunicorn 'relmap:create_app()'`` does the same.
"""

from relmap import create_app

app = create_app()
