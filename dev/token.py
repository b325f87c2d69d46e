"""`make -s token who=dispatcher`: signs a demo person in to the running suite and prints the bearer token.

`who=open311` prints the `api_key` of a made-up program instead, which nobody signs in with.
"""

import base64
import json
import sys
import time
from http import HTTPStatus
from typing import Any

from dev import running
from dev.client import Client, SignInFailed, sign_in_with_code, sign_in_with_password
from dev.layout import ROOT
from dev.running import LOCAL, NotRunning, Running

__all__ = ["NotRunning", "sign_in", "token"]

ACCOUNTS: dict[str, dict[str, Any]] = json.loads((ROOT / "services/members/demo_accounts.json").read_text())
PROGRAM = "open311"
LEFT_SECONDS = 300
"""A token that ends sooner is replaced."""


def token(who: str) -> str:
    """An access token of a demo person, as the person would get it; raises `NotRunning` or `SignInFailed`.

    It is kept until shortly before it ends, or its session has ended, since a phone gets a code only once a minute.
    """
    suite, kept = running.find(), LOCAL / "tokens" / who
    if kept.exists() and _lasts(kept.read_text()) and _is_good(suite, kept.read_text()):
        return kept.read_text()
    fresh = _signed_in(suite, ACCOUNTS[who])
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    kept.write_text(fresh)
    return fresh


def _signed_in(suite: Running, account: dict[str, Any]) -> str:
    with Client(suite.url) as client:
        if "login" in account:
            return sign_in_with_password(client, account["login"], suite.demo_password)
        return sign_in_with_code(client, suite.console_file, account["phone"])


def _lasts(token: str) -> bool:
    """Whether it is good for a while yet; what was written in part, as on a full disk, is not."""
    claims = token.partition(".")[2].partition(".")[0]
    padded = claims + "=" * (-len(claims) % 4)
    try:
        ends: float = json.loads(base64.urlsafe_b64decode(padded))["exp"]
    except ValueError:
        return False
    return ends - time.time() > LEFT_SECONDS


def _is_good(suite: Running, token: str) -> bool:
    with Client(suite.url, token) as client:
        return client.get("/v1/me").status_code != HTTPStatus.UNAUTHORIZED


def sign_in(who: str) -> Client:
    """A client of the running suite, signed in as a demo person."""
    return Client(running.find().url, token(who))


def main() -> None:
    """Print the token of the person who is named by the only argument."""
    who = sys.argv[1] if len(sys.argv) == 2 else ""
    if who not in {*ACCOUNTS, PROGRAM}:
        sys.exit(f"Say who: make -s token who={'|'.join([*ACCOUNTS, PROGRAM])}")
    try:
        print(running.find().demo_api_key if who == PROGRAM else token(who))
    except (NotRunning, SignInFailed) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
