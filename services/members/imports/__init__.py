"""Registers that come as spreadsheets: every line is looked at, and all of them are kept or none."""
