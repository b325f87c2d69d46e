"""Stars for volunteer hours, and who agreed to be seen with theirs (docs/domain.md §3.3, F49)."""
