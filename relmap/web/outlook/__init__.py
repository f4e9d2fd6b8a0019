"""The outlook of an account: what may change, whom to meet, what to ask."""
