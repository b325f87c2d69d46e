"""docs/partners.md works: its samples accept what is genuine and nothing else, in each of the three languages."""

import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from notify.partner_queues.rights import QUEUE
from notify.webhooks.webhook import DELAYS
from tests.unit.docs.pages import ROOT, code_blocks, section, text

PAGE = ROOT / "docs/partners.md"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
TIME = 1614265330
BODY = '{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
OTHER = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
CHINESE = '{"category":"0101","words":"积水"}'

JAVA_MAIN = """
import java.nio.charset.StandardCharsets;
import java.util.Map;

public class Main {
    public static void main(String[] args) throws Exception {
        for (int n = 0; n < args.length; n += 6) {
            Map<String, String> headers = Map.of("webhook-id", args[n + 1], "webhook-timestamp", args[n + 2],
                    "webhook-signature", args[n + 3]);
            byte[] body = args[n + 4].getBytes(StandardCharsets.UTF_8);
            System.out.println(Signature.genuine(args[n], headers, body, Long.parseLong(args[n + 5])));
        }
    }
}
"""
NODE_MAIN = """
for (const [secret, id, time, signature, body, now] of JSON.parse(require("fs").readFileSync(0))) {
  const headers = { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": signature };
  console.log(genuine(secret, headers, Buffer.from(body), Number(now)));
}
"""


def signed(body: str, secret: str = SECRET) -> str:
    return Webhook(secret).sign(ID, datetime.fromtimestamp(TIME, UTC), body)


def call(**other: Any) -> list[str]:
    """The vector, or what differs from it."""
    usual = {"secret": SECRET, "id": ID, "time": TIME, "signature": SIGNATURE, "body": BODY, "now": TIME}
    return [str(value) for value in {**usual, **other}.values()]


CALLS = {
    "the vector": (call(), True),
    "another language": (call(body=CHINESE, signature=signed(CHINESE)), True),
    "two signatures while a secret rotates": (call(signature=f"{signed(BODY, OTHER)} {SIGNATURE}"), True),
    "the other of the two": (call(secret=OTHER, signature=f"{signed(BODY, OTHER)} {SIGNATURE}"), True),
    "clocks five minutes apart": (call(now=TIME + 300), True),
    "a clock that is behind": (call(now=TIME - 300), True),
    "recorded and sent again": (call(now=TIME + 301), False),
    "from the future": (call(now=TIME - 301), False),
    "another body": (call(body='{"test": 2432232315}'), False),
    "another id": (call(id="msg_other"), False),
    "another time": (call(time=TIME + 1), False),
    "another secret": (call(secret=OTHER), False),
    "another version": (call(signature=SIGNATURE.replace("v1,", "v2,")), False),
    "a shorter signature": (call(signature=SIGNATURE[:-4]), False),
    "no signature": (call(signature=""), False),
}


def sample(language: str) -> str:
    """The first sample of the page in a language."""
    fence = f"```{language}\n"
    return next(each for each in code_blocks(PAGE) if each.startswith(fence)).removeprefix(fence).removesuffix("```")


def program(name: str) -> str:
    """Where a language's program is; skips where this machine has none."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not on this machine")
    return found


def said(*command: str, told: str | None = None) -> list[str]:
    done = subprocess.run(
        command,
        input=told,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout.split()


def expected() -> list[str]:
    return [str(fits).lower() for _, fits in CALLS.values()]


@pytest.mark.parametrize("name", CALLS)
def test_the_python_sample_knows_what_is_genuine(name: str) -> None:
    namespace: dict[str, Any] = {}
    exec(sample("python"), namespace)
    (secret, id_, time, signature, body, now), fits = CALLS[name]
    headers = {"webhook-id": id_, "webhook-timestamp": time, "webhook-signature": signature}
    assert namespace["genuine"](secret, headers, body.encode(), float(now)) is fits


def test_the_node_sample_knows_what_is_genuine() -> None:
    node = program("node")
    calls = json.dumps([given for given, _ in CALLS.values()])
    assert said(node, "-e", sample("javascript") + NODE_MAIN, told=calls) == expected()


def test_the_java_sample_knows_what_is_genuine(tmp_path: Path) -> None:
    javac, java = program("javac"), program("java")
    (tmp_path / "Signature.java").write_text(sample("java"), encoding="utf-8")
    (tmp_path / "Main.java").write_text(JAVA_MAIN, encoding="utf-8")
    said(
        javac, "-encoding", "UTF-8", "-d", str(tmp_path), str(tmp_path / "Signature.java"), str(tmp_path / "Main.java")
    )
    calls = [value for given, _ in CALLS.values() for value in given]
    assert (
        said(java, "-Dsun.jnu.encoding=UTF-8", "-Dfile.encoding=UTF-8", "-cp", str(tmp_path), "Main", *calls)
        == expected()
    )


def test_the_vector_is_the_standard_s() -> None:
    assert signed(BODY) == SIGNATURE
    told = section(PAGE, "### To test with")
    assert all(f"`{each}`" in told for each in (SECRET, ID, str(TIME), SIGNATURE))
    assert f"`{BODY}`" in told


def test_the_figures_are_those_of_the_code() -> None:
    page = re.sub(r"\s+", " ", text(PAGE))
    assert f"{QUEUE['x-max-length']:,} events or {QUEUE['x-max-length-bytes'] // 1_000_000} MB" in page
    assert "5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h" in page
    assert [each.total_seconds() for each in DELAYS] == [0, 5, 300, 1800, *(3600 * n for n in (2, 5, 10, 14, 20, 24))]
