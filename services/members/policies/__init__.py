"""The annual rules for members and units (docs/domain.md §3.2), as rows that an office enters."""
