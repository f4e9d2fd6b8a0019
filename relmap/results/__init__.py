"""Results of rules: which to run, running them, storing them, reading them back."""
