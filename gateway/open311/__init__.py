"""Open311 GeoReport v2 as the standard has it: its documents, its errors, its two formats; nothing of the web."""
