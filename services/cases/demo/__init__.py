"""The cases of the demo district: nine months, played move by move from one seed (docs/domain.md §8)."""
