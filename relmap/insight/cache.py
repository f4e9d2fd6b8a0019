"""Answers that several rules ask of one view are worked out once."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from relmap.contracts import AccountView

__all__ = ["once_a_view"]

T = TypeVar("T")
P = ParamSpec("P")

# By the view's identity: its hash goes over all its rows, and nothing may be written to it.
_answers: dict[int, dict[Any, Any]] = {}


def once_a_view(
    answer: Callable[Concatenate[AccountView, P], T],
) -> Callable[Concatenate[AccountView, P], T]:
    """Keep a function's answers for as long as the view lives that they are about.

    An answer must be immutable: every rule gets the same one. Each further argument, which must be
    hashable, has its own.
    """
    name = f"{answer.__module__}.{answer.__qualname__}"

    @wraps(answer)
    def kept(view: AccountView, /, *more: P.args, **named: P.kwargs) -> T:
        answers = _answers_of(view)
        asked = (name, more, *named.items()) if more or named else name
        if asked not in answers:
            answers.setdefault(asked, answer(view, *more, **named))  # of two threads the first
        found: T = answers[asked]
        return found

    return kept


def _answers_of(view: AccountView) -> dict[Any, Any]:
    number = id(view)
    if number not in _answers:
        weakref.finalize(view, _answers.pop, number, None).atexit = False
    return _answers.setdefault(number, {})
