"""What tests of the hub ask for: rules that misbehave, an account, and a registry of one's own."""

import importlib
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from relmap.contracts import AccountView
from relmap.hub.engine import ActiveRule, Engine, Limits
from relmap.testing import AccountBuilder

BROKEN = Path(__file__).parent / "broken"


@pytest.fixture
def broken(monkeypatch) -> Iterator[ModuleType]:
    """The module of rules that misbehave, where a child process finds it too."""
    monkeypatch.syspath_prepend(str(BROKEN))
    yield importlib.import_module("broken_rules")
    sys.modules.pop("broken_rules")


@pytest.fixture
def rule(broken) -> Callable[..., ActiveRule]:
    """A function that makes one of those rules by its class's name."""
    return lambda name, kind="score": ActiveRule("broken", getattr(broken, name)(), kind)


@pytest.fixture
def view() -> AccountView:
    """An account with one who left and one who stayed."""
    book = AccountBuilder("Example")
    book.person("王小明", latin_name="Wang Xiaoming", nickname="Ming")
    book.tenure("王小明", "Buyer", since="2024-01-01", until="2026-06-01")
    book.tenure("Li Na", "Head of purchasing", since="2025-01-01")
    return book.tie("Mia", "Li Na", level="vendor", judged="2026-01-01").view("2026-07-01")


@pytest.fixture
def engine() -> Iterator[Engine]:
    """An engine with little memory and time enough for a slow machine."""
    with Engine(Limits(rule_seconds=30, memory_mib=256)) as engine:
        yield engine


@pytest.fixture
def install(tmp_path, monkeypatch) -> Callable[..., None]:
    """A function that installs a plug-in: a module and its distribution's entry point."""
    monkeypatch.syspath_prepend(str(tmp_path))
    installed = []

    def put(name: str, source: str, *, version: str = "1.2", dist: str | None = None) -> None:
        module = f"installed_{dist or name}".replace("-", "_")
        installed.append(module)
        source = textwrap.dedent(source).replace("NAME", name)
        (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
        folder = tmp_path / f"{dist or name}-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {dist or name}\nVersion: {version}\n"
        )
        (folder / "entry_points.txt").write_text(f"[relmap.plugins]\n{name} = {module}\n")

    yield put
    for module in installed:
        sys.modules.pop(module, None)
