"""relmap: who sits where at a customer, how broadly we know them, who just rotated out."""

__all__ = ["__version__"]

__version__ = "0.1.0"
