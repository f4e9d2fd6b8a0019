"""Who of a list has left: by a status, a leave date, or a mark behind the name.

The list of a personnel system keeps people who are gone, and says so beside them. Whoever left on
or before the day of the list sits nowhere on it; whoever is to leave later sits there still.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from relmap.contracts import Message
from relmap.contracts.message import N_
from relmap.contracts.words import EndReason
from relmap.errors import Unreadable
from relmap.imports.sheets.cells import read_day, read_flag
from relmap.imports.sheets.nobody import is_unknown_mark
from relmap.imports.sheets.records import SheetRecord
from relmap.names.days import DayRange
from relmap.names.folding import caseless, simplified, tidy

__all__ = ["Leaving", "leaving_of", "split_leaving", "standing"]

Standing = Literal["present", "leaving", "left", "coming"]
"""Whether somebody sits there, is to leave, is gone, or has not begun."""

_LEAVING: Final = re.compile(
    r"(?:待|拟|将|即将|申请|准备|正在|预)(?:离职|离任|调离|辞职|退休)|离职(?:办理|审批|流程|申请|交接)?中"
    r"|离职交接|交接期"
    r"|离职预定|退职予定"
    r"|\b(?:leaving|resigning|retiring|notice|(?:pending|future|upcoming) \w+"
    r"|to leave|garden(?:ing)? leave)\b"
)
_COMING: Final = re.compile(
    r"待(?:入职|报到|到岗|上岗|上任)|未(?:入职|报到|到岗)|拟入职|即将入职|入社予定|入职中"
    r"|\b(?:pre-?hire|pre-?boarding|onboarding|not (?:yet )?(?:started|joined)"
    r"|to (?:join|start)|offer\w*|joining|future hire)\b"
)
_STAYED: Final = re.compile(
    r"(?:未|没有?|非)(?:离职|禁用|停用|失效|注销)|停薪留职|留职|[返回续再][聘雇任岗]|撤[回销]"
    r"|\bnot (?:left|terminated)\b|\bre-?(?:hired|employed)\b"
)
_MOVES: Final = "调离|调出|调走|调任|调[往去至]|转出|转[往去至]|外调"
_LEFT: Final = re.compile(
    rf"离职|离任|离岗|离开|离队|离厂|已离|{_MOVES}"
    r"|退职|退社|退休|定年|辞职|辞退|解雇|解聘|解约|开除|去世|逝世|病故|已故|失效|注销|停用|禁用"
    r"|暂停使用|退出|(?:合同|协议)(?:到期|终止|解除|已?满)|死亡|内退|转岗|[†✝☨⚰]"
    r"|\b(?:terminated?|termination|resigned|left|departed|separated|retired|deceased|died|dismissed"
    r"|exited|former(?:ly)?|ex-?employee|quit|gone|inactive|disabled|deactivated|suspended"
    r"|archived|laid[ -]?off|no longer|transferred|moved to|alumni|fired|leaver|ended|expired)\b"
)
_PRESENT: Final = re.compile(
    r"在[职岗编籍]|在任|正式|试用|实习|转正|正常|有效|启用|激活|已入职|休|假|借调|外派"
    r"|返聘|现任|在位|兼职|全职|合同|劳务|派遣"
    r"|\b(?:active|employed|current(?:ly)?|present|enabled|working|regular|permanent|normal|ok|filled"
    r"|probation\w*|intern\w*|contract\w*|full[ -]?time|part[ -]?time"
    r"|(?:on|maternity|parental|sick|medical|annual|unpaid) ?leave"
    r"|leave of absence|loa|sabbatical|second(?:ed|ment)"
    r"|acting|interim|occupied|staffed|confirmed|valid|in office|in service|rehired?)\b"
)
_RETIRED: Final = re.compile("退休|定年|retired")
_MOVED: Final = re.compile(rf"{_MOVES}|transferred")


@lru_cache(maxsize=4096)
def standing(text: str) -> Standing | None:
    """What a status says of whoever has it; ``None`` where relmap does not know the word."""
    plain = simplified(caseless(text))
    if _LEAVING.search(plain):
        return "leaving"
    if _COMING.search(plain):
        return "coming"
    if _STAYED.search(plain):
        return "present"
    if _LEFT.search(plain):
        return "left"
    return "present" if _PRESENT.search(plain) else None


# --- a mark at the name


_BRACKETED: Final = re.compile(r"^(.*\S)\s*[(（\[【]([^()（）\[\]【】]+)[)）\]】]$")
_IN_FRONT: Final = re.compile(r"^[(（\[【]([^()（）\[\]【】]+)[)）\]】]\s*(\S.*)$")
_BEHIND: Final = re.compile(
    r"^(.{2,}?)(?:\s*([†✝☨⚰])"
    r"|[\s\-–—,，:：/]*(已?[离離](?:职|職|任|岗|崗)|已退休|已[调調][离離]|退職済み?)"
    r"|\s*[-–—,:/]\s*((?:has )?left|resigned|terminated|retired|leaver))$",
    re.IGNORECASE,
)
_BEHIND_CHINESE: Final = re.compile("[职職任岗崗休离離み]$")
_FIGURES: Final = re.compile(r"\d[\d./年月日-]*\d日?|\d+")
_MARK: Final = re.compile(
    r"(?:has |had |already |was |is |now )*(?:[a-z-]+)(?: the| our)?(?: ?(?:company|firm|us|on|in"
    r"|as of|since|leave|out|off|time))*"
)


_CHINESE_MARK: Final = re.compile(
    "(?:已经?|现|目前|正在?|待|拟|即?将|申请|办理|预)*"
    "(?:(?:调任|[调转][往去至]).{1,12}|离职|离任|离岗|离开|离队|离厂|离世|调离|调出|调走|转出|外调|退职済?|退社"
    "|退休|定年|辞职|辞退|解雇|解聘|开除|去世|逝世|病故|已故|离|[†✝☨⚰]|在[职岗籍]|[产休病事婚陪]+假|育休|休职|试用|实习|借调|外派|停薪留职|返聘"
    "|入职|报到)(?:员工|人员|者|办理|手续|中|期|了|予定)*"
)


def split_leaving(name: str) -> tuple[str, str]:
    """A name without the mark at it that tells how the person stands, and the mark.

    >>> split_leaving("林晓（离职）"), split_leaving("Bo Wu (left 2026-03)")
    (('林晓', '离职'), ('Bo Wu', 'left 2026-03'))
    """
    if name.isalpha() and not _BEHIND_CHINESE.search(name):
        return name, ""
    if match := _BRACKETED.match(name):
        bare, mark = match.groups()
    elif match := _IN_FRONT.match(name):
        mark, bare = match.groups()
    elif match := _BEHIND.match(name):
        bare, mark = match[1], next(filter(None, match.groups()[1:]))
    else:
        return name, ""
    return (bare, mark) if _is_mark(mark) else (name, "")


def _is_mark(text: str) -> bool:
    """Whether a text at a name is a status and nothing else, but for a day."""
    plain = simplified(caseless(_FIGURES.sub("", text))).strip(" ,:.-")
    if standing(plain) is None:
        return False
    return (_MARK if plain.isascii() else _CHINESE_MARK).fullmatch(plain) is not None


# --- what a row says


HAS_LEFT: Final = N_("Whoever has left is no holder: {people} (row {rows}).")
NOT_BEGUN: Final = N_("Whoever has not begun yet is left out: {people} (row {rows}).")
CONTRADICTED: Final = N_(
    "Row {row}: {status} and {heading} {cell} contradict each other. The person stays in the post."
)
NO_DAY_YET: Final = N_(
    "Row {row}: {status} gives no day. The person is in the post until one comes."
)
NOT_KNOWN: Final = N_(
    "{heading}: {status} in row {row} is no status that relmap knows. Whoever has it was taken to "
    "be in the post."
)


@dataclass(frozen=True, slots=True)
class Leaving:
    """How whoever a row names stands on the day of the list."""

    standing: Standing = "present"
    """``left`` and ``coming``: the row is no seat; ``leaving``: it is one until ``ends``."""
    ends: DayRange | None = None
    """The end that is given; after the day of the list unless they have left."""
    reason: EndReason = "unknown"
    note: Message | None = None


_SITS: Final = Leaving()


def leaving_of(line: SheetRecord, mark: str, on: date) -> Leaving:
    """How the person of a row stands on the day ``on``; ``mark`` is what stood at the name."""
    if not (mark or any(map(line.has, ("ends_on", "remark", *_FLAGS)))):
        return _SITS
    mark = mark or _remark_of(line)
    ends = line.read("ends_on", _end) or _day_in(mark)
    heading, status = _status(line, mark)
    if not status and ends is None:
        return _SITS
    stands = standing(status) if status else None
    told = {"row": line.row, "status": status, "heading": heading}
    reason = _reason(status, stands)
    if ends is not None and (ends.on <= on or (stands == "left" and ends.after < on)):
        if stands == "present":
            told |= {"heading": line.heading("ends_on"), "cell": tidy(line.raw("ends_on"))}
            return Leaving(note=Message(CONTRADICTED, told))
        return Leaving("left", ends, reason)
    if ends is not None:
        return Leaving("leaving", ends, reason)
    if stands == "coming" and _begins_after(line, on):
        return _SITS  # what the day of the start says is enough
    if stands is None:
        return Leaving(note=Message(NOT_KNOWN, told))
    return Leaving(stands, None, reason, Message(NO_DAY_YET, told) if stands == "leaving" else None)


def _remark_of(line: SheetRecord) -> str:
    """What a column of remarks says, where that is how the person stands and nothing else."""
    text = tidy(line.raw("remark"))
    return text if text and _is_mark(text) else ""


def _begins_after(line: SheetRecord, on: date) -> bool:
    start = line.day("starts_on")
    return start is not None and start.after >= on


_YES: Final = frozenset(("y", "yes", "a", "1", "true", "是"))
"""What a status says in a sign; its opposite, N or 0, is asked about as any word not known."""


def _status(line: SheetRecord, mark: str) -> tuple[str, str]:
    """The heading and the word that say how the person stands, a word that relmap knows first."""
    if mark:
        return line.heading("remark" if mark == tidy(line.raw("remark")) else "person"), mark
    unknown = ("", "")
    for field, words in _FLAGS.items():
        cell = tidy(line.raw(field))
        if not any(map(str.isalnum, cell)) or is_unknown_mark(cell):
            continue
        word = "active" if cell.casefold() in _YES else cell
        if field != "status" and (flag := _as_flag(cell)) is not None:
            word = words[flag]
        if word and standing(word) is not None:
            return line.heading(field), word
        unknown = (line.heading(field), word) if word else unknown
    return unknown


_FLAGS: Final[dict[str, tuple[str, str]]] = {
    "status": ("", ""),
    "has_left": ("", "left"),
    "in_service": ("left", "active"),
}
"""Columns that say how somebody stands, and what no and yes mean in them."""


def _as_flag(cell: str) -> bool | None:
    try:
        return read_flag(cell)
    except Unreadable:
        return None


_NO_END: Final = re.compile(
    r"9999.*|2999.*|2[12]\d\d\D.*|2099.*|至今|现在|present|current|now|ongoing|在职|active"
)


def _end(text: str) -> DayRange | None:
    """The day of an end; none for a word or a day far off that stands for no end."""
    if _NO_END.fullmatch(simplified(caseless(text))):
        return None
    return read_day(text)


def _day_in(mark: str) -> DayRange | None:
    for figures in _FIGURES.findall(mark):
        try:
            return read_day(figures.strip("./-"))
        except Unreadable:
            continue
    return None


def _reason(status: str, stands: Standing | None) -> EndReason:
    plain = simplified(caseless(status))
    if _RETIRED.search(plain):
        return "retired"
    return "unknown" if stands != "left" or _MOVED.search(plain) else "left_company"
