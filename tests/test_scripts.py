"""The scripts of script/ and .ci/run, each in a copy whose folder has a space in its name.

What they call is replaced by small recorders, so that nothing is installed and nothing is served.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPTS = [ROOT / ".ci/run", *sorted(path for path in (ROOT / "script").iterdir())]
SHELL_SCRIPTS = [path for path in SCRIPTS if path.read_text().startswith("#!/bin/sh\n")]
TOOLS = ("sh", "dirname", "cat", "cksum", "grep", "env", "id")  # and nothing that installs


@pytest.fixture
def copy(tmp_path):
    """A checkout with the scripts alone."""
    root = tmp_path / "a folder" / "relmap"
    shutil.copytree(ROOT / "script", root / "script")
    shutil.copytree(ROOT / ".ci", root / ".ci")
    (root / "relmap").mkdir()
    for name in ("setup.cfg", "setup.py", "pyproject.toml", "relmap/__init__.py"):
        shutil.copy(ROOT / name, root / name)
    return root


@pytest.fixture
def machine(tmp_path):
    """The programs of a bare machine, to which a test adds its own."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in TOOLS:
        program(programs / name, f'exec {shutil.which(name)} "$@"')
    return programs


def program(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # never write through a link to the machine's own program
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)


def run(script: Path, *arguments: str, programs: Path | None = None):
    """Run a script from the root of the file system, with no standard input."""
    path = str(programs) if programs else os.environ["PATH"]
    return subprocess.run(
        [script, *arguments],
        cwd="/",
        env={"PATH": path, "HOME": "/nowhere"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_can_be_called_and_says_what_it_is_for(script):
    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[1].startswith(("# ", '"""'))


@pytest.mark.parametrize("script", SHELL_SCRIPTS, ids=lambda path: path.name)
def test_every_script_is_plain_sh(script):
    assert subprocess.run(["sh", "-n", script], capture_output=True).stderr == b""


def test_set_up_installs_once(copy, machine):
    installer = copy / ".venv/bin/python"
    program(installer, 'echo "$*" >> "$0.calls"')
    program(machine / "python3", "exit 0")
    assert run(copy / "script/setup", "test", programs=machine).returncode == 0
    calls = Path(f"{installer}.calls").read_text()
    assert "-m pip install" in calls
    assert "-e .[test]" in calls
    run(copy / "script/setup", "test", programs=machine)
    assert Path(f"{installer}.calls").read_text() == calls


def test_set_up_installs_again_when_what_it_installs_has_changed(copy, machine):
    installer = copy / ".venv/bin/python"
    program(installer, 'echo "$*" >> "$0.calls"')
    program(machine / "python3", "exit 0")
    run(copy / "script/setup", programs=machine)
    before = Path(f"{installer}.calls").read_text()
    with (copy / "setup.cfg").open("a") as file:
        file.write("# one more dependency\n")
    run(copy / "script/setup", programs=machine)
    assert Path(f"{installer}.calls").read_text() == before * 2


def test_a_failed_installation_is_tried_again(copy, machine):
    program(copy / ".venv/bin/python", '[ "$1" = -c ]')
    program(machine / "python3", "exit 0")
    assert run(copy / "script/setup", programs=machine).returncode != 0
    assert list((copy / ".venv").glob("setup.*")) == []


def test_a_machine_without_python_is_told_what_to_install(copy, machine):
    done = run(copy / "script/setup", programs=machine)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "relmap needs Python 3.11 or newer: apt-get install python3 python3-venv"
    ]


def test_a_machine_with_an_old_python_beside_a_new_one_uses_the_new_one(copy, machine):
    program(machine / "python3", "exit 1")
    program(machine / "python3.11", f'[ "$1" = -c ] || echo "$*" > "{machine}/calls"')
    run(copy / "script/setup", programs=machine)
    assert (machine / "calls").read_text() == "-m venv --clear .venv\n"


def test_a_machine_without_venv_is_told_what_to_install(copy, machine):
    program(machine / "python3", 'case "$2" in *venv*) exit 1;; esac')
    done = run(copy / "script/setup", programs=machine)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "relmap needs Python's venv module: apt-get install python3-venv"
    ]


def test_a_machine_without_chromium_is_told_what_to_install(copy, machine):
    done = run(copy / "script/chromium", programs=machine)
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["The tests need Chromium: apt-get install chromium"]


@pytest.mark.parametrize(
    ("missing", "installed"), [("none", "chromium-headless-shell"), ("*-shell", "chromium")]
)
def test_chromium_is_installed_where_that_is_allowed(copy, machine, missing, installed):
    program(machine / "id", "echo 0")
    program(
        machine / "apt-get",
        f'case "$*" in {missing}) exit 100;; esac',
        f'echo "$DEBIAN_FRONTEND $*" >> "{machine}/calls"',
    )
    assert run(copy / "script/chromium", programs=machine).returncode == 0
    calls = (machine / "calls").read_text().splitlines()
    asked = "noninteractive install -y -qq --no-install-recommends"
    assert [call for call in calls if "chromium" in call] == [f"{asked} {installed}"]


def test_a_chromium_that_is_there_is_left_alone(copy, machine):
    program(machine / "google-chrome")
    program(machine / "apt-get", f'touch "{machine}/called"')
    assert run(copy / "script/chromium", programs=machine).returncode == 0
    assert not (machine / "called").exists()


def test_the_server_sets_up_fills_an_empty_database_and_serves(copy):
    program(copy / "script/setup")
    relmap = copy / ".venv/bin/relmap"
    program(relmap, 'echo "$*" >> "$0.calls"')
    run(copy / "script/server", "--port", "8000")
    calls = Path(f"{relmap}.calls").read_text().splitlines()
    assert calls == ["init", "sample --if-empty", "serve --port 8000"]


def test_the_server_does_not_serve_what_it_could_not_set_up(copy):
    program(copy / "script/setup")
    program(copy / ".venv/bin/relmap", '[ "$1" != init ] && touch "$0.served"')
    assert run(copy / "script/server").returncode != 0
    assert not (copy / ".venv/bin/relmap.served").exists()


def test_the_tests_get_the_arguments(copy):
    for name in ("setup", "chromium"):
        program(copy / "script" / name)
    program(copy / ".venv/bin/python", 'printf "%s|" "$@"')
    assert run(copy / "script/test", "-k", "a b").stdout == "-m|pytest|-k|a b|"


@pytest.mark.parametrize("lint", [0, 1])
@pytest.mark.parametrize("tests", [0, 1])
def test_ci_fails_with_the_rules_and_with_either_run_of_the_tests(copy, lint, tests):
    program(copy / "script/lint", "echo rules", f"exit {lint}")
    program(copy / "script/test", 'echo "${PUBLIC_DATA-beside} $*"', f"[ $# = 0 ] || exit {tests}")
    done = run(copy / ".ci/run")
    assert done.stdout.splitlines() == ["rules", "/dev/null ", "beside -m shared_data"]
    assert (done.returncode == 0) == (lint == tests == 0)


def test_ci_ends_with_the_summary_of_a_strangers_tests_where_they_fail(copy):
    program(copy / "script/lint")
    program(copy / "script/test", 'echo "${PUBLIC_DATA-beside}"', "[ $# != 0 ]")
    done = run(copy / ".ci/run")
    assert (done.stdout, done.returncode) == ("/dev/null\n", 1)


def test_the_data_beside_the_checkout_is_looked_for_in_one_place_which_ci_can_hide():
    """Who looked elsewhere would find it where .ci/run has put it out of sight."""
    files = [file for folder in ("bench", "tests") for file in (ROOT / folder).rglob("*.py")]
    naming = {file.name for file in files if '/ "shared"' in file.read_text(encoding="utf-8")}
    assert naming == {"_public.py", Path(__file__).name}
    hidden = subprocess.run(
        [sys.executable, "-c", "from bench._public import HISTORY; print(HISTORY.exists())"],
        cwd=ROOT,
        env={**os.environ, "PUBLIC_DATA": "/dev/null"},
        capture_output=True,
        text=True,
    )
    assert hidden.stdout == "False\n"


def test_lint_runs_all_its_checks_and_remembers_a_failure(copy):
    program(copy / "script/setup")
    program(copy / ".venv/bin/ruff", 'echo "ruff $1"', '[ "$1" != check ]')
    program(copy / ".venv/bin/mypy", "echo mypy")
    done = run(copy / "script/lint")
    assert done.stdout.splitlines() == ["ruff check", "ruff format", "mypy"]
    assert done.returncode == 1
