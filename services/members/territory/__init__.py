"""Where everything lies: grids, compounds, and which grid holds a point."""
