"""What charts.js writes, in the reader's language; what is in braces it fills in."""

from __future__ import annotations

from relmap.languages import _

__all__ = ["calibration_words", "months_words", "quarters_words", "radar_words"]


def radar_words(days: int) -> dict[str, str]:
    """Of the picture of posts by their chance and by how ready we are."""
    return {
        "ready": _("change may come, ready"),
        "act": _("act now"),
        "chance": _("chance of a change in {days} days", days=days),
        "how_ready": _("ready"),
        "share": _("{share} %", share="{value}"),
        "more": _("and {number} more here"),
    }


def months_words() -> dict[str, str]:
    """Of the terms that end, by month."""
    return {
        "announced": _("announced"),
        "term": _("declared term"),
        "policy": _("by policy"),
    }


def calibration_words() -> dict[str, str]:
    """Of what was said against what came."""
    return {
        "said": _("we said"),
        "changed": _("changed"),
        "ideal": _("as it should be"),
        "alike": _("all posts alike"),
        "found": _("as it was"),
        "said_percent": _("we said {percent} %"),
        "changed_of_100": _("{number} of 100 changed"),
        "forecasts": _("{number} forecasts"),
        "share": _("{share} %", share="{value}"),
    }


def quarters_words() -> dict[str, str]:
    """Of how soon we learnt of departures."""
    return {
        "days": _("days"),
        "median": _("{number} days in the median"),
        "departures": _("{number} departures"),
    }
