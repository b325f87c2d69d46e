"""Preferences: what each person wants to be told outside the inbox, through which channels, and when."""
