"""Reading what py-spy recorded."""

import sysconfig
from pathlib import Path

from bench.stacks import profile
from dev.layout import ROOT

PACKAGES, STANDARD = sysconfig.get_path("purelib"), sysconfig.get_path("stdlib")


def test_samples_are_counted_by_library_and_by_our_function(tmp_path: Path) -> None:
    entry = f"handle ({ROOT}/services/cases/service.py:10)"
    recorded = [
        f"{entry};dumps ({STANDARD}/json/__init__.py:3) 6",
        f"{entry};GreenSocket._send_loop ({PACKAGES}/eventlet/greenio/base.py:3) 3",
        f"{entry};handle ({ROOT}/services/cases/service.py:12) 1",
        f"run (x.py:1);Hub.do_poll ({PACKAGES}/eventlet/hubs/poll.py:3) 90",
    ]
    path = tmp_path / "raw.txt"
    path.write_text("\n".join(recorded) + "\n")
    found = profile(path)
    assert found.samples == 10
    assert found.own == {"json": 6, "system call send": 3, "cases": 1}
    assert found.within["cases"] == 10
    assert found.functions == {"handle (cases/service.py)": 10}
