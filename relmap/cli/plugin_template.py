"""A new plug-in: a package with one rule, one test, its entry point and a README."""

from __future__ import annotations

import keyword
import re
import sys
from importlib.metadata import entry_points
from pathlib import Path

from relmap.errors import Refused
from relmap.hub.hookspecs import ENTRY_POINTS
from relmap.hub.settings import CORE

__all__ = ["make_plugin"]

NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")

PYPROJECT = """\
[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"

[project]
name = "DIST"
version = "0.1.0"
description = "Rules for relmap"
requires-python = ">=3.11"
dependencies = ["relmap"]

[project.entry-points."relmap.plugins"]
NAME = "NAME"

[tool.setuptools.packages.find]
where = ["src"]

[tool.pytest.ini_options]
testpaths = ["tests"]
"""

README = """\
# NAME

Rules for relmap.

    pip install -e .        # where relmap is installed
    relmap plugin list      # NAME is there, with its rule
    relmap score            # and scores
    pip install pytest
    python -m pytest        # its own test

The rule is in `src/NAME/__init__.py`. Raise its `version` whenever it may score the same account
differently: stored scores are told apart by it. relmap's `docs/plugins.md` says all a rule may do.
"""

RULE = '''\
"""Rules for relmap."""

from dataclasses import dataclass
from typing import ClassVar

from relmap.api import (
    AccountView,
    Action,
    Evidence,
    NotApplicable,
    Score,
    hookimpl,
    known_people,
    setting,
)

api_version = 1


@dataclass(frozen=True)
class Settings:
    """What an administrator may set."""

    people: int = setting(1, "People to know in each unit", low=1, high=50)


@dataclass(frozen=True)
class UnitsKnown:
    """Do we know enough people in every unit? One point a unit."""

    key: ClassVar[str] = "NAME.units_known"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Units where we know people"

    settings: Settings = Settings()

    def score(self, view: AccountView) -> Score | NotApplicable:
        """One point for each unit in which we truly know enough of those in post."""
        posts = {post.ref: post for post in view.open_posts}
        evidence, actions = [], []
        for unit in view.open_units:
            people = {
                tenure.person
                for tenure in view.open_tenures
                if tenure.post in posts and posts[tenure.post].unit == unit.ref
            }
            if not people:
                continue
            known = people & known_people(view)
            points = 1.0 if len(known) >= self.settings.people else 0.0
            values = {"known": len(known), "people": len(people)}
            evidence.append(Evidence("{0}: {known} of {people} known", points, (unit.ref,), values))
            if not points:
                actions.append(Action("Get to know somebody in {0}", (unit.ref,), gain=1.0))
        if not evidence:
            return NotApplicable("Nobody of theirs is in post.")
        return Score(tuple(evidence), out_of=float(len(evidence)), actions=tuple(actions))


@hookimpl
def settings() -> type[Settings]:
    """Name the settings that the hub stores and draws."""
    return Settings


@hookimpl
def scoring_rules(settings: Settings) -> list[UnitsKnown]:
    """Give the rules of this plug-in."""
    return [UnitsKnown(settings)]
'''

TEST = """\
from relmap.testing import AccountBuilder, check_rule

from NAME import UnitsKnown


def test_a_unit_counts_when_we_know_somebody_there():
    book = AccountBuilder("Example")
    book.post("Head of purchasing", unit="Purchasing", level="director", function="purchasing")
    book.post("Design engineer", unit="Research", level="staff", function="rnd")
    book.tenure("Li Na", "Head of purchasing", since="2025-03-01")
    book.tenure("Chen Bo", "Design engineer", since="2025-03-01")
    book.tie("Mia", "Li Na", level="trusted_advisor", judged="2026-05-01")

    outcome = check_rule(UnitsKnown(), book.view("2026-07-01"))

    assert outcome.score.points == 1.0
    assert outcome.score.out_of == 2.0
    assert [str(action.refs[0]) for action in outcome.score.actions] == [str(book.ref("Research"))]
"""


def make_plugin(name: str, folder: Path) -> Path:
    """Write the package below ``folder``; raises ``Refused`` where the name cannot be used."""
    _refuse_name(name)
    home = folder / name
    if home.exists():
        raise Refused(
            "{home} is there already. Choose another name, or another folder with --in.", home=home
        )
    files = {
        "pyproject.toml": PYPROJECT,
        "README.md": README,
        f"src/{name}/__init__.py": RULE,
        f"src/{name}/py.typed": "",
        f"tests/test_{name}.py": TEST,
    }
    for path, text in files.items():
        file = home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        filled = text.replace("DIST", f"relmap-{name.replace('_', '-')}").replace("NAME", name)
        file.write_text(filled, encoding="utf-8")
    return home


def _refuse_name(name: str) -> None:
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise Refused(
            "{name!r} cannot be the name of a plug-in. Take 2 to 40 small letters, digits and "
            "_, a letter first, like my_rules.",
            name=name,
        )
    taken = {point.name for point in entry_points(group=ENTRY_POINTS)}
    if name in taken or name == CORE or name in sys.stdlib_module_names or name == "tests":
        raise Refused(
            "{name!r} is taken: Python or relmap would find another one. Choose anew.", name=name
        )
