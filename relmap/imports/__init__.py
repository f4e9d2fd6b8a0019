"""Lists of who sits where: how a file becomes facts and changes. See docs/snapshots.md.

``planning.plan`` is the pure heart; the verbs here read, plan, and write.
"""

from relmap.imports.archive import row_of_import
from relmap.imports.cautions import without_names
from relmap.imports.plan import ChangeLine, ImportPlan, Note
from relmap.imports.register import list_imports, show_import
from relmap.imports.report import ImportReport, counts_within, held_because
from relmap.imports.resolve import resolve_row
from relmap.imports.snapshot.file import apply_import, import_snapshot
from relmap.imports.snapshot.planner import plan
from relmap.imports.undo import undo_import

__all__ = [
    "ChangeLine",
    "ImportPlan",
    "ImportReport",
    "Note",
    "apply_import",
    "counts_within",
    "held_because",
    "import_snapshot",
    "list_imports",
    "plan",
    "resolve_row",
    "row_of_import",
    "show_import",
    "undo_import",
    "without_names",
]
