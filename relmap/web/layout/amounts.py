"""Sums of money as one reads them at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from relmap.contracts.words import Language
from relmap.languages import commas, current_language

__all__ = ["sums"]

SCALES: Final[Mapping[Language, tuple[tuple[float, str], ...]]] = {
    "en": ((1e9, " bn"), (1e6, " m"), (1e3, " k")),
    "zh_Hant": ((1e8, "億"), (1e4, "萬")),
    "zh_Hans": ((1e8, "亿"), (1e4, "万")),
}


def sums(values: Mapping[str, float]) -> str:
    """Sums by currency, not added up: ``8.4 m CNY``, 840万 CNY; empty where nothing is known."""
    return commas(f"{_scaled(value)} {currency}".strip() for currency, value in values.items())


def _scaled(value: float) -> str:
    for scale, name in SCALES[current_language()]:
        if value >= scale:
            return f"{value / scale:.1f}".removesuffix(".0") + name
    return f"{value:g}"
