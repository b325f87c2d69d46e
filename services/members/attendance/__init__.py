"""Attendance at activities: who came and went, by scans of the day's code and by lists (docs/domain.md §3.3, F44)."""
