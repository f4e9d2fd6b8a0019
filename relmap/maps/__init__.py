"""Drawings of an account: a view and a question become nodes, edges and options for vis-network.

pyvis collects them; its HTML is never used (it loads from elsewhere and writes names unescaped).
What leaves is JSON data without markup and without colours: map.js draws the cards with the tokens
of the page. Positions are worked out here and physics is off, so that the same person stands in
the same place at every visit.
"""

from relmap.maps.drawing import DEFAULT_LIMIT, MOST, Map
from relmap.maps.reporting import reporting_map
from relmap.maps.surroundings import surroundings_map

__all__ = ["DEFAULT_LIMIT", "MOST", "Map", "reporting_map", "surroundings_map"]
