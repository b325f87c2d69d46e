"""What people may ask of their own data, and when data of people who left is gone (docs/domain.md §5)."""
