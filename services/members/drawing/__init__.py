"""Drawing the map: grids opened one by one or from a file, and redrawn on a date."""
