"""What is left over in a text that should be Chinese: English, the other script, its punctuation.

A page is read as somebody hears it: block by block, the words of its attributes apart.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import NamedTuple

from sqlalchemy import JSON, String, select

from relmap.models import db

# The same in Chinese: names of ours and of things, signs of the trade, units.
SAME = {"relmap", "English", "AUC", "Brier", "CSV", "XLSX", "PDF", "JSON", "SQL", "SQLite", "OK"}
SAME |= {
    "PostgreSQL",
    "ID",
    "id",
    "NPI",
    "SQE",
    "PMC",
    "AVL",
    "CRM",
    "ms",
    "UTC",
    "GB18030",
    "Big5",
}
SAME |= {"UTC", "Asia", "Taipei", "Shanghai", "GB", "Big", "read", "skip", "snapshot"}
SAME |= {"breadth", "depth", "freshness", "lint", "outlook", "rotation"}  # plug-ins, by name

CODE = {"code", "kbd", "samp", "pre", "script", "style", "svg", "noscript"}
INLINE = {"a", "abbr", "b", "bdi", "cite", "em", "i", "mark", "q", "s", "small", "span", "strong"}
INLINE |= {"sub", "sup", "time", "u", "var"}
SAID_IN = {"title", "aria-label", "aria-description", "placeholder", "alt", "label", "content"}
SAID_IN |= {"aria-valuetext", "aria-roledescription", "hx-confirm", "hx-prompt", "summary"}
LEADS = {"href", "hx-get", "data-url"}
VOID = {"area", "br", "hr", "img", "input", "link", "meta", "source", "wbr"}

WORD = re.compile(r"[A-Za-z\u00c0-\u024f]{2,}")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]{2}")  # one word goes on here
KEY = re.compile(r"[a-z]+(?:[._][a-z0-9]+)+")  # of a rule or a setting; an address
PLACE = re.compile(r"\{\w+\}")  # where a script puts its value
HAN = "\u3400-\u9fff"
DATUM = "\ufffc"  # stands where a name or another word of the book stood
ENGLISH_SIGNS = re.compile(
    rf"[{HAN}{DATUM}] ?[,;:?!] ?[{HAN}]|[{HAN}] ?[,;:?!.](?= |$|{DATUM})|[{HAN}]\(|\([{HAN}]"
)
CODE_LIKE = re.compile(r"[a-z0-9_./:#@?&=%-]*")
TOLD_BY_US = {"alert", "forecast", "foresight", "post_outlook", "score", "back_test", "what_if"}
TOLD_BY_US |= {"plugin_health", "stored_view", "change", "import.notes", "import.held_because"}
TOLD_BY_US |= {"person.search_text", "account.search_text"}
# In Big5, and yet nobody in Taiwan writes them; in GB 2312, and nobody on the mainland.
ONLY_SIMPLIFIED = set("万与么价优体儿党几听坏异怀怜愿扑扰据机极构气洁确离种网胜荐虫触赶适")
ONLY_TRADITIONAL = set("後於徵捱摺夥")


class Said(NamedTuple):
    """A stretch of text, and where on a page it stands: a tag, or a tag's attribute."""

    text: str
    where: str


class Page(HTMLParser):
    """The texts of a page; code is none, and what bears a ``lang`` of its own stays out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[Said] = []
        self.links: list[str] = []
        self._block: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._place = "body"
        self.feed(html)
        self._end_block()

    def handle_starttag(self, tag, attrs) -> None:
        given = dict(attrs)
        is_silent = tag in CODE or (tag != "html" and "lang" in given)
        is_silent |= given.get("aria-hidden") == "true"  # a sign, the letters of a name
        if tag not in INLINE and tag not in CODE:
            self._end_block()
            self._place = self._place if self._is_silent else tag
        elif is_silent and not self._is_silent:
            self._block.append(DATUM)
        if not self._is_silent or tag == "svg":
            for name, text in attrs:
                self._attribute(tag, name, text or "", given)
        if tag not in VOID:
            self._open.append((tag, is_silent))

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag) -> None:
        while any(tag == one for one, _ in self._open):
            if self._open.pop()[0] == tag:
                break
        if tag not in INLINE and tag not in CODE:
            self._end_block()

    def handle_data(self, data) -> None:
        if not self._is_silent:
            self._block.append(data)

    @property
    def _is_silent(self) -> bool:
        return any(silent for _, silent in self._open)

    def _end_block(self) -> None:
        text = " ".join("".join(self._block).split())
        self._block = []
        if text:
            self.said.append(Said(text, self._place))

    def _attribute(self, tag: str, name: str, text: str, given: dict) -> None:
        where = f"{tag} {name}"
        if name in LEADS and text.startswith(("/", "?")):
            self.links.append(text.partition("#")[0])
        if name == "content" and given.get("name") in (None, "viewport", "htmx-config"):
            return
        if name in SAID_IN or (name == "value" and given.get("type") == "submit"):
            self.said.append(Said(" ".join(text.split()), where))
        elif name.startswith("data-") and text.startswith(("[", "{")):
            texts = strings(json.loads(text))
            self.said += [Said(PLACE.sub(DATUM, one), where) for one in texts]
        elif name.startswith("data-") and not CODE_LIKE.fullmatch(text):
            self.said.append(Said(" ".join(text.split()), where))


def strings(value: object) -> Iterator[str]:
    """The texts of a JSON document that are no keys, addresses or codes."""
    if isinstance(value, str) and not CODE_LIKE.fullmatch(value):
        yield " ".join(value.split())
    elif isinstance(value, dict):
        value = value.values()
    if isinstance(value, Iterable) and not isinstance(value, str):
        for one in value:
            yield from strings(one)


@dataclass
class Reader:
    """Somebody who reads one language only; ``data`` are words that are whose they are."""

    language: str
    data: set[str] = field(default_factory=set)
    same: set[str] = field(default_factory=lambda: set(SAME))

    def faults(self, text: str) -> Iterator[str]:
        """What is wrong with this text."""
        bare = KEY.sub(DATUM, self.without_data(text))
        if words := [word for word in WORD.findall(bare) if word not in self.same]:
            yield f"English: {' '.join(words)}"
        if strange := "".join(filter(self.is_of_the_other_script, bare)):
            yield f"other script: {strange}"
        if signs := ENGLISH_SIGNS.findall(bare):
            yield f"punctuation: {' '.join(signs)}"

    def without_data(self, text: str) -> str:
        """The text, each stretch of the data in it replaced by one sign."""
        kept, place = [], 0
        while place < len(text):
            datum = self._datum_at(text, place)
            kept.append(DATUM if datum else text[place])
            place += len(datum) or 1
        return "".join(kept)

    def _datum_at(self, text: str, place: int) -> str:
        for datum in self._by_beginning.get(text[place : place + 2], ()):
            end = place + len(datum)
            joins = (place and LATIN.fullmatch(text[place - 1 : place + 1])) or LATIN.fullmatch(
                text[end - 1 : end + 1]
            )
            if text.startswith(datum, place) and not joins:
                return datum
        return ""

    @cached_property
    def _by_beginning(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in sorted(self.data, key=len, reverse=True):
            found.setdefault(one[:2], []).append(one)
        return found

    def is_of_the_other_script(self, sign: str) -> bool:
        if not re.match(f"[{HAN}]", sign):
            return False
        traditional = self.language == "zh_Hant"
        if sign in (ONLY_SIMPLIFIED if traditional else ONLY_TRADITIONAL):
            return True
        return not sign.encode("big5" if traditional else "gb2312", "ignore")


def words_of_the_book() -> set[str]:
    """Whatever somebody wrote into the book: names, titles, notes, cells of files."""
    found: set[str] = set()
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            is_free = isinstance(column.type, String | JSON)
            if is_free and not {table.name, str(column)} & TOLD_BY_US:
                for value in db.session.scalars(select(column).distinct()):
                    found.update(strings(value))
    return {one for one in found if len(one) > 1}
