"""Calls to action on their way to those whom they are for (docs/domain.md F41)."""
