"""How good foresight was, at the command line: the back-test and the lag of detection."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import click

from relmap.cli.options import (
    DAY,
    account_named,
    day_option,
    json_option,
    today,
    with_app,
)
from relmap.cli.printing import print_json, say
from relmap.contracts import N_, Message
from relmap.facts import structure
from relmap.insight.back_test import BacktestReport
from relmap.insight.percentages import ENOUGH
from relmap.languages import _, commas, day
from relmap.results.reports.detection import lags_as_json
from relmap.results.runs.past_forecasts import histories, rotation_back_test

__all__ = ["backtest", "lag"]

MONTHS = {"m": 1, "q": 3, "y": 12}


class Months(click.ParamType):  # type: ignore[type-arg]  # generic only in click's newest
    """Whole months: ``6m``, or ``1y``; a number alone is months."""

    name = "step"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The months of a text; anything else is wrong usage."""
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"([1-9][0-9]{0,2})([mqy]?)", value.strip().lower())
        if found is None:
            self.fail(_("{value!r} is no step; write it like 6m or 1y.", value=value), param, ctx)
        return int(found[1]) * MONTHS[found[2] or "m"]


@click.group()
def backtest() -> None:
    """Foresight tested on the past."""


@backtest.command("rotation")
@account_named()
@click.option("--from", "start", type=DAY, required=True, help="The first day to forecast at.")
@click.option("--to", "end", type=DAY, required=True, help="The last day; its horizon has passed.")
@click.option("--every", type=Months(), default="6m", show_default=True, help="The step: 6m, 1y.")
@click.option(
    "--horizon",
    type=click.IntRange(1, 3650),
    default=365,
    show_default=True,
    help="Within how many days people leave.",
)
@json_option
@with_app
def rotation(
    account: str | None, start: date, end: date, every: int, horizon: int, as_json: bool
) -> None:
    """Forecast at past days with what was true by then, and compare with what happened."""
    account_id = None if account is None else structure.find_account(account).id
    report = rotation_back_test(
        histories(today(), account_id),
        account_id,
        start=start,
        end=end,
        every_months=every,
        horizon=horizon,
        today=today(),
    )
    if as_json:
        print_json(report.to_json())
        return
    for line in _lines(report):
        click.echo(line)


def _lines(report: BacktestReport) -> Iterator[str]:
    found = report.to_json()
    days = [date.fromisoformat(day) for day in found["days"]]
    text = "Asked on {days}: who will have left within {horizon} days?"
    yield _(text, days=commas(map(day, days)), horizon=report.horizon)
    if report.skipped:
        yield _("Nobody was in post on {days}.", days=commas(map(day, report.skipped)))
    if report.left_out:
        text = "Left out, since only ended tenures are on record: {accounts}."
        yield _(text, accounts=commas(report.left_out))
    yield _(
        "Holders, counted on each day: {pairs}; left: {left} ({share:.0%}).",
        pairs=report.pairs,
        left=report.left,
        share=report.left / report.pairs,
    )
    yield ""
    yield _("                    relmap   constant rate of the last three years")
    constant = found["constant_rate"]
    yield _(
        "Brier score         {ours:.4f}   {theirs:.4f}   (0 is perfect)",
        ours=found["brier"],
        theirs=constant["brier"],
    )
    yield _(
        "calibration error   {ours:.4f}   {theirs:.4f}   (0 is perfect)",
        ours=found["calibration_error"],
        theirs=constant["calibration_error"],
    )
    text = "AUC                 {ours}   0.5 on any one day   (1 is perfect, 0.5 is chance)"
    yield _(text, ours=_auc(report))
    yield ""
    yield _("forecast   foretold   left   holders")
    yield from (_bin(row) for row in found["calibration"])
    yield ""
    yield _verdict(report)


def _auc(report: BacktestReport) -> str:
    return "  -   " if report.auc is None else f"{report.auc:.4f}"


def _bin(row: Mapping[str, Any]) -> str:
    span = f"{100 * row['low']:3.0f}-{100 * row['high']:3.0f} %"
    return f"{span:>9}  {row['forecast']:>8.0%}  {row['left']:>5.0%}  {row['pairs']:>8}"


def _verdict(report: BacktestReport) -> str:
    """What the two Brier scores say, in words."""
    model, constant = report.model.brier, report.constant_rate.brier
    if constant == 0:
        return _("The constant rate made no error: nobody left, and nobody had before.")
    gain = 1 - model / constant
    if abs(gain) < 0.02:
        return _(
            "The forecasts were about as good as the constant rate: no pattern was found to use."
        )
    if gain > 0:
        text = N_("The squared error was {gain:.0%} smaller than that of the constant rate.")
    else:
        text = N_("The squared error was {gain:.0%} larger than that of the constant rate.")
    return _(text, gain=abs(gain))


# --- how late we learn of departures


@click.command()
@account_named()
@click.option(
    "--days",
    type=click.IntRange(1, 36500),
    default=1095,
    show_default=True,
    help="What we learnt of within so many days.",
)
@day_option()
@json_option
@with_app
def lag(account: str | None, days: int, on: date, as_json: bool) -> None:
    """How late we learn that somebody has left a post."""
    account_id = None if account is None else structure.find_account(account).id
    document = lags_as_json(account_id, on, days=days)
    if as_json:
        print_json(document)
        return
    if document["overall"] is None:
        say("No departure was entered in the {days} days to {last}.", days=days, last=on)
        return
    say("all: {lag}", lag=_lag(document["overall"]))
    for row in document["by_account"]:
        click.echo(f"  {row['account']}: {_lag(row)}")
    for row in document["by_colleague"]:
        say("  entered by {person}: {lag}", person=row["person"], lag=_lag(row))


def _lag(row: Mapping[str, Any]) -> str:
    low, high = row["quartiles"]
    median = Message("{days:.0f} days", {"days": row["median"]})
    if row["count"] >= ENOUGH:
        text = "{days:.0f} days (half of them {low:.0f} to {high:.0f})"
        median = Message(text, {"days": row["median"], "low": low, "high": high})
    text = N_("{lag}, departures: {count}, known ahead: {ahead:.0%}")
    if row["trend"] is not None:
        text = N_(
            "{lag}, departures: {count}, known ahead: {ahead:.0%}, "
            "trend: {trend:+.0f} days a quarter"
        )
    return _(text, lag=median, count=row["count"], ahead=row["ahead"], trend=row["trend"])
