"""Level and function guessed from a title, Chinese, Japanese and English; people correct it.

Decisions where usage differs: a deputy (副, vice, deputy) has the level of whom they deputise.
部长, 部長 and 处长 head a department and are directors, 课长 and 科长 managers, 主任, 主管, 係長
and 组长 leads. 课长代理 and its like are ranks of their own in Japan, one below. Who heads an
office, a centre or a laboratory as 主任 is a manager. An assistant or secretary is staff, whoever
the chief. Japanese 経理 is accounting, Chinese 经理 and 經理 a manager.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import groupby
from typing import Final, cast

from relmap.contracts.words import Function, Level
from relmap.names.folding import caseless, simplified
from relmap.names.tables import read_rows

__all__ = ["guess_function", "guess_level", "named_function", "named_level"]


def guess_level(title: str) -> Level:
    """The level of a post by its title; ``staff`` where it names none."""
    return named_level(title) or "staff"


def guess_function(title: str, *, unit: str | None = None) -> Function:
    """The function of a post by its title, else by its unit's name; ``other`` where neither tells.

    An engineer of no other trade is of ``rnd``.
    """
    function = named_function(title) or (named_function(unit) if unit else None)
    return function or ("rnd" if _ANY_ENGINEER.search(_plain(title)) else "other")


@lru_cache(maxsize=8192)
def named_level(title: str) -> Level | None:
    """The level a title names, or ``None`` if it names none."""
    text = _OFFICES_OF_CHIEFS.sub("办公室", _plain(title))
    return cast("Level | None", _meaning("levels.tsv", text))


@lru_cache(maxsize=8192)
def named_function(title: str) -> Function | None:
    """The function a title or the name of a unit names, or ``None`` if it names none."""
    return cast("Function | None", _meaning("functions.tsv", _plain(title)))


def _meaning(table: str, text: str) -> str | None:
    return next((meaning for words, meaning in _table(table) if words.search(text)), None)


# Japan's own simple forms, and one that OpenCC takes for another word. 経 is left as it is: 経理
# and 经理 are two words.
_SIMPLER: Final = str.maketrans("総処営発検験鍊", "总处营发检验链")


@lru_cache(maxsize=8192)
def _plain(title: str) -> str:
    return simplified(caseless(title).translate(_SIMPLER))


_OFFICES_OF_CHIEFS: Final = re.compile(
    "(?:总(?:经理|裁)|董事长|社长)(?:办公室|办(?!公)|室)|总经办|"
    "office of the (?:ceo|president|chairman)"
)
_ANY_ENGINEER: Final = re.compile(r"工程师|工程|技术|技师|engineer|technolog|technical|测试|test")


@cache
def _table(name: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns with what they mean, in their order; lines that follow with one meaning are one."""
    rows = read_rows(__file__, name)
    return tuple(
        # ASCII: a word such as SQE ends where Chinese begins.
        (re.compile("|".join(pattern for _, pattern in alike), re.ASCII), meaning)
        for meaning, alike in groupby(rows, key=lambda row: row[0])
    )
