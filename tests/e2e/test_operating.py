"""What operators do by command while everything runs: each command does its work and says nothing else."""

import re
import subprocess
import sys

import pytest

from tests.e2e.staged import StagedSuite


@pytest.mark.parametrize(
    ("service", "collection", "said"),
    [
        ("cases", "grids", "pages of the territory copied"),
        ("notify", "names", "pages of names copied"),
    ],
)
def test_a_copy_that_was_lost_is_made_anew(suite: StagedSuite, service: str, collection: str, said: str) -> None:
    copy = suite.database(service)[collection]
    whole = list(copy.find().sort("_id"))
    assert whole
    copy.delete_many({})
    rebuilt = subprocess.run(
        [sys.executable, "-m", f"{service}.rebuild"],
        env=suite.environment,
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    assert re.fullmatch(rf"{said}: [1-9]\d*\n", rebuilt.stdout)
    assert rebuilt.stderr == ""
    assert list(copy.find().sort("_id")) == whole
