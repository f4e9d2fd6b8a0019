"""The domain's closed words as people read them, bilingual where the customer's own word helps."""

from __future__ import annotations

from typing import Final

__all__ = [
    "BASES",
    "DOUBTS",
    "END_REASONS",
    "FACE_TO_FACE",
    "FUNCTIONS",
    "LEVELS",
    "RELATIONSHIPS",
    "SEATS",
    "STANCES",
    "STATUSES",
    "TIES",
    "TIE_ICONS",
    "TOUCHES",
    "TOUCH_ICONS",
    "plural",
    "signed",
    "word",
]

# English, and the word on the customer's own door (Chinese).
FUNCTIONS: Final[dict[str, tuple[str, str]]] = {
    "management": ("Management", "管理层"),
    "rnd": ("R&D", "研发"),
    "component_engineering": ("Component eng.", "器件认证"),
    "purchasing": ("Purchasing", "采购"),
    "quality": ("Quality", "品质 SQE"),
    "npi": ("NPI", "工艺"),
    "planning": ("Planning", "物控 PMC"),
    "product": ("Product", "产品"),
    "finance": ("Finance", "财务"),
    "other": ("Other", "其他"),
}
LEVELS: Final[dict[str, str]] = {
    "executive": "Executive",
    "director": "Director",
    "manager": "Manager",
    "lead": "Lead",
    "staff": "Staff",
}
STATUSES: Final[dict[str, str]] = {
    "filled": "filled",
    "acting": "acting",
    "vacant": "vacant",
    "unknown_holder": "holder unknown",
    "abolished": "abolished",
}
STANCES: Final[dict[str, str]] = {
    "mentor": "mentor",
    "supporter": "supporter",
    "neutral": "neutral",
    "non_supporter": "non-supporter",
    "enemy": "enemy",
    "unknown": "stance unknown",
}
RELATIONSHIPS: Final[dict[str, str]] = {
    "none": "no relationship",
    "vendor": "vendor",
    "credible_source": "credible source",
    "problem_solver": "problem solver",
    "trusted_advisor": "trusted advisor",
}
# A tie's kind, read from its first end to its second, and from its second to its first.
TIES: Final[dict[str, tuple[str, str]]] = {
    "knows": ("knows", "known by"),
    "influences": ("influences", "influenced by"),
    "advises": ("asks for advice:", "advises"),
    "conflicts": ("in conflict with", "in conflict with"),
    "schoolmate": ("schoolmate of", "schoolmate of"),
    "former_colleague": ("worked with", "worked with"),
    "family": ("family of", "family of"),
    "friend": ("friend of", "friend of"),
    "dotted_line": ("dotted line to", "dotted line from"),
}
TIE_ICONS: Final[dict[str, str]] = {
    "knows": "users",
    "influences": "arrow-narrow-right",
    "advises": "message-circle",
    "conflicts": "bolt",
    "schoolmate": "school",
    "former_colleague": "affiliate",
    "family": "affiliate",
    "friend": "users",
    "dotted_line": "route",
}
# Why a row of a file waits, as a question that a salesperson can answer.
DOUBTS: Final[dict[str, str]] = {
    "inherited_mail": "The mail address is known under a wholly different name. Did the person "
    "change the name, or did somebody else take over the mailbox?",
    "ids_of_several_people": "The ids of this row belong to different people. Who is it?",
    "other_id": "Somebody of this name had another mail or id, in another post. The same person "
    "who moved, or a namesake?",
    "ended_elsewhere": "Somebody of this name left another unit before. Are they back?",
    "unit_not_listed": "Somebody of this name sits in a unit that the file does not list. "
    "The same person in a second post, or a namesake?",
    "several_of_one_name": "There is more than one of this name. Which one is it?",
    "near_match": "The name is nearly that of the person who sat there. Spelled otherwise, or "
    "somebody new?",
    "ended_by_hand": "One of us entered that this person left, after the list before. Is the new "
    "list out of date, or are they back?",
    "start_by_hand": "One of us entered another start than the file has. Is the file right?",
}
TOUCHES: Final[dict[str, str]] = {
    "visit": "visit",
    "call": "call",
    "mail": "mail",
    "message": "message",
    "meal": "meal",
    "gift": "gift",
    "sample": "sample",
    "event": "event",
    "complaint_call": "complaint",
    "other": "contact",
}
FACE_TO_FACE: Final = frozenset({"visit", "meal", "event"})
TOUCH_ICONS: Final[dict[str, str]] = {
    "visit": "map-pin",
    "call": "phone",
    "mail": "mail",
    "message": "message-circle",
    "meal": "tools-kitchen-2",
    "gift": "gift",
    "sample": "package",
    "event": "presentation",
    "complaint_call": "message-report",
    "other": "message-circle",
}
END_REASONS: Final[dict[str, str]] = {
    "left_company": "left the company",
    "moved_inside": "moved inside",
    "promoted": "promoted",
    "retired": "retired",
    "acting_ended": "no longer acting",
    "post_abolished": "post abolished",
    "unknown": "reason unknown",
}
# What became of the seat that somebody left.
SEATS: Final[dict[str, str]] = {
    "replaced": "somebody followed",
    "still_held": "others still hold the seat",
    "unit_closed": "the unit was closed",
    "post_closed": "the seat was closed",
    "vacant": "the seat is vacant",
}
BASES: Final[dict[str, str]] = {
    "told": "told",
    "seen": "seen",
    "inferred": "inferred",
    "hearsay": "hearsay",
}


def word(value: str | None) -> str:
    """A stored word where no list above names it: ``buying_role`` reads "Buying role"."""
    text = (value or "").replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def plural(count: int, one: str, many: str | None = None) -> str:
    """``1 person``, ``3 people``: a count with its noun."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def signed(value: float) -> str:
    """Points with their sign: ``+4``, ``−2.5``, ``0``."""
    rounded = round(value, 1)
    if rounded == 0:
        return "0"
    text = f"{abs(rounded):g}"
    return f"+{text}" if rounded > 0 else f"\u2212{text}"
