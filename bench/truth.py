"""How true are the changes that relmap finds? Precision and recall on lists whose truth is known.

    script/bench truth             the public lists beside the checkout, else the third in tests/
    python -m bench.truth FOLDER CHANGES [--people ALIASES] [--units ALIASES] [--map field=column]

FOLDER holds snapshots named by their day (2026-01-31.csv). CHANGES is a table of the true changes
with the columns from_snapshot, to_snapshot, change_type (what begins with LEFT or ROLE_ENDED is a
departure, with JOINED an arrival, the rest is passed over), unit_id and person_id. Two tables of
aliases say which spellings are one person (raw_name, person_id) and one unit (raw_unit, unit_id);
spellings that differ in case, accents or punctuation need none. Every row is compared by itself:
who left or joined which unit between which two days.
"""

import argparse
import csv
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench._fresh import empty_book
from bench._public import HISTORY
from relmap.imports import import_snapshot

THIRD = Path(__file__).parents[1] / "tests" / "data" / "openstack_ptl"
DEPARTURES, ARRIVALS = ("LEFT", "ROLE_ENDED"), ("JOINED",)
CAP = 100_000_000


@dataclass(frozen=True, order=True)
class Move:
    """Somebody left or joined a unit between an earlier list and the one of ``day``."""

    day: str
    unit: str
    person: str


@dataclass(frozen=True)
class Found:
    """What was found against what is true."""

    found: frozenset[Move]
    true: frozenset[Move]

    @property
    def precision(self) -> float:
        return len(self.found & self.true) / len(self.found) if self.found else 1.0

    @property
    def recall(self) -> float:
        return len(self.found & self.true) / len(self.true) if self.true else 1.0


@dataclass(frozen=True)
class Comparison:
    """Departures and arrivals, and how many rows were left uncertain."""

    departures: Found
    arrivals: Found
    uncertain: int = 0


@dataclass(frozen=True)
class Truth:
    """Dated lists with their true changes."""

    folder: Path
    changes: Path
    people: Path | None = None
    units: Path | None = None

    @property
    def snapshots(self) -> list[tuple[str, Path]]:
        """(day, file) of each list, the oldest first."""
        return sorted((file.stem, file) for file in self.folder.iterdir() if _is_day(file.stem))


def public_truth(folder: Path) -> Truth:
    """The public history in a folder: the whole, or the third in tests/data."""
    lists = folder / "snapshots"
    return Truth(
        lists if lists.is_dir() else folder,
        folder / "changes_between_snapshots.csv",
        folder / "person_aliases.csv",
        folder / "unit_aliases.csv",
    )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def compare(truth: Truth, *, column_map: Mapping[str, str] | None = None) -> Comparison:
    """Import the lists in turn as complete ones, into the empty book of the current context."""
    rename = _Names(truth)
    found: dict[str, set[Move]] = {"left_post": set(), "joined_post": set()}
    uncertain = 0
    for number, (day, file) in enumerate(truth.snapshots):
        report = import_snapshot(
            file.read_bytes(),
            file_name=file.name,
            day=date.fromisoformat(day),
            complete=True,
            yes=True,
            column_map=column_map or {},
            cap=CAP,
        )
        uncertain += len(report.uncertain)
        for change in report.changes if number else ():
            if change["kind"] in found:
                found[change["kind"]].add(rename.move(day, change["unit"], change["person"]))
    return _compared(truth, rename, found["left_post"], found["joined_post"], uncertain)


def compare_names(truth: Truth, *, unit: str = "unit", person: str = "person_name") -> Comparison:
    """The baseline: who is named in a unit in one list and not, case aside, in the next."""
    rename = _Names(truth)
    left, joined = set(), set()
    before: set[tuple[str, str]] | None = None
    for day, file in truth.snapshots:
        now = {(row[unit].casefold(), row[person].casefold()) for row in _rows(file)}
        if before is not None:
            left |= {rename.move(day, *pair) for pair in before - now}
            joined |= {rename.move(day, *pair) for pair in now - before}
        before = now
    return _compared(truth, rename, left, joined, 0)


def _compared(
    truth: Truth, rename: "_Names", left: Iterable[Move], joined: Iterable[Move], uncertain: int
) -> Comparison:
    true: dict[tuple[str, ...], set[Move]] = {DEPARTURES: set(), ARRIVALS: set()}
    days = {day for day, _ in truth.snapshots}
    for row in _rows(truth.changes):
        if row["to_snapshot"] in days:
            for beginnings, moves in true.items():
                if row["change_type"].upper().startswith(beginnings):
                    moves.add(rename.move(row["to_snapshot"], row["unit_id"], row["person_id"]))
    return Comparison(
        Found(frozenset(left), frozenset(true[DEPARTURES])),
        Found(frozenset(joined), frozenset(true[ARRIVALS])),
        uncertain,
    )


class _Names:
    """Which spellings are one person or one unit."""

    def __init__(self, truth: Truth) -> None:
        self.people = _aliases(truth.people, "raw_name", "person_id")
        self.units = _aliases(truth.units, "raw_unit", "unit_id")

    def move(self, day: str, unit: str | None, person: str | None) -> Move:
        unit, person = unit or "", person or ""
        return Move(
            day,
            _letters(self.units.get(_letters(unit), unit)),
            _letters(self.people.get(_letters(person), person)),
        )


def _aliases(file: Path | None, raw: str, canonical: str) -> dict[str, str]:
    return {_letters(row[raw]): row[canonical] for row in _rows(file)} if file else {}


def _letters(text: str) -> str:
    """The letters and figures alone, without case, width and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


# --- the command


def table(title: str, comparison: Comparison) -> str:
    """Two rows of a Markdown table."""
    return "\n".join(
        f"| {title}: {what} | {len(one.true)} | {len(one.found)} | {one.precision:.4f} "
        f"| {one.recall:.4f} |"
        for what, one in (
            ("departures", comparison.departures),
            ("arrivals", comparison.arrivals),
        )
    )


def differing(comparison: Comparison) -> list[str]:
    """The rows that differ, one line each."""
    return [
        f"{kind} {what}: {move.day} {move.unit} {move.person}"
        for what, one in (
            ("departure", comparison.departures),
            ("arrival", comparison.arrivals),
        )
        for kind, moves in (("missed", one.true - one.found), ("untrue", one.found - one.true))
        for move in sorted(moves)
    ]


def main() -> None:
    truth, column_map = _arguments()
    print(f"{len(truth.snapshots)} lists\n")
    print("| | true | found | precision | recall |\n|---|---|---|---|---|")
    with empty_book():
        comparison = compare(truth, column_map=column_map)
    print(table("relmap", comparison))
    try:
        print(table("plain comparison of names", compare_names(truth)))
    except KeyError as missing:
        print(f"\nNo baseline: the lists have no column {missing}.")
    print(f"\nUncertain rows: {comparison.uncertain}. Rows that differ:")
    print("\n".join(differing(comparison)) or "none")


def _arguments() -> tuple[Truth, dict[str, str]]:
    parser = argparse.ArgumentParser(
        prog="python -m bench.truth",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("changes", type=Path, nargs="?")
    parser.add_argument("--people", type=Path)
    parser.add_argument("--units", type=Path)
    parser.add_argument("--map", action="append", default=[], metavar="FIELD=COLUMN")
    given = parser.parse_args()
    column_map = dict(pair.split("=", 1) for pair in given.map)
    if given.folder is None:
        return public_truth(HISTORY if HISTORY.is_dir() else THIRD), column_map
    if given.changes is None:
        parser.error("name the table of true changes as well")
    return Truth(given.folder, given.changes, given.people, given.units), column_map


if __name__ == "__main__":
    main()
