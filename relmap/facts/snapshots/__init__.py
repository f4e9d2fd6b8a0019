"""Lists of who sits where: how a file becomes facts and changes. See docs/snapshots.md.

``planning.plan`` is the pure heart; the verbs here read, plan, and write.
"""

from relmap.facts.snapshots.cautions import without_names
from relmap.facts.snapshots.planned import ChangeLine, Plan
from relmap.facts.snapshots.planning import plan
from relmap.facts.snapshots.report import ImportReport, counts_within
from relmap.facts.snapshots.resolve import resolve_row
from relmap.facts.snapshots.undo import undo_import
from relmap.facts.snapshots.verbs import apply_import, import_snapshot, list_imports, show_import

__all__ = [
    "ChangeLine",
    "ImportReport",
    "Plan",
    "apply_import",
    "counts_within",
    "import_snapshot",
    "list_imports",
    "plan",
    "resolve_row",
    "show_import",
    "undo_import",
    "without_names",
]
