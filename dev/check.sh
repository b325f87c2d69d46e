#!/usr/bin/env bash
# Everything that can be said of the code without running it.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=()
step() { # step NAME COMMAND...
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        echo "✓ $name"
    else
        echo "✗ $name"
        echo "$output" | sed 's/^/    /'
        failed+=("$name")
    fi
}

compose() {
    local secrets
    secrets=$(mktemp -d)
    python -m dev.secrets "$secrets/env"
    docker-compose --env-file "$secrets/env" config -q
    rm -r "$secrets"
}

step "format" ruff format --check .
step "lint" ruff check .
step "types" mypy
step "import rules" lint-imports --no-cache
step "dependencies" deptry .
step "docs" pytest -q tests/contract -k "docs or document" --no-header
step "Compose file" compose
step "Dockerfiles" hadolint gateway/Dockerfile services/cases/Dockerfile services/members/Dockerfile services/notify/Dockerfile

[[ ${#failed[@]} == 0 ]] || {
    echo "failed: ${failed[*]}" >&2
    exit 1
}
