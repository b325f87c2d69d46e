#!/bin/bash
# Starts mongod as a replica set member: members of a set with passwords need a key file of their own user.
# What follows the name of this file is handed on to mongod.
set -euo pipefail
printf '%s' "$REPLICA_KEY" | install -o mongodb -g mongodb -m 400 /dev/stdin /data/configdb/replica.key
unset REPLICA_KEY
# What is gone from an index is walked over by who looks for work there, for as long as it is kept: by default 300 s.
# A process that dies inside a transaction must not hold its documents for the default of 60 s.
exec docker-entrypoint.sh mongod --replSet rs0 --keyFile /data/configdb/replica.key --bind_ip_all \
    --wiredTigerCacheSizeGB 1 --setParameter transactionLifetimeLimitSeconds=5 \
    --setParameter minSnapshotHistoryWindowInSeconds=5 "$@"
