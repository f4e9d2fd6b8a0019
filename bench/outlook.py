"""The outlook against two plain rates, on histories of which the law is known, and its speed.

script/bench outlook                 # 30 histories of each law, 5,000 tenures
BENCH_HISTORIES=100 script/bench outlook

Each history is tested at the last four half-yearly days whose next year it covers, refitted each
time with what was true by then. ``constant`` is the rate of the three years before, ``shrunk`` the
same with two ends in eight person-years added.
"""

import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from statistics import fmean

from bench._machine import machine, row, runs
from bench._public import HISTORY
from relmap.insight.back_test import BacktestReport, backtest, brier
from relmap.insight.outlook import History, Spell, Term, outlooks
from relmap.insight.outlook.rate import recorded_level
from relmap.insight.outlook.windows import past
from tests.histories.spells import LAWS, Law, end_of, half_years, history

HISTORIES = int(os.environ.get("BENCH_HISTORIES", "30"))
DECLARED = Law(rate=0.08, term_months=24, reelected=0.35, declared=True, wander=20)
KEPT = Law(rate=0.08, term_months=36, reelected=0.15, wander=20)
POLICY = (Term("policy", months=36),)
TENURES = HISTORY / "tenures.csv"
SIZES = ((60, 6), (240, 8), (1250, 8))  # seats, years


@dataclass(frozen=True)
class Result:
    """Brier scores of one history, and the calibration errors."""

    outlook: float
    constant: float
    shrunk: float
    calibration: float
    calibration_of_constant: float
    tenures: int


def back_tested(law: Law, seed: int, terms: tuple[Term, ...] | None = None) -> Result:
    """The back-test of one invented history; with ``terms`` everybody has these."""
    spells = history(law, seed)
    if terms is not None:
        spells = tuple(replace(spell, terms=terms) for spell in spells)
    days = half_years(law)
    report = backtest([History("Invented", spells)], start=days[0], end=days[-1])
    return result(report, spells)


def result(report: BacktestReport, spells: tuple[Spell, ...]) -> Result:
    """The scores of a report, with those of the shrunk level added."""
    left = [row.left for row in report.predictions]
    level = {
        day: recorded_level(past(spells, day), day.toordinal()).chance(report.horizon)
        for day in report.days
    }
    return Result(
        report.model.brier,
        report.constant_rate.brier,
        brier([level[row.on] for row in report.predictions], left),
        report.model.calibration_error,
        report.constant_rate.calibration_error,
        len(spells),
    )


def laws() -> Iterator[tuple[str, Callable[[int], Result]]]:
    """The name of each law, and the test of one history of it by its seed."""
    for name, law in LAWS.items():
        yield name, partial(back_tested, law)
    yield "terms of two years, declared", partial(back_tested, DECLARED)
    yield "policy of three years, kept", partial(back_tested, KEPT, terms=POLICY)
    yield "policy of three years, on paper", partial(back_tested, Law(rate=0.3), terms=POLICY)


def quality() -> None:
    """One row a law: means over so many histories."""
    print(f"{HISTORIES} histories of each law, Brier scores at 365 days\n")
    print(
        "| law | tenures | outlook | constant | shrunk | against the better | calibration error |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, test in laws():
        found = [test(seed) for seed in range(HISTORIES)]
        outlook, constant, shrunk, calibration = (
            fmean(getattr(one, part) for one in found)
            for part in ("outlook", "constant", "shrunk", "calibration")
        )
        print(
            f"| {name} | {fmean(one.tenures for one in found):.0f} | {outlook:.4f} "
            f"| {constant:.4f} | {shrunk:.4f} | {outlook - min(constant, shrunk):+.4f} "
            f"| {calibration:.3f} |",
            flush=True,
        )


def public() -> None:
    """The public history of project leads, half-yearly from 2017-01-01 to 2018-07-01."""
    if not TENURES.is_file():
        print("\nThe public history is not beside the checkout.")
        return
    with TENURES.open(encoding="utf-8", newline="") as lines:
        spells = tuple(map(read, csv.DictReader(lines)))
    report = backtest([History("OpenStack", spells)], start=date(2017, 1, 1), end=date(2018, 7, 1))
    found = result(report, spells)
    print(f"\nPublic history, {report.pairs} pairs of which {report.left} left:\n")
    print("| | Brier score | calibration error |\n|---|---|---|")
    print(f"| outlook | {found.outlook:.4f} | {found.calibration:.4f} |")
    print(f"| constant rate | {found.constant:.4f} | {found.calibration_of_constant:.4f} |")
    print(f"\nAUC {report.auc:.2f}")


def read(line: dict[str, str]) -> Spell:
    """A row of the public history."""
    return Spell(
        tenure=line["tenure_id"],
        person=line["person_id"],
        post=(line["unit_id"], line["title"]),
        unit=line["unit_id"],
        title=line["title"],
        starts_on=date.fromisoformat(line["start"]),
        ends_on=date.fromisoformat(line["end"]) if line["end"] else None,
        start_known=line["start_censored"] == "0",
    )


def speed() -> None:
    """Fitting with all past days for the weights, and the chances of all holders."""
    print("\n| what | median | spread | |\n|---|---|---|---|")
    for seats, years in SIZES:
        law = Law(seats=seats, years=years, events=((60, 730.5, 0.4),), unit_size=10, titles=12)
        spells = history(law, 1)
        day = end_of(law)
        held = sum(spell.is_held(day) for spell in spells)
        size = f"{len(spells):,} tenures, {held:,} in post, {years} years"
        row(f"outlook at three horizons: {size}", runs(partial(outlooks, spells, day)))


def main() -> None:
    print(f"\n### Outlook\n\n{machine()}\n")
    quality()
    public()
    speed()


if __name__ == "__main__":
    main()
