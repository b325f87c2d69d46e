"""The weekly digest of those who hold posts: how their grids stand (docs/domain.md §2.2)."""
