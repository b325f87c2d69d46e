"""Demo data of one district: generated from one seed, synthetic people only (docs/domain.md §8)."""
