"""Every form under which a name may be sought: as written, Latin, pinyin, both scripts, nearly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rapidfuzz import fuzz

from relmap.contracts import Message
from relmap.names.folding import converter, folded, simplified
from relmap.names.pinyin import initials, syllables

__all__ = ["asked_as", "did_you_mean", "search_text", "spellings"]

NEAR: Final = 80.0
NEAR_IN_CHARACTERS: Final = 65.0  # one of three may differ
SHOWN: Final = 3


def search_text(names: Iterable[str | None]) -> str:
    """One line to look for a folded query in: each name in all its forms, between bars.

    王小明 is found by 王小明, wangxiaoming, wang xiaoming and wxm; 陳 by 陈 and the other way.
    """
    forms: dict[str, None] = {}
    for name in names:
        if name and (plain := folded(name)):
            forms[plain] = None
            forms[plain.replace(" ", "")] = None
            forms[_joined(plain)] = None
            if not plain.isascii() and _has_han(plain):
                forms.update(dict.fromkeys(_chinese_forms(plain)))
    return f"|{'|'.join(forms)}|" if forms else ""


def asked_as(text: str) -> frozenset[str]:
    """What to look for in a line of :func:`search_text`, or among spellings: any of these.

    >>> sorted(asked_as("髙橋"))
    ['高桥', '髙橋']
    """
    plain = folded(text)
    asked = {plain, simplified(plain), simplified(_joined(plain))}
    return frozenset(asked - {""}) or frozenset([plain])


def _joined(plain: str) -> str:
    """Without the blanks and dots between the parts of a name."""
    return plain if plain.isalnum() else "".join(filter(str.isalnum, plain))


def spellings(names: Iterable[str | None]) -> frozenset[str]:
    """The whole forms of names without their spaces: no initials, which may be many people's.

    >>> sorted(spellings(["孙启明", "Sun Qiming"]))
    ['sunqiming', '孙启明', '孫啓明']
    """
    forms: set[str] = set()
    for name in names:
        if name and (plain := folded(name)):
            forms |= {plain.replace(" ", ""), _joined(plain)}
            if not plain.isascii() and _has_han(plain):
                *whole, _ = _chinese_forms(plain)
                forms.update(form.replace(" ", "") for form in whole)
    return frozenset(forms)


def did_you_mean(text: str, names: Iterable[tuple[str, str | None]]) -> Message | str:
    """`` Did you mean A or B?`` with those of the names (as written, Latin) that are nearly so.

    Empty where none is. The nearest come first.
    """
    wanted = spellings([text])
    found = []
    for name, latin in dict.fromkeys(names):
        forms = spellings([name, latin])
        nearness = max((_nearness(a, b) for a in wanted for b in forms), default=0.0)
        if nearness >= (NEAR if text.isascii() else NEAR_IN_CHARACTERS):
            found.append((-nearness, name))
    near = [name for _, name in sorted(found)[:SHOWN]]
    return Message(" Did you mean {names}?", {"names": _either(near)}) if near else ""


def _either(names: Sequence[str]) -> Message | str:
    *others, last = names
    if not others:
        return last
    return Message("{one} or {other}", {"one": _either(others), "other": last})


def _nearness(asked: str, form: str) -> float:
    """0 to 100; the beginning of a name is near it, however long it goes on."""
    begins = len(asked) > 1 and form.startswith(asked)
    return max(fuzz.ratio(asked, form), NEAR if begins else 0.0)


def _has_han(text: str) -> bool:
    return any("㐀" <= char <= "鿿" or char >= "𠀀" for char in text)


def _chinese_forms(text: str) -> list[str]:
    plain = simplified(text)
    read = syllables(plain)
    return [
        plain,
        converter("s2t").convert(text),
        "".join(read).replace(" ", ""),
        " ".join(read),
        "".join(initials(plain)).replace(" ", ""),
    ]
