"""`python -m tests.chaos`: play the faults against a suite and say what was lost, doubled or out of order."""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, groupby
from pathlib import Path

from dev.layout import ROOT
from tests.chaos import report
from tests.chaos.faults import FAULTS
from tests.chaos.sandan import Sandan
from tests.chaos.stage import Fault, Outcome, Stage, SubjectMaker
from tests.chaos.stock import Stock

SUBJECTS: Mapping[str, SubjectMaker] = {"sandan": Sandan, "stock": Stock}
PAGE = ROOT / "docs/chaos.md"


@dataclass
class Run:
    """What one subject came to: the outcome of each fault, what offended at the end of a stage, the servers."""

    outcomes: list[Outcome] = field(default_factory=list)
    at_the_end: list[dict[str, list[str]]] = field(default_factory=list)
    servers: str = ""

    @property
    def held(self) -> bool:
        """Whether every invariant held."""
        return not any([*(outcome.violations for outcome in self.outcomes), *self.at_the_end])


def main() -> int:
    """The exit code: 1 when Sandan violates an invariant, 2 when there is no fault to play."""
    arguments = _arguments()
    subjects = ["sandan", "stock"] if arguments.write else [arguments.subject]
    wanted = {name: _chosen(arguments, name) for name in subjects}
    if not any(wanted.values()):
        print(f"No fault for {' and '.join(subjects)} has {arguments.only!r} in its name.", file=sys.stderr)
        return 2
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(2**32)
    directory = Path(tempfile.mkdtemp(prefix="sandan-chaos-"))
    runs = {name: play(chosen, name, seed, directory / name) for name, chosen in wanted.items()}
    if arguments.write:
        ours = runs["sandan"]
        report.write(PAGE, report.results(seed, ours.outcomes, runs["stock"].outcomes, ours.servers))
    if all(run.held for run in runs.values()):
        shutil.rmtree(directory)
        return 0
    print(f"Invariants are violated. Logs and data: {directory}. Again: --seed {seed}")
    return 0 if "sandan" not in runs or runs["sandan"].held else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--long", action="store_true", help="every fault, on clusters too")
    parser.add_argument("--seed", type=int, help="of every random choice; printed when left out")
    parser.add_argument("--only", default="", help="only faults whose name has this in it")
    parser.add_argument("--subject", choices=SUBJECTS, default="sandan")
    parser.add_argument("--write", action="store_true", help="play against both subjects and write docs/chaos.md")
    return parser.parse_args()


def _chosen(arguments: argparse.Namespace, subject: str) -> list[Fault]:
    return [
        fault
        for fault in FAULTS
        if (arguments.long or fault.short or arguments.only)
        and arguments.only in fault.name
        and (subject == "sandan" or fault.stock)
    ]


def play(faults: Iterable[Fault], subject: str, seed: int, directory: Path) -> Run:
    """One fault after the other, each stage with servers of its own; a new one where the subject comes back no more."""
    run, began = Run(), time.monotonic()
    wanted = sorted(faults, key=lambda fault: fault.needs)
    print(f"seed {seed}, {len(wanted)} faults against {subject}, logs in {directory}\n{report.heading()}", flush=True)
    stages = count(1)
    for needs, group in groupby(wanted, key=lambda fault: fault.needs):
        left: Sequence[Fault] = list(group)
        while left:
            dice = random.Random(f"{seed} {left[0].name}")
            stage = Stage(directory / f"{next(stages)}-{needs}", needs, SUBJECTS[subject], dice)
            try:
                left = _play_stage(stage, left, run)
            finally:
                stage.close()
    print(f"{len(wanted)} faults against {subject} in {time.monotonic() - began:.0f} s", flush=True)
    return run


def _play_stage(stage: Stage, faults: Sequence[Fault], run: Run) -> Sequence[Fault]:
    """Play until the subject answers no more; the faults that are left for a stage of their own."""
    stage.start()
    run.servers = stage.servers.versions()
    for number, fault in enumerate(faults, 1):
        outcome = stage.play(fault)
        print(report.row(outcome), flush=True)
        run.outcomes.append(outcome)
        if outcome.recovery == float("inf"):
            return faults[number:]
    at_the_end = stage.finish()
    print("\n".join([f"   at the end: {report.verdict(at_the_end)}", *report.items(at_the_end)]), flush=True)
    run.at_the_end.append(at_the_end)
    return ()


if __name__ == "__main__":
    sys.exit(main())
