"""People: one person with many roles."""
