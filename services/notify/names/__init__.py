"""What grids, compounds, units and areas are called: a read copy of what members keeps."""
