"""The imported files."""
