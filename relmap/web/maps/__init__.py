"""The map of an account."""
