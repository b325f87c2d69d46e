"""`make demo`: plays the street lamp against the running gateway; shows notices and deliveries as they come."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests

from dev.client import Client, SignInFailed, told
from dev.lamp import STORY, Lamp
from dev.receiver import Delivery, Receiver
from dev.token import NotRunning, sign_in

CAST = ("resident", "dispatcher", "worker", "member", "inspector", "admin")
PATIENCE_SECONDS = 15
READERS = ("resident", "dispatcher", "worker", "member", "inspector")


def main() -> int:
    """Play it; the exit code is 0 when every step was taken and everything was delivered."""
    try:
        people = {who: sign_in(who) for who in CAST}
        print("东源胜景小区 · the street lamp, from report to rating\n")
        with Receiver(show_delivery) as receiver, subscribed(people["admin"], receiver):
            return 0 if play(people, receiver) else 1
    except (NotRunning, SignInFailed, NotSubscribed, requests.ConnectionError) as error:
        print(error)
        return 1


def play(people: Mapping[str, Client], receiver: Receiver) -> bool:
    """Play every step; whether each was taken and the partner has heard of it."""
    lamp = Lamp(people)
    seen = {who: newest(people[who]) for who in READERS}
    return all(played(lamp, step.told, step.do(lamp), seen) for step in STORY) and delivered(lamp, receiver)


class NotSubscribed(Exception):
    """The gateway refused the subscription; the message says why and what to do."""


@contextmanager
def subscribed(admin: Client, receiver: Receiver) -> Iterator[None]:
    """Have a partner's webhook for all events of cases, which has to answer a test event first."""
    answer = admin.post("/v1/subscriptions", json={"url": receiver.url, "types": ["case.*"]})
    if not answer.ok:
        raise NotSubscribed(told(answer))
    receiver.secret = answer.json()["secret"]
    path = f"/v1/subscriptions/{answer.json()['subscription_id']}"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while admin.get(path).json()["state"] != "active" and time.monotonic() < deadline:
        time.sleep(0.1)
    try:
        yield
    finally:
        admin.delete(path)


def played(lamp: Lamp, step: str, answer: requests.Response, seen: dict[str, str | None]) -> bool:
    """Show one step and the notices that came of it; whether it was taken."""
    if not answer.ok:
        print(f"  {step}\n    refused: {told(answer)}")
        return False
    receipt = answer.json()
    print(f"{receipt['at']}  {step}\n    {receipt['number']} v{receipt['version']} {receipt['status']}{due(receipt)}")
    time.sleep(0.4)  # notices go their own way; the demo waits a moment so that they stand where they belong
    for who in READERS:
        show_notices(lamp.people[who], who, seen)
    return True


def due(receipt: Mapping[str, Any]) -> str:
    """The deadlines, once, when they are set."""
    if receipt["act"] != "register":
        return ""
    return f"; respond by {receipt['respond_due']}, resolve by {receipt['resolve_due']}"


def newest(reader: Client) -> str | None:
    """The newest notice that somebody has already."""
    items = reader.get("/v1/inbox", params={"limit": 1}).json()["items"]
    return items[0]["notice_id"] if items else None


def show_notices(reader: Client, who: str, seen: dict[str, str | None]) -> None:
    """Print what is new in somebody's inbox."""
    items = reader.get("/v1/inbox", params={"limit": 20}).json()["items"]
    ids = [item["notice_id"] for item in items]
    fresh = items[: ids.index(seen[who])] if seen[who] in ids else items
    for item in reversed(fresh):
        print(f"      → {who}: {item['texts']['zh-CN']['title']}")
    if ids:
        seen[who] = ids[0]


def show_delivery(delivery: Delivery) -> None:
    """Print one webhook delivery."""
    if delivery.sequence:
        mark = "signature verified" if delivery.signed else "signature not checked"
        print(f"      ⇢ webhook: {delivery.type} #{delivery.sequence} ({mark})")


def delivered(lamp: Lamp, receiver: Receiver) -> bool:
    """Wait until the partner has every event of the case; whether they came in order."""
    version = lamp.people["dispatcher"].get(f"/v1/cases/{lamp.case_id}").json()["version"]
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(sequences(lamp, receiver)) < version and time.monotonic() < deadline:
        time.sleep(0.1)
    in_order = sequences(lamp, receiver) == list(range(1, version + 1))
    print(f"\nThe partner has {len(sequences(lamp, receiver))} of {version} events, in order: {in_order}.")
    return in_order


def sequences(lamp: Lamp, receiver: Receiver) -> list[int]:
    """The positions of the case's events in the order in which they first came."""
    mine = [each.sequence for each in receiver.deliveries if each.subject == f"case/{lamp.case_id}"]
    return list(dict.fromkeys(mine))


if __name__ == "__main__":
    sys.exit(main())
