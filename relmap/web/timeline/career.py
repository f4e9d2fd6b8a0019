"""The posts somebody held over the years, drawn on the axis of the lanes: one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from relmap.web.timeline.bars import Axis

__all__ = ["Bar", "Career", "Span", "career"]

ROW = 50
YEARS_NARROW = 9


@dataclass(frozen=True, slots=True)
class Span:
    """One thing that lasted: ``starts_after`` ``None`` means that the true start is unknown."""

    title: str
    detail: str
    starts_after: date | None
    starts_on: date
    ends_on: date | None
    is_acting: bool = False
    lang: str | None = None
    detail_lang: str | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A span as drawn; ``maybe_x`` is where it may have begun, within what is known."""

    span: Span
    x: float
    width: float
    maybe_x: float | None
    y: int
    text_x: float
    anchor: str
    is_jagged: bool


@dataclass(frozen=True, slots=True)
class Career:
    """The drawing of a career: its size, the lines of the years, the bars, the dots below."""

    width: int
    height: int
    years: tuple[tuple[float, str], ...]
    bars: tuple[Bar, ...]
    dots: tuple[float, ...]
    dots_y: int
    now_x: float


def career(
    spans: Sequence[Span], dots: Sequence[date], *, today: date, is_narrow: bool = False
) -> Career | None:
    """Lay out spans, newest first, and dots for dated happenings; ``None`` without any."""
    if not spans:
        return None
    width = 340 if is_narrow else 900
    first = min([today, *(span.starts_after or span.starts_on for span in spans)]).year
    if is_narrow:
        first = max(first, today.year - YEARS_NARROW + 1)
    scale = Axis(date(first, 1, 1), today, width - 8)
    shown = sorted(spans, key=lambda span: (span.starts_on, span.title), reverse=True)
    shown = [span for span in shown if (span.ends_on or today) >= scale.first]
    bars = tuple(_bar(span, index, scale) for index, span in enumerate(shown))
    dots_y = len(bars) * ROW + 36
    return Career(
        width=width,
        height=dots_y + 42,
        years=_years(scale, is_narrow=is_narrow),
        bars=bars,
        dots=tuple(scale.x(on) for on in dots if scale.first <= on <= today),
        dots_y=dots_y,
        now_x=scale.x(today),
    )


def _years(scale: Axis, *, is_narrow: bool) -> tuple[tuple[float, str], ...]:
    count = scale.today.year - scale.first.year + 1
    step = ceil(count / (YEARS_NARROW if is_narrow else 14))
    years = range(scale.first.year, scale.today.year + 1, step)
    return tuple(
        (scale.x(date(year, 1, 1)), str(year)[2:] if is_narrow else str(year)) for year in years
    )


def _bar(span: Span, index: int, scale: Axis) -> Bar:
    x = scale.x(span.starts_on)
    width = max(6.0, scale.x(span.ends_on or scale.today) - x)
    x = min(x, scale.now_x - width)
    is_late = x > scale.now_x * 0.55
    early = None
    if span.starts_after is not None and (span.starts_on - span.starts_after).days > 1:
        early = scale.x(span.starts_after)
    return Bar(
        span=span,
        x=x,
        width=round(width, 1),
        maybe_x=early if early is not None and x - early >= 3 else None,
        y=index * ROW,
        text_x=round(x + width - 4, 1) if is_late else x,
        anchor="end" if is_late else "start",
        is_jagged=span.starts_after is None,
    )
