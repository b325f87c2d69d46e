"""Load and cost, and what they are measured against."""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
