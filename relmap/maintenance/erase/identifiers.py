"""The identifiers under which one person is on file, and patterns that find them in texts.

A form that nobody else bears is looked for in the whole book. One that a namesake bears too, or
that is no full name (a nickname, 王总), is looked for only near the person: in facts of the
person's accounts in which no namesake takes part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from sqlalchemy import or_, select

from relmap.models import ContactPoint, ExternalId, Person, PersonName, db
from relmap.names.folding import folded
from relmap.names.matching import name_keys
from relmap.names.search import search_text

__all__ = ["MARK", "WHO", "Identifier", "Identifiers", "identifiers_of"]

MARK: Final = "…"
WHO: Final = {
    "name": "",
    "latin_name": None,
    "nickname": None,
    "address_as": None,
    "search_text": "",
    "language": None,
    "affiliation": None,
    "birthday": None,
    "preferences": None,
}
"""The columns that say who a person is, and what stands there when they are forgotten."""
Kind = Literal["name", "call", "mail", "phone", "id"]
BETWEEN_WORDS: Final = r"[\s,._·・\-]*"
LONGEST_NAME: Final = 60  # a longer text is no name by itself, and keys of it cost time
LEAST_DIGITS: Final = 6  # of a telephone number in a text
LEAST_OF_ID: Final = 5  # characters of a staff number or handle in a text


@dataclass(frozen=True)
class Identifier:
    """One name, number or address on file; ``bearers`` are other people who bear it too."""

    kind: Kind
    text: str
    bearers: frozenset[int] = frozenset()

    @property
    def is_sure(self) -> bool:
        """Whether it means this person wherever it stands."""
        return not (self.bearers or self.kind == "call" or self._is_short or self._is_one_word)

    @property
    def _is_short(self) -> bool:
        return self.kind == "id" and len(self.text) < LEAST_OF_ID

    @property
    def _is_one_word(self) -> bool:
        """Whether it is a lone given name or such, May or Will, that texts hold without it."""
        return self.kind == "name" and not _is_han(self.text) and len(self.text.split()) == 1

    @cached_property
    def pattern(self) -> str | None:
        """A regular expression for texts; ``None`` for what is too short to be told apart."""
        if self._is_short or len(self.text) < 2:
            return None
        if self.kind == "mail":
            return rf"(?<![\w.+-]){re.escape(self.text)}(?![\w-])(?!\.\w)"
        if self.kind == "phone":
            return _pattern_of_phone(self.text)
        return "|".join(sorted({_bounded(one) for one in _orders(self.text)}))


def _pattern_of_phone(text: str) -> str | None:
    digits = re.findall(r"\d", text)
    if len(digits) < LEAST_DIGITS:
        return None
    return r"(?<!\d)\+?" + r"[\s().\-/]*".join(digits) + r"(?!\d)"


def _orders(text: str) -> Iterable[list[str]]:
    """The words of a name as they may follow each other, in every script they may be written."""
    for variant in _variants(text):
        words = [word for word in re.split(r"[\s,]+", variant) if word]
        yield words
        if 2 <= len(words) <= 4:
            yield [*words[1:], words[0]]
            yield [words[-1], *words[:-1]]


def _variants(text: str) -> set[str]:
    variants = {text}
    if text.isascii():
        return variants
    if _is_han(text):  # the same in simplified and in traditional characters
        return variants | {form for form in search_text([text]).split("|") if _is_han(form)}
    return variants | {folded(text)}


def _is_han(text: str) -> bool:
    return any("㐀" <= char <= "鿿" or char >= "𠀀" for char in text)


def _bounded(words: list[str]) -> str:
    body = BETWEEN_WORDS.join(_word(word) for word in words)
    first, last = words[0][0], words[-1][-1]
    left = r"(?<![^\W_])" if _has_edges(first) else ""
    right = r"(?![^\W_])" if _has_edges(last) else ""
    return f"{left}{body}{right}"


def _word(word: str) -> str:
    if _is_han(word):
        return r"[\s·・]*".join(re.escape(char) for char in word)
    parts = [r"[-‐]?".join(re.escape(char) for char in part) for part in re.split(r"[-‐]", word)]
    return r"[-‐\s]?".join(parts)


def _has_edges(char: str) -> bool:
    """Whether words of this script are set apart from their neighbours; 汉字 are not."""
    return char.isalnum() and not ("぀" <= char <= "鿿" or char >= "가")


@dataclass(frozen=True)
class Identifiers:
    """All forms of one person, ready to be taken out of texts.

    ``longer`` are other people's names that contain a form (王磊 in 王磊明): they stay.
    """

    person_id: int
    forms: tuple[Identifier, ...]
    longer: frozenset[str] = frozenset()

    @cached_property
    def bearers(self) -> frozenset[int]:
        """Everybody who bears one of the forms too."""
        return frozenset().union(*(form.bearers for form in self.forms))

    @cached_property
    def _everywhere(self) -> re.Pattern[str] | None:
        return self._pattern(form for form in self.forms if form.is_sure)

    @cached_property
    def _near(self) -> re.Pattern[str] | None:
        return self._pattern(self.forms)

    def _pattern(self, forms: Iterable[Identifier]) -> re.Pattern[str] | None:
        found = [form for form in forms if form.pattern]
        if not found:
            return None
        found.sort(key=lambda form: len(form.text), reverse=True)
        kept = "|".join(re.escape(name) for name in sorted(self.longer, key=len, reverse=True))
        sought = "|".join(form.pattern or "" for form in found)
        return re.compile(f"(?P<kept>{kept or '(?!)'})|{sought}", re.IGNORECASE)

    def taken_out(self, text: str, *, near: bool) -> str:
        """The text without the forms; equal to ``text`` where it holds none."""
        pattern = self._near if near else self._everywhere
        if near and len(text) <= LONGEST_NAME and self.is_name(text):
            return MARK
        if pattern is None:
            return text
        return pattern.sub(lambda match: match["kept"] or MARK, text)

    def taken_out_of_json(self, value: Any, *, near: bool) -> Any:
        """A JSON value with the forms taken out of each of its strings."""
        if isinstance(value, str):
            return self.taken_out(value, near=near)
        if isinstance(value, list):
            return [self.taken_out_of_json(item, near=near) for item in value]
        if isinstance(value, dict):
            return {key: self.taken_out_of_json(item, near=near) for key, item in value.items()}
        return value

    @cached_property
    def _keys(self) -> frozenset[str]:
        names = (form.text for form in self.forms if form.kind == "name")
        return frozenset(key for name in names for key in name_keys(name))

    @cached_property
    def _values(self) -> frozenset[str]:
        return frozenset(form.text.casefold() for form in self.forms if form.kind != "name")

    @cached_property
    def _letters(self) -> tuple[frozenset[str], ...]:
        """What a cell in ASCII holds at least if it is this person's name."""
        return tuple(frozenset(key) - {" "} for key in self._keys if key.isascii())

    def is_name(self, cell: str) -> bool:
        """Whether a whole cell is this person's name, in any order, case or script."""
        if cell.isascii() and not any(map(frozenset(cell.lower()).issuperset, self._letters)):
            return False  # keys take nothing but signs off: asking for them costs twenty times that
        return bool(cell.strip()) and not self._keys.isdisjoint(name_keys(cell))

    def is_value(self, cell: str) -> bool:
        """Whether a whole cell is an id, an address, a number or a nickname of this person."""
        plain = cell.strip().casefold()
        return plain in self._values or plain.partition(":")[2] in self._values

    @cached_property
    def _sure_ids(self) -> frozenset[str]:
        forms = (form for form in self.forms if form.kind in ("mail", "id") and not form.bearers)
        ids = {form.text.casefold() for form in forms}
        return frozenset(ids | {f"mail:{one}" for one in ids})

    def is_sure_id(self, cell: str) -> bool:
        """Whether a whole cell is an id that nobody else has."""
        return cell.strip().casefold() in self._sure_ids

    def is_in(self, cells: Sequence[str]) -> bool:
        """Whether a form may stand in one of these; where it does not, nothing is taken out."""
        if self._near is not None and self._near.search("\n".join(cells)):
            return True
        return any(self.is_sure_id(cell) or self.is_name(cell) for cell in cells)

    @property
    def is_name_shared(self) -> bool:
        """Whether somebody else bears one of the names."""
        return any(form.kind == "name" and form.bearers for form in self.forms)


def identifiers_of(person: Person) -> Identifiers:
    """Every form under which a person is on file, with who else bears it."""
    others = [row.name for row in person.other_names]
    names = {name for name in (person.name, person.latin_name, *others) if name}
    calls = {name for name in (person.nickname, person.address_as) if name} - names
    forms = [_named(person, "name", name) for name in sorted(names)]
    forms += [_named(person, "call", name) for name in sorted(calls)]
    forms += [_with_id(row) for row in person.external_ids]
    known = {form.text.casefold() for form in forms}
    for point in person.contact_points:
        if point.value.casefold() not in known and point.kind != "address":
            forms.append(_with_point(point))
    return Identifiers(person.id, tuple(forms), _longer_names(person.id, forms))


def _named(person: Person, kind: Literal["name", "call"], name: str) -> Identifier:
    """A name, with those others who have it among theirs in any script."""
    forms = {folded(one) for one in _variants(name)}
    query = select(Person.id).where(
        Person.id != person.id,
        or_(*(Person.search_text.contains(f"|{form}|", autoescape=True) for form in forms)),
    )
    return Identifier(kind, name, frozenset(db.session.scalars(query)))


def _with_id(row: ExternalId) -> Identifier:
    query = select(ExternalId.person_id).where(
        ExternalId.value == row.value, ExternalId.person_id != row.person_id
    )
    kind: Kind = "mail" if row.kind == "mail" else "id"
    return Identifier(kind, row.written, frozenset(db.session.scalars(query)))


def _with_point(row: ContactPoint) -> Identifier:
    query = select(ContactPoint.person_id).where(
        ContactPoint.value == row.value, ContactPoint.person_id != row.person_id
    )
    kinds: dict[str, Kind] = {"mail": "mail", "phone": "phone", "mobile": "phone"}
    kind: Kind = kinds.get(row.kind, "id")
    return Identifier(kind, row.value, frozenset(db.session.scalars(query)))


def _longer_names(person_id: int, forms: Iterable[Identifier]) -> frozenset[str]:
    """Other people's names that contain one of these names."""
    found: set[str] = set()
    for form in forms:
        if form.kind not in ("name", "call") or not _is_han(form.text):
            continue
        for owner, column in ((Person.id, Person.name), (PersonName.person_id, PersonName.name)):
            query = select(column).where(
                owner != person_id, column != form.text, column.contains(form.text, autoescape=True)
            )
            found.update(db.session.scalars(query))
    return frozenset(found)
