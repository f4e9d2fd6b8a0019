"""Lines of a sheet that are no records: totals, notes, and names of units on lines of their own."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from relmap.errors import Unreadable
from relmap.imports.sheets.spellings import read_function
from relmap.names.folding import tidy

__all__ = [
    "is_figure",
    "is_note",
    "is_signature",
    "is_total",
    "looks_like_unit",
    "numbering_of",
    "unit_named",
]

_PEOPLE: Final = r"(?:人|名|位|个|個|条|條|行|筆|笔|people|persons?|employees?|rows?|records?)"
_TOTAL: Final = re.compile(
    r"(?:"
    r"(?:(?:grand|sub|overall)[\s-]*)?totals?"
    r"(?:\s+(?:number|count|headcount|of|in|staff|contacts?|members?|" + _PEOPLE + r"))*"
    r"|(?:总|總|小|合|共)\s*[计計](?:人[数數])?|(?:总|總|在职|在職)?人[数數](?:合[计計])?"
    r"|headcount|count|sum|average|avg\.?|平均[值数]?|[Σ∑]"
    r")[\s:：=]*[\d,.%]*\s*" + _PEOPLE + r"?[.。]?"
    r"|(?:合?共(?:[计計])?|[总總]共|[计計])\s*\d+\s*" + _PEOPLE + r"[.。]?"
    r"|\d+\s*" + _PEOPLE + r"(?:\s+in\s+total)?[.。]?",
    re.IGNORECASE,
)
_TOTAL_OF_UNIT: Final = re.compile(  # Subtotal Purchasing, 采购部小计：12人
    r"(?:(?:grand|sub|overall)[\s-]*)?totals?\b[\s:：-]+\S.*|.*\S[\s:：-]+(?:sub[\s-]*)?totals?"
    r"|.+(?:小|合|[总總]|共)\s*[计計](?:人[数數])?(?:[\s:：=]*[\d,.]+\s*" + _PEOPLE + r"?)?",
    re.IGNORECASE,
)
_FIGURE: Final = re.compile(
    r"(?:合?共[计計]?|[计計])?\s*[\d\s,.%+-]+" + _PEOPLE + r"?", re.IGNORECASE
)
_NOTE: Final = re.compile(
    r"[*※#•·]\s*\S|[-=_—*]{2,}\W*$"
    r"|[(（【\[]?(?:注意?|注释|注釋|[备備][注註]|[说說]明|附注|附註|提示)\s*\d?\s*[)）】\]]?\s*[:：\d]"
    r"|(?:notes?|remarks?|disclaimer|source|legend|n\.?b\.?)\b\s*\d?\s*[:.)-]"
    r"|(?:strictly\s+|company\s+|highly\s+)*confidential\b|(?:for\s+)?internal\s+use\b"
    r"|(?:[机機]密|保密|[绝絕]密|秘密|内部[资資]料|内部[文使]|[仅僅]供|[请請]勿|[严嚴]禁|不得外)"
    r"|(?:page|seite)\s*\d+|第\s*\d+\s*[页頁]|共\s*\d+\s*[页頁]|[-–—]?\s*\d+\s*(?:/\s*\d+)?\s*[-–—]?$"
    r"|(?:printed|generated|exported|created|prepared|updated|last\s+updated|compiled)\s+(?:on|by|at|from|:|\d)"
    r"|(?:\w+\s+)?as\s+(?:of|at)\s+\w*\s*\d|(?:end\s+of|copyright|all\s+rights)\b|©"
    r"|(?:[数數][据據][来來]源|[来來]源|制表|製表|填表|列印|打印|[导導]出|截至|截止|更新|生成|[审審]核|[审審]批|[联聯]系方式|日期|[时時][间間])"
    r"\s*(?:人|日期|[时時][间間]|于|於)?\s*[:：\d]"
    r"|(?:以下空白|以下[无無]|以上[为為共]?|此表|本表|本名[单單])",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r".{1,20}[:：]"
    r"|(?:制表|製表|填表|[审審]核|[审審]批|批准|[复複]核|[编編]制)(?:人|日期)?|[签簽][字名]|[盖蓋]章"
    r"|(?:[打列]印|[导導匯汇]出|更新|生成|制[表作]|填[表报報]|[統统][计計]|截[至止]|[产產]生)"
    r"(?:[时時][间間]|日期|人|于|於)"
    r"|(?:prepared|approved|reviewed|checked|printed|issued|exported|generated|updated|created)"
    r" (?:by|on|at)"
    r"|(?:print|export|report|run|creation)(?:ed)? (?:date|time)|signature",
    re.IGNORECASE,
)
_LEGEND: Final = re.compile(r"[\u2190-\u2bff]\s*[=＝:：]?\s*\S")
_SIGNS: Final = "([{（【〔《<-=_—* "
_SENTENCE: Final = re.compile(r".{40,}|.{12,}[。.!！]", re.DOTALL)
_LABELLED: Final = re.compile(r"[^:：]{1,20}[:：].*", re.DOTALL)
_NUMBER: Final = r"(?:[一二三四五六七八九十]+|\d{1,2}|[IVX]+)"
_LABEL_OF_UNIT: Final = (
    r"(?:(?:所[属屬])?(?:部[门門]|[单單]位|事[业業]部|[团團][队隊])|department|dept\.?"
    r"|(?:business )?unit|division|team|section|group)\s*[:：]\s*"
)
_NUMBERING: Final = re.compile(
    rf"(?:\d{{1,2}}(?:[.．]\d{{1,2}})+[.．、)）]?\s*|[(（]?{_NUMBER}[)）、.．]\s*)"
    rf"|{_LABEL_OF_UNIT}",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    r"\s*(?:[(（\[【]\s*(?:合?共[计計]?|[计計]|total:?|人[数數][:：]?)?\s*\d+\s*"
    + _PEOPLE
    + r"?\s*[)）\]】]"
    r"|[\s:：-]+\d+\s*" + _PEOPLE + r")$",
    re.IGNORECASE,
)
_UNIT: Final = re.compile(
    r".*(?:部|部[门門]|中心|事[业業]群|事[业業]部|委[员員][会會]|[办辦]公室|分公司|分[厂廠]|工[厂廠]|本部|[大片战戰][区區])"
    r"|.{2,}[处處室組组课課院厂廠局]|.{3,}(?:[科司]|[团團][队隊])"
    r"|(?:.*\b)?(?:department|dept|division|team|group|unit|office|center|centre|section|bureau"
    r"|committee|region|headquarters|plant)s?(?:\b.*)?",
    re.IGNORECASE,
)
_FRAME: Final = "★☆▲△●○◆◇■□※【】[]〖〗*-—= "
_MAX_UNIT_LENGTH: Final = 60


def is_total(cells: list[str]) -> bool:
    """Whether the filled cells of a line read as a total: 合计 and figures, nobody's name."""
    first, *rest = cells
    if len(first) > 40 or not all(map(is_figure, rest)):  # quick, for it is asked of every row
        return False
    text = tidy(first)
    if _TOTAL.fullmatch(text):
        return True
    of_unit = _TOTAL_OF_UNIT.fullmatch(text)  # Total Quality alone may be a unit's own name
    return of_unit is not None and (bool(rest) or not text.isascii())


@lru_cache(maxsize=1024)
def is_figure(cell: str) -> bool:
    """Whether a cell holds a number, or how many people, and nothing else."""
    return bool(_FIGURE.fullmatch(tidy(cell)))


def is_note(cells: list[str]) -> bool:
    """Whether the filled cells of a line read as a note: confidential, page 2, 制表人：王敏."""
    first, *rest = cells
    if len(rest) > 2:
        return False
    text = tidy(first)
    if not rest and (_SENTENCE.fullmatch(text) or _is_legend(text) or _is_labelled(text)):
        return True
    is_made_so = _NOTE.match(text) or _NOTE.match(text.lstrip(_SIGNS))
    return bool(is_made_so) and all(_LABELLED.fullmatch(cell) for cell in rest)


def _is_legend(text: str) -> bool:
    """★为部门负责人 explains a sign; ★采购部 is a unit's heading."""
    return bool(_LEGEND.match(text)) and not looks_like_unit(text)


def _is_labelled(text: str) -> bool:
    """联系电话：021-5555 is no unit, 部门：采购部 and 华东：采购部 are."""
    label, _, told = text.replace("：", ":").partition(":")
    if not told.strip() or len(label) > 20 or _NUMBERING.match(text):
        return False
    return not (looks_like_unit(label) or looks_like_unit(told))


def is_signature(cells: list[str]) -> bool:
    """Whether the first of several filled cells labels the others, 制表：| 王敏, or each tells."""
    if len(cells) < 2:
        return False
    if all(_LABELLED.fullmatch(cell.strip()) and cell.strip()[-1:] not in ":：" for cell in cells):
        return True
    return _LABEL.fullmatch(cells[0].strip()) is not None


def _unframed(cell: str) -> str:
    """A line without the signs that set it apart: === 采购部 ===."""
    return tidy(cell).strip(_FRAME)


@lru_cache(maxsize=1024)
def unit_named(cell: str) -> str:
    """The unit that a line of its own names: 一、采购部（12人） is 采购部."""
    text = _unframed(cell)
    text = _COUNTED.sub("", _NUMBERING.sub("", text, count=1))
    return text.rstrip(":： ")


def numbering_of(cell: str) -> str:
    """How a line is numbered, by signs alone: 一、 is ``c、``, 1.2 is ``d.d``; else nothing."""
    numbering = _NUMBERING.match(_unframed(cell))
    told = re.sub("[一二三四五六七八九十]+", "c", numbering[0].strip() if numbering else "")
    return re.sub("[IVX]+", "r", re.sub(r"\d+", "d", told))


@lru_cache(maxsize=1024)
def looks_like_unit(cell: str) -> bool:
    """Whether a text is a unit's name by its ending, or names what a department does."""
    text = unit_named(cell)
    if not 1 < len(text) <= _MAX_UNIT_LENGTH:
        return False
    if re.match(_LABEL_OF_UNIT, _unframed(cell), re.I) or _UNIT.fullmatch(text):
        return True
    try:
        return read_function(text) is not None
    except Unreadable:
        return False
