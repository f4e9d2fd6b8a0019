"""What would be lost without some people."""
