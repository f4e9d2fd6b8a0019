"""Stored texts with the names of today: message ids become sentences with links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import g, url_for
from markupsafe import Markup, escape

from relmap.contracts import AccountView, Message, Ref
from relmap.languages import pieces, tell
from relmap.models import Alert
from relmap.results import ref_names
from relmap.web.layout.names import WrittenName, name_of, written_name
from relmap.web.security.viewer import current_viewer

__all__ = [
    "Line",
    "Names",
    "line",
    "link_to",
    "names_in",
    "names_of",
    "page_of",
    "refs_in",
    "stored_alert",
]

LISTED = 8  # names under a line before the rest is counted


class Names(dict[Ref, WrittenName]):
    """Today's names by ref, and their links, each made once a page."""

    @cached_property
    def plain(self) -> dict[Ref, str]:
        """The names as written, without language and Latin form."""
        return {ref: name.text for ref, name in self.items()}

    @cached_property
    def _links(self) -> dict[Ref, Markup]:
        return {}

    def link(self, ref: Ref) -> Markup:
        """A name that leads to its page; who is not on file or not for the viewer is "somebody"."""
        if ref not in self._links:
            self._links[ref] = link_to(ref, self.get(ref))
        return self._links[ref]

    def unlinked(self, ref: Ref) -> Markup:
        """A name as written, in its language, that leads nowhere."""
        return _written(ref, self.get(ref))


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a result for the eye, with what it is worth and who else it rests on."""

    text: Markup
    points: float | None = None
    others: tuple[Markup, ...] = ()
    more_count: int = 0
    owner: Markup | None = None
    about: tuple[Ref, ...] = ()


def refs_in(results: Iterable[Mapping[str, Any]]) -> set[Ref]:
    """All refs of stored evidence, actions or alerts, their own evidence and actions included."""
    found: set[Ref] = set()
    for result in results:
        inner = (*(result.get("evidence") or ()), *(result.get("actions") or ()))
        found |= ref_names.refs_in([result, *inner])
    return found


def stored_alert(alert: Alert) -> dict[str, Any]:
    """A stored alert in the shape of a result: text, refs, values, evidence, actions."""
    return {
        "text": alert.text,
        "refs": alert.refs,
        "values": alert.values,
        "evidence": alert.evidence,
        "actions": alert.actions,
    }


def names_of(refs: Iterable[Ref]) -> Names:
    """Today's names of what the viewer may see, in one query."""
    found = ref_names.names_of(refs, viewer=current_viewer())
    return Names(
        (ref, written_name(name.text, name.latin, language=name.language, country=name.country))
        for ref, name in found.items()
    )


def names_in(view: AccountView) -> Names:
    """The names of everybody and everything in a view: who reads the account sees them."""
    found = Names((row.ref, name_of(row)) for row in view.people)
    found.update((row.ref, written_name(row.title)) for row in view.posts)
    found.update((row.ref, written_name(row.name)) for row in view.units)
    found.update((row.ref, written_name(row.name)) for row in view.projects)
    return found


def line(result: Mapping[str, Any], names: Names, *, points: float | None = None) -> Line:
    """One stored result as a sentence; refs its text does not mention are listed beside it."""
    refs = [Ref.parse(ref) for ref in result.get("refs") or ()]
    said = pieces(
        str(result["text"]),
        refs,
        result.get("values") or {},
        names.plain,
        many=result.get("many"),
        context=result.get("context"),
    )
    mentioned = {piece.ref for piece in said}
    rest = [ref for ref in refs if ref not in mentioned and ref in names]
    owner = result.get("owner")
    return Line(
        text=Markup("").join(
            names.link(piece.ref) if piece.ref else escape(piece.text) for piece in said
        ),
        points=points,
        others=tuple(names.link(ref) for ref in rest[:LISTED]),
        more_count=max(0, len(rest) - LISTED),
        owner=names.link(Ref.parse(owner)) if owner else None,
        about=tuple(refs),
    )


def link_to(ref: Ref, name: WrittenName | None) -> Markup:
    """A name that leads to its page."""
    said = _written(ref, name)
    if name is None or ref.kind not in LINKS:
        return said
    return Markup(f'<a href="{escape(page_of(ref))}">{said}</a>')  # noqa: S704  # both escaped


def _written(ref: Ref, name: WrittenName | None) -> Markup:
    if name is None:
        return Markup("<i>{}</i>").format(tell(UNSEEN.get(ref.kind) or Message("something")))
    return name.html


def page_of(ref: Ref) -> str:
    """The address of the page of a person, a post or an account."""
    endpoint, argument = LINKS[ref.kind]
    stems: dict[str, str] = g.setdefault("page_stems", {})
    if ref.kind not in stems:  # one address a kind is built by the router, the others follow it
        values: dict[str, Any] = {argument: 0}
        stems[ref.kind] = url_for(endpoint, **values).removesuffix("0")
    return f"{stems[ref.kind]}{ref.id}"


LINKS = {
    "person": ("person.show", "person_id"),
    "post": ("post.show", "post_id"),
    "account": ("account.overview", "account_id"),
}
# Who is not on file, or not for the viewer.
UNSEEN = {
    "person": Message("somebody"),
    "post": Message("a post"),
    "unit": Message("a unit"),
    "account": Message("an account"),
    "project": Message("a project"),
    "tenure": Message("a tenure"),
}
