"""The mechanisms that guarantees rest on, each with the text that takes it out and what has to go red then."""

from dataclasses import dataclass

CHASSIS = "tests/component/chassis"
FAULTS = f"{CHASSIS}/test_pair_faults.py"
PAIR = f"{CHASSIS}/test_pair.py"


@dataclass(frozen=True)
class Mutation:
    """A mechanism of a guarantee, the text that takes it out, and the tests that have to go red.

    Where there is a `fault`, it is played instead, and each of the `invariants` has to be violated.
    """

    guarantee: int
    mechanism: str
    file: str
    text: str
    instead: str
    tests: tuple[str, ...] = ()
    fault: str = ""
    invariants: tuple[str, ...] = ()


NOTIFY = "services/notify"

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
    Mutation(
        10,
        "a unit gets no complaint about itself, and nothing before it is registered",
        f"{NOTIFY}/partners/subscription.py",
        "return subject.registered and subject.complained_unit_id != unit",
        "return True",
        fault="partner's secret rotated",
        invariants=("I9",),
    ),
    Mutation(
        10,
        "a subscription ends at its grids",
        f"{NOTIFY}/partners/subscription.py",
        "return grid_code.startswith(interest.grid_prefix) and (",
        "return (",
        fault="partner's secret rotated",
        invariants=("I9",),
    ),
    Mutation(
        10,
        "what tells who a person is stays here",
        f"{NOTIFY}/events/logged_event.py",
        "for name, value in data.items() if name not in WITHHELD}",
        "for name, value in data.items()}",
        fault="partner's secret rotated",
        invariants=("I9",),
    ),
    Mutation(
        10,
        "the address that was checked is the one that is connected to",
        f"{NOTIFY}/webhooks/channel.py",
        "over = connected(place, addresses, deadline, self._tls)",
        "over = connected(place, [place.host], deadline, self._tls)",
        fault="partner's name leads inside",
        invariants=("I9",),
    ),
    Mutation(
        10,
        "what failed is tried again",
        f"{NOTIFY}/partners/delivery.py",
        "return Ruling(State.PENDING, now + pause, disable=disable)",
        "return Ruling(State.CANCELLED, disable=disable)",
        fault="partner answers 500",
        invariants=("I8",),
    ),
    Mutation(
        10,
        "both secrets sign while one replaces the other",
        f"{NOTIFY}/partners/subscription.py",
        "return subscription.secrets[:1] if retired else subscription.secrets",
        "return subscription.secrets[-1:]",
        fault="partner's secret rotated",
        invariants=("own",),
    ),
    Mutation(
        10,
        "what a full queue refuses waits",
        f"{NOTIFY}/partner_queues/filling.py",
        'Outcome.REFUSED: Answer(error="queue_full")',
        "Outcome.REFUSED: Answer(status=SUCCESS)",
        fault="partner's queue full",
        invariants=("I8",),
    ),
    Mutation(
        10,
        "a disabled subscription gets nothing",
        f"{NOTIFY}/webhooks/webhook.py",
        "        return Meaning.GONE\n",
        "        return Meaning.FAILED\n",
        fault="partner answers 410",
        invariants=("own",),
    ),
    Mutation(
        10,
        "with the last queue goes the user at the broker",
        f"{NOTIFY}/partner_queues/provisioning.py",
        '        self._management.delete("users", user_name(partner_id))\n',
        "",
        fault="partner's account revoked",
        invariants=("own",),
    ),
)
"""For each guarantee of ARCHITECTURE.md at least one; the texts have to occur exactly once."""
