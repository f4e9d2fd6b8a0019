"""Python's collector of garbage, off while a list is imported."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collector_off"]


@contextmanager
def collector_off() -> Iterator[None]:
    """Look for no garbage meanwhile; it is looked for again afterwards, also after an exception.

    A list makes hundreds of thousands of objects of which all stay until it is written, and each
    look walks them again: a quarter of the time. Where it was off before, it stays off.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
