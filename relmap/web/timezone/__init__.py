"""The viewer's own time zone."""
