"""A small service that only the benchmark runs: it keeps notes, and remembers when each was committed."""
