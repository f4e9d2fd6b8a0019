"""The hub: finds plug-ins, keeps their settings and health, and runs their rules apart."""
