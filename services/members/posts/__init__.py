"""Posts on grids (1+1+N): who holds which, from one day until another, with the role that goes with it."""
