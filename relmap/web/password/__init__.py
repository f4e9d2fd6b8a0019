"""The viewer's own password."""
