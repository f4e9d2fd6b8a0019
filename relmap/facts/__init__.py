"""The verbs: everything that writes a fact, and what stands before it."""
