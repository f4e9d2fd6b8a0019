"""The command ``relmap``. Each module holds the commands of one noun; ``root`` finds them.

Exit status: 0 done, 1 refused (the message on standard error; with ``--json`` also one document
``{"error", "row", "column"}`` on standard output), 2 wrong usage, 3 held by the guard.
"""

from __future__ import annotations

from relmap.cli.root import Relmap

__all__ = ["main"]

main = Relmap("relmap", help="Who sits where at a customer, and how broadly we know them.")
