"""Keys with which programs file reports over Open311: opened and ended by the district, kept as a keyed hash."""
