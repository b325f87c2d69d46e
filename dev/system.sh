#!/usr/bin/env bash
# Installs what the private servers need from Debian: rabbitmq-server and libcurl4 (for mongod); and a font with Chinese
# characters, in which charts are painted. Nothing else needs the font, so nothing is kept from starting without it.
# Skips what AMQP_URI or MONGO_URI makes needless. No broker is started by the package.
set -euo pipefail

missing=()
if [[ -z ${AMQP_URI:-} && -z ${RABBITMQ_SERVER:-} && $(uname) == Linux ]]; then
    [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]] || missing+=(rabbitmq-server)
fi
if [[ -z ${MONGO_URI:-} && $(uname) == Linux ]]; then
    [[ $(/sbin/ldconfig -p) == *"libcurl.so.4 "* ]] || missing+=(libcurl4)
fi
needed=${#missing[@]} # of which nothing starts without one
without_font() {
    echo "Without ${missing[*]} charts have no Chinese characters (Debian: sudo apt-get install ${missing[*]})" >&2
    exit 0
}
if [[ -z ${CERTIFICATE_FONT:-} && $(uname) == Linux ]]; then
    [[ -e /usr/share/fonts/truetype/wqy/wqy-zenhei.ttc ]] || missing+=(fonts-wqy-zenhei)
fi
[[ ${#missing[@]} == 0 ]] && exit 0

if [[ $(id -u) != 0 || ! -x /usr/bin/apt-get ]]; then
    [[ $needed == 0 ]] && without_font
    echo "Missing: ${missing[*]}. Install them (Debian: sudo apt-get install ${missing[*]}), or use: docker compose up" >&2
    exit 1
fi

# Debian starts a service when it is installed, unless this script forbids it; one that is there is left alone.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi
echo "… installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
started=$SECONDS
if ! output=$(apt-get update -qq 2>&1 && apt-get install -y -qq --no-install-recommends "${missing[@]}" 2>&1); then
    [[ $needed == 0 ]] && without_font
    echo "$output" >&2
    exit 1
fi
# Nor at the next start of the machine.
if [[ " ${missing[*]} " == *rabbitmq-server* && -d /run/systemd/system ]]; then
    systemctl disable --quiet rabbitmq-server
fi
echo "✓ ${missing[*]} ($((SECONDS - started)) s)"
