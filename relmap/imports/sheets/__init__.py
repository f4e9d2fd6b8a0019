"""From the bytes of a file to typed rows: no database, no request, nothing written.

``files`` turns bytes into a table, ``columns`` finds what its headings mean, ``cells`` reads one
cell, and the four ``*_rows`` modules put them together, one for each kind of import.
"""
