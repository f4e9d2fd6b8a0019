"""Logging in and out, and the gate before everything else."""

from __future__ import annotations

import hmac
import time
from datetime import timedelta
from typing import Final
from urllib.parse import SplitResult, urlsplit

from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    g,
    has_request_context,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user
from flask_wtf import CSRFProtect
from sqlalchemy.exc import DatabaseError

from relmap.clock import ZONE_OF_READER
from relmap.facts.audit import acting_as
from relmap.facts.logins import TooManyAttempts, count_attempt, forgive_attempt
from relmap.facts.users import note_log_in, user_with
from relmap.languages import _, tell
from relmap.models import User, db, utc_now, writing
from relmap.web.security.errors import is_for_a_script
from relmap.web.security.guard import allow_upload
from relmap.web.security.viewer import LoggedIn, current_viewer

__all__ = ["begin_session", "first_page", "init_login", "own_path"]

OPEN_TO_ALL: Final = frozenset(
    {"auth.log_in", "auth.login", "healthz", "language.choose", "static"}
)
OPEN_WITH_GENERATED_PASSWORD: Final = frozenset({"auth.logout", "password.save", "password.show"})
ZONE: Final = "relmap_zone"
LONGEST_SESSION: Final = timedelta(days=7)
SEEN_EVERY: Final = timedelta(minutes=10)

auth = Blueprint("auth", __name__)
csrf = CSRFProtect()


def init_login(app: Flask) -> None:
    """Put the gate before all pages, then the check of forms."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a form is good as long as its session
    manager = LoginManager()
    manager.session_protection = None  # it would watch addresses, which change on the road
    manager.user_loader(_load)
    manager.init_app(app)
    app.extensions[ZONE_OF_READER] = _zone_of_viewer
    app.before_request(_gate)
    app.before_request(_refuse_unreadable)  # what the check of forms would stumble over
    csrf.init_app(app)
    app.register_blueprint(auth)


@auth.get("/login")
def login() -> ResponseReturnValue:
    """The form to log in."""
    if current_user.is_authenticated:
        return redirect(_after_login(current_viewer()))
    return _login_page()


@auth.post("/login")
def log_in() -> ResponseReturnValue:
    """Let somebody in who knows a name and its password."""
    name = request.form.get("name", "")
    try:
        user = _checked(name, request.form.get("password", ""))
    except TooManyAttempts as refusal:
        answer = make_response(_login_page(name, tell(refusal), refusal.seconds), 429)
        answer.headers["Retry-After"] = str(refusal.seconds)
        return answer
    if user is None:
        return _login_page(name, _("The name or the password is not right.")), 401
    begin_session(user)
    return redirect(_after_login(user), 303)


@auth.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session of this browser."""
    session.clear()
    flash(_("You are logged out."))
    return redirect(url_for("auth.login"), 303)


def begin_session(user: User) -> None:
    """Log a user in with a new session: nothing of the old one is left, its form token neither."""
    session.clear()
    session.permanent = True
    session["began_at"] = session["seen_at"] = int(time.time())
    login_user(LoggedIn(user))


def first_page() -> str:
    """Where somebody goes who wanted nowhere else."""
    return request.root_path + "/"


def own_path(target: str | None) -> str | None:
    """``target`` where it is a path of relmap, else ``None``: no log-in leads to a stranger."""
    if not target or len(target) > 2000 or not target.isprintable() or "\\" in target:
        return None
    return target if target.startswith("/") and not target.startswith("//") else None


def _zone_of_viewer() -> str | None:
    """The zone that the viewer chose; ``None``: that of the book."""
    if not has_request_context():
        return None
    if ZONE in g:  # a page asks for each of its days
        kept: str | None = g.get(ZONE)
        return kept
    try:
        zone: str | None = current_user.timezone if current_user.is_authenticated else None
        setattr(g, ZONE, zone)
        return zone
    except DatabaseError:  # the page that says so must be told by some clock
        return None


# --- the gate


def _gate() -> ResponseReturnValue | None:
    """Nobody passes without log-in, and nobody with a generated password goes on with it."""
    if request.endpoint is None or request.endpoint in OPEN_TO_ALL:
        return None
    if not current_user.is_authenticated:
        return _ask_to_log_in()
    allow_upload()
    _mark_as_seen()
    if not current_viewer().must_change_password:
        return None
    if request.endpoint in OPEN_WITH_GENERATED_PASSWORD:
        return None
    if is_for_a_script():
        abort(403, _("Choose your own password first."))
    return redirect(url_for("password.show"), 303)


def _ask_to_log_in() -> ResponseReturnValue:
    if not is_for_a_script():
        wanted = request.full_path.removesuffix("?") if request.method == "GET" else None
        return redirect(url_for("auth.login", next=own_path(wanted)), 303)
    if "HX-Request" not in request.headers:
        abort(401)
    here = _parts(request.headers.get("HX-Current-URL"))
    page = own_path(f"{here.path}?{here.query}".removesuffix("?"))
    return "", 401, {"HX-Redirect": url_for("auth.login", next=page)}


def _load(session_id: str) -> LoggedIn | None:
    """The user of a session, unless it has ended: by time, by another password, by an order."""
    user_id, _, stamp = session_id.partition(".")
    began_at = session.get("began_at")
    if not isinstance(began_at, int) or time.time() - began_at > LONGEST_SESSION.total_seconds():
        return None
    user = db.session.get(User, int(user_id)) if user_id.isdecimal() else None
    if user is None or not user.is_active:
        return None
    return LoggedIn(user) if hmac.compare_digest(user.session_stamp, stamp) else None


def _mark_as_seen() -> None:
    """Renew the cookie now and then, so that a session in use does not end for being idle."""
    if time.time() - session.get("seen_at", 0) > SEEN_EVERY.total_seconds():
        session["seen_at"] = int(time.time())


def _refuse_unreadable() -> None:
    """Refuse fields without a name, what no text holds, and a page before that is no address."""
    for name, values in request.form.lists():
        if name is None or any("\0" in value for value in values):
            abort(400)  # PostgreSQL would fail on a NUL
    _parts(request.referrer)


def _parts(address: str | None) -> SplitResult:
    """The parts of an address that a header names; ends the request with 400 where it is none."""
    try:
        return urlsplit(address or "")
    except ValueError:
        abort(400)


# --- what the forms ask for


def _checked(name: str, password: str) -> User | None:
    """The user whom these open. The attempt counts before the password is looked at."""
    address = request.remote_addr or ""
    with writing():
        count_attempt(name, address, now=utc_now())
    user = user_with(name, password)
    if user is not None:
        with acting_as(user.id), writing():
            forgive_attempt(name, address)
            note_log_in(user, address)
    return user


def _after_login(user: User) -> str:
    if user.must_change_password:
        return url_for("password.show")
    return own_path(request.values.get("next")) or first_page()


def _login_page(name: str = "", error: str | None = None, delay: int | None = None) -> str:
    target = own_path(request.values.get("next"))
    return render_template("security/login.html", name=name, error=error, next=target, delay=delay)
