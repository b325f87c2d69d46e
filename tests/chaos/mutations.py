"""`python -m tests.chaos.mutations`: takes one mechanism out at a time and watches its tests, or its fault, go red."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dev.layout import ROOT
from tests.chaos.mechanisms import MUTATIONS, Mutation

TEST_SECONDS, PLAY_SECONDS = 300, 900
GREEN, RED, STUCK = 0, 1, -1
COPIED = ("services", "gateway", "dev", "tests", "bench")
FILES = ("pyproject.toml", "Procfile")


def main() -> int:
    """The exit code: 1 when a test stayed green without its mechanism, or was red with it; 2 for an unknown number."""
    known = {str(mutation.guarantee) for mutation in MUTATIONS}
    if unknown := [number for number in sys.argv[1:] if number not in known]:
        print(f"No guarantee has the number {', '.join(unknown)}.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="sandan-mutations-") as folder:
        copy = Path(folder)
        _copy_to(copy)
        wanted = [mutation for mutation in MUTATIONS if not sys.argv[1:] or str(mutation.guarantee) in sys.argv[1:]]
        missed = [mutation for mutation in wanted if not _shows(copy, mutation)]
    print(f"{len(wanted) - len(missed)} of {len(wanted)} mechanisms are shown by their tests")
    return 1 if missed else 0


def _copy_to(copy: Path) -> None:
    for name in COPIED:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, copy)


def _shows(copy: Path, mutation: Mutation) -> bool:
    """Whether the tests are green, and each of them red with the mechanism out; a fault has been played before."""
    file = copy / mutation.file
    whole = file.read_text()
    if whole.count(mutation.text) != 1:
        print(f"✗ {mutation.guarantee} {mutation.mechanism}: the text is not once in {mutation.file}", flush=True)
        return False
    green = not mutation.tests or _tested(copy, mutation.tests) == GREEN
    try:
        file.write_text(whole.replace(mutation.text, mutation.instead))
        not_red = [test for test in mutation.tests if _tested(copy, (test,)) != RED] + _held(copy, mutation)
    finally:
        file.write_text(whole)
    shown = green and not not_red
    verdict = "red without it" if shown else f"not red without it: {not_red}" if green else "not green with it"
    print(f"{'✓' if shown else '✗'} {mutation.guarantee} {mutation.mechanism}: {verdict}", flush=True)
    return shown


def _held(copy: Path, mutation: Mutation) -> list[str]:
    """The invariants that hold although they should not."""
    if not mutation.fault:
        return []
    play = ["-m", "tests.chaos", "--only", mutation.fault]
    try:
        with tempfile.TemporaryDirectory(dir=copy) as logs:  # what is violated keeps them
            done = _run(copy, play, PLAY_SECONDS, TMPDIR=logs)
    except subprocess.TimeoutExpired:
        return list(mutation.invariants)
    return [each for each in mutation.invariants if f"{each} ✗" not in done.stdout]


def _run(copy: Path, arguments: Sequence[str], seconds: float, **settings: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(copy / "services"), str(copy)])
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"} | settings,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def _tested(copy: Path, tests: tuple[str, ...]) -> int:
    """What pytest ended with: GREEN, RED, or another number when it did not get as far."""
    try:
        done = _run(copy, ["-m", "pytest", "-q", "-x", *tests], TEST_SECONDS)
    except subprocess.TimeoutExpired:
        return STUCK
    if done.returncode not in {GREEN, RED}:
        print(done.stdout[-2_000:], done.stderr[-500:])
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
