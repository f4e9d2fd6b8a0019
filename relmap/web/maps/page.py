"""The map of an account: one question at a time, drawn by map.js, with the same as a list."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from relmap import maps
from relmap.clock import today
from relmap.contracts import AccountView, Ref
from relmap.contracts.message import N_
from relmap.graph import view
from relmap.languages import _, commas, label
from relmap.web.layout.account_head import account_head, tabs
from relmap.web.layout.names import language_of
from relmap.web.layout.query import chosen, day_asked, number_asked
from relmap.web.layout.sentences import page_of
from relmap.web.maps.map_words import map_words
from relmap.web.outlook.plan_lines import foreseen, numbers_of_plan
from relmap.web.security.viewer import account_or_404

pages = Blueprint("maps", __name__, url_prefix="/accounts/<int:account_id>")

QUESTIONS: Final = {
    "reporting": N_("who reports to whom"),
    "around": N_("who surrounds one person"),
    "cultivate": N_("whom to cultivate"),  # a page of its own
}


@dataclass
class ListLine:
    """One node of the map as a line of the list beside it; ``below`` is indented under it."""

    node: dict[str, Any]
    href: str | None
    lang: str | None
    relation: str = ""
    below: list[ListLine] = field(default_factory=list)


@pages.get("/map")
def show(account_id: int) -> str | Response:
    """The page of the map: its question, the drawing, the list."""
    account, day = account_or_404(account_id), day_asked(account_id)
    if chosen("question", QUESTIONS) == "cultivate":
        on = None if day == today() else day.isoformat()
        return redirect(url_for("cultivate.show", account_id=account.id, on=on))
    seen = view(account.id, day)
    question, person = _question(seen)
    limit = maps.MOST if chosen("all", ("1",)) else maps.DEFAULT_LIMIT
    drawn = _drawn(seen, question, person, limit)
    asked: dict[str, Any] = {} if day == today() else {"on": day.isoformat()}
    about: dict[str, Any] = {"question": question, "person": person.id if person else None}
    return render_template(
        "maps/map.html",
        active="accounts",
        head=account_head(account, day, seen=seen),
        tabs=tabs(account.id, day),
        tab="map",
        question=question,
        questions=QUESTIONS,
        person=person,
        people=_people(seen),
        drawn=drawn,
        words=map_words(),
        lines=_list(drawn, question, person),
        wider=limit < maps.MOST and drawn.shown_count < drawn.whole_count,
        wider_url=url_for("maps.show", account_id=account.id, all="1", **about, **asked),
        data_url=url_for(
            "maps.data",
            account_id=account.id,
            all="1" if limit == maps.MOST else None,
            **about,
            **asked,
        ),
    )


@pages.get("/map.json")
def data(account_id: int) -> dict[str, Any]:
    """What map.js draws: plain values, no markup, no colours."""
    account, day = account_or_404(account_id), day_asked(account_id)
    seen, ahead = foreseen(view(account.id, day))
    question, person = _question(seen)
    limit = maps.MOST if chosen("all", ("1",)) else maps.DEFAULT_LIMIT
    drawn = _drawn(seen, question, person, limit)
    steps = {str(ref): number for ref, number in numbers_of_plan(ahead).items()}
    content = drawn.as_json()
    for node in content["nodes"]:
        node["href"] = _href(node)
        node["lang"] = _lang(node)
        node["step"] = steps.get(node["ref"] or "")
    return content


def _question(seen: AccountView) -> tuple[str, Ref | None]:
    """The question asked, and the person it is about."""
    number = number_asked("person")
    person = Ref("person", number) if number else None
    if chosen("question", QUESTIONS) != "around" and person is None:
        return "reporting", None
    if person is None or person not in seen or seen.person(person).side == "us":
        people = _people(seen)
        person = Ref("person", people[0][0]) if people else None
    return ("around", person) if person else ("reporting", None)


def _drawn(seen: AccountView, question: str, person: Ref | None, limit: int) -> maps.Map:
    if question == "around" and person is not None:
        return maps.surroundings_map(seen, person, limit=limit)
    return maps.reporting_map(seen, limit=limit)


def _people(seen: AccountView) -> list[tuple[int, str]]:
    """Whom the second question may be about: those in post, the highest first."""
    found: dict[int, str] = {}
    for post in sorted(seen.open_posts, key=lambda row: (-row.decision_weight, row.ref)):
        for tenure in seen.holders(post.ref):
            person = seen.person(tenure.person)
            name = f"{person.name} {person.latin_name or ''}".strip()
            found.setdefault(person.ref.id, _("{name}, {post}", name=name, post=post.title))
    return list(found.items())


def _href(node: dict[str, Any]) -> str | None:
    return page_of(Ref.parse(node["ref"])) if node["ref"] else None


def _lang(node: dict[str, Any]) -> str | None:
    return language_of(node["name"], given=node.get("lang") or None)


def _line(node: dict[str, Any], relation: str = "") -> ListLine:
    return ListLine(node, _href(node), _lang(node), relation)


def _list(drawn: maps.Map, question: str, person: Ref | None) -> list[ListLine]:
    """The drawing as a list: a tree by reporting, or who stands in which relation to the person."""
    if question == "around":
        return _relations(drawn, str(person))
    lines = {node["id"]: _line(node) for node in drawn.nodes}
    below = set()
    for edge in drawn.edges:
        if edge["kind"] == "reports":
            lines[edge["from"]].below.append(lines[edge["to"]])
            below.add(edge["to"])
    return [line for key, line in lines.items() if key not in below]


def _relations(drawn: maps.Map, focus: str) -> list[ListLine]:
    said: defaultdict[str, list[str]] = defaultdict(list)
    for edge in drawn.edges:
        if focus not in (edge["from"], edge["to"]):
            continue
        other = edge["to"] if edge["from"] == focus else edge["from"]
        said[other].append(_relation(edge, is_from_focus=edge["from"] == focus))
    return [
        _line(node, commas(dict.fromkeys(said[node["id"]])) or _("near"))
        for node in drawn.nodes
        if node["id"] != focus
    ]


def _relation(edge: dict[str, Any], *, is_from_focus: bool) -> str:
    if edge["kind"] == "reports":
        return _("reports here") if is_from_focus else _("superior")
    if edge["kind"] == "tie":
        return _("of us, strength {strength:.2f}", strength=edge["strength"])
    if edge["kind"] == "other":
        return _("tied")
    return label("tie_back" if is_from_focus else "tie", edge["kind"])
