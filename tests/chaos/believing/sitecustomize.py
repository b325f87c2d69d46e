"""Put first on PYTHONPATH, it makes a process believe what a test says of the time and of where names lead.

With SKEW_SECONDS it is that much later than it is. With NAMES_FILE the addresses of the hosts that stand there are what
the file says: a JSON object of lists, of which each look-up gets the next entry, as from a name server that changes its
mind between two questions.
"""

import _socket
import json
import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine

if seconds := os.environ.get("SKEW_SECONDS"):
    time_machine.travel(datetime.now(UTC) + timedelta(seconds=float(seconds)), tick=True).start()

if file := os.environ.get("NAMES_FILE"):
    names = Path(file)
    asked: Counter[str] = Counter()
    look_up = _socket.getaddrinfo

    def getaddrinfo(host: Any, *more: Any, **options: Any) -> Any:
        known = json.loads(names.read_text())
        if host not in known:
            return look_up(host, *more, **options)
        asked[host] += 1
        return look_up(known[host][asked[host] % len(known[host])], *more, **options)

    _socket.getaddrinfo = getaddrinfo
