"""One account: overview, grid, people, history, policy."""
