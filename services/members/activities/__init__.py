"""Activities that people sign up for: published, changed, called off (docs/domain.md §3.3, F12, F42)."""
