"""Venues: rest stations (红色驿站) and civic practice stations (新时代文明实践站), as they are registered."""
