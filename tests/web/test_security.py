"""What guards every request and every answer."""

import gc
import http.client
import io
import os
import re
import subprocess
import sys
import tracemalloc
from urllib.parse import urlsplit

import pytest
from flask import request

from relmap.config import config_of
from relmap.web.security.guard import LARGEST_FORM

POLICY = re.compile(
    r"default-src 'none'; script-src 'nonce-[\w-]{20,}'; style-src 'self'; img-src 'self' data:; "
    r"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    r"frame-ancestors 'none'"
)
ANSWERS = {
    "/login": 200,
    "/healthz": 200,
    "/static/css/app.css": 200,
    "/": 303,
    "/nowhere": 404,
    "/logout": 405,
}


# --- answers


@pytest.mark.parametrize(("path", "status"), ANSWERS.items())
def test_every_answer_carries_the_policy_and_its_companions(client, path, status):
    answer = client.get(path, buffered=True)
    assert answer.status_code == status
    assert POLICY.fullmatch(answer.headers["Content-Security-Policy"])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_failure_carries_the_policy_too(app):
    app.testing = False
    app.add_url_rule("/healthz/fail", "healthz_fail", lambda: 1 / 0)
    app.before_request_funcs[None].clear()
    answer = app.test_client().get("/healthz/fail")
    assert answer.status_code == 500
    assert POLICY.fullmatch(answer.headers["Content-Security-Policy"])


def test_the_nonce_is_another_one_each_time_and_the_one_in_the_page(client):
    policies = set()
    for _ in range(2):
        answer = client.get("/login")
        policies.add(answer.headers["Content-Security-Policy"])
        in_page = set(re.findall(r'<script[^>]*nonce="([^"]+)"', answer.text))
        assert in_page == set(
            re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
        )
    assert len(policies) == 2


def test_a_page_has_no_script_without_nonce_and_no_style_attribute(client):
    text = client.get("/login").text
    assert all("nonce=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert not re.search(r"<[^>]+\s(style|on\w+)=", text)


@pytest.mark.parametrize("path", ["/login", "/healthz", "/nowhere", "/"])
def test_what_is_private_is_stored_nowhere(client, path):
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_a_static_file_named_by_its_digest_is_kept_for_a_year(client):
    address = re.search(r'href="(/static/css/app\.css\?v=[0-9a-f]{16})"', client.get("/login").text)
    answer = client.get(address[1], buffered=True)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("query", ["", "?v=", "?v=0123456789abcdef"])
def test_a_static_file_named_otherwise_is_asked_for_again(client, query):
    answer = client.get(f"/static/css/app.css{query}", buffered=True)
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_static_file_never_carries_a_session(visit, mia):
    client = visit(mia)
    assert "Set-Cookie" not in client.get("/static/css/app.css", buffered=True).headers


@pytest.mark.parametrize(
    "path", ["/static/../login.py", "/static/%2e%2e/login.py", "/static//etc/passwd"]
)
def test_static_files_are_those_of_the_folder(client, path):
    answer = client.get(path, follow_redirects=True)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


# --- cookies


def cookie_of(app, **how):
    how.setdefault("base_url", "http://127.0.0.1:5000")
    return app.test_client().get("/login", **how).headers["Set-Cookie"]


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(app):
    cookie = cookie_of(app)
    assert cookie.startswith("relmap=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_goes_over_https_alone(app_with):
    app = app_with(RELMAP_PUBLIC_URL="https://relmap.example")
    cookie = cookie_of(app, base_url="https://relmap.example")
    assert cookie.startswith("__Host-relmap=")
    assert "Secure" in cookie
    answer = app.test_client().get("/login", base_url="https://relmap.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_without_https_nothing_is_said_about_it(client):
    assert "Strict-Transport-Security" not in client.get("/login").headers


# --- hosts, plain http, proxies


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:5000", "LOCALHOST", "[::1]:5000"])
def test_this_machine_answers_to_its_own_names(client, host):
    assert client.get("/login", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "[", "", "a b"]
)
def test_a_foreign_host_name_is_refused_everywhere(client, host):
    for path in ("/login", "/static/css/app.css", "/nowhere"):
        answer = client.get(path, headers={"Host": host}, buffered=True)
        assert answer.status_code == 400
        assert "evil" not in answer.text


def test_further_host_names_can_be_allowed(app_with):
    client = app_with(RELMAP_ALLOWED_HOSTS="relmap.lan, Other.lan").test_client()
    for host in ("relmap.lan", "other.lan:8080"):
        assert client.get("/login", headers={"Host": host}).status_code == 200
    assert client.get("/login", headers={"Host": "third.lan"}).status_code == 400


def test_the_host_a_stranger_claims_to_have_forwarded_counts_for_nothing(app_with):
    client = app_with(RELMAP_PROXIES="1").test_client()
    answer = client.get("/login", headers={"X-Forwarded-Host": "evil.example"})
    assert answer.status_code == 200
    assert "evil" not in answer.text


def from_afar(app, scheme="http", **headers):
    return app.test_client().get(
        "/login",
        base_url=f"{scheme}://localhost",
        environ_base={"REMOTE_ADDR": "192.0.2.7"},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def test_plain_http_is_for_this_machine(app, app_with):
    assert from_afar(app).status_code == 403
    assert "Use https" in from_afar(app).text
    assert from_afar(app, "https").status_code == 200
    assert from_afar(app_with(RELMAP_ALLOW_HTTP="1")).status_code == 200


def test_nobody_claims_https_or_another_address_without_a_proxy(app):
    forged = {"X_Forwarded_Proto": "https", "X_Forwarded_For": "127.0.0.1"}
    assert from_afar(app, **forged).status_code == 403


def test_a_proxy_says_who_came_by_https(app_with):
    app = app_with(RELMAP_PROXIES="1")
    assert (
        from_afar(app, X_Forwarded_For="198.51.100.1", X_Forwarded_Proto="https").status_code == 200
    )
    assert (
        from_afar(app, X_Forwarded_For="198.51.100.1", X_Forwarded_Proto="http").status_code == 403
    )
    assert from_afar(app, X_Forwarded_For="198.51.100.1").status_code == 403


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        ("0", "203.0.113.9", "127.0.0.1"),
        ("1", "203.0.113.9", "203.0.113.9"),
        ("1", "127.0.0.1, 203.0.113.9", "203.0.113.9"),  # the first is what a stranger typed
        ("2", "127.0.0.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        ("2", "203.0.113.9", "127.0.0.1"),
    ],
)
def test_an_address_cannot_be_forged(app_with, proxies, forwarded, seen):
    from flask import request

    app = app_with(RELMAP_PROXIES=proxies, RELMAP_ALLOW_HTTP="1")
    addresses = []
    app.before_request(lambda: addresses.append(request.remote_addr))
    app.test_client().get("/login", headers={"X-Forwarded-For": forwarded})
    assert addresses == [seen]


def test_healthz_answers_to_every_name_and_says_nothing(client):
    answer = client.get(
        "/healthz", headers={"Host": "10.0.0.5"}, environ_base={"REMOTE_ADDR": "10.0.0.1"}
    )
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "Set-Cookie" not in answer.headers


# --- what comes in


def too_large(app):
    return b"x" * (app.config["MAX_CONTENT_LENGTH"] + 1)


def test_a_body_that_is_too_large_is_refused_with_a_page(app_with):
    app = app_with(RELMAP_MAX_UPLOAD_MB="1")
    file = {"file": (io.BytesIO(too_large(app)), "list.csv")}
    answer = app.test_client().post("/login", data=file)
    assert answer.status_code == 413
    assert "<h1>Too large</h1>" in answer.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("megabytes", "status"), [(0.2, 400), (0.3, 413), (3, 413)])
@pytest.mark.parametrize("declares", [True, False])
def test_a_browser_that_sends_too_much_gets_to_read_why(
    app_with, serve, megabytes, status, declares
):
    app = app_with(RELMAP_MAX_UPLOAD_MB="1")
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = head + b"x" * int(megabytes * 2**20) + b"\r\n--x--\r\n"
    connection = http.client.HTTPConnection(urlsplit(serve(app)).netloc)
    connection.request(
        "POST",
        "/login",
        body if declares else iter([body]),  # without a length it goes in chunks
        {"Content-Type": "multipart/form-data; boundary=x"},
    )
    answer = connection.getresponse()
    assert answer.status == status
    assert (b"Too large" in answer.read()) is (status == 413)
    connection.close()
    gc.collect()  # where a form is too large Werkzeug leaves its temporary file to this


@pytest.fixture
def gunicorn(environment, tmp_path):
    """Address of the application under the server that `relmap serve` uses."""
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--threads", "2"]
    server = subprocess.Popen(
        [*command, "relmap.app:create_app()"],
        env={**os.environ, **environment, "RELMAP_MAX_UPLOAD_MB": "4", "HOME": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    with server:
        try:
            said = (re.search(r"http://(127\.0\.0\.1:\d+)", line) for line in server.stderr)
            yield next(filter(None, said))[1]
        finally:
            server.terminate()


def test_under_gunicorn_too_the_answer_to_a_large_file_can_be_read(gunicorn):
    connection = http.client.HTTPConnection(gunicorn)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/login", b"x" * (15 * 2**20), form)
    answer = connection.getresponse()
    assert (answer.status, b"Too large" in answer.read()) == (413, True)
    connection.close()


def chunked(app, stream, **how):
    """Post a form that does not say its length."""
    environ = {"wsgi.input": stream, "wsgi.input_terminated": True}
    environ |= {"HTTP_TRANSFER_ENCODING": "chunked"}
    form = "application/x-www-form-urlencoded"
    return app.test_client().post("/login", content_type=form, environ_overrides=environ, **how)


class Endless(io.RawIOBase):
    """A form that goes on and on."""

    taken = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        self.taken += len(buffer)
        buffer[:] = b"x" * len(buffer)
        return len(buffer)


def test_a_form_without_an_end_is_not_taken_in_for_ever(app_with):
    stream = Endless()
    answer = chunked(app_with(RELMAP_MAX_UPLOAD_MB="1"), stream)
    assert answer.status_code == 413
    assert stream.taken < 8 * 2**20


def test_a_form_of_no_declared_length_is_never_cut_off(app_with):
    app = app_with(RELMAP_MAX_UPLOAD_MB="1")
    for size, status in ((LARGEST_FORM, 400), (LARGEST_FORM + 1, 413)):
        form = b"name=mia&password=".ljust(size, b"x")
        assert chunked(app, io.BytesIO(form)).status_code == status


def with_a_file(size):
    """A form that brings a file of this size."""
    return {"file": (io.BytesIO(b"x" * size), "list.csv")}


@pytest.mark.parametrize("declares", [True, False])
def test_only_who_is_logged_in_brings_a_file(app, visit, mia, declares):
    def count() -> str:
        return str(len(request.files["file"].read()))

    app.add_url_rule("/files", "files", count, methods=["POST"])
    ends = {} if declares else {"environ_overrides": {"wsgi.input_terminated": True}}
    size = LARGEST_FORM + 1  # held in memory: of a temporary file nobody takes care here
    answer = visit(mia).post("/files", data=with_a_file(size), **ends)
    assert (answer.status_code, answer.text) == (200, str(size))
    answer = visit(mia).post("/files", data={"text": "x" * size}, **ends)
    assert answer.status_code == 413  # a form without a file stays small
    for path in ("/login", "/files"):
        answer = visit(None).post(path, data=with_a_file(size), **ends)
        assert answer.status_code in (303, 413), path
    most = b"x" * (config_of(app).max_upload + 1)
    form = "multipart/form-data; boundary=x"
    assert visit(mia).post("/files", data=most, content_type=form).status_code == 413


@pytest.mark.parametrize("ends", [True, False])
def test_a_large_form_of_a_stranger_costs_nothing(app, client, ends):
    body = io.BytesIO(b"a&" * (8 * 2**20))
    form = "application/x-www-form-urlencoded"
    visit_once = client.get("/login").status_code  # what is loaded at the first visit is not meant
    tracemalloc.start()
    try:
        if ends:
            length = {"Content-Length": str(16 * 2**20)}
            answer = client.post("/login", input_stream=body, content_type=form, headers=length)
        else:
            answer = chunked(app, body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (visit_once, answer.status_code) == (200, 413)
    assert peak < 4 * 2**20


@pytest.mark.parametrize("path", ["/login?next=%00", "/no%00where"])
def test_a_nul_in_the_address_is_refused(client, path):
    assert client.get(path).status_code == 400


def test_a_nul_in_a_form_is_refused(visit):
    assert visit(None).post("/login", data={"name": "a\0b"}).status_code == 400


# --- what is typed comes back as text


PAYLOAD = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'{{7777*7777}}"


def test_what_is_typed_comes_back_as_text(visit):
    client = visit(None)
    answers = [
        client.post("/login", data={"name": PAYLOAD, "next": "/" + PAYLOAD}),
        client.get("/login", query_string={"next": "/" + PAYLOAD}),
        client.get("/" + PAYLOAD),
        client.get("/" + PAYLOAD, headers={"HX-Request": "true"}),
    ]
    for answer in answers:
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        assert "60481729" not in answer.text
