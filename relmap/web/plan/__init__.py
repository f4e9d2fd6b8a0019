"""Whom to cultivate: the plan, the posts it is for, and taking it over."""
