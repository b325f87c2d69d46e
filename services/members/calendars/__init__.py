"""Calendars of activities to subscribe to: of an area for everybody, and of the own sign-ups by a secret link."""
