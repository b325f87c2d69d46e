#!/usr/bin/env bash
# Resolves requirements/*.in into hash-locked requirements/*.lock, free of any machine's index settings.
# With arguments, those packages are upgraded: `dev/lock.sh kombu`; with --upgrade, all of them.
set -euo pipefail
cd "$(dirname "$0")/.."
unset PIP_FIND_LINKS PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_CONSTRAINT
export UV_NO_CONFIG=1 UV_PYTHON_DOWNLOADS=never

upgrade=()
for package in "$@"; do
    [[ $package == --upgrade ]] && upgrade+=(--upgrade) || upgrade+=(--upgrade-package "$package")
done

resolve() { # resolve NAME [OPTIONS]
    local name=$1
    shift
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links "$@" "requirements/$name.in" -o "requirements/$name.lock"
    echo "✓ requirements/$name.lock"
}

resolve bootstrap "${upgrade[@]}"
resolve dev "${upgrade[@]}"
# The images run exactly what was tested.
for image in cases members notify gateway; do
    resolve "$image" -c requirements/dev.lock
done
