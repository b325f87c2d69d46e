"""Group 10: who a partner is, and where: its secret, its certificate, its name's address, its account.

None of this needs the outside world: the certificates come from an authority of the run, which notify is told to trust,
and names lead where a file says (`tests/chaos/believing`). Over http only one address of loopback is open to partners,
so that another one stands for what is inside.
"""

import random
import time

from tests.chaos.faults.partners import IN_FLIGHT_SECONDS
from tests.chaos.partners.cast import BY_NAME, HOST, INSIDE, QUEUE, UNIT, WISHES, lead
from tests.chaos.partners.follower import Follower
from tests.chaos.partners.hook import Hook, Posted
from tests.chaos.partners.partner import Partner
from tests.chaos.partners.reader import Reader
from tests.chaos.partners.wish import Wish
from tests.chaos.stage import Fault, Stage


def rotate(stage: Stage, dice: random.Random) -> None:
    """The secret is replaced: both sign for a while, and then the old one signs nothing any more."""
    partner, partners = stage.sandan.partner, stage.sandan.partners
    [old] = partner.secrets
    new = partners.does("POST", partner, "/rotate-secret", overlap_hours=1).json()["secret"]
    partner.secrets = [new, old]
    for each in _posted_from_now(stage, partner):
        if each.signers != {old, new}:
            stage.complain(f"while both are in force, signed by {_named(each, old, new)}: {_id(each)}")
    partners.does("POST", partner, "/end-old-secret")
    for each in _posted_from_now(stage, partner):
        if each.signers != {new}:
            stage.complain(f"after the old secret had ended, signed by {_named(each, old, new)}: {_id(each)}")
    partner.secrets = [new]
    stage.healed()


def _posted_from_now(stage: Stage, partner: Hook) -> list[Posted]:
    """What was posted in the next seconds, without what was on its way."""
    time.sleep(IN_FLIGHT_SECONDS)
    before = len(partner.posted)
    stage.expect("posts", lambda: len(partner.posted) >= before + 3)
    return partner.posted[before:]


def _named(posted: Posted, old: str, new: str) -> str:
    return " and ".join(name for name, secret in (("old", old), ("new", new)) if secret in posted.signers) or "neither"


def _id(posted: Posted) -> str:
    return posted.got.headers["webhook-id"]


def expire(stage: Stage, dice: random.Random) -> None:
    """The receiver's certificate has expired: nothing is told to it until it has a new one."""
    partner, authority = stage.sandan.partners.hook(UNIT), stage.sandan.authority
    partner.show(authority.chain(HOST, expired=True))
    time.sleep(0.2)  # for a handshake that had begun
    before = len(partner.got)
    _expect_failed(stage, partner, "SSLCertVerificationError")
    if len(partner.got) > before:
        stage.complain(f"{len(partner.got) - before} requests came over an expired certificate")
    partner.show(authority.chain(HOST))
    stage.healed()


def rebind(stage: Stage, dice: random.Random) -> None:
    """Every other look-up of the receiver's name leads inside, as a name server's answers may between two questions."""
    lead(stage.sandan.names_file, HOST, INSIDE)
    _expect_failed(stage, stage.sandan.partners.hook(BY_NAME), "address_refused")
    lead(stage.sandan.names_file, HOST)
    stage.healed()


def _expect_failed(stage: Stage, partner: Partner, error: str) -> None:
    """Wait for a first try that fails so; not for long, since the third would come after five minutes."""
    failed = {"subscription_id": partner.subscription, "state": "pending", "last.error": error}
    deliveries = stage.sandan.database("notify")["deliveries"]
    stage.expect(f"{error} for {partner.name}", lambda: deliveries.count_documents(failed) > 0)


def revoke(stage: Stage, dice: random.Random) -> None:
    """Partners that have just come, in each way, are removed while events flow to them; the user at the broker goes."""
    name, partners = f"guest {dice.getrandbits(16):04x}", stage.sandan.partners
    hook = Hook(f"{name} posted to", "unit_contact", WISHES[QUEUE][1])
    reader = Reader(f"{name} reading", "admin", Wish(), stage.servers.partner_ports)
    follower = Follower(f"{name} fetching", "admin", Wish(), stage.sandan.client_of("admin"))
    guests: tuple[Partner, ...] = (hook, reader, follower)
    partners.join(*guests)
    stage.expect("events for all", lambda: all(guest.arrivals() for guest in guests))
    for guest in guests:
        guest.ended = True
        partners.does("DELETE", guest)
    stage.expect("the end of the user", lambda: reader.user not in stage.servers.broker.control("list_users"))
    time.sleep(IN_FLIGHT_SECONDS)
    for guest in guests:
        guest.over()
    refused, denied = reader.refused, follower.denied
    stage.expect("the broker to refuse the user", lambda: reader.refused > refused)
    stage.expect("the feed to be gone", lambda: follower.denied > denied)
    for asking in (reader, follower):
        asking.stop()
    stage.healed()


FAULTS = (
    Fault(10, "partner's secret rotated", rotate, short=True),
    Fault(10, "partner's account revoked", revoke, short=True),
    Fault(10, "partner's certificate expired", expire),
    Fault(10, "partner's name leads inside", rebind),
)
