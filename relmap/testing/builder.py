"""An account written down line by line in a test, and its view on any day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from relmap.contracts import (
    AccountRow,
    AccountView,
    Bands,
    Basis,
    ClaimRow,
    ContactRow,
    EndReason,
    Level,
    Measures,
    NextStepRow,
    OutlookRow,
    PersonRow,
    PostRow,
    ProjectRow,
    ProjectStage,
    Ref,
    RelationshipLevel,
    Side,
    TenureRow,
    TieRow,
    TouchRow,
    UnitRow,
    codec,
)
from relmap.contracts.words import ClaimBasis, Direction, TieKind, TouchKind
from relmap.insight.power import weighed
from relmap.testing.valid_time import Facts, view_of

__all__ = ["AccountBuilder"]

Day = date | str
LONG_AGO = date(2000, 1, 1)  # when units and posts began that nobody gave a day


class AccountBuilder:
    """Facts of one account, named as people name them; every method returns the builder.

    Units, posts and people are known by name, title and name. Who is named first in a post, a tie
    or a touch is made on the spot: units and posts plain, the holder of a post on the client's
    side, in ties and touches the first on ours and the others on the client's. Days may be written
    ``"2026-07-01"``.

    >>> book = AccountBuilder("Example")
    >>> _ = book.tenure("Li Na", "Head of purchasing", since="2025-03-01", until="2026-06-01")
    >>> [str(row.person) for row in book.view("2026-05-31").open_tenures]
    ['person:1']
    >>> book.view("2026-06-01").open_tenures
    ()
    """

    def __init__(self, name: str = "Example", **columns: Any) -> None:
        self.facts = Facts(AccountRow(Ref("account", 1), name, **columns))
        self._refs: dict[tuple[str, str], Ref] = {}
        self._numbers: Counter[str] = Counter()

    # --- structure

    def unit(
        self,
        name: str,
        *,
        parent: str | None = None,
        since: Day = LONG_AGO,
        until: Day | None = None,
    ) -> AccountBuilder:
        """A part of the account, below ``parent``."""
        above = self._unit(parent) if parent else None
        row = UnitRow(self._named("unit", name), name, above, _day(since), _end(until))
        self.facts.units.append(row)
        return self

    def post(
        self,
        title: str,
        *,
        unit: str = "Company",
        level: Level = "manager",
        function: str = "other",
        reports_to: str | None = None,
        decision_weight: float | None = None,
        seats: int = 1,
        vacant_since: Day | None = None,
        since: Day = LONG_AGO,
        until: Day | None = None,
        term_months: int | None = None,
        review_month: int | None = None,
    ) -> AccountBuilder:
        """A seat; without ``decision_weight`` its level and its holder's power decide."""
        weight = (
            dict(Measures().level_weights)[level] if decision_weight is None else decision_weight
        )
        row = PostRow(
            ref=self._named("post", title),
            unit=self._unit(unit),
            title=title,
            function=function,
            level=level,
            decision_weight=weight,
            seats=seats,
            reports_to=self._post(reports_to) if reports_to else None,
            vacant_since=None,
            starts_on=_day(since),
            ends_on=_end(until),
            term_months=term_months,
            review_month=review_month,
            weight_given=decision_weight is not None,
        )
        self.facts.posts.append(row)
        if vacant_since is not None:
            self.facts.vacancies.append((row.ref, _day(vacant_since)))
        return self

    def person(self, name: str, *, side: Side = "client", **columns: Any) -> AccountBuilder:
        """A human being on one side, with any further columns of ``PersonRow``."""
        self.facts.people.append(PersonRow(self._named("person", name), side, name, **columns))
        return self

    def owner(self, name: str) -> AccountBuilder:
        """The one of us who looks after the account."""
        self.facts.account = replace(self.facts.account, owner=self._person(name, "us"))
        return self

    # --- who sits where

    def tenure(
        self,
        person: str,
        post: str,
        *,
        since: Day,
        until: Day | None = None,
        reason: EndReason = "unknown",
        announced_on: Day | None = None,
        start_announced_on: Day | None = None,
        nobody_yet: bool = False,
        acting: bool = False,
        starts_after: Day | None = None,
        ends_after: Day | None = None,
        term_ends_on: Day | None = None,
    ) -> AccountBuilder:
        """A person in a post from a day up to, not including, another.

        A view of an earlier day does not show ``until``, unless it was known by then
        (``announced_on``); a view of a day before ``since`` has the tenure under ``announced`` from
        ``start_announced_on`` on. ``nobody_yet``: the seat is known to be empty from ``until`` on.
        """
        ends_on = _end(until)
        before = ends_on - timedelta(days=1) if ends_on else None
        row = TenureRow(
            ref=self._ref("tenure"),
            person=self._person(person, "client"),
            post=self._post(post),
            starts_after=_end(starts_after),
            starts_on=_day(since),
            ends_after=_end(ends_after) or before,
            ends_on=ends_on,
            term_ends_on=_end(term_ends_on),
            acting=acting,
            end_reason=reason if ends_on else None,
            basis="entered",
        )
        self.facts.tenures.append(row)
        if announced_on is not None:
            self.facts.announced[row.ref] = _day(announced_on)
        if start_announced_on is not None:
            self.facts.announced_starts[row.ref] = _day(start_announced_on)
        if nobody_yet and ends_on:
            self.facts.vacancies.append((row.post, ends_on))
        return self

    def contact(self, person: str, *, since: Day, until: Day | None = None) -> AccountBuilder:
        """Somebody works there; in which post is unknown."""
        who = self._person(person, "client")
        row = ContactRow(self._ref("contact"), who, _day(since), _end(until))
        self.facts.contacts.append(row)
        return self

    # --- who knows whom

    def tie(
        self,
        ours: str,
        theirs: str,
        *,
        judged: Day,
        level: RelationshipLevel | None = None,
        kind: TieKind = "knows",
        sign: int = 1,
        since: Day | None = None,
        until: Day | None = None,
        basis: ClaimBasis | None = None,
        observer: str | None = None,
    ) -> AccountBuilder:
        """A lasting relation, whose ``level`` was judged on a day; two of theirs by `person`."""
        row = TieRow(
            ref=self._ref("tie"),
            a=self._person(ours, "us"),
            b=self._person(theirs, "client"),
            kind=kind,
            sign=sign,
            level=level,
            starts_on=_end(since),
            observed_on=_day(judged),
            ends_on=_end(until),
            basis=basis,
            observer=self._person(observer, "us") if observer else None,
        )
        self.facts.ties.append(row)
        return self

    def touch(
        self,
        on: Day,
        ours: str,
        *theirs: str,
        kind: TouchKind = "visit",
        direction: Direction = "out",
        next_step: str | None = None,
        next_step_on: Day | None = None,
    ) -> AccountBuilder:
        """One dated contact between one of us and some of them."""
        people = [self._person(ours, "us"), *(self._person(name, "client") for name in theirs)]
        row = TouchRow(
            ref=self._ref("touch"),
            on=_day(on),
            kind=kind,
            direction=direction,
            people=tuple(sorted(people)),
            next_step=next_step,
            next_step_on=_end(next_step_on),
        )
        self.facts.touches.append(row)
        return self

    def claim(
        self,
        about: str,
        what: str,
        value: str,
        *,
        on: Day,
        basis: ClaimBasis = "told",
        shelf_life_days: int = 365,
        observer: str | None = None,
    ) -> AccountBuilder:
        """Something one of us believes about a person or a post."""
        row = ClaimRow(
            ref=self._ref("claim"),
            about=self.ref(about),
            what=what,
            value=value,
            on=_day(on),
            basis=basis,
            shelf_life_days=shelf_life_days,
            observer=self._person(observer, "us") if observer else None,
        )
        self.facts.claims.append(row)
        return self

    # --- what is foreseen

    def outlook(
        self,
        person: str,
        *,
        p365: float,
        p180: float | None = None,
        p90: float | None = None,
        bands: Bands | None = None,
        source: str = "model",
        tenures: int = 30,
        mirrors_imports: bool = False,
    ) -> AccountBuilder:
        """The chance that somebody in post leaves within so many days, in every view.

        Left out, that of the shorter horizons follows from that of 365 days by a constant rate.
        """
        row = OutlookRow(
            tenure=Ref("tenure", 0),
            source=source,
            p90=_within(90, p365) if p90 is None else p90,
            p180=_within(180, p365) if p180 is None else p180,
            p365=p365,
            bands=bands,
            tenures=tenures,
            mirrors_imports=mirrors_imports,
            basis=(Basis("As foreseen", tenures),),
        )
        self.facts.outlook[self._person(person, "client")] = row
        return self

    # --- what is planned

    def project(
        self,
        name: str,
        *posts: str,
        stage: ProjectStage = "concept",
        part_number: str | None = None,
        value: float | None = None,
        currency: str | None = None,
        since: Day | None = None,
        decides_on: Day | None = None,
        ended_on: Day | None = None,
    ) -> AccountBuilder:
        """A chance to sell, and the titles of the posts that decide it."""
        row = ProjectRow(
            ref=self._named("project", name),
            name=name,
            part_number=part_number,
            stage=stage,
            value=value,
            currency=currency,
            starts_on=_end(since),
            decides_on=_end(decides_on),
            ended_on=_end(ended_on),
            posts=tuple(sorted(self._post(title) for title in posts)),
        )
        self.facts.projects.append(row)
        return self

    def next_step(
        self,
        person: str,
        *,
        due_on: Day,
        planned_on: Day = LONG_AGO,
        owner: str | None = None,
        through: str | None = None,
        what: str | None = None,
        from_plan: bool = False,
        done_on: Day | None = None,
        dropped_on: Day | None = None,
    ) -> AccountBuilder:
        """One of us means to meet one of them, and asks ``through``, one of theirs, first."""
        row = NextStepRow(
            ref=self._ref("next_step"),
            person=self._person(person, "client"),
            planned_on=_day(planned_on),
            due_on=_day(due_on),
            owner=self._person(owner, "us") if owner else None,
            what=what,
            from_plan=from_plan,
            through=self._person(through, "client") if through else None,
            done_on=_end(done_on),
        )
        self.facts.next_steps.append((row, _end(dropped_on)))
        return self

    def attach(self, plugin: str, value: Mapping[str, Any]) -> AccountBuilder:
        """JSON data that a rule finds in ``view.extra`` under the plug-in's name."""
        self.facts.attached[plugin] = codec.canonical(value).decode()
        return self

    # --- what comes of it

    def view(self, day: Day, *, measures: Measures | None = None) -> AccountView:
        """The account as it stood on a day, as a rule is handed it."""
        return weighed(view_of(self.facts, _day(day), measures or Measures()))

    def ref(self, name: str) -> Ref:
        """The ref of a person, a post, a unit or a project by name; raises ``KeyError``."""
        for kind in ("person", "post", "unit", "project"):
            if (kind, name) in self._refs:
                return self._refs[kind, name]
        raise KeyError(name)

    # --- names and numbers

    def _ref(self, kind: str) -> Ref:
        self._numbers[kind] += 1
        return Ref(kind, self._numbers[kind])

    def _named(self, kind: str, name: str) -> Ref:
        if (kind, name) in self._refs:
            raise ValueError(f"There is a {kind} {name!r} already. Name it before it is used.")
        return self._refs.setdefault((kind, name), self._ref(kind))

    def _unit(self, name: str) -> Ref:
        if ("unit", name) not in self._refs:
            self.unit(name)
        return self._refs["unit", name]

    def _post(self, title: str) -> Ref:
        if ("post", title) not in self._refs:
            self.post(title)
        return self._refs["post", title]

    def _person(self, name: str, side: Side) -> Ref:
        if ("person", name) not in self._refs:
            self.person(name, side=side)
        return self._refs["person", name]


def _within(days: int, of_a_year: float) -> float:
    """The chance of leaving within so many days, at the rate of a year's."""
    return float(1 - (1 - of_a_year) ** (days / 365))


def _day(day: Day) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day


def _end(day: Day | None) -> date | None:
    return None if day is None else _day(day)
