"""Where the table stands in the sheets of a file, and what around and between it is no record.

``table_search`` finds it: ``sheet_choice`` says in which sheets, ``header`` on which line of each.
``lines`` reads what stands below, with ``header_row`` (the header again), ``asides`` (totals and
notes), ``unit_lines`` (units on lines of their own), ``dittos`` and ``merged_cells``; then
``hidden``, ``blank_units``, ``columns_without_heading`` and ``joined_sheets`` look at the whole.
"""
