"""Imports go down or sideways, never up; design of the floors in docs/architecture.md."""

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parent.parent
FLOORS = {
    0: ["contracts", "errors", "config", "clock", "names"],
    1: [
        "models",
        "insight",
        "hub.hookspecs",
        "hub.settings",
        "hub.engine",
        "hub.supervision",
        "hub.surroundings",
        "languages",
    ],
    2: ["graph", "facts", "permissions", "hub.registry", "hub.health"],
    3: ["imports", "maintenance", "results", "maps"],
    4: ["jobs", "api"],
    5: ["web", "cli", "testing", "app", "wsgi", "__main__"],
}
FLOOR_OF = {f"relmap.{room}": floor for floor, rooms in FLOORS.items() for room in rooms}
CLOCKS = ("date.today", "datetime.today", "datetime.now", "time.localtime", "fromtimestamp")
WITHOUT_FLASK_AND_SQL = ("relmap.contracts", "relmap.insight", "relmap.hub.engine")


def modules(folder: str, package: str) -> Iterator[tuple[str, Path]]:
    """(dotted name, file) of every module below a folder of the checkout."""
    for file in sorted((ROOT / folder).rglob("*.py")):
        parts = file.relative_to(ROOT / folder).with_suffix("").parts
        yield ".".join((package, *parts)).removesuffix(".__init__"), file


def imports(source: str, package: str) -> Iterator[str]:
    """Absolute dotted names a source imports, also those inside functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: -node.level + 1 or None] if node.level else []
            origin = ".".join((*above, *([node.module] if node.module else [])))
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def package_of(module: str, file: Path) -> str:
    return module if file.name == "__init__.py" else module.rpartition(".")[0]


def room_of(module: str) -> str | None:
    """The longest name in FLOORS that the module lies in."""
    inside = (room for room in FLOOR_OF if module == room or module.startswith(room + "."))
    return max(inside, key=len, default=None)


def faults(module: str, package: str, source: str) -> list[str]:
    """What the imports of one module of relmap do against the floors."""
    here = room_of(module)
    found = []
    for target in imports(source, package):
        there = room_of(target)
        if here and there and FLOOR_OF[there] > FLOOR_OF[here]:
            found.append(f"{module} imports {target}, which is a floor above")
        if module.startswith(WITHOUT_FLASK_AND_SQL) and target.startswith(
            ("flask", "sqlalchemy", "babel", "relmap.languages")
        ):
            found.append(f"{module} imports {target}")
        if target.split(".")[0] == "pyvis" and here != "relmap.maps":
            found.append(f"{module} imports pyvis, which only relmap.maps may")
        if here and target.split(".")[0] == "relmap_plugins":
            found.append(f"{module} imports the plug-in {target}")
    return found


def test_no_module_imports_from_a_floor_above():
    found = [
        fault
        for module, file in modules("relmap", "relmap")
        for fault in faults(module, package_of(module, file), file.read_text(encoding="utf-8"))
    ]
    assert found == []


def circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """The groups of names that reach each other."""
    graph = nx.DiGraph([(here, there) for here, found in edges.items() for there in found])
    return [sorted(group) for group in nx.strongly_connected_components(graph) if len(group) > 1]


def imports_among(known: set[str]) -> dict[str, set[str]]:
    """Which of these modules each of them imports, also inside functions and for types alone."""
    edges: dict[str, set[str]] = defaultdict(set)
    for module, file in modules("relmap", "relmap"):
        for target in imports(file.read_text(encoding="utf-8"), package_of(module, file)):
            there = target if target in known else target.rpartition(".")[0]
            if there in known and there != module:
                edges[module].add(there)
    return edges


def test_no_imports_go_in_a_circle():
    edges = imports_among({module for module, _ in modules("relmap", "relmap")})
    assert len(edges) > 100
    assert circles(edges) == []


@pytest.mark.parametrize("depth", [2, 3])  # relmap.imports, and relmap.imports.snapshot
def test_no_rooms_import_each_other(depth):
    edges: dict[str, set[str]] = defaultdict(set)
    for module, found in imports_among({name for name, _ in modules("relmap", "relmap")}).items():
        for target in found:
            here, there = (".".join(name.split(".")[:depth]) for name in (module, target))
            if here != there:
                edges[here].add(there)
    assert circles(edges) == []


def test_a_circle_is_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


ONE_THING_TWICE = {"Alert", "Score", "WhatIf"}  # as it is handed on, and the table that keeps it


def test_no_two_classes_share_a_name():
    named: dict[str, list[str]] = defaultdict(list)
    for module, file in modules("relmap", "relmap"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                named[node.name].append(module)
    assert len(named) > 300
    shared = {name: found for name, found in named.items() if len(found) > 1}
    assert shared.keys() - ONE_THING_TWICE == set(), shared


def test_every_module_has_a_floor():
    homeless = [
        module
        for module, _ in modules("relmap", "relmap")
        if room_of(module) is None and module not in ("relmap", "relmap.hub")
    ]
    assert homeless == []


def test_a_plug_in_imports_relmap_api_and_nothing_else_of_relmap():
    found = [
        f"{module} imports {target}"
        for module, file in modules("plugins", "relmap_plugins")
        for target in imports(file.read_text(encoding="utf-8"), package_of(module, file))
        if target.split(".")[0] == "relmap" and not target.startswith("relmap.api")
    ]
    assert found == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("relmap.graph", "from relmap.results.runs import scoring"),
        ("relmap.facts.people", "def late():\n    import relmap.web"),
        ("relmap.facts.people", "from ..web import layout"),
        ("relmap.insight.threads", "from sqlalchemy import select"),
        ("relmap.results.runs.scoring", "import pyvis.network"),
        ("relmap.hub.registry", "import relmap_plugins.breadth"),
        ("relmap.models.facts", "from relmap.hub import registry"),
    ],
)
def test_an_import_against_the_floors_is_found(module, source):
    assert faults(module, module.rpartition(".")[0], source)


def asks_for_a_day(source: str) -> bool:
    """Whether a source asks the clock, or for a moment's day by the machine's zone or by UTC."""
    asked = (*CLOCKS, ".astimezone()", "now().date()", "_at.date()")
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.expr))
    return any(ast.unparse(node).endswith(asked) for node in nodes)


def test_one_module_asks_the_clock_for_the_day():
    readers = {
        module
        for folder, package in (("relmap", "relmap"), ("plugins", "relmap_plugins"))
        for module, file in modules(folder, package)
        if asks_for_a_day(file.read_text(encoding="utf-8"))
    }
    assert readers == {"relmap.clock"}


@pytest.mark.parametrize(
    "source",
    [
        "day = date.today()",
        "datetime.now(UTC).date()",
        "row.at.astimezone()",
        "utc_now().date()",
        "Row(on=row.recorded_at.date())",
    ],
)
def test_who_asks_the_clock_is_found(source):
    assert asks_for_a_day(source)


def test_no_template_takes_the_day_of_a_moment_where_it_is_kept():
    pages = (ROOT / "relmap" / "web").rglob("*.html")
    assert [page.name for page in pages if "_at.date()" in page.read_text(encoding="utf-8")] == []


def test_importing_the_api_loads_neither_flask_nor_sqlalchemy_nor_pyvis():
    code = "import sys, relmap.api; print(relmap.api.__file__, *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()[1:]}
    assert "relmap" in loaded
    assert loaded & {"flask", "sqlalchemy", "pyvis"} == set()


def test_a_command_starts_without_what_only_some_commands_need(tmp_path):
    heavy = "alembic gunicorn IPython networkx opencc openpyxl pypinyin pyvis"
    code = "import sys, relmap.app, relmap.cli; relmap.app.create_app(); print(*sys.modules)"
    environment = {"RELMAP_INSTANCE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert "relmap" in loaded
    assert loaded & set(heavy.split()) == set()
