"""The schema of the database, step by step (Alembic), for the core and for plug-ins."""
