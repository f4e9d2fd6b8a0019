"""Stored results as values: what pages, commands and programs show."""
