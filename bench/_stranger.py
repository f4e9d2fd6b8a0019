"""A visitor of ``relmap serve`` who sends whatever they like, and what they are answered."""

import http.client
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
CHANGING = re.compile(
    r"nonce-[\w-]+|nonce=\"[^\"]+\"|value=\"[\w.-]{60,}\"|&#34;X-CSRFToken&#34;[^}]+"
)
FORM = "application/x-www-form-urlencoded"
NO_HEADERS: Mapping[str, str] = {}
ABSURD_HEADERS: tuple[Mapping[str, str], ...] = (
    *({name: "http://["} for name in ("Referer", "HX-Current-URL", "Origin")),
    *({name: "\xff\xfe"} for name in ("Accept", "Accept-Language", "Cookie", "Range", "Referer")),
    {"Accept": "application/json;q=x"},
    {"Accept-Language": "*;q=z,,;" + "x-" * 500},
    {"Range": "bytes=5-1"},
    {"If-Modified-Since": "x", "If-None-Match": '"'},
    {"Cookie": "relmap=.; relmap_language=" + "x" * 3000},
    {"Content-Type": "x"},
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``status`` is 0 where the connection was cut."""

    status: int
    headers: Mapping[str, str]
    text: str

    def plain(self) -> str:
        """All of it that does not change from one time to the next."""
        headers = {key: value for key, value in self.headers.items() if key != "date"}
        return CHANGING.sub("", f"{self.status} {sorted(headers.items())} {self.text}")


class Stranger:
    """One browser: a connection that stays open, its cookies and the token of its forms."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = self.token = ""
        self.fields: set[str] = set()

    def log_in(self, name: str, password: str) -> Answer:
        """Log in as somebody types it; keeps the session and the token of its forms."""
        self.token = self._token_of("/login")
        form = urlencode({"name": name, "password": password})
        answer = self.ask("POST", "/login", form, token=True)
        if answer.status == 303:
            self.token = self._token_of("/password")
        return answer

    def _token_of(self, path: str) -> str:
        found = TOKEN.search(self.ask("GET", path).text)
        return found[1] if found else ""

    def ask(
        self,
        method: str,
        path: str,
        body: str | None = None,
        headers: Mapping[str, str] = NO_HEADERS,
        *,
        token: bool = False,
    ) -> Answer:
        """Send a request as it is given, with the token of the session if it is to be believed."""
        sent = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            sent["Content-Type"] = FORM
        if token and self.token:
            sent["X-CSRFToken"] = self.token
        for is_last in (False, True):  # a connection that was idle may have been closed
            try:
                self.connection.request(method, path, body, {**sent, **headers})
                return self._answer()
            except (OSError, http.client.HTTPException) as error:
                self.connection.close()
                if is_last:
                    return Answer(0, {}, repr(error))
        raise AssertionError

    def _answer(self) -> Answer:
        answer = self.connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        headers = {key.casefold(): value for key, value in answer.getheaders()}
        given = headers.pop("set-cookie", "")
        if given.startswith(("relmap=", "__Host-relmap=")):
            self.cookie = given.partition(";")[0]
        return Answer(answer.status, headers, text)

    def endless(self, path: str) -> Answer:
        """Send a body that does not end until there is an answer, or 64 MB are gone."""
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(f"{head}Content-Type: {FORM}\r\n\r\n".encode())
            chunk = b"10000\r\n" + b"a" * 65536 + b"\r\n"
            try:
                for _ in range(1000):
                    connection.sendall(chunk)
            except OSError:
                pass  # it was cut off: what was answered can be read
            said = _received(connection)
        status = re.match(rb"HTTP/1.1 (\d+)", said)
        return Answer(int(status[1]) if status else 0, {}, said.decode("utf-8", "replace"))


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except OSError:
        return b""
