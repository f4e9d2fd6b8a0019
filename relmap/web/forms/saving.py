"""A form saved: read, compared under the lock with what it had shown, written; one unit of work."""

from __future__ import annotations

from collections.abc import Callable

from relmap.errors import Refused
from relmap.web.forms.form import Form, Stale
from relmap.web.security.viewer import writing_as_viewer

__all__ = ["saved"]


def saved(form: Form, write: Callable[[], object]) -> bool:
    """Whether a form that was sent is stored.

    ``write`` calls the verbs, inside the unit of work and with the row locked, after the accounts
    that it concerns. Where it is not stored nothing is, and the form says why: the page shows it
    again with ``form.http_status``.
    """
    if not form.validate():
        form.compare_again()
        return False
    try:
        with writing_as_viewer():
            form.lock()
            form.refuse_stale()
            write()
    except Stale:
        return False
    except Refused as error:
        form.refuse(error)
        form.compare_again()
        return False
    return True
