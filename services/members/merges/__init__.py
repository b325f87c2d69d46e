"""Two entries of one person become one: the old id goes on answering as whom it turned out to be."""
