"""The targets of the Makefile take the names that they know, and stop at any other; nothing is run."""

import os
import subprocess

import pytest

from dev.layout import ROOT


def dry(*words: str) -> subprocess.CompletedProcess[str]:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(["make", "-n", *words], cwd=ROOT, env=outside, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "words",
    [
        ("token", "who=resident", "PROT=1"),
        ("demo", "who=resident"),
        ("chaos", "sed=1"),
        ("chaos-long", "only=x"),
        ("fuzz", "exampels=1"),
        ("lock", "upgrad=flask"),
        ("clean", "all=1"),
        ("audit", "service=cases"),
        ("retain", "dru=1"),
    ],
)
def test_a_misspelt_name_is_refused(words: tuple[str, ...]) -> None:
    done = dry(*words)
    assert done.returncode == 2
    assert f"make {words[0]} knows no {words[-1].partition('=')[0]}" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("token", "who=admin"),
        ("demo",),
        ("chaos", "seed=1", "only=x"),
        ("chaos-long", "seed=1"),
        ("fuzz", "examples=1", "seed=1", "only=^/v1/cases"),
        ("lock",),
        ("clean",),
        ("audit",),
        ("retain", "dry=1"),
    ],
)
def test_what_a_target_knows_is_taken(words: tuple[str, ...]) -> None:
    assert dry(*words).returncode == 0
