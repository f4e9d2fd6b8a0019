"""Every page in both Chinese scripts: no English is left over, nor the other script.

What stands in the book is told as it was written; all else is told in the reader's language.
"""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from ..web.conftest import visitor
from ..web.forms import forms_of
from .conftest import READER
from .leftovers import Page, Reader, strings

OF_EACH_KIND = 3  # addresses that differ in what they name or in a value only
JUNK = "???"
LEFT = {"/logout", "/language"}  # forms after which the walk would be another
NO_PAGES = {"/static/<path:filename>", "/healthz"}
NOWHERE = ["/nowhere", "/accounts/999999", "/people/999999", "/accounts/1?on=2026-02-30"]


class Walk:
    """Goes through the pages, one of each kind before the second of any, and tells its faults."""

    def __init__(self, app: Flask, client, reader: Reader) -> None:
        self.app, self.client, self.reader = app, client, reader
        self.faults: dict[tuple[str, str], str] = {}
        self.been: set[str] = set()
        self.kinds: Counter[object] = Counter()
        self.forms: dict[object, tuple[str, object]] = {}

    def go(self, start: list[str]) -> None:
        """Read these pages and all that they lead to."""
        ahead = start
        while ahead:
            found: list[str] = []
            for path in ahead:
                if self.is_new(path):
                    found += self.read(path, self.client.get(path))
            ahead = found

    def is_new(self, path: str) -> bool:
        """Whether nothing like it was seen: a rule with these names, or a word never asked for."""
        rule, asked = self.rule_of(path), parse_qsl(urlsplit(path).query)
        if rule == "/static/<path:filename>" or path in self.been:
            return False
        kinds = {(rule, name, value) for name, value in asked if value.isalpha()}
        kinds |= {(rule, name) for name, _ in asked} or {rule}
        self.been.add(path)
        self.kinds.update(kinds)
        return min(self.kinds[kind] for kind in kinds) <= (1 if asked else OF_EACH_KIND)

    def rule_of(self, path: str) -> str:
        split = urlsplit(path)
        try:
            return self.app.url_map.bind("").match(split.path, return_rule=True)[0].rule
        except HTTPException:
            return split.path

    def read(self, path: str, answer) -> Iterator[str]:
        """The addresses on a page that was answered; what is wrong with it is kept."""
        if answer.status_code in {301, 302, 303}:
            yield urljoin(path, answer.location)
        elif answer.is_json:
            for text in strings(answer.json):
                self.hear(text, f"{path} JSON")
        elif answer.mimetype == "text/html":
            page = Page(answer.text)
            for said in page.said:
                self.hear(said.text, f"{path} <{said.where}>")
            for action, values in forms_of(answer.text):
                key = self.rule_of(urljoin(path, action)), *sorted(values)
                self.forms.setdefault(key, (path, urljoin(path, action), values))
            yield from (urljoin(path, link) for link in page.links)

    def hear(self, text: str, where: str) -> None:
        for fault in self.reader.faults(text):
            self.faults.setdefault((fault, text), where)

    def send(self) -> None:
        """Each form once with junk, once as it stands; what changes leads to further pages."""
        by_harm = sorted(self.forms.values(), key=lambda form: "/plug-ins/" in form[1])
        for path, action, values in by_harm:
            for filled in (dict.fromkeys(values, JUNK), values):
                if action not in LEFT:
                    answer = self.client.post(action, data=filled)
                    self.go(list(self.read(f"{path} sends {action}", answer)))

    def rules(self) -> dict[str, Rule]:
        """The rules of pages."""
        rules = self.app.url_map.iter_rules()
        return {rule.rule: rule for rule in rules if "GET" in (rule.methods or ())}

    def missed(self) -> set[str]:
        """Rules of pages that nothing led to."""
        return self.rules().keys() - {self.rule_of(path) for path in self.been} - NO_PAGES


def test_no_page_is_in_another_language(app, reader):
    walk = Walk(app, visitor(app, READER), reader)
    rules = [rule for rule in walk.rules().values() if rule.arguments <= {"account_id"}]
    walk.go([rule.build({"account_id": 1})[1] for rule in rules] + NOWHERE)
    walk.send()
    told = [f"{where}\n    {fault}\n    {text}" for (fault, text), where in walk.faults.items()]
    assert not told, f"{reader.language}, {len(told)}:\n" + "\n".join(told)
    assert walk.missed() == set()
