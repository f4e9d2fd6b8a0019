"""The bundled plug-ins, imported as ``relmap_plugins``.

Each imports ``relmap.api`` and nothing else of relmap, as any other author's plug-in would.
"""

from __future__ import annotations

from pathlib import Path

from relmap.api import hookimpl

__all__ = ["translations"]


@hookimpl
def translations() -> Path:
    """Those of all bundled plug-ins, which share one catalogue."""
    return Path(__file__).parent / "translations"
