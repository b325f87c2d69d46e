"""`python -m bench`: measures rows of the benchmark, one after the other, each on servers of its own."""

import argparse
import sys
import time
from collections.abc import Sequence

from bench import profiling, report
from bench.rows import ROWS
from bench.stage import Options, Stage
from dev.given import given

STORED = (0, 100_000, 1_000_000)
NAMES = {"rows": "--only", "stored": "--stored"}
SWITCHES = {"quick": "--quick", "write": "--write", "profile": "--profile"}


def main() -> None:
    """Measure what the command line names, and say where the results are."""
    asked = _asked(sys.argv[1:])
    report.RESULTS.mkdir(exist_ok=True)
    options = Options(quick=asked.quick, stored=tuple(asked.stored), told=_told)
    if asked.profile:
        _profile(options)
    elif asked.only or not asked.write:
        _measure(asked.only or list(ROWS), options)
    results = report.kept(ROWS)
    (report.RESULTS / "report.md").write_text(report.page(results) + "\n")
    if asked.write:
        report.publish(results, ROWS)
        _told("docs/benchmarks.md is written")


def _asked(words: Sequence[str]) -> argparse.Namespace:
    """The options; make hands on names and values such as `rows=creates relay`."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--only", nargs="+", choices=list(ROWS), metavar="ROW", help=f"of {', '.join(ROWS)}")
    parser.add_argument("--stored", nargs="+", type=int, default=STORED, metavar="N", help="cases to play among")
    parser.add_argument("--quick", action="store_true", help="a look: short, and not to be cited")
    parser.add_argument("--write", action="store_true", help="renew docs/benchmarks.md from the results")
    parser.add_argument("--profile", action="store_true", help="where the CPU of a lifecycle goes, instead of rows")
    asked = parser.parse_args(list(words) if any(word.startswith("--") for word in words) else _options(words))
    if asked.quick and asked.write:
        parser.error("quick figures are not to be cited, so they are not written to docs/benchmarks.md")
    return asked


def _options(words: Sequence[str]) -> list[str]:
    try:
        named = given(words, [*NAMES, *SWITCHES], "bench")
    except ValueError as error:
        sys.exit(str(error))
    found = [word for name, values in named.items() if name in NAMES for word in (NAMES[name], *values.split())]
    return [*found, *(option for name, option in SWITCHES.items() if named.get(name))]


def _measure(rows: Sequence[str], options: Options) -> None:
    where = report.machine()
    for row in rows:
        started = time.monotonic()
        _told(f"{row}: starting servers")
        with Stage(options) as stage:
            figures = ROWS[row](stage)
        report.keep(row, figures, where)
        print(report.page(report.kept([row])), flush=True)
        _told(f"{row} took {time.monotonic() - started:.0f} s; bench/results/{row}.json")


def _profile(options: Options) -> None:
    with Stage(options) as stage:
        summary = profiling.record(stage, report.RESULTS)
    (report.RESULTS / "profile.md").write_text(summary)
    _told("bench/results/profile.md")


def _told(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
