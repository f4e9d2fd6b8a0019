"""Words for nobody: what lists write where a seat is vacant, or where nobody knows its holder.

No list of such words is ever whole, so they are told by how they are made: a cell is a mark where
it is put together from nothing but these words (无, 暂 + 缺, to be + confirmed), without a letter
(``--``), or where a program wrote its own sign for an empty or broken cell (``NULL``, ``#REF!``).
What follows a mark, 空缺（原林晓）or ``Vacant - since May``, only explains it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from relmap.names.folding import caseless, simplified

__all__ = ["is_blank_mark", "is_unknown_mark", "is_vacancy_mark"]

_EDGES: Final = "()[]<>{}【】〈〉《》「」“”\"'*.。!！:：,，、;；_ "
_BRACKETED: Final = re.compile(r"(?<=[^\s(\[【<]) *[(\[【<][^()\[\]【】<>]*[)\]】>]$")
_EXPLAINED: Final = re.compile(r" [-–—|] |[:：—–]+ ?|-(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])-")
_NUMBERED: Final = re.compile(r" ?#?\d+$|^\d+[ x×]+")

_UNKNOWN: Final = re.compile(
    r"[?]+|×|n\.? ?n\.?|unknown|unk|not known|n/a|n\.[an]\.?"
    r"|(?:see|same as) (?:above|below)|as above"
    r"|(?:暂|尚)?(?:未知|不[详明知]|不清楚|不知道|待查)"
    r"|某+人?|[x×]{2,}|\*{2,}|不明|masked|confidential|保密"
)
_BLANK: Final = re.compile(  # a sign for an empty or a broken cell, never a trade
    r"\W*|0+|n[/\\]a|nan|none|null|nil|nul|<?null>?|\\n|undefined|empty|blank|void|no ?value"
    r"|no data|=?#(?:n/?a|ref|value|div/0|name|null|num|spill|calc|getting_data|unknown|field"
    r"|blocked|error)[!?]?|err:\d+|공석|없음|미정|채용 ?중"
    r"|t\.?b\.?[acdhn]\.?|(?:to|yet to|still to) be \w+"
    r"|[无無缺空]|没有|暂无|待定|未定|空白|空缺|vacant|vacancy|(?:该当)?(?:者)?(?:なし|無し|无し)|未設定|未设定"
)

_CORE_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "vacant vacancy vacancies vakant vacante unbesetzt offen open opening openings unfilled "
        "unoccupied unassigned unstaffed unnamed empty blank none nobody null hiring recruiting "
        "recruitment hc headcount req requisition posted backfill tbd tba tbc tbh tbn frozen "
        "resigned terminated vacated",
    )
)
_OTHER_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "a the is this currently now temporarily still yet not position positions post posts "
        "role roles seat seats job jobs slot r jr in progress process "
        "ongoing pending active actively to be for under on hold hire replacement new "
        "person holder incumbent one at present moment and",
    )
)
_PHRASES: Final = re.compile(
    r"no ?(?:one|body|holder|incumbent|person)(?: yet)?|new (?:hire|joiner)(?: pending)?"
    r"|(?:not|never) (?:yet )?(?:assigned|appointed|available|filled|applicable|staffed|named|set)"
    r"|(?:to|yet to|still to) be \w+(?: \w+)?|(?:pending|awaiting) \w+|on hold|hiring freeze"
    r"|(?:under|in) (?:recruitment|hiring|search)|backfill(?: \w+)?|n/?a"
)

_CHINESE_CORE: Final = (
    "无人?|没人|没有|空[缺岗位置编额席白职]?|缺[员编位岗额席人]?|[出从]缺|悬空|悬缺|虚位|[职遇开]缺|征求|招人|待分配|已?离[职任岗]|欠员|空席"
    "|待[定补聘招填选任配派岗]|招[聘募]|征才|募集|採用|采用|选考|選考|未[定聘招选填设任派补]|未配置?|拟招|在招|急招"
    "|新招|未(?:任命|指定|到岗|到位|确定|确认|公布|录用|入职)|待(?:招聘|入职|到岗|上任|任命|确认|公布|安排|补充|通知|增补)|なし|無し|該当|调整中"
)
_CHINESE_OTHER: Final = (
    "目前|现在|现|人力|暂时?|正在?|尚|仍|还|岗位?|职位|职务|人选|人员?|编制?|席位?|名额|中|的|待|拟|将|已|处于"
    "|后任|後任|候补|继任者?|该|此|本|者|状态|位置?|任命|确认|公布|安排|补充|到岗|入职|定|が|は|に|任|员|状況"
)
_CHINESE: Final = re.compile(
    f"(?:{_CHINESE_OTHER})*?(?:{_CHINESE_CORE})(?:{_CHINESE_CORE}|{_CHINESE_OTHER})*"
)


_HINT: Final = re.compile(  # a character without which no text in characters is a mark
    "[^㐀-鿿]|[无無没沒空缺出悬懸虚虛欠待招征徵募採采选選未在急新调調不某密定補补聘暂暫目尚职職遇开開离離已岗崗席]"
)


@lru_cache(maxsize=4096)
def is_vacancy_mark(text: str) -> bool:
    """Whether a cell for a person says that nobody sits there: ``TBD``, 招聘中, ``-``, nothing."""
    if not _HINT.search(text):
        return text == ""
    plain = _plain(text)
    return not _is_unknown(plain) and any(map(_is_vacant, _readings(plain)))


@lru_cache(maxsize=4096)
def is_unknown_mark(text: str) -> bool:
    """Whether a cell for a person says that somebody sits there whom we do not know."""
    return _HINT.search(text) is not None and _is_unknown(_plain(text))


@lru_cache(maxsize=4096)
def is_blank_mark(text: str) -> bool:
    """Whether a cell of any kind is empty, by a sign or a word for that; 招聘 may be a trade."""
    plain = _plain(text)
    return _BLANK.fullmatch(plain) is not None or _BLANK.fullmatch(plain.strip(_EDGES)) is not None


def _plain(text: str) -> str:
    return caseless(text) if text.isascii() else simplified(caseless(text))


def _is_unknown(plain: str) -> bool:
    return any(_UNKNOWN.fullmatch(form) for form in (plain, plain.strip(_EDGES)) if form)


def _readings(plain: str) -> list[str]:
    """The text, and the text without what may explain it."""
    bare = plain.strip(_EDGES)
    before = _EXPLAINED.split(_BRACKETED.sub("", plain), maxsplit=1)[0].strip(_EDGES)
    return [form for form in (plain, bare, before, _NUMBERED.sub("", before)) if form or not bare]


def _is_vacant(plain: str) -> bool:
    if _BLANK.fullmatch(plain) or _PHRASES.fullmatch(plain):
        return True
    if not plain.isascii():
        return _CHINESE.fullmatch(plain.replace(" ", "")) is not None
    words = {word for word in re.split(r"[\s/_#-]+", plain) if not word.isdigit()}
    return not words.isdisjoint(_CORE_WORDS) and words <= _CORE_WORDS | _OTHER_WORDS
