"""The words of closed lists as people read them; the name of a list is the context of its labels.

A label stands by itself (``label``); in the middle of an English sentence it is written small
(``word``). Where a value of a message is named like a list, it is told by that list.
"""

from __future__ import annotations

from calendar import month_name
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
    "alert_status": {
        "open": "open",
        "acknowledged": "acknowledged",
        "closed": "closed",
        "withdrawn": "withdrawn",
    },
    # What became of a rule.
    "rule_status": {
        "ok": "ok",
        "n/a": "not applicable",
        "failed": "failed",
        "timed_out": "timed out",
        "suspended": "suspended",
        "new": "new",
    },
    "month": {str(number): name for number, name in enumerate(month_name) if number},
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
        "posts": "posts",
        "acting": "acting",
        "precision": "precision",
        "starts_after": "starts after",
        "starts_on": "starts on",
        "ends_after": "ends after",
        "ends_on": "ends on",
        "end_reason": "end reason",
        "latin_name": "latin name",
        "decides_on": "decides on",
        "ended_on": "ended on",
        "ended_because": "ended because",
    },
    "import_status": {
        "applied": "applied",
        "held": "held",
        "dry_run": "dry run",
        "undone": "undone",
        "resolved": "resolved",
        "lapsed": "lapsed",
    },
    # What a file changed, held or left, in the report of an import.
    "figure": {
        "unit_opened": "unit opened",
        "unit_renamed": "unit renamed",
        "unit_moved": "unit moved",
        "unit_closed": "unit closed",
        "post_opened": "post opened",
        "post_renamed": "post renamed",
        "person_renamed": "person renamed",
        "affiliation_changed": "affiliation changed",
        "left_post": "left post",
        "joined_post": "joined post",
        "confirmed": "confirmed",
        "reporting_changed": "reporting changed",
        "fact_changed": "fact changed",
        "uncertain": "uncertain",
        "tie_added": "tie added",
        "tie_judged": "tie judged",
        "touch_added": "touch added",
        "tenure_added": "tenure added",
        "tenure_changed": "tenure changed",
        "project_added": "project added",
        "project_changed": "project changed",
        "rows": "rows",
        "accounts": "accounts",
        "units_compared": "units compared",
        "units_not_listed": "units not listed",
        "not_in_file": "not in file",
        "duplicate_rows": "duplicate rows",
        "contacts": "contacts",
        "facts_added": "facts added",
        "unchanged": "unchanged",
        "accounts_opened": "accounts opened",
        "units_opened": "units opened",
        "posts_opened": "posts opened",
        "people_added": "people added",
    },
    # What stands on file, by its table, and what was done to it, by the audit log.
    "fact": {
        "account": "account",
        "unit": "unit",
        "post": "post",
        "person": "person",
        "person_name": "person name",
        "external_id": "external id",
        "contact_point": "contact point",
        "contact": "contact",
        "tenure": "tenure",
        "tie": "tie",
        "touch": "touch",
        "touch_person": "touch person",
        "claim": "claim",
        "project": "project",
        "project_post": "project post",
        "next_step": "next step",
        "user": "user",
        "grant": "grant",
        "import": "import",
    },
    "verb": {
        "add_claim": "add claim",
        "add_contact": "add contact",
        "add_contact_point": "add contact point",
        "add_external_id": "add external id",
        "add_name": "add name",
        "add_next_step": "add next step",
        "add_person": "add person",
        "add_tie": "add tie",
        "add_touch": "add touch",
        "change_account": "change account",
        "change_person": "change person",
        "change_post": "change post",
        "change_project": "change project",
        "change_stage": "change stage",
        "close_post": "close post",
        "close_unit": "close unit",
        "correct_end": "correct end",
        "correct_start": "correct start",
        "correct_tenure": "correct tenure",
        "decide_by": "decide by",
        "decided_elsewhere": "decided elsewhere",
        "end_contact": "end contact",
        "end_tenure": "end tenure",
        "end_tie": "end tie",
        "fill_post": "fill post",
        "hand_over_id": "hand over id",
        "identify_unit": "identify unit",
        "judge_tie": "judge tie",
        "list_tenure": "list tenure",
        "mark_vacant": "mark vacant",
        "move_unit": "move unit",
        "note_start": "note start",
        "open_account": "open account",
        "open_post": "open post",
        "open_post_earlier": "open post earlier",
        "open_project": "open project",
        "open_unit": "open unit",
        "open_unit_earlier": "open unit earlier",
        "rename_unit": "rename unit",
        "report_to": "report to",
        "set_term": "set term",
        "start_tenure": "start tenure",
        "withdraw_claim": "withdraw claim",
        "withdraw_project": "withdraw project",
        "withdraw_tenure": "withdraw tenure",
        "withdraw_touch": "withdraw touch",
    },
    # What became of a seat, beside the name of who left it.
    "seat_left": {
        "replaced": "replaced",
        "still_held": "still held",
        "unit_closed": "unit closed",
        "post_closed": "post closed",
        "vacant": "vacant",
    },
    # Why a row of a file waits, in two words.
    "short_doubt": {
        "inherited_mail": "inherited mail",
        "ids_of_several_people": "ids of several people",
        "other_id": "other id",
        "ended_elsewhere": "ended elsewhere",
        "unit_not_listed": "unit not listed",
        "several_of_one_name": "several of one name",
        "near_match": "near match",
        "ended_by_hand": "ended by hand",
        "start_by_hand": "start by hand",
    },
    # ... and as a question that a salesperson can answer.
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
