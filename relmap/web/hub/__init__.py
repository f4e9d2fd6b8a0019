"""The plug-ins."""
