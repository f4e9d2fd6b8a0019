"""From the bytes of a file to typed rows: no database, no request, nothing written.

``files`` turns bytes into a table, which ``layout`` finds in them, ``columns`` finds what its
headings mean, ``cells`` reads one cell, and ``snapshot_rows`` and the four ``*_rows`` modules put
them together, one for each kind of import.
"""
