"""Load and cost: what each operation costs, measured side by side in one run (docs/benchmarks.md)."""
