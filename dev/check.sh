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
    docker-compose --env-file "$secrets/env" -f docker-compose.yml -f deploy/tls.yml config -q
    rm -r "$secrets"
}

step "format" ruff format --check .
step "lint" ruff check .
step "types" mypy
step "import rules" lint-imports --no-cache
# Each image has what its own code imports, and nothing else.
for image in cases members notify; do
    step "dependencies of $image" deptry services/chassis "services/$image" --requirements-files "requirements/$image.in"
done
step "dependencies of gateway" deptry services/chassis gateway --requirements-files requirements/gateway.in
step "dependencies of dev" deptry dev bench tests --requirements-files requirements/dev.in --ignore DEP002
step "docs" pytest -q tests/unit/docs
step "Compose file" compose
step "Dockerfiles" hadolint gateway/Dockerfile services/Dockerfile

[[ ${#failed[@]} == 0 ]] || {
    echo "failed: ${failed[*]}" >&2
    exit 1
}
