"""What somebody typed, read and refused in words."""
