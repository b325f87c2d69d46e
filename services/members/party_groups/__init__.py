"""Grid party groups: one for each grid, who sits in it in which capacity, and when it met."""
