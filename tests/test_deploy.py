"""What is said in deploy/ is what relmap has: commands, settings, extras, files."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from relmap.app import _secret_key
from relmap.cli import main
from relmap.config import KNOWN, load_config
from relmap.errors import Refused

DEPLOY = Path(__file__).parent.parent / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
ENVIRONMENT = dict(
    line.split("=", 1)
    for line in (DEPLOY / "relmap.env.example").read_text().splitlines()
    if line and not line.startswith("#")
)
OURS = {name: value for name, value in ENVIRONMENT.items() if name.startswith("RELMAP_")}


def unit_of(path: Path) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(path.read_text())
    return unit


def commands() -> list[list[str]]:
    """Every call of relmap in deploy/, from behind its name on."""
    image = re.search(r"^CMD (\[.*\])$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    told = [yaml.safe_load(image[1])]
    told += [service["command"] for service in COMPOSE["services"].values() if "command" in service]
    told += [shlex.split(unit_of(path)["Service"]["ExecStart"]) for path in UNITS]
    return [words[1:] for words in told if Path(words[0]).name == "relmap"]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_commands_are_commands_of_relmap(words):
    done = CliRunner().invoke(main, [*words, "--help"])
    assert done.exit_code == 0, done.output
    for option in (word for word in words if word.startswith("--")):
        assert option in done.output


def test_settings_are_settings_of_relmap_and_can_be_right():
    assert OURS.keys() <= KNOWN.keys()
    settings = load_config(OURS)
    assert settings.is_secure
    assert (settings.proxy_count, settings.timezone) == (1, "Asia/Taipei")
    assert ENVIRONMENT["POSTGRES_PASSWORD"] in settings.database_url
    for path in UNITS:
        name = unit_of(path)["Service"]["Environment"].partition("=")[0]
        assert name in KNOWN


def test_pages_workers_beat_and_what_they_need_are_there():
    services = COMPOSE["services"]
    assert {"init", "web", "worker", "beat", "postgres", "redis"} == services.keys()
    hosts = {OURS["RELMAP_DATABASE_URL"].split("@")[1].split("/")[0]}
    hosts.add(OURS["RELMAP_BROKER_URL"].split("/")[2].split(":")[0])
    assert hosts == {"postgres", "redis"}
    for service in services.values():
        assert set(service.get("depends_on", ())) <= services.keys()
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    volumes = {
        volume.split(":")[0] for one in services.values() for volume in one.get("volumes", ())
    }
    assert volumes == COMPOSE["volumes"].keys()
    build = services["web"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()
    assert {unit_of(path)["Service"]["ExecStart"].split()[1] for path in UNITS} == {
        "serve",
        "worker",
        "beat",
    }


def test_stopping_a_unit_does_not_stop_the_rules_of_the_turn_at_hand():
    assert [unit_of(path)["Service"]["KillMode"] for path in UNITS] == ["mixed"] * len(UNITS)


def test_secrets_stay_out_of_the_image_and_the_repository():
    for name in (".dockerignore", ".gitignore"):
        assert "deploy/relmap.env" in (DEPLOY.parent / name).read_text().splitlines()
    with pytest.raises(Refused, match="RELMAP_SECRET_KEY is shorter"):
        _secret_key(load_config(OURS))


def test_the_image_installs_extras_that_there_are():
    asked = re.search(r"relmap\[([\w,]+)\]", (DEPLOY / "Dockerfile").read_text())[1]
    setup = configparser.ConfigParser()
    setup.read(DEPLOY.parent / "setup.cfg")
    assert set(asked.split(",")) <= setup["options.extras_require"].keys()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_takes_the_units(tmp_path):
    for path in UNITS:  # with a program that is there in place of ours
        text = re.sub(r"ExecStart=\S+", f"ExecStart={shutil.which('true')}", path.read_text())
        (tmp_path / path.name.replace("@", "@1")).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, tmp_path.iterdir())], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
