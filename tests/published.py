"""What docs/domain.md §8.3 expects of the demo's cases, as the indicators of its district and period tell it."""

PERIOD = {"area": "360704", "from": "2025-07-01", "to": "2026-03-31"}
RATES = {
    "registration": 95.32,
    "closure": 97.19,
    "on_time": 93.91,
    "response": 98.87,
    "resolution": 95.08,
    "satisfaction": 92.88,
    "coverage": 94.86,
    "composite": 95.45,
}
COUNTS = {
    "reported": 684,
    "registered": 652,
    "due": 640,
    "due_closed": 622,
    "in_time": 601,
    "reworked": 9,
    "closed": 622,
    "concluded": 622,
    "responded": 615,
    "answered": 590,
    "solved": 561,
    "satisfied": 548,
}
