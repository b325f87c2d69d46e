"""Calls to action: who is asked to come, and who says that they come (docs/domain.md F41)."""
