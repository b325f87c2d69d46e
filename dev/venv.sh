#!/usr/bin/env bash
# Makes .venv from the locks, every file checked against its hash. Skipped while the locks are unchanged.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.venv
PATH=${PATH#"$PWD/$venv/bin:"} # the interpreter to build from is not the one in there
stamp=$venv/locked
wanted=$(cat requirements/bootstrap.lock requirements/dev.lock | cksum)
[[ -f $stamp && $(<"$stamp") == "$wanted" ]] && exit 0

find_python() {
    local name
    for name in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
        if [[ -n $name ]] && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    echo "Python 3.11 or newer is needed: install it, or name it with PYTHON=/path/to/python." >&2
    return 1
}

make_venv() {
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 && return # brought up to date in place
    "$python" -m venv --clear "$venv" >/dev/null 2>&1 && return
    if [[ $(id -u) == 0 && -x /usr/bin/apt-get ]]; then
        echo "… python3-venv is missing: installing it" >&2
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null 2>&1
        "$python" -m venv --clear "$venv"
    else
        echo "Python cannot make a virtual environment here: install python3-venv." >&2
        return 1
    fi
}

# uv installs the lock in seconds; where it cannot reach the index that pip is set up for, pip does it.
install() {
    local index
    index=$("$venv/bin/pip" config get global.index-url 2>/dev/null || true)
    if [[ -n ${PIP_INDEX_URL:-$index} ]]; then export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-${PIP_INDEX_URL:-$index}}; fi
    "$venv/bin/pip" install -qq --disable-pip-version-check --require-hashes -r requirements/bootstrap.lock
    "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --require-hashes -r requirements/dev.lock ||
        "$venv/bin/pip" install -qq --require-hashes -r requirements/dev.lock
}

python=$(find_python)
started=$SECONDS
echo "… making $venv with $("$python" --version) (about 250 MB to download)" >&2
make_venv
install
echo "$wanted" >"$stamp"
echo "✓ $venv ready ($((SECONDS - started)) s)" >&2
