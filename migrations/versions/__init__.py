"""The steps of the core."""
