"""What every result must be, whoever ran the rule: ours to check, on plain values, on our side.

Results are stored and shown long after, so they may point at nothing that the account does not
hold, and hold no name of a person: a name could not follow a rename or an erasure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from string import Formatter

from relmap.contracts import AccountView, Action, Alert, Evidence, PersonRow, Ref, Score, codec
from relmap.contracts.signs import has_unshowable, one_line
from relmap.hub.engine.outcomes import Limits, Outcome
from relmap.hub.engine.reports import Report
from relmap.hub.engine.rules import ActiveRule

__all__ = ["Examiner"]

LONGEST_TEXT = 1000  # a message id is a sentence; what is longer is a report in disguise
LONGEST_KEY = 200  # the column holds 300
LARGEST = 10**15  # beyond it a number is no count of anything, and its digits no line
WIDE = re.compile(r"\d{3}|[{}]")  # in how a number is told: as many signs as there is memory
RESERVED = "relmap:"  # keys of our own alerts
ROWS = {
    "unit": "units",
    "post": "posts",
    "person": "people",
    "contact": "contacts",
    "tenure": "tenures",
    "tie": "ties",
    "touch": "touches",
    "claim": "claims",
    "project": "projects",
    "next_step": "next_steps",
}


class Examiner:
    """Examines the results of one account against its views."""

    def __init__(self, views: Sequence[AccountView], limits: Limits) -> None:
        self.views = views
        self.limits = limits

    def outcome(self, rule: ActiveRule, report: Report) -> Outcome:
        """The rule's outcome: its result where nothing is wrong with it, else the reason."""
        status, reason = report.status, report.reason
        score: Score | None = None
        alerts: tuple[Alert, ...] = ()
        if status == "ok":
            try:
                if rule.kind == "score":
                    score = self._score(report.result)
                else:
                    alerts = self._alerts(report.result)
            except ValueError as error:
                status, reason = "failed", one_line(error)
            except Exception as error:  # plain values, but not those of a result
                status, reason = "failed", one_line(f"It returned no result: {error!r}")
        return Outcome(
            plugin=rule.plugin,
            key=rule.key,
            version=rule.version,
            status=status,
            score=score,
            alerts=alerts,
            reason=self.without_names(reason),
            seconds=report.seconds,
            ran=report.ran,
        )

    # --- what may be wrong

    def _score(self, text: str) -> Score:
        score = codec.loads(Score, text)
        self._refuse_flaws((*score.evidence, *score.actions))
        return score

    def _alerts(self, text: str) -> tuple[Alert, ...]:
        alerts = codec.loads(tuple[Alert, ...], text)
        keys = [alert.key for alert in alerts]
        for key in (*keys, *(part for alert in alerts for part in alert.parts)):
            if not self._is_key(key):
                raise ValueError(f"The key of an alert must be a short text without names: {key!r}")
        if len(set(keys)) < len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise ValueError(f"It raised two alerts with the key {twice!r}.")
        for alert in alerts:
            if len(alert.parts) > self.limits.alert_count:
                raise ValueError(f"An alert has more than {self.limits.alert_count} parts.")
            self._refuse_flaws((alert, *alert.evidence, *alert.actions))
        return alerts

    def _is_key(self, key: object) -> bool:
        if not isinstance(key, str) or len(key) > LONGEST_KEY or has_unshowable(key):
            return False
        return not key.startswith(RESERVED) and not self._names_in(key)

    def _refuse_flaws(self, parts: Iterable[Evidence | Action | Alert]) -> None:
        """Raise ``ValueError`` with the first thing that is wrong with any of the parts."""
        for part in parts:
            for flaw in self._flaws(part):
                raise ValueError(flaw)

    def _flaws(self, part: Evidence | Action | Alert) -> Iterator[str]:
        if part.text not in self._good_texts:
            if len(part.text) > LONGEST_TEXT:
                yield f"A text is longer than {LONGEST_TEXT} characters: {part.text[:60]!r}"
            if refs := self._names_in(part.text):
                yield f"A text holds the name of {refs[0]}; write {{0}} and hand over the ref."
            if has_unshowable(part.text):
                yield f"A text holds signs that are not shown: {part.text[:60]!r}"
            self._good_texts.add(part.text)
        yield from _flaws_of_formats(part.text, part.values)
        owner = (part.owner,) if isinstance(part, Action) and part.owner else ()
        for ref in (*part.refs, *owner):
            if not self._is_known(ref):
                yield f"It points at {ref}, which this account does not hold."
        yield from self._flaws_of_values(part.values)

    def _flaws_of_values(self, values: Mapping[str, object]) -> Iterator[str]:
        if not isinstance(values, dict):
            yield "The values of a text must be a mapping."
            return
        for name, value in values.items():
            if isinstance(value, str):
                if len(value) > LONGEST_TEXT:
                    yield f"The value {name!r} is longer than {LONGEST_TEXT} characters."
                if value in self._telling_names:
                    yield f"The value {name!r} is the name of {self._telling_names[value]}."
                if has_unshowable(value):
                    yield f"The value {name!r} holds signs that are not shown."
            elif isinstance(value, float) and not math.isfinite(value):
                yield f"The value {name!r} is {value}."
            elif isinstance(value, int) and abs(value) > LARGEST:
                yield f"The value {name!r} is too large."
            elif not isinstance(value, int | float | None):
                yield f"The value {name!r} must be a text, a number or nothing."

    def _is_known(self, ref: Ref) -> bool:
        if ref.kind == "account":
            return ref in self._accounts
        rows = ROWS.get(ref.kind)
        if rows is None:
            return False
        if ref.kind not in self._known:
            self._known[ref.kind] = {
                row.ref.id for view in self.views for row in getattr(view, rows)
            }
        return ref.id in self._known[ref.kind] or ref in self._accounts

    @cached_property
    def _known(self) -> dict[str, set[int]]:
        """The numbers of the facts in the views, by kind, for the kinds asked for so far."""
        return {}

    @cached_property
    def _accounts(self) -> set[Ref | None]:
        return {ref for view in self.views for ref in (view.account.ref, view.account.owner)}

    # --- names

    @cached_property
    def _good_texts(self) -> set[str]:
        return set()

    @cached_property
    def _refs_by_name(self) -> dict[str, Ref]:
        """What one could call a person by, to that person."""
        people = (person for view in self.views for person in view.people)
        return {name: person.ref for person in people for name in _names(person)}

    @cached_property
    def _telling_names(self) -> dict[str, Ref]:
        """Names that can be nothing else. A list of people may hold one called "Purchasing"."""
        return {
            name: ref
            for name, ref in self._refs_by_name.items()
            if not name.isascii() or " " in name or "@" in name
        }

    def _names_in(self, text: str) -> list[Ref]:
        return [ref for name, ref in self._telling_names.items() if name in text]

    def without_names(self, text: str) -> str:
        """The text with a ref in the place of every name of a person, mail address or number."""
        for name in sorted(self._refs_by_name, key=len, reverse=True):
            if name in text:
                ref = f"[{self._refs_by_name[name]}]"
                pattern = re.escape(name)
                if name.isascii():
                    pattern = rf"(?<!\w){pattern}(?!\w)"
                text = re.sub(pattern, ref, text)
        return text


def _names(person: PersonRow) -> Iterator[str]:
    ids = (external_id.partition(":")[2] for external_id in person.external_ids)
    for name in (person.name, person.latin_name, person.nickname, person.address_as, *ids):
        if name and len(name) >= 2:
            yield name


def _flaws_of_formats(text: str, values: Mapping[str, object]) -> Iterator[str]:
    """What would fail when the text is told: ``{share:.0%}`` of a number that cannot be told so."""
    if ":" not in text and "!" not in text:
        return
    for _, name, spec, conversion in Formatter().parse(text):
        value = values.get(name or "")
        if conversion not in (None, "r", "s") or WIDE.search(spec or ""):
            yield f"A text tells a value in a way that there is not: {text[:60]!r}"
        elif spec and isinstance(value, int | float):
            try:
                format(value, spec)
            except ValueError as error:
                yield f"A text tells a value in a way that there is not: {text[:60]!r} ({error})"
