"""A stand-in for the members service, which notify asks; it runs beside it in tests."""
