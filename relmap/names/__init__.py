"""Every spelling and key of people, titles, units, accounts and days; no database."""
