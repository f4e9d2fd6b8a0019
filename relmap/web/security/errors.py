"""What people and programs are told when something is refused or fails."""

from __future__ import annotations

import secrets
from types import TracebackType
from typing import Final

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from relmap.contracts import N_
from relmap.errors import ImportHeld, NotFound, Refused
from relmap.facts.logins import TooManyAttempts
from relmap.languages import _, tell
from relmap.models import db
from relmap.models.book import BUSY_SECONDS, is_lock, refusal_of

__all__ = ["Application", "init_errors", "is_for_a_script", "wants_json"]

SAID: Final = {
    400: (
        N_("This cannot be read"),
        N_("The request is not complete. Go back, reload and try again."),
    ),
    401: (N_("Log in first"), N_("This is for people who are logged in.")),
    403: (N_("Not for you"), N_("You may not do this. An administrator can grant it to you.")),
    404: (
        N_("Nothing here"),
        N_("There is no such page, or it is not for you. Check the address."),
    ),
    405: (
        N_("Not this way"),
        N_("This address does not take such a request. Go back and try again."),
    ),
    409: (N_("Not now"), N_("This does not fit what is there by now. Reload and look again.")),
    413: (N_("Too large"), N_("What you sent is larger than relmap takes. Send it in parts.")),
    422: (N_("Refused"), N_("This cannot be done.")),
    429: (N_("Too often"), N_("Wait a while, then try again.")),
    503: (N_("Not now"), N_("The database cannot be used. Try again in a while.")),
    500: (N_("relmap failed"), N_("This is a fault of relmap, not yours, and nothing was saved.")),
}
BARE: Final = Markup("<!doctype html><title>{1}</title><p>{0}</p><h1>{1}</h1><p>{2}</p>")
PART: Final = Markup('<div class="rm-notice rm-notice-error" role="alert"><div>{}</div></div>')


class Application(Flask):
    """Flask that logs an unexpected error once, with the id that its page shows."""

    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]
    ) -> None:
        """Log an unexpected error under its id; the path is quoted, it may hold line breaks."""
        what = f"{request.method} {request.path!r}"
        self.logger.error("Error %s on %s", _error_id(), what, exc_info=exc_info)


def init_errors(app: Flask) -> None:
    """Answer refusals and failures with a page, a part or JSON, as the request wants it."""
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Refused, _answer_refused)
    app.register_error_handler(OperationalError, _answer_database)
    app.register_error_handler(NotFound, lambda error: _answer(404))


def wants_json() -> bool:
    """Whether the one who asks prefers JSON to a page."""
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def is_for_a_script() -> bool:
    """Whether no page is expected but a part or data: a redirect would help nobody."""
    return (
        "HX-Request" in request.headers
        or request.is_json
        or request.path.endswith(".json")
        or request.headers.get("Sec-Fetch-Dest") == "empty"
        or wants_json()
    )


def _answer_http(error: HTTPException) -> Response | HTTPException:
    code = error.code or 500
    if code < 400 or error.response is not None:
        return error  # a redirect, or an answer somebody made on purpose
    if isinstance(error, InternalServerError):
        return _answer_failure()
    if isinstance(error, CSRFError):
        return _answer(400, _("This form is too old to be trusted. Go back, reload and try again."))
    said_by_us = error.description not in (None, type(error).description)
    answer = _answer(code, error.description if said_by_us else None)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            answer.headers[name] = value
    return answer


def _answer_refused(error: Refused) -> Response:
    if isinstance(error, TooManyAttempts):
        answer = _answer(429, tell(error))
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
    return _answer(409 if isinstance(error, ImportHeld) else 422, tell(error))


def _answer_database(error: OperationalError) -> Response:
    """503 where the database is locked, full or away; else it is our fault, and is logged."""
    refusal = refusal_of(error)
    if refusal is None:
        raise error
    db.session.rollback()  # the page may need the database, which refuses after a failure
    current_app.logger.warning("%s %r: %s", request.method, request.path, refusal)
    # Where the book lies, and on what server, is for the log: anybody may ask for the log-in.
    answer = _answer(503, tell(refusal) if is_lock(error) else None)
    answer.headers["Retry-After"] = str(BUSY_SECONDS)
    return answer


def _answer_failure() -> Response:
    db.session.rollback()  # the page may need the database, which refuses after a failure
    usual, told = tell(SAID[500][1]), _("Tell an administrator: error {id}.", id=_error_id())
    return _answer(500, f"{usual} {told}")


def _answer(code: int, message: str | None = None) -> Response:
    """The answer to a refusal: JSON, a part of a page or a page."""
    title, usual = SAID.get(code, SAID[400 if code < 500 else 500])
    title, message = tell(title), message or tell(usual)
    if wants_json():
        return _with(code, jsonify(error=message))
    if "HX-Request" in request.headers:
        return _with(code, make_response(PART.format(message)))
    return _with(code, make_response(_page(code, title, message)))


def _page(code: int, title: str, message: str) -> str:
    try:
        return render_template("security/error.html", code=code, title=title, message=message)
    except Exception:  # whatever failed may fail again: then say it without the frame
        return BARE.format(code, title, message)


def _with(code: int, response: Response) -> Response:
    response.status_code = code
    return response


def _error_id() -> str:
    if "error_id" not in g:
        g.error_id = secrets.token_hex(4)
    return str(g.error_id)
