"""Put first on PYTHONPATH, it makes a process believe that it is SKEW_SECONDS later than it is."""

import os
from datetime import UTC, datetime, timedelta

import time_machine

time_machine.travel(datetime.now(UTC) + timedelta(seconds=float(os.environ["SKEW_SECONDS"])), tick=True).start()
