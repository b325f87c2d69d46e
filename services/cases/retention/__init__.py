"""How long cases keep what is personal, and what is left of it afterwards (docs/domain.md §5)."""
