"""The rows of a snapshot: who sat where on a day, as a file says it.

``reading`` looks at the whole list, ``seats`` at one record and its several people and units.
"""
