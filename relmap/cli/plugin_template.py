"""A new plug-in: a package with one rule, one test, its entry point and a README."""

from __future__ import annotations

import keyword
import re
import sys
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import Final

from relmap.errors import Refused
from relmap.hub.hookspecs import ENTRY_POINTS
from relmap.hub.settings import CORE

__all__ = ["make_plugin", "text_of"]

TEMPLATES: Final = files(__package__) / "new_plugin"
NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
FILES: Final = {  # of the package, and of what it is made: DIST and NAME stand for its names
    "pyproject.toml": "pyproject.toml",
    "README.md": "readme.md",
    "src/NAME/__init__.py": "rule.py",
    "tests/test_NAME.py": "test.py",
}


def make_plugin(name: str, folder: Path) -> Path:
    """Write the package below ``folder``; raises ``Refused`` where the name cannot be used."""
    _refuse_name(name)
    home = folder / name
    if home.exists():
        raise Refused(
            "{home} is there already. Choose another name, or another folder with --in.", home=home
        )
    for path, template in FILES.items():
        file = home / path.replace("NAME", name)
        file.parent.mkdir(parents=True, exist_ok=True)
        filled = text_of(template).replace("DIST", f"relmap-{name.replace('_', '-')}")
        file.write_text(filled.replace("NAME", name), encoding="utf-8")
    (home / "src" / name / "py.typed").touch()
    return home


def text_of(template: str) -> str:
    """The text of a file of the package, before names are put in."""
    return TEMPLATES.joinpath(f"{template}.txt").read_text(encoding="utf-8")


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
