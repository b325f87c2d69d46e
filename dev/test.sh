#!/usr/bin/env bash
# Runs every test: each kind by itself, on servers and ports of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

started=$SECONDS
echo "== unit and contract"
pytest -q -n auto tests/unit tests/contract
# Each worker has servers of its own, so whole files are what is shared out.
echo "== component"
pytest -q -n auto --dist loadfile tests/component
echo "== e2e"
pytest -q tests/e2e
echo "== fuzz"
python -m tests.fuzz --examples 2 --seed 1 --phases examples,fuzzing,stateful --district
echo "✓ all tests ($((SECONDS - started)) s)"
