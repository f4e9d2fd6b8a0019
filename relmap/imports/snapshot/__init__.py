"""A list of who sat where on one day, compared with what is on file: the plan of its changes.

``planner.plan`` is the pure heart; ``reader`` asks the database before it, and after it
:mod:`relmap.imports.apply` writes.
"""
