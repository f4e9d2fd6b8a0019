"""Invented histories of which everything is known: who left, who came, and what is in doubt.

Written from the text of docs/snapshots.md and from nothing else: ``names`` has the pools, ``world``
keeps what is true and writes the lists, ``expected`` says which changes the rules prescribe,
``moves`` and ``cases`` have one function per hard case, ``scoring`` imports the lists and compares.
"""
