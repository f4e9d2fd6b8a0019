"""The bundled plug-ins, imported as ``relmap_plugins``; each imports ``relmap.api`` and nothing else."""
