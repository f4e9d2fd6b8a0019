"""How well the outlook would have done: refitted at past days with only what was true by then.

The pairs are all holders on each day (start <= T < end); one left if that tenure ends, for any
reason, the closing of the unit included, within the horizon (T < end <= T + h). The yardstick is
the constant rate of the three years before each day, 1 - exp(-ends / person-years · h).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relmap.errors import Refused
from relmap.insight.outlook.forecast import Outlook, outlooks
from relmap.insight.outlook.histories import History, in_post
from relmap.insight.outlook.rate import Level, book_rate, recorded_level
from relmap.insight.outlook.windows import past
from relmap.insight.terms import months_on

__all__ = [
    "BacktestReport",
    "Bin",
    "Prediction",
    "Scores",
    "auc",
    "backtest",
    "brier",
    "calibration",
    "calibration_error",
]

DECILES = 10
BINS = 5
Numbers = Sequence[float] | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prediction:
    """One holder on one day: the chance given, the constant rate's, and what happened."""

    on: date
    account: str
    unit: str
    post: str
    person: str
    source: str
    p: float
    constant: float
    left: bool

    def to_json(self) -> dict[str, Any]:
        """The row as it is printed."""
        return {
            "on": self.on.isoformat(),
            "account": self.account,
            "unit": self.unit,
            "post": self.post,
            "person": self.person,
            "p": self.p,
            "left": self.left,
        }


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs of like chance: the mean that was forecast, and the share that left."""

    low: float
    high: float
    pairs: int
    forecast: float
    left: float

    def to_json(self) -> dict[str, float | int]:
        """The bin as it is printed."""
        return {
            "low": self.low,
            "high": self.high,
            "pairs": self.pairs,
            "forecast": self.forecast,
            "left": self.left,
        }


@dataclass(frozen=True, slots=True)
class Scores:
    """Brier score, calibration by decile and the calibration error over five equal bins."""

    brier: float
    calibration_error: float
    calibration: tuple[Bin, ...]


@dataclass(frozen=True)
class BacktestReport:
    """What was forecast against what happened, and the same for the constant rate.

    ``auc`` is ``None`` where all or none left. ``skipped`` are the days without anybody in post,
    ``left_out`` the accounts of which only ended tenures are on record.
    """

    horizon: int
    days: tuple[date, ...]
    skipped: tuple[date, ...]
    left_out: tuple[str, ...]
    predictions: tuple[Prediction, ...]
    model: Scores
    constant_rate: Scores
    auc: float | None

    @property
    def pairs(self) -> int:
        """Holders, counted on each day."""
        return len(self.predictions)

    @property
    def left(self) -> int:
        """How many of the pairs left within the horizon."""
        return sum(row.left for row in self.predictions)

    def to_json(self) -> dict[str, Any]:
        """What ``relmap backtest rotation --json`` prints."""
        return {
            "pairs": self.pairs,
            "left": self.left,
            "horizon": self.horizon,
            "days": [day.isoformat() for day in self.days],
            "left_out": list(self.left_out),
            "brier": self.model.brier,
            "auc": self.auc,
            "calibration_error": self.model.calibration_error,
            "calibration": [row.to_json() for row in self.model.calibration],
            "constant_rate": {
                "brier": self.constant_rate.brier,
                "calibration_error": self.constant_rate.calibration_error,
                "calibration": [row.to_json() for row in self.constant_rate.calibration],
            },
            "predictions": [row.to_json() for row in self.predictions],
        }


def backtest(
    histories: Sequence[History],
    *,
    start: date,
    end: date,
    every_months: int = 6,
    horizon: int = 365,
    known_until: date | None = None,
    lending: Sequence[History] = (),
) -> BacktestReport:
    """Forecast at each day from ``start`` to ``end`` and compare with what followed.

    ``lending`` are other accounts of the book: they lend their rate and are not forecast. So does
    an account of ended tenures alone: without those who stayed, everybody would seem to leave.

    ``known_until`` is the day up to which the histories are complete (today). Raises ``Refused``
    where a horizon reaches beyond it, where nobody was in post on any of the days, and where no
    history holds more than ended tenures.
    """
    days = tuple(_days(start, end, every_months))
    last = _last_day(days, horizon, known_until)
    histories, ended = _parted(histories, last)
    lending = (*lending, *ended)
    found: list[Prediction] = []
    skipped = []
    for day in days:
        rows = list(_on(day, histories, horizon, lending))
        found += rows
        if not rows:
            skipped.append(day)
    if not found:
        in_post([spell for history in histories for spell in history.spells], start)
        raise Refused("Nobody was in post on any day from {start} to {end}.", start=start, end=end)
    left_out = tuple(history.account for history in ended)
    return _report(found, days=days, skipped=tuple(skipped), left_out=left_out, horizon=horizon)


def _days(start: date, end: date, every_months: int) -> Iterator[date]:
    """The days from ``start`` in steps of months, a 31st as the last of its month."""
    if every_months < 1:
        raise Refused("{months} months are no step. Give at least one.", months=every_months)
    for step in range(0, (end.year - start.year) * 12 + 12, every_months):
        if (day := months_on(start, step)) <= end:
            yield day


def _last_day(days: Sequence[date], horizon: int, known_until: date | None) -> date:
    """The day on which the last horizon ends."""
    if not days:
        raise Refused("The last day lies before the first. Give them in order.")
    if horizon < 1:
        raise Refused("A horizon of {days} days is none. Give at least one day.", days=horizon)
    last = days[-1] + timedelta(days=horizon)
    if known_until is not None and last > known_until:
        raise Refused(
            "What happens by {last} is not known on {day}. End the back-test by {latest}.",
            last=last,
            day=known_until,
            latest=known_until - timedelta(days=horizon),
        )
    return last


def _parted(
    histories: Sequence[History], last: date
) -> tuple[tuple[History, ...], tuple[History, ...]]:
    """Those to forecast, and those of which every tenure has ended by ``last``."""
    ended = tuple(history for history in histories if _has_ended(history, last))
    if ended and len(ended) == sum(bool(history.spells) for history in histories):
        raise Refused(
            "Every tenure on record has ended by {day}: a list of ended tenures alone makes "
            "everybody seem to leave. Add those who are still in post.",
            day=last,
        )
    return tuple(history for history in histories if not _has_ended(history, last)), ended


def _has_ended(history: History, last: date) -> bool:
    spells = history.spells
    return bool(spells) and all(
        spell.ends_on is not None and spell.ends_on <= last for spell in spells
    )


def _on(
    day: date, histories: Sequence[History], horizon: int, lending: Sequence[History]
) -> Iterator[Prediction]:
    """The pairs of one day; each account's rate starts from that of the others as of that day."""
    levels = [_level(history, day) for history in (*histories, *lending)]
    for number, history in enumerate(histories):
        if not any(spell.is_held(day) for spell in history.spells):
            continue
        elsewhere = book_rate(levels[:number] + levels[number + 1 :])
        own = levels[number]
        constant = 1 - float(np.exp(-own.plain_rate * horizon / 365))
        for row in outlooks(history.spells, day, elsewhere=elsewhere, days=(horizon,)):
            yield _prediction(row, day, history, constant, horizon)


def _level(history: History, day: date) -> Level:
    table = past(history.spells, day)
    return recorded_level(table, table.day)


def _prediction(
    row: Outlook, day: date, history: History, constant: float, horizon: int
) -> Prediction:
    spell = row.spell
    return Prediction(
        on=day,
        account=history.account,
        unit=history.name(spell.unit),
        post=history.name(spell.post),
        person=history.name(spell.person),
        source=row.source,
        p=row.chances[0],
        constant=constant,
        left=spell.ends_on is not None and spell.ends_on <= day + timedelta(days=horizon),
    )


def _report(
    rows: Sequence[Prediction],
    *,
    days: tuple[date, ...],
    skipped: tuple[date, ...],
    left_out: tuple[str, ...],
    horizon: int,
) -> BacktestReport:
    left = [float(row.left) for row in rows]
    given = [row.p for row in rows]
    return BacktestReport(
        horizon=horizon,
        days=days,
        skipped=skipped,
        left_out=left_out,
        predictions=tuple(rows),
        model=_scores(given, left),
        constant_rate=_scores([row.constant for row in rows], left),
        auc=auc(given, left),
    )


# --- scores


def _scores(given: Numbers, left: Numbers) -> Scores:
    return Scores(brier(given, left), calibration_error(given, left), calibration(given, left))


def brier(given: Numbers, left: Numbers) -> float:
    """The mean squared error of the chances: Brier, *Monthly Weather Review* 78, 1950, 1-3.

    >>> brier([1.0, 0.5], [1.0, 0.0])
    0.125
    """
    return float(np.mean((np.asarray(given) - np.asarray(left)) ** 2))


def auc(given: Numbers, left: Numbers) -> float | None:
    """How often who left had the higher chance than who stayed; ties count half.

    ``None`` where all or none left. Hanley and McNeil, *Radiology* 143, 1982, 29-36.

    >>> auc([0.2, 0.9, 0.2], [0.0, 1.0, 1.0])
    0.75
    """
    chance, gone = np.asarray(given, dtype=float), np.asarray(left, dtype=bool)
    count, rest = int(gone.sum()), int((~gone).sum())
    if not count or not rest:
        return None
    stayed = np.sort(chance[~gone])
    below = np.searchsorted(stayed, chance[gone], side="left")
    up_to = np.searchsorted(stayed, chance[gone], side="right")
    return float((below + up_to).sum() / 2 / count / rest)


def calibration(given: Numbers, left: Numbers, *, bins: int = DECILES) -> tuple[Bin, ...]:
    """Bins of equally many pairs, from the lowest chances to the highest.

    Pairs of equal chance count alike, each with the share of them that left: where a bin ends
    among them, their order must not matter.
    """
    chance, gone = np.asarray(given, dtype=float), np.asarray(left, dtype=float)
    _, group = np.unique(chance, return_inverse=True)
    gone = (np.bincount(group, gone) / np.bincount(group))[group]
    order = np.argsort(chance, kind="stable")
    return tuple(
        Bin(
            low=float(chance[part[0]]),
            high=float(chance[part[-1]]),
            pairs=len(part),
            forecast=float(chance[part].mean()),
            left=float(gone[part].mean()),
        )
        for part in np.array_split(order, bins)
        if len(part)
    )


def calibration_error(given: Numbers, left: Numbers, *, bins: int = BINS) -> float:
    """The mean distance between what was forecast and what happened, over equally large bins."""
    rows = calibration(given, left, bins=bins)
    total = sum(row.pairs for row in rows)
    return sum(row.pairs * abs(row.forecast - row.left) for row in rows) / total
