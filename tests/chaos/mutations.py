"""`python -m tests.chaos.mutations`: takes one mechanism out at a time and watches the test of its guarantee go red."""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dev.layout import ROOT

TEST_SECONDS = 300
GREEN, RED, STUCK = 0, 1, -1
COPIED = ("services", "gateway", "dev", "tests", "bench")
FILES = ("pyproject.toml", "Procfile")

CHASSIS = "tests/component/chassis"
FAULTS = f"{CHASSIS}/test_pair_faults.py"
PAIR = f"{CHASSIS}/test_pair.py"


@dataclass(frozen=True)
class Mutation:
    """A mechanism of a guarantee, the text that takes it out, and the tests that have to go red."""

    guarantee: int
    mechanism: str
    file: str
    text: str
    instead: str
    tests: tuple[str, ...]


MUTATIONS = (
    Mutation(
        1,
        "a write waits for the journals of a majority",
        "services/chassis/mongo.py",
        'KEPT = WriteConcern(w="majority", j=True, wtimeout=10_000)',
        "KEPT = WriteConcern(w=1)",
        (f"{CHASSIS}/test_kept.py::test_a_write_that_no_majority_has_is_not_acknowledged",),
    ),
    Mutation(
        2,
        "compare-and-set on the version",
        "services/chassis/outbox.py",
        'expected = {"_id": addition.id, "version": addition.version}',
        'expected = {"_id": addition.id}',
        (
            f"{CHASSIS}/test_outbox.py::test_who_loaded_an_older_version_changes_nothing",
            f"{CHASSIS}/test_outbox.py::test_of_many_who_write_at_once_one_succeeds",
        ),
    ),
    Mutation(
        3,
        "what no queue took comes back and stays in the outbox",
        "services/chassis/publisher.py",
        "outgoing.exchange, outgoing.routing_key, mandatory=True)",
        "outgoing.exchange, outgoing.routing_key, mandatory=False)",
        (
            f"{CHASSIS}/test_pair_unroutable.py::test_an_event_that_no_queue_takes_stays_in_the_outbox_and_raises_an_alarm",
        ),
    ),
    Mutation(
        3,
        "nothing counts as sent before its confirm",
        "services/chassis/publisher.py",
        "            batch.settle(index, Outcome.UNKNOWN)\n",
        "            batch.settle(index, Outcome.TAKEN)\n",
        (f"{CHASSIS}/test_relay.py::test_a_publish_that_is_lost_on_its_way_is_sent_again",),
    ),
    Mutation(
        3,
        "what a killed process left is found by a sweep",
        "services/chassis/relay.py",
        "            self._safely(self._sweep)\n",
        "",
        (f"{FAULTS}::test_a_process_may_die_at_any_point[giver-after-write]",),
    ),
    Mutation(
        3,
        "a queue that was gone is noted before it is declared again",
        "services/chassis/attachment.py",
        "if not topology.exists(connection, queue):",
        "if False:",
        (f"{CHASSIS}/test_pair_missed.py::test_what_waited_in_a_deleted_queue_is_handled",),
    ),
    Mutation(
        4,
        "what a lost queue missed comes before what it holds",
        "services/chassis/ordered.py",
        "        if not self.lost:\n            super()._consume()",
        "        super()._consume()",
        (f"{CHASSIS}/test_pair_missed.py::test_what_comes_meanwhile_waits_until_what_was_missed_can_be_asked_for",),
    ),
    Mutation(
        4,
        "one consumer at a time where the order counts",
        "services/chassis/topology.py",
        'arguments["x-single-active-consumer"] = True',
        "pass",
        (f"{FAULTS}::test_what_is_handled_in_line_is_handled_by_one_instance_at_a_time",),
    ),
    Mutation(
        4,
        "one entry of a document in flight",
        "services/chassis/carrier.py",
        'return entry if entry is not None and self.relayed == entry["n"] - 1 else None',
        "return entry",
        (f"{CHASSIS}/test_relay.py::test_the_second_event_of_a_document_waits_for_the_first",),
    ),
    Mutation(
        5,
        "a notice's id is made of the event, the recipient and the template",
        "services/notify/notices/notice.py",
        'return f"{event_id}:{recipient}:{template}"',
        'return str(__import__("uuid").uuid4())',
        ("tests/unit/notify/test_notice.py::test_a_notice_is_known_by_event_recipient_and_template",),
    ),
    Mutation(
        6,
        "a failing handler's message goes round and is parked",
        "services/chassis/subscription.py",
        "            case _:\n                return self._send_on(queue, message, error)",
        '            case _:\n                return "done"',
        (f"{PAIR}::test_a_message_that_always_fails_is_parked_with_its_reason_and_harms_nobody",),
    ),
    Mutation(
        7,
        "the history remembers what a command answered",
        "services/chassis/command.py",
        "return next((dict(answer) for answer in answers if answer is not None), None)",
        "return None",
        ("tests/component/cases/test_service.py::test_a_command_that_comes_twice_gets_the_same_receipt",),
    ),
    Mutation(
        8,
        "a request expires with its deadline",
        "services/chassis/rpc/client.py",
        "            expiration=str(int(seconds * 1000)),\n",
        "",
        (f"{FAULTS}::test_a_call_past_its_deadline_says_so_and_is_never_started",),
    ),
    Mutation(
        9,
        "the grace period has an end",
        "services/chassis/launcher.py",
        "        _cut_short_after(settings.grace_seconds)\n",
        "",
        (f"{FAULTS}::test_a_service_that_hangs_is_cut_short_when_its_grace_period_is_over",),
    ),
    Mutation(
        9,
        "a message is acknowledged after its effect",
        "services/chassis/subscription.py",
        "finished = partial(self.settle, queue, message)\n        try:\n            event = letters.opened(message)\n",
        "finished = partial(self.settle, queue, message)\n        try:\n            event = letters.opened(message)\n"
        '            written(lambda: message.channel.basic_ack(message.delivery_info["delivery_tag"]))\n',
        (f"{FAULTS}::test_a_handler_that_kills_its_process_is_given_the_message_again",),
    ),
)
"""For each guarantee of ARCHITECTURE.md at least one; the texts have to occur exactly once."""


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
    """Whether the tests are green, and each of them red with the mechanism out."""
    file = copy / mutation.file
    whole = file.read_text()
    if whole.count(mutation.text) != 1:
        print(f"✗ {mutation.guarantee} {mutation.mechanism}: the text is not once in {mutation.file}", flush=True)
        return False
    green = _tested(copy, mutation.tests) == GREEN
    try:
        file.write_text(whole.replace(mutation.text, mutation.instead))
        not_red = [test for test in mutation.tests if _tested(copy, (test,)) != RED]
    finally:
        file.write_text(whole)
    shown = green and not not_red
    verdict = "red without it" if shown else f"not red without it: {not_red}" if green else "not green with it"
    print(f"{'✓' if shown else '✗'} {mutation.guarantee} {mutation.mechanism}: {verdict}", flush=True)
    return shown


def _tested(copy: Path, tests: tuple[str, ...]) -> int:
    """What pytest ended with: GREEN, RED, or another number when it did not get as far."""
    paths = os.pathsep.join([str(copy / "services"), str(copy)])
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", *tests],
            cwd=copy,
            env=os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=TEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return STUCK
    if done.returncode not in {GREEN, RED}:
        print(done.stdout[-2_000:], done.stderr[-500:])
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
