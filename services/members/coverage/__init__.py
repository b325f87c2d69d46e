"""Whether everybody and everything is covered, down to the bottom and out to the edge (docs/domain.md §4)."""
