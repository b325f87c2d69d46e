"""A small service that only the benchmark runs: it hears of notes, and remembers when."""
