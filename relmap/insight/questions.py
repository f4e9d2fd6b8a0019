"""What is worth asking about who decides, by how much the answer could change the plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from relmap.contracts import N_, AccountView, Evidence, Ref, TenureRow
from relmap.contracts.rows import OutlookRow
from relmap.insight.beliefs import belief
from relmap.insight.horizon import Expected, expected, leaving
from relmap.insight.nearby_posts import nearby
from relmap.insight.plan import stakes
from relmap.insight.regret import Regret
from relmap.insight.strength import coverage
from relmap.insight.succession import Succession, Successor, share_of, successions
from relmap.insight.successions import record
from relmap.insight.thresholds import EVEN, HORIZON
from relmap.insight.visits import gain_per_visit

__all__ = ["VISITS", "Question", "questions"]

Weights = dict[Ref | None, float]  # by person, None for a stranger
Kind = Literal["holder", "successor", "term", "stance", "below"]

VISITS: Final = 6
"""The visits that an answer could change, where nobody says how many there are."""
NOTHING: Final[Mapping[str, str | int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask about a deciding post; ``worth`` is in the units of the plan's value.

    ``worth`` is how much better today's visits could be chosen in the worst case, had we known the
    answer; ``asked`` says it in words.
    """

    kind: Kind
    post: Ref
    person: Ref | None
    worth: float
    asked: Evidence


def questions(
    view: AccountView,
    outlook: Iterable[OutlookRow] | None = None,
    followers: Mapping[Ref, Succession] | None = None,
    *,
    visits: int = VISITS,
    horizon: int = HORIZON,
) -> tuple[Question, ...]:
    """The open questions about who decides, those first that could change the plan most."""
    rows = None if outlook is None else tuple(outlook)
    parts = expected(view, rows, followers, horizon=horizon)
    gain = gain_per_visit(view.measures, horizon)
    asker = _Asker(
        view=view,
        chances=leaving(view, rows, horizon=horizon),
        followers=successions(view) if followers is None else followers,
        regret=Regret.of(stakes(parts, gain), visits=visits, gain=gain),
    )
    found = list(_once(question for part in parts for question in asker.about(part)))
    weights = {part.post: part.weight for part in parts}
    found.sort(key=lambda row: (-row.worth, -weights[row.post], row.post, row.kind))
    return tuple(found)


def _once(asked: Iterable[Question]) -> Iterator[Question]:
    """Without the second question what somebody in two posts thinks of us."""
    stances: set[Ref | None] = set()
    for row in asked:
        if row.kind == "stance":
            if row.person in stances:
                continue
            stances.add(row.person)
        yield row


@dataclass(frozen=True)
class _Asker:
    """Asks about one post at a time, against today's plan."""

    view: AccountView
    chances: Mapping[Ref, float]
    followers: Mapping[Ref, Succession]
    regret: Regret

    def about(self, part: Expected) -> Iterator[Question]:
        yield from self._holder(part)
        yield from self._successor(part)
        yield from self._below(part)
        for tenure in self.view.holders(part.post):
            yield from self._term(part, tenure)
            yield from self._stance(part, tenure)

    def _holder(self, part: Expected) -> Iterator[Question]:
        """Who sits there: perhaps a stranger, who then stays."""
        if part.is_unnamed:
            worth = self.regret.under({None: part.weight})
            yield self._question("holder", part, None, worth, N_("Who holds {0}?"))

    def _successor(self, part: Expected) -> Iterator[Question]:
        """Who follows: a stranger, or the likeliest of the candidates."""
        if part.change < EVEN or self.view.announced_in(part.post):
            return
        candidates = self._candidates(part.post)
        seat = part.weight * part.change
        worth = 0.0
        for person in (None, *(row.person for row in candidates[:1])):
            changes: Weights = {row.person: -seat * row.chance for row in candidates}
            changes[person] = changes.get(person, 0.0) + seat
            worth = max(worth, self._regret(changes))
        yield self._question("successor", part, None, worth, N_("Who follows in {0}?"))

    def _below(self, part: Expected) -> Iterator[Question]:
        """Who works below, where no line is on record: perhaps a deputy who may follow."""
        near = nearby(self.view)[part.post]
        if self.view.announced_in(part.post):
            return
        if not near.deputy and not near.report:
            is_staff = self.view.post(part.post).level == "staff"
            share = share_of("deputy", record(self.view, staff=is_staff))
            worth = self.regret.under({None: part.weight * part.change * share})
            yield self._question("below", part, None, worth, N_("Who works directly below {0}?"))

    def _term(self, part: Expected, tenure: TenureRow) -> Iterator[Question]:
        """How long the holder stays: through the horizon, or not."""
        text = self._asks_term(part.post, tenure)
        if text is None:
            return
        seat = part.weight / len(self.view.holders(part.post))
        known = self.chances.get(tenure.ref)
        stays, goes = (0.0, 0.0) if known is None else (1.0 - known, known)
        worth = 0.0
        for chance in (0.0, 1.0):
            changes: Weights = {
                row.person: seat * (chance - goes) * row.chance
                for row in self._candidates(part.post)
            }
            back = changes.get(tenure.person, 0.0)  # of an acting holder who may be confirmed
            changes[tenure.person] = back + seat * (1.0 - chance - stays)
            worth = max(worth, self._regret(changes))
        yield self._question("term", part, tenure.person, worth, text)

    def _asks_term(self, post: Ref, tenure: TenureRow) -> str | None:
        """What is unknown of a holder's term, as a text; ``None`` where the end is on record."""
        row, account = self.view.post(post), self.view.account
        if tenure.ends_on is not None or tenure.term_ends_on is not None:
            return None
        has_term = row.term_months is not None or account.rotation_months is not None
        if tenure.starts_after is not None:
            return None if has_term else N_("How long does {1} stay in {0}?")
        if has_term:
            return N_("Since when does {1} hold {0}?")
        return N_("Since when does {1} hold {0}, and for how long?")

    def _stance(self, part: Expected, tenure: TenureRow) -> Iterator[Question]:
        """What a holder thinks of us: perhaps so little that visits are wasted."""
        person = tenure.person
        known = belief(self.view, person, "stance")
        if known.value not in (None, "unknown") and not known.is_disputed:
            return
        worth = self.regret.without(person)
        text = "What does {1} think of us?"
        values: dict[str, str | int] = {}
        if known.extremes is not None:
            text = "What does {1} think of us? Some say {best_stance}, others {worst_stance}"
            values = {"best_stance": known.extremes[0], "worst_stance": known.extremes[1]}
        elif known.was is not None:
            text = "{1} was {stance} {days} days ago: still so?"
            days = (self.view.as_of - known.was.on).days
            values = {"stance": known.was.value, "days": days}
        yield self._question("stance", part, person, worth, text, values)

    def _candidates(self, post: Ref) -> tuple[Successor, ...]:
        follow = self.followers.get(post)
        return () if follow is None else follow.successors

    def _regret(self, changes: Weights) -> float:
        """The regret if people's weights changed so much; what we know of them stays as it is."""
        return self.regret.under(
            {
                person: change * (1.0 - (coverage(self.view, person) if person else 0.0))
                for person, change in changes.items()
            }
        )

    def _question(
        self,
        kind: Kind,
        part: Expected,
        person: Ref | None,
        worth: float,
        text: str,
        values: Mapping[str, str | int] = NOTHING,
    ) -> Question:
        refs = (part.post,) if person is None else (part.post, person)
        return Question(kind, part.post, person, worth, Evidence(text, worth, refs, values))
