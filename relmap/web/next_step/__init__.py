"""One next step."""
