"""What every service stands on: messages, storage, clock, health. It knows no word of the domain."""

import os
import warnings

# Before eventlet is imported, whichever command imports it first.
os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
