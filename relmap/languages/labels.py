"""The words of closed lists as people read them; the name of a list is the context of its labels.

A label stands by itself (``label``); in the middle of an English sentence it is written small
(``word``). Where a value of a message is named like a list, it is told by that list.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from relmap.contracts import Message
from relmap.contracts.words import Language
from relmap.languages.catalogues import sentence
from relmap.languages.choice import current_language

__all__ = ["LABELS", "label", "label_message", "label_named", "list_of", "word"]

LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "function": {
        "management": "Management",
        "rnd": "R&D",
        "component_engineering": "Component eng.",
        "purchasing": "Purchasing",
        "quality": "Quality",
        "npi": "NPI",
        "planning": "Planning",
        "product": "Product",
        "finance": "Finance",
        "other": "Other",
    },
    "level": {
        "executive": "Executive",
        "director": "Director",
        "manager": "Manager",
        "lead": "Lead",
        "staff": "Staff",
    },
    "status": {
        "filled": "filled",
        "acting": "acting",
        "vacant": "vacant",
        "unknown_holder": "holder unknown",
        "abolished": "abolished",
    },
    "stance": {
        "mentor": "mentor",
        "supporter": "supporter",
        "neutral": "neutral",
        "non_supporter": "non-supporter",
        "enemy": "enemy",
        "unknown": "stance unknown",
    },
    "relationship": {
        "none": "no relationship",
        "vendor": "vendor",
        "credible_source": "credible source",
        "problem_solver": "problem solver",
        "trusted_advisor": "trusted advisor",
    },
    "power": {
        "inner_circle": "inner circle",
        "political": "political",
        "outside": "outside",
        "unknown": "power unknown",
    },
    "buying_role": {
        "initiator": "initiator",
        "user": "user",
        "influencer": "influencer",
        "decider": "decider",
        "approver": "approver",
        "buyer": "buyer",
        "gatekeeper": "gatekeeper",
        "coach": "coach",
        "champion": "champion",
        "counter_champion": "counter-champion",
    },
    # What somebody believes about a person or a post.
    "claim": {
        "stance": "Stance",
        "power": "Power",
        "buying_role": "Buying role",
        "relationship": "Relationship",
        "level": "Level",
        "personality": "Personality",
        "interest": "Interest",
        "note": "Note",
    },
    # A tie's kind, read from its first end to its second, ...
    "tie": {
        "knows": "knows",
        "influences": "influences",
        "advises": "asks for advice:",
        "conflicts": "in conflict with",
        "schoolmate": "schoolmate of",
        "former_colleague": "worked with",
        "family": "family of",
        "friend": "friend of",
        "dotted_line": "dotted line to",
    },
    # ... and from its second end to its first.
    "tie_back": {
        "knows": "known by",
        "influences": "influenced by",
        "advises": "advises",
        "conflicts": "in conflict with",
        "schoolmate": "schoolmate of",
        "former_colleague": "worked with",
        "family": "family of",
        "friend": "friend of",
        "dotted_line": "dotted line from",
    },
    # The kind by itself, in a filter or a legend.
    "tie_kind": {
        "knows": "Knows",
        "influences": "Influences",
        "advises": "Advises",
        "conflicts": "Conflicts",
        "schoolmate": "Schoolmate",
        "former_colleague": "Former colleague",
        "family": "Family",
        "friend": "Friend",
        "dotted_line": "Dotted line",
    },
    "touch": {
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
    },
    "direction": {"out": "from us", "in": "from them", "both": "both ways"},
    "end_reason": {
        "left_company": "left the company",
        "moved_inside": "moved inside",
        "promoted": "promoted",
        "retired": "retired",
        "acting_ended": "no longer acting",
        "post_abolished": "post abolished",
        "unknown": "reason unknown",
    },
    # What became of the seat that somebody left.
    "seat": {
        "replaced": "somebody followed",
        "still_held": "others still hold the seat",
        "unit_closed": "the unit was closed",
        "post_closed": "the seat was closed",
        "vacant": "the seat is vacant",
    },
    "basis": {"told": "told", "seen": "seen", "inferred": "inferred", "hearsay": "hearsay"},
    "stage": {
        "concept": "Concept",
        "specification": "Specification",
        "sample": "Sample",
        "evaluation": "Evaluation",
        "qualification": "Qualification",
        "pilot": "Pilot",
        "mass_production": "Mass production",
        "end_of_life": "End of life",
        "won": "Won",
        "lost": "Lost",
    },
    "severity": {"note": "Note", "warning": "Warning", "urgent": "Urgent"},
    "side": {"client": "client", "us": "us"},
    "role": {"administrator": "administrator", "manager": "manager", "member": "member"},
    "right": {"read": "read", "write": "write"},
    "contact": {
        "mail": "Mail",
        "phone": "Phone",
        "mobile": "Mobile",
        "wechat": "WeChat",
        "line": "LINE",
        "address": "Address",
        "other": "Other",
    },
    "external_id": {"mail": "mail", "staff_number": "staff number", "handle": "handle"},
    # What the columns hold that change from a day on, inside a sentence.
    "column": {
        "name": "name",
        "title": "title",
        "level": "level",
        "function": "function",
        "decision_weight": "decision weight",
        "seats": "seats",
        "reports_to_id": "reports to",
        "vacant_since": "vacant since",
        "term_months": "term months",
        "review_month": "review month",
        "term_ends_on": "term ends on",
        "tier": "tier",
        "owner_id": "owner",
        "industry": "industry",
        "region": "region",
        "rotation_months": "rotation months",
        "rotation_policy": "rotation policy",
        "handover_months": "handover months",
        "parent_id": "parent",
        "stage": "stage",
        "value": "value",
        "currency": "currency",
        "part_number": "part number",
    },
    "doubt": {
        "inherited_mail": "The mail address is known under a wholly different name. Did the person "
        "change the name, or did somebody else take over the mailbox?",
        "ids_of_several_people": "The ids of this row belong to different people. Who is it?",
        "other_id": "Somebody of this name had another mail or id, in another post. The same "
        "person who moved, or a namesake?",
        "ended_elsewhere": "Somebody of this name left another unit before. Are they back?",
        "unit_not_listed": "Somebody of this name sits in a unit that the file does not list. "
        "The same person in a second post, or a namesake?",
        "several_of_one_name": "There is more than one of this name. Which one is it?",
        "near_match": "The name is nearly that of the person who sat there. Spelled otherwise, or "
        "somebody new?",
        "ended_by_hand": "One of us entered that this person left, after the list before. Is the "
        "new list out of date, or are they back?",
        "start_by_hand": "One of us entered another start than the file has. Is the file right?",
    },
}
SMALL: Final[Mapping[str, str]] = {"Component eng.": "component engineering"}
# The lists that a value's name (or the last word of it) may mean, the likelier first.
NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    **{name: (name,) for name in LABELS if name not in ("contact", "seat", "external_id")},
    "level": ("level", "relationship"),
    "reason": ("end_reason",),
    "kind": ("touch", "tie_kind"),
    "what": ("claim",),
}


def label_message(list_name: str, value: str) -> Message:
    """The label of a word as a message, to be a value of another one."""
    return Message(_english(list_name, value), context=list_name)


def label(list_name: str, value: str, *, language: Language | None = None) -> str:
    """The word of a closed list as it stands by itself in the reader's language.

    A word that the list does not have (a plug-in's own) is shown as it is, without underscores.
    """
    text = _english(list_name, value)
    return sentence(text, context=list_name, language=language or current_language())


def word(list_name: str, value: str, *, language: Language | None = None) -> str:
    """The word of a closed list inside a sentence: "component engineering"."""
    language = language or current_language()
    if language != "en":
        return label(list_name, value, language=language)
    text = _english(list_name, value)
    is_small = text[1:2].islower()  # R&D and NPI stay large
    return SMALL.get(text) or (text[:1].lower() + text[1:] if is_small else text)


def label_named(name: str, value: str) -> str:
    """The label of a value by what the value is called (see ``list_of``), else the value."""
    found = list_of(name, value)
    return label(found, value) if found else value.replace("_", " ")


def list_of(name: str, value: str) -> str | None:
    """The closed list that tells a value of that name: ``their_level`` is a level."""
    lists = NAMED.get(name) or NAMED.get(name.rpartition("_")[2]) or ()
    return next((one for one in lists if value in LABELS[one]), lists[0] if lists else None)


def _english(list_name: str, value: str) -> str:
    found = LABELS[list_name].get(value)
    if found is not None:
        return found
    text = value.replace("_", " ").strip()
    return text[:1].upper() + text[1:]
