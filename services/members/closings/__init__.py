"""Grids that close on a date and that none follows: only where nothing is in them any more."""
