"""Reminders of activities: the evening before and an hour before, to whoever has a place (F12)."""
