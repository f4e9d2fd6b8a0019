"""Answers that several rules ask of one view are worked out once."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from relmap.contracts import AccountView

__all__ = ["once_a_view"]

T = TypeVar("T")

# By the view's identity: its hash goes over all its rows, and nothing may be written to it.
_answers: dict[int, dict[str, Any]] = {}


def once_a_view(answer: Callable[[AccountView], T]) -> Callable[[AccountView], T]:
    """Keep a function's answer for as long as the view lives that it was about.

    The answer must be immutable: every rule gets the same one.
    """
    name = f"{answer.__module__}.{answer.__qualname__}"

    @wraps(answer)
    def kept(view: AccountView) -> T:
        answers = _answers_of(view)
        if name not in answers:
            answers[name] = answer(view)
        found: T = answers[name]
        return found

    return kept


def _answers_of(view: AccountView) -> dict[str, Any]:
    number = id(view)
    if number not in _answers:
        _answers[number] = {}
        weakref.finalize(view, _answers.pop, number, None).atexit = False
    return _answers[number]
