"""What every map is made of: pyvis collects nodes and edges, :class:`Map` hands them on as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pyvis.network import Network

__all__ = ["DEFAULT_LIMIT", "MOST", "Map", "add_node", "as_map", "new_network"]

DEFAULT_LIMIT: Final = 150
MOST: Final = 300
PYVIS_OWN: Final = ("label", "color", "shape", "font")  # the page's tokens decide these
OPTIONS: Final[dict[str, Any]] = {
    "physics": False,
    "layout": {"improvedLayout": False},
    "interaction": {
        "dragNodes": False,
        "zoomView": False,
        "hover": True,
        "keyboard": False,
        "dragView": True,
    },
    "nodes": {"chosen": False, "borderWidth": 0},
    "edges": {"chosen": False, "selectionWidth": 0},
}


@dataclass(frozen=True)
class Map:
    """One drawing: JSON data for the browser, and how much of the account it shows."""

    nodes: tuple[dict[str, Any], ...]
    edges: tuple[dict[str, Any], ...]
    options: dict[str, Any]
    shown_count: int
    whole_count: int
    bands: tuple[dict[str, Any], ...] = ()
    paths: tuple[dict[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What map.js fetches."""
        return {
            "nodes": list(self.nodes),
            "edges": list(self.edges),
            "options": self.options,
            "bands": list(self.bands),
            "paths": list(self.paths),
            "shown": self.shown_count,
            "whole": self.whole_count,
        }


def new_network() -> Network:
    """An empty drawing without physics."""
    from pyvis.network import Network  # IPython with it: only where a map is drawn

    net = Network(directed=True, cdn_resources="local")
    net.options = {}  # pyvis's own would switch physics on
    return net


def add_node(net: Network, node: Mapping[str, Any]) -> None:
    """Add a card that :mod:`relmap.maps.cards` made."""
    rest = {key: value for key, value in node.items() if key not in ("id", "name")}
    net.add_node(node["id"], label=node["name"], **rest)


def as_map(net: Network, *, shown: int, whole: int, bands: Iterable[dict[str, Any]] = ()) -> Map:
    """What was collected, without the looks that pyvis adds."""
    nodes = [
        {key: value for key, value in node.items() if key not in PYVIS_OWN}
        | {"name": node["label"]}
        for node in net.nodes
    ]
    return Map(tuple(nodes), tuple(net.edges), OPTIONS, shown, whole, tuple(bands))
