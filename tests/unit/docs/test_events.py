"""docs/events.md is what goes over the wire: its types are the samples', and its way to check a signature works."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks import Webhook

from tests.unit.docs.pages import ROOT, code_blocks, rows, section, text

EVENTS = ROOT / "docs/events.md"
SAMPLES = ROOT / "tests/contract/events"
CATALOGUES = (
    "## Events of cases",
    "## Events of summons",
    "## Events of the match lists",
    "## Events of intake sessions",
    "## Events of policies",
    "## Events of members",
    "## Events of notify",
)


def documented() -> set[str]:
    """The types in the page's catalogues."""
    tables = [row for title in CATALOGUES for row in rows(section(EVENTS, title))]
    return {name for row in tables for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", row[0])}


def test_the_catalogue_has_the_types_of_the_samples() -> None:
    assert documented() == {path.stem for path in SAMPLES.glob("*.json")}


def test_every_sample_has_the_fields_of_the_catalogue() -> None:
    usual, besides = cases_tables()
    assert len(besides) > 30
    for type_, told in besides.items():
        data = json.loads((SAMPLES / f"{type_}.json").read_text(encoding="utf-8"))["data"]
        assert set(data) - told["sometimes"] == usual | told["always"], type_


def test_every_sample_of_the_match_lists_has_the_fields_of_the_catalogue() -> None:
    table = rows(section(EVENTS, "## Events of the match lists"))
    fields = {kind: {*quoted(re.sub(r"\([^)]*\)", "", told)), "version", "at", "by"} for kind, told in table[:3]}
    types = [quoted_type for row in table[3:] for quoted_type in re.findall(r"`([a-z]+\.[a-z]+)`", row[0])]
    assert len(types) == 16
    for type_ in types:
        data = json.loads((SAMPLES / f"{type_}.json").read_text(encoding="utf-8"))["data"]
        assert set(data) == fields[type_.partition(".")[0]], type_


def test_the_samples_of_intake_sessions_have_the_fields_of_the_page() -> None:
    told = section(EVENTS, "## Events of intake sessions").partition("Both have")[2]
    fields = set(quoted(re.sub(r"\(`[^)]*\)", "", told)))
    for type_ in ("session.held", "session.progressed"):
        data = json.loads((SAMPLES / f"{type_}.json").read_text(encoding="utf-8"))["data"]
        assert set(data) == fields, type_


def test_every_sample_of_the_territory_has_the_fields_of_the_catalogue() -> None:
    for types, _, told in rows(section(EVENTS, "## Events of members")):
        for type_ in re.findall(r"`([a-z]+\.[a-z]+)`", types):
            data = json.loads((SAMPLES / f"{type_}.json").read_text(encoding="utf-8"))["data"]
            assert set(data) == set(quoted(told)), type_


def test_every_sample_of_notify_has_the_fields_of_the_catalogue() -> None:
    table = rows(section(EVENTS, "## Events of notify"))
    assert len(table) == 2
    for type_, _, told in table:
        name = type_.strip("`")
        data = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))["data"]
        assert set(data) == set(quoted(re.sub(r"\([^)]*\)", "", told))), name


def test_every_sample_of_a_summons_has_the_fields_of_the_catalogue() -> None:
    table = rows(section(EVENTS, "## Events of summons"))
    usual = {name for row in table if len(row) == 2 for name in quoted(row[0])}
    besides = {row[0].strip("`"): set(quoted(row[2])) for row in table if len(row) == 3}
    assert len(besides) > 5
    for type_, told in besides.items():
        data = json.loads((SAMPLES / f"{type_}.json").read_text(encoding="utf-8"))["data"]
        assert set(data) == usual | told, type_


def cases_tables() -> tuple[set[str], dict[str, dict[str, set[str]]]]:
    """The fields of every event of a case, and for each type those besides: always there, or only sometimes."""
    table = rows(section(EVENTS, "## Events of cases"))
    usual = {name for row in table if len(row) == 2 for name in quoted(row[0])}
    besides = {}
    for type_, _, _, told in (row for row in table if len(row) == 4):
        fields = set(quoted(told.partition(" (")[0]))
        besides[type_.strip("`")] = (
            {"sometimes": fields, "always": set()} if " if " in told else {"sometimes": set(), "always": fields}
        )
    return usual, besides


def quoted(cell: str) -> list[str]:
    """The codes in a cell."""
    return re.findall(r"`(\w+)`", cell)


def genuine() -> Any:
    """The function that the page gives to partners."""
    found = next(block for block in code_blocks(EVENTS) if "def genuine" in block)
    namespace: dict[str, Any] = {}
    exec("\n".join(found.splitlines()[1:-1]), namespace)
    return namespace["genuine"]


def headers(secret: str, body: str, moment: datetime) -> dict[str, str]:
    """What a partner gets with an event that was sent at `moment`, while a secret is being changed."""
    signature = Webhook(secret).sign("e-1", moment, body)
    return {
        "webhook-id": "e-1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": f"v1,old {signature}",
    }


def test_the_check_for_partners_accepts_what_is_genuine_and_nothing_else() -> None:
    secret, body, now = "whsec_" + base64.b64encode(b"0" * 32).decode(), '{"number": "测"}', datetime.now(UTC)
    sent = headers(secret, body, now)
    assert genuine()(secret, sent, body.encode())
    assert not genuine()(secret, sent, body.encode() + b" ")
    assert not genuine()(secret, sent | {"webhook-id": "e-2"}, body.encode())
    assert not genuine()(secret, headers(secret, body, now - timedelta(hours=1)), body.encode())


def test_the_vector_for_partners_is_right() -> None:
    secret, id, moment, body, signature = re.findall(
        r"`([^`]+)`", re.sub(r"\s+", " ", text(EVENTS).split("A vector to test with:")[1].split("\n\n")[0])
    )
    assert Webhook(secret).sign(id, datetime.fromtimestamp(int(moment), UTC), body) == signature
