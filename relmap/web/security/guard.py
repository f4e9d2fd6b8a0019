"""What guards every request and every answer: hosts, plain http, sizes, headers, cookies."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import blake2b
from io import RawIOBase
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from relmap.config import Config, config_of, is_loopback
from relmap.languages import _

__all__ = ["LARGEST_ID", "allow_upload", "csp_nonce", "init_security"]

POLICY: Final = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # the check of forms over https needs it within relmap
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
LARGEST_ID: Final = 2**31 - 1
A_YEAR: Final = 365 * 24 * 3600
IDLE: Final = timedelta(hours=12)  # a session nobody uses ends after it
LARGEST_FORM: Final = 256 * 1024  # bytes of a request that brings no file
DRAINED: Final = 4  # times the limit of files: so much that is too large is still taken in


class Number(IntegerConverter):
    """A number of an address: a handful of digits, of which the ids that are too large are none."""

    regex = "[0-9]{1,10}"


def init_security(app: Flask) -> None:
    """Guard all requests and answers; call it before anything else looks at a request."""
    config = config_of(app)
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        PERMANENT_SESSION_LIFETIME=IDLE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_NAME="__Host-relmap" if config.is_secure else "relmap",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.is_secure,
        SESSION_REFRESH_EACH_REQUEST=False,  # else static files would carry the cookie
    )
    if config.proxy_count:
        count = config.proxy_count
        proxied = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0, x_port=0, x_prefix=0)
        app.wsgi_app = proxied  # type: ignore[method-assign]  # Flask's own documented way
    app.url_map.converters["int"] = Number
    app.before_request(_check_arrival)
    app.before_request(_count_body)
    app.after_request(_drain)
    app.after_request(_add_headers)
    app.url_defaults(_add_digest)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.jinja_env.globals["static_url"] = static_url


def csp_nonce() -> str:
    """The word that lets the scripts of this answer run; another one for each request."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    return str(g.csp_nonce)


def static_url(name: str) -> str:
    """Address of a static file: as ``url_for`` gives it, at a fifth of the cost. Pages name ten."""
    digest = _digest(current_app, name)
    version = f"?v={digest}" if digest else ""
    return f"{request.script_root}{current_app.static_url_path}/{name}{version}"


# --- requests


def _check_arrival() -> None:
    """Refuse what comes by a wrong name or an open wire, or holds what no text holds."""
    if request.endpoint == "healthz":
        return  # asked by address, by those who watch the machine; it tells nothing
    config = config_of(current_app)
    if _host() not in {host.lower() for host in config.hosts}:
        abort(400, _("relmap does not answer under this name. RELMAP_ALLOWED_HOSTS can allow it."))
    if not _may_be_plain(config):
        abort(
            403,
            _(
                "Over plain http passwords can be read on the way, so relmap takes it from this "
                "machine only. Use https, or let RELMAP_ALLOW_HTTP=1 accept that."
            ),
        )
    if "\0" in request.path or b"%00" in request.query_string:
        abort(400)
    if any(isinstance(value, int) and value > LARGEST_ID for value in _arguments().values()):
        abort(404)  # as for any other number nothing has; a database would fail on it


def _arguments() -> dict[str, Any]:
    return request.view_args or {}


def _host() -> str | None:
    try:
        return urlsplit(f"//{request.host}").hostname
    except ValueError:
        return None


def _may_be_plain(config: Config) -> bool:
    return request.is_secure or config.allow_http or is_loopback(request.remote_addr or "")


# --- answers


def _add_headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY.format(nonce=csp_nonce())
    for name, value in HEADERS.items():
        response.headers[name] = value
    if config_of(current_app).is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
    response.headers["Cache-Control"] = _cache_control()
    return response


def _cache_control() -> str:
    endpoint = request.endpoint or ""
    if endpoint == "static" and _is_named_by_digest():
        return f"public, max-age={A_YEAR}, immutable"
    if endpoint == "static" or endpoint.endswith(".static"):
        return "no-cache"
    return "no-store"


def _is_named_by_digest() -> bool:
    digest = _digest(current_app, _arguments().get("filename", ""))
    return digest is not None and request.args.get("v") == digest


def _add_digest(endpoint: str, values: dict[str, Any]) -> None:
    """Let the address of a static file change with the file, so that it can be kept for a year."""
    if endpoint == "static" and "v" not in values:
        digest = _digest(current_app, values.get("filename", ""))
        if digest is not None:
            values["v"] = digest


def _digest(app: Flask, name: str) -> str | None:
    known: dict[str, tuple[int, str]] = app.extensions.setdefault("relmap.digests", {})
    file = Path(app.static_folder or "") / name
    try:
        changed = file.stat().st_mtime_ns
        if name not in known or known[name][0] != changed:
            known[name] = changed, blake2b(file.read_bytes(), digest_size=8).hexdigest()
    except (OSError, ValueError):
        return None
    return known[name][1]


# --- bodies


class _Counted(RawIOBase):
    """A body that does not say its length: reading past the limit is refused.

    Werkzeug would hand over such a form cut off at the limit, as if it ended there.
    """

    def __init__(self, stream: Any, limit: int) -> None:
        self.stream = stream
        self.left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        taken = self.stream.read(min(len(buffer), self.left + 1))
        self.left -= len(taken)
        if self.left < 0:
            raise RequestEntityTooLarge
        buffer[: len(taken)] = taken
        return len(taken)


def allow_upload() -> None:
    """Let this request bring a file: its visitor is logged in, and nothing of it was read."""
    if request.mimetype != "multipart/form-data":
        return
    limit = config_of(current_app).max_upload
    request.max_content_length = limit
    stream = request.environ["wsgi.input"]
    if isinstance(stream, _Counted):
        stream.left, request.max_content_length = limit, limit + 1


def _count_body() -> None:
    if request.content_length is None and "wsgi.input_terminated" in request.environ:
        request.environ["wsgi.input"] = _Counted(request.environ["wsgi.input"], LARGEST_FORM)
        request.max_content_length = LARGEST_FORM + 1  # so that the one byte too many is asked for


def _drain(response: Response) -> Response:
    """Take in the rest of a body that is too large: else browsers show a broken connection."""
    if response.status_code != 413:
        return response
    stream, left = _rest_of_body(DRAINED * config_of(current_app).max_upload)
    try:
        while left > 0 and (taken := stream.read(min(left, 65536))):
            left -= len(taken)
    except (ClientDisconnected, OSError):
        pass  # nobody is there to read the answer
    return response


def _rest_of_body(most: int) -> tuple[IO[bytes], int]:
    stream = request.environ["wsgi.input"]
    if isinstance(stream, _Counted):
        return stream.stream, most
    try:
        return request.stream, most
    except RequestEntityTooLarge:  # nothing of it was read
        return stream, min(most, request.content_length or 0)
