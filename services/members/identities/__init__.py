"""Special identities, which a person alone shows and hides again (docs/domain.md §5, F17)."""
