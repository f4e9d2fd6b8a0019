"""Which person on file a row of a file means: ids first, then names."""
