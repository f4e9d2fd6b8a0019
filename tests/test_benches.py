"""Each benchmark of ``script/bench`` starts and prints its table, with small sizes."""

import importlib
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.truth import THIRD

ROOT = Path(__file__).parent.parent
SMALL = {
    "attack": {"DATABASES": ("SQLite",), "MOST": 2, "SLOW": 2},
    "first_start": {"TIMES": 1, "STEPS": ("init",)},
    "forecasts": {"ACCOUNTS": 3, "SMALL": 2, "PEOPLE": 6, "TOUCHES": 8, "TURNS": 3},
    "foresight": {"TIMES": 1, "SIZES": {20: 1.0}},
    "hard_cases": {},
    "imports": {"ACCOUNTS": 1, "UNITS": 2, "PEOPLE": 3, "TIMES": 1},
    "load": {
        "ACCOUNTS": ((2, 6, 8),),
        "ROLES": {"user0": "administrator"},
        "MINUTES": 0.02,
        "TURNS": 1,
        "DATABASES": ("sqlite",),
        "THINKING": 0.1,
        "MEASURED_EVERY": 1,
    },
    "map": {"RUNS": 1, "PEOPLE": 12, "TOUCHES": 10},
    "outlook": {"HISTORIES": 1, "SIZES": ((12, 4),)},
    "pages": {"ROUNDS": 1, "ACCOUNTS": 2, "PEOPLE": 12, "TOUCHES": 10},
    "scoring": {
        "ACCOUNTS": 4,
        "PEOPLE": 6,
        "TOUCHES": 8,
        "SIZES": ((12, 20),),
        "SMALL": 2,
        "LARGE": 3,
        "BLOCKS": 2,
    },
    "storage": {"DAYS": 1, "PEOPLE": 12, "TOUCHES": 10},
    "truth": {},
    "views": {"TIMES": 1, "SIZES": ((12, 20),)},
    "workers": {"ACCOUNTS": 2, "PEOPLE": 6, "TOUCHES": 8},
}
WORDS = {
    "hard_cases": ["--count", "1"],
    "truth": [str(THIRD), str(THIRD / "changes_between_snapshots.csv")],
}


def test_every_benchmark_is_started_here():
    assert {file.stem for file in (ROOT / "bench").glob("[a-z]*.py")} == set(SMALL)


without_wrk = pytest.mark.skipif(not shutil.which("wrk"), reason="script/bench installs wrk")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=without_wrk if name == "pages" else ()) for name in SMALL]
)
def test_a_benchmark_prints_its_table(name, monkeypatch, capsys):
    bench = importlib.import_module(f"bench.{name}")
    for constant, value in SMALL[name].items():
        monkeypatch.setattr(bench, constant, value)
    monkeypatch.setattr(sys, "argv", [name, *WORDS.get(name, [])])
    with ThreadPoolExecutor(1) as aside:  # this thread may have a browser of the tests already
        aside.submit(bench.main).result()
    assert capsys.readouterr().out.count("\n|") >= 3
