#!/usr/bin/env bash
# Runs every test: each kind in a process of its own, on servers and ports of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

kinds=("unit and contract" component e2e)
started=$SECONDS
echo "== unit and contract"
pytest -q -n auto tests/unit tests/contract
for kind in component e2e; do
    echo "== $kind"
    pytest -q "tests/$kind"
done
echo "✓ all tests ($((SECONDS - started)) s)"
