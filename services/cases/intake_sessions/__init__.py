"""Intake sessions: one evening, forum, round of visits or sheet that yields many cases and needs at once."""
