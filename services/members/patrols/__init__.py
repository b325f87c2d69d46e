"""Patrols: when somebody is on one, where they went meanwhile, and what they found (docs/domain.md §5, F18)."""
