"""Every spelling and key of people, titles, units and accounts; no database."""
