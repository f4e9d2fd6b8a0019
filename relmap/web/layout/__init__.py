"""The frame of every page: its language, its head, its navigation."""
