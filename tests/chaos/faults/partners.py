"""Group 10: the partner's receiver fails in every way that one subscription can show."""

import random
import time
from datetime import UTC, datetime
from functools import partial

from tests.chaos.partners.partner import Partner
from tests.chaos.stage import Fault, Stage
from tests.component.notify.receiver import Handler, Reply, drip, flood

METADATA = "http://169.254.169.254/latest/meta-data/"
HANG_SECONDS = 35
STATE_SECONDS = 30
IN_FLIGHT_SECONDS = 2.0
"""A post that had begun when the subscription was disabled may still arrive."""


def hang(handler: Handler) -> None:
    """Nothing, for longer than a post may take."""
    handler.server.receiver.closed.wait(HANG_SECONDS)  # type: ignore[attr-defined]  # see Receiver


BAD: dict[str, tuple[Reply, int]] = {
    "answers 500": (Reply(500), 4),
    "answers 429 with Retry-After": (Reply(429, {"Retry-After": "2"}), 3),
    "redirects to a metadata address": (Reply(302, {"Location": METADATA}), 3),
    "drips its answer": (Reply(0, speak=drip), 2),
    "hangs": (Reply(0, speak=hang), 2),
    "answers with a gigabyte": (Reply(200, speak=flood), 2),
}
"""What is answered, and to how many tries: an event that fails only once is tried again after five seconds."""


def answer_badly(stage: Stage, dice: random.Random, how: str) -> None:
    """Some tries are answered badly, those after them well."""
    reply, times = BAD[how]
    replies = stage.sandan.partner.replies
    replies[:] = [*([reply] * times), Reply()]
    deadline = time.monotonic() + HANG_SECONDS
    while len(replies) > 1 and time.monotonic() < deadline:
        time.sleep(0.2)
    if len(replies) > 1:
        stage.complain("the receiver was not asked often enough")
    stage.healed()


def be_gone(stage: Stage, dice: random.Random) -> None:
    """410 disables the subscription: nothing comes any more until it is resumed, then everything does."""
    partner, partners, began = stage.sandan.partner, stage.sandan.partners, datetime.now(UTC)
    partner.replies[:] = [Reply(410), Reply()]
    await_state(stage, partner, "disabled")
    time.sleep(IN_FLIGHT_SECONDS)
    partner.over()
    time.sleep(4)
    for id in partner.late():
        stage.complain(f"delivered while disabled: {id}")
    partner.over(so_far=False)
    partners.does("POST", partner, "/resume")
    await_state(stage, partner, "active")
    partner.unheard.append((began, datetime.now(UTC)))
    stage.healed()


def await_state(stage: Stage, partner: Partner, state: str) -> None:
    """Wait until its subscription stands so, and complain when it does not come to that."""
    what = f"the subscription of {partner.name} to be {state}"
    stage.expect(what, lambda: stage.sandan.partners.state(partner) == state, STATE_SECONDS)


FAULTS = (
    Fault(10, "partner answers 410", be_gone, short=True),
    *(Fault(10, f"partner {how}", partial(answer_badly, how=how), short=how == "answers 500") for how in BAD),
)
