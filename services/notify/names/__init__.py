"""What grids, compounds, units, areas and categories are called: a read copy of what members and cases keep."""
