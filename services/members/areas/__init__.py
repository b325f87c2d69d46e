"""The areas above the grids: what lies in what, and the Party's and the union's line over one tree."""
