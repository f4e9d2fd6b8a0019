"""Who gets in, what guards every request, and what is said when something fails."""
