"""`relmap plugin new`: what it makes installs, scores, and passes its own test."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from relmap.cli import main

NAME = "my_rules"


@pytest.fixture(scope="module")
def environment_of_its_own(tmp_path_factory) -> Path:
    """An environment that sees ours, so that a plug-in is installed there and not here."""
    home = tmp_path_factory.mktemp("env") / "venv"
    venv.create(home, with_pip=False)
    ours = sysconfig.get_path("purelib")
    scheme = {"base": str(home), "platbase": str(home)}
    site = Path(sysconfig.get_path("purelib", "venv", vars=scheme))
    (site / "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
    return home / "bin" / "python"


def call(*words: object, **options) -> subprocess.CompletedProcess:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_a_new_plug_in_installs_scores_and_passes_its_own_test(
    environment_of_its_own, environment, tmp_path
):
    python = environment_of_its_own
    env = {**os.environ, **environment}
    relmap = (python, "-m", "relmap")
    call(*relmap, "plugin", "new", NAME, cwd=tmp_path, env=env)
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--no-build-isolation")
    call(*pip, "--no-deps", "--no-index", "-q", "-e", NAME, cwd=tmp_path)

    call(*relmap, "account", "add", "Example", env=env)
    plugins = json.loads(call(*relmap, "plugin", "list", "--json", env=env).stdout)
    mine = plugins[-1]
    assert (mine["name"], mine["active"], mine["reason"]) == (NAME, True, None)
    assert [rule["key"] for rule in mine["rules"]] == ["my_rules.units_known"]

    scores = json.loads(call(*relmap, "score", "--json", env=env).stdout)
    (rule,) = [row for row in scores[0]["rules"] if row["key"] == "my_rules.units_known"]
    assert rule["status"] == "n/a"  # an account without people

    safe = {**env, "RELMAP_SAFE_MODE": "1"}
    plugins = json.loads(call(*relmap, "plugin", "list", "--json", env=safe).stdout)
    assert (plugins[-1]["active"], plugins[-1]["reason"]) == (False, "Not loaded: safe mode.")

    done = call(python, "-m", "pytest", "-q", cwd=tmp_path / NAME)
    assert "1 passed" in done.stdout


def test_it_overwrites_nothing(runner, tmp_path):
    (tmp_path / NAME).mkdir()
    done = runner.invoke(main, ["plugin", "new", NAME, "--in", str(tmp_path)])
    assert done.exit_code == 1
    assert "is there already. Choose another name" in done.stderr
    assert list((tmp_path / NAME).iterdir()) == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("My-Rules", "cannot be the name of a plug-in"),
        ("../elsewhere", "cannot be the name of a plug-in"),
        ("x", "cannot be the name of a plug-in"),
        ("class", "cannot be the name of a plug-in"),
        ("x" * 41, "cannot be the name of a plug-in"),
        ("breadth", "is taken"),
        ("relmap", "is taken"),
        ("json", "is taken"),
    ],
)
def test_a_name_that_would_not_do_is_refused(runner, tmp_path, name, message):
    done = runner.invoke(main, ["plugin", "new", name, "--in", str(tmp_path)])
    assert done.exit_code == 1
    assert message in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_it_makes_is_in_the_house_style(runner, tmp_path):
    done = runner.invoke(main, ["plugin", "new", NAME, "--in", str(tmp_path)])
    assert done.exit_code == 0, done.output
    home = tmp_path / NAME
    ruff = Path(sys.executable).with_name("ruff")
    rules = "E,F,W,I,B,UP,SIM,RUF,D,PT"
    call(ruff, "check", "--isolated", "--line-length=100", f"--select={rules}",
         "--config=lint.pydocstyle.convention='numpy'", home / "src")  # fmt: skip
    call(ruff, "format", "--isolated", "--line-length=100", "--check", home)
    assert "NAME" not in "".join(file.read_text() for file in home.rglob("*.*"))
    assert "DIST" not in "".join(file.read_text() for file in home.rglob("*.*"))
