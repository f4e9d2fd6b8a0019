"""Making the application: settings, the secret key, what importing costs."""

import stat
import subprocess
import sys
import threading

import pytest

from relmap.app import create_app
from relmap.config import config_of, load_config, secret_key_beside
from relmap.errors import Refused

KEY = "only for tests, kept nowhere, of more than 32 characters"


def test_an_application_takes_a_mapping_a_config_or_the_environment(tmp_path, monkeypatch):
    settings = {"RELMAP_INSTANCE": str(tmp_path), "RELMAP_MAX_UPLOAD_MB": "3"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    for given in (settings, load_config(settings), None):
        app = create_app(given)
        assert config_of(app).max_upload == 3 * 2**20
        assert config_of(app).instance == tmp_path


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"DATABASE_URL": "sqlite://"}, "begin with RELMAP_"),
        ({"RELMAP_DATABASE": "sqlite://"}, "RELMAP_DATABASE is no setting"),
        ({"RELMAP_SECRET_KEY": "short"}, "shorter than 32"),
        ({"RELMAP_PUBLIC_URL": "http://relmap.example"}, "RELMAP_ALLOW_HTTP"),
    ],
)
def test_a_setting_that_cannot_be_right_stops_the_start(tmp_path, settings, said):
    with pytest.raises(Refused, match=said):
        create_app({"RELMAP_INSTANCE": str(tmp_path), **settings})


def test_the_secret_key_is_made_once_and_for_its_owner_alone(tmp_path):
    first, second = (create_app({"RELMAP_INSTANCE": str(tmp_path)}) for _ in range(2))
    assert first.secret_key == second.secret_key
    file = tmp_path / "secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text() == first.secret_key
    assert len(first.secret_key) == 64


def test_processes_that_start_at_once_agree_on_the_key(tmp_path):
    keys, start = [], threading.Barrier(8)

    def begin():
        start.wait()
        keys.append(secret_key_beside(tmp_path))

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_a_damaged_key_is_said_and_not_used(tmp_path):
    (tmp_path / "secret_key").write_text("abc")
    with pytest.raises(Refused, match="damaged"):
        secret_key_beside(tmp_path)


def test_a_key_that_is_given_leaves_no_file(tmp_path):
    app = create_app({"RELMAP_INSTANCE": str(tmp_path / "none"), "RELMAP_SECRET_KEY": KEY})
    assert app.secret_key == KEY
    assert not (tmp_path / "none" / "secret_key").exists()


def test_importing_relmap_alone_is_cheap():
    code = "import sys, relmap; print('flask' in sys.modules, 'sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
