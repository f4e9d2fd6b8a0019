"""The built wheel, installed in an empty environment away from the checkout."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOTS = {"relmap": "relmap", "plugins": "relmap_plugins", "migrations": "relmap_migrations"}
VISIT = """
import relmap.app
client = relmap.app.create_app().test_client()
print(relmap.__file__)
print(client.get("/login").status_code, client.get("/static/vendor/htmx.min.js").status_code)
"""


def sources():
    """Files of the project that a wheel has to carry, by their name in the wheel."""
    for folder, package in ROOTS.items():
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                place = Path(package) / file.relative_to(ROOT / folder)
                yield place.as_posix()
                if file.suffix == ".po":  # built from it, whether the checkout has it or not
                    yield place.with_suffix(".mo").as_posix()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy: a build leaves folders behind."""
    copy = tmp_path_factory.mktemp("checkout")
    for folder in ROOTS:
        shutil.copytree(
            ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
        )
    for name in ("setup.cfg", "setup.py", "pyproject.toml", "MANIFEST.in", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, copy / name)
    pip("wheel", copy, "--no-deps", "--no-build-isolation", "--wheel-dir", copy / "dist")
    (built,) = (copy / "dist").glob("relmap-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The ``bin`` of an environment with the wheel; its dependencies are those of the tests."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    pip("--python", home / "bin/python", "install", "--no-index", "--no-deps", wheel)
    (packages,) = home.glob("lib/python*/site-packages")
    # A path named here is searched, but the links of editable installs inside it are not followed.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin"


@pytest.fixture
def call(installed, tmp_path):
    """Calls a program of the environment, far from the checkout."""

    def call(program, *arguments):
        environment = {
            "PATH": os.environ["PATH"],
            "RELMAP_INSTANCE": str(tmp_path / "instance"),
            "PYTHONWARNINGS": "error",
        }
        done = subprocess.run(
            [installed / program, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call


def pip(*arguments):
    subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments],
        check=True,
    )


def test_the_wheel_carries_every_file_of_the_three_packages(wheel):
    assert set(sources()) - set(zipfile.ZipFile(wheel).namelist()) == set()


def test_the_wheel_carries_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    strangers = {name for name in names if not name.startswith("relmap-")} - set(sources())
    assert strangers == set()


def test_the_installed_wheel_sets_up_a_database_and_serves_a_page(call, installed):
    call("relmap", "init")
    where, statuses = call("python", "-c", VISIT).splitlines()
    assert Path(where).is_relative_to(installed.parent)
    assert statuses == "200 200"


def test_the_installed_wheel_finds_the_bundled_plug_ins(call):
    call("relmap", "init")
    plugins = json.loads(call("relmap", "plugin", "list", "--json"))
    active = {plugin["name"] for plugin in plugins if plugin["active"]}
    assert active >= {"breadth", "depth", "freshness", "lint", "outlook", "rotation"}
