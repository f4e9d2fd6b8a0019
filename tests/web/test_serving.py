"""The server's worker: started wherever the server was."""

import os
import re
import socket
import subprocess
import sys

import pytest

from relmap.cli.server import worker_command


def test_a_folder_of_that_name_does_not_stand_in_for_relmap(tmp_path):
    (tmp_path / "relmap").mkdir()  # as in the folder above a checkout

    asked = [*worker_command(1), "--help"]
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


@pytest.fixture
def taken():
    """A port of this machine on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def serve(environment, *arguments):
    """`relmap serve` as somebody types it, until it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "relmap", "serve", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_port_in_use_is_refused_in_one_line(app, environment, taken):
    done = serve(environment, "--port", str(taken))

    assert (done.returncode, done.stdout) == (1, "")
    said = rf"Port {taken} is in use on 127\.0\.0\.1\. Choose another: relmap serve --port (\d+)\n"
    other = re.fullmatch(said, done.stderr)
    assert other, done.stderr
    with socket.create_server(("127.0.0.1", int(other[1]))):
        pass  # free indeed


def test_an_address_of_another_machine_is_refused_in_one_line(app, environment):
    done = serve(environment | {"RELMAP_ALLOW_HTTP": "1"}, "--host", "192.0.2.1", "--port", "8000")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Port 8000 on 192.0.2.1 cannot be served: ")
    assert len(done.stderr.splitlines()) == 1


def test_it_says_that_it_serves_when_it_listens(app, environment):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "relmap", "serve", "--port", str(port)],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    with server:
        try:
            assert f"relmap serves http://127.0.0.1:{port} " in server.stdout.readline()
            socket.create_connection(("127.0.0.1", port)).close()
        finally:
            server.terminate()
