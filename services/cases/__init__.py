"""Reports and where each of them stands, from the first word to the last mark."""
