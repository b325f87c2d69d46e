"""Following an anonymous report by a link, without an account (docs/domain.md §5)."""
