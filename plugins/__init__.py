"""The bundled plug-ins, imported as ``relmap_plugins``.

Each imports ``relmap.api`` and nothing else of relmap, as any other author's plug-in would.
"""
