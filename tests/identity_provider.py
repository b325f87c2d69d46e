"""An identity provider for tests: real on the wire, with keys of its own, and told how to misbehave.

It speaks OpenID Connect as one does that means well, and holds whoever asks to it: client, page, PKCE, a code once.
"""

import hmac
import json
import secrets
import ssl
import time
from base64 import b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeyParameters, RSAKey

from dev.ports import free_port

CONFIGURATION = "/.well-known/openid-configuration"
AUTHORIZE, TOKEN, KEYS = "/authorize", "/token", "/keys"
PAGE = "https://sandan.example.cn/signed-in"
CLIENT, SECRET = "sandan", "a secret: of+sandan"

Answer = dict[str, Any]
Claims = Mapping[str, Any]


@dataclass
class Reply:
    """What is answered in place of the right thing: a status with a body, or whatever `speak` writes to the socket."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    speak: Callable[["Handler"], None] | None = None


@dataclass(frozen=True)
class Granted:
    """What a code was given out for."""

    subject: str
    nonce: str
    challenge: str
    redirect_uri: str


class IdentityProvider:
    """One provider, at a port of this machine; `issuer` is what it calls itself."""

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._server.daemon_threads = True
        self._server.provider = self  # type: ignore[attr-defined]  # for the handlers
        self.port = self._server.server_port
        self.issuer = f"{'https' if tls else 'http'}://{host}:{self.port}"
        self.now = now
        self.asked: Counter[str] = Counter()
        self.replies: dict[str, Reply] = {}
        self.metadata: Answer = {}
        self.claims: Answer = {}
        self.sign: Callable[[Claims], str] = self.signed
        self.closed = Event()
        self.given: list[str] = []
        self._codes: dict[str, Granted] = {}
        self.keys: list[Key] = []
        self.rotate()

    def rotate(self, kind: str = "EC") -> None:
        """Sign with a new key from now on; the old one is gone."""
        id: KeyParameters = {"kid": f"key-{secrets.token_hex(4)}", "use": "sig"}
        made: Key = RSAKey.generate_key(2048, id) if kind == "RSA" else ECKey.generate_key("P-256", id)
        self.keys = [made]

    def start(self) -> None:
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.closed.set()
        self._server.shutdown()
        self._server.server_close()

    def browse(self, url: str, subject: str) -> dict[str, str]:
        """What comes back to the page once `subject` has signed in, as a browser would be sent there."""
        answered = requests.get(url, headers={"X-Subject": subject}, allow_redirects=False, timeout=10)
        assert answered.status_code == 302, answered.text
        page, _, query = answered.headers["Location"].partition("?")
        assert page == PAGE
        return dict(parse_qsl(query))

    def signed(self, claims: Claims) -> str:
        """An ID token, as it should be."""
        [key] = self.keys
        algorithm = "RS256" if key.key_type == "RSA" else "ES256"
        return jwt.encode({"alg": algorithm, "kid": key.kid}, dict(claims), key)

    def known_as(self) -> Answer:
        """What it says of itself."""
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": self.issuer + AUTHORIZE,
            "token_endpoint": self.issuer + TOKEN,
            "jwks_uri": self.issuer + KEYS,
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
        return {name: each for name, each in (said | self.metadata).items() if each is not None}

    def authorized(self, asked: Mapping[str, str], subject: str) -> str:
        """Where a browser is sent that comes with this."""
        wanted = {"response_type": "code", "client_id": CLIENT, "redirect_uri": PAGE, "code_challenge_method": "S256"}
        assert {name: asked.get(name) for name in wanted} == wanted
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(24)
        self.given.append(code)
        self._codes[code] = Granted(subject, asked["nonce"], asked["code_challenge"], asked["redirect_uri"])
        return f"{PAGE}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def granted(self, form: Mapping[str, str], authorization: str) -> tuple[int, Answer]:
        """What is answered to a code."""
        if not _is_client(authorization):
            return 401, {"error": "invalid_client"}
        found = self._codes.pop(form.get("code", ""), None)
        if found is None or form.get("grant_type") != "authorization_code":
            return 400, {"error": "invalid_grant"}
        if form.get("redirect_uri") != found.redirect_uri or _challenge(form["code_verifier"]) != found.challenge:
            return 400, {"error": "invalid_grant"}
        token = self.sign(self.said_of(found))
        self.given.append(token)
        return 200, {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "id_token": token}

    def said_of(self, found: Granted) -> Answer:
        now = self.now()
        said: Answer = {
            "iss": self.issuer,
            "sub": found.subject,
            "aud": CLIENT,
            "nonce": found.nonce,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(minutes=5)).timestamp()),
            "email": "xie@example.cn",
        }
        return {name: each for name, each in (said | self.claims).items() if each is not None}


class Handler(BaseHTTPRequestHandler):
    """One request to the provider."""

    protocol_version = "HTTP/1.1"

    @property
    def provider(self) -> IdentityProvider:
        found: IdentityProvider = self.server.provider  # type: ignore[attr-defined]  # see IdentityProvider
        return found

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if self._is_misbehaving(path):
            return
        if path == AUTHORIZE:
            where = self.provider.authorized(dict(parse_qsl(query)), self.headers["X-Subject"])
            self._answer(302, {"Location": where}, b"")
        elif path == CONFIGURATION:
            self._say(200, self.provider.known_as())
        elif path == KEYS:
            self._say(200, {"keys": [key.as_dict(private=False) for key in self.provider.keys]})
        else:
            self._say(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if not self._is_misbehaving(self.path):
            self._say(*self.provider.granted(dict(parse_qsl(body)), self.headers.get("Authorization", "")))

    def _is_misbehaving(self, path: str) -> bool:
        self.provider.asked[path] += 1
        self.close_connection = True
        reply = self.provider.replies.get(path)
        if reply is None:
            return False
        with suppress(OSError):
            if reply.speak:
                reply.speak(self)
            else:
                self._answer(reply.status, reply.headers, reply.body)
        return True

    def _say(self, status: int, said: Answer) -> None:
        self._answer(status, {"Content-Type": "application/json"}, json.dumps(said).encode())

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def silence(handler: Handler) -> None:
    """Nothing, for longer than anybody waits."""
    handler.provider.closed.wait(20)


def drip(handler: Handler) -> None:
    """A header that never ends, a byte at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(400):
        handler.wfile.write(b"a")
        time.sleep(0.02)


def flood(handler: Handler) -> None:
    """A gigabyte of JSON, or as much of it as is taken."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n{"keys": "')
    for _ in range(1000):
        handler.wfile.write(b"x" * 1_000_000)


@contextmanager
def providing(now: Callable[[], datetime] = lambda: datetime.now(UTC), **more: Any) -> Iterator[IdentityProvider]:
    """A provider while it is used; `more` as the provider takes it."""
    provider = IdentityProvider(now, **more)
    provider.start()
    try:
        yield provider
    finally:
        provider.stop()


def state_of(url: str) -> str:
    """The `state` in the address where somebody signs in."""
    return parse_qs(urlsplit(url).query)["state"][0]


def _is_client(authorization: str) -> bool:
    kind, _, pair = authorization.partition(" ")
    id, _, secret = b64decode(pair).decode().partition(":")
    return (kind, unquote_plus(id), unquote_plus(secret)) == ("Basic", CLIENT, SECRET)


def _challenge(verifier: str) -> str:
    assert 43 <= len(verifier) <= 128
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def unsigned(claims: Claims) -> str:
    """An ID token with `alg: none`."""
    head, body = ({"alg": "none", "typ": "JWT"}, dict(claims))
    return f"{_part(head)}.{_part(body)}."


def signed_with_public_key(provider: IdentityProvider) -> Callable[[Claims], str]:
    """Signs with HS256, with the public key as the secret, in the form in which everybody can have it."""
    provider.rotate("RSA")
    [key] = provider.keys
    assert isinstance(key, RSAKey)
    secret = key.as_pem(private=False)

    def sign(claims: Claims) -> str:
        text = f"{_part({'alg': 'HS256', 'kid': key.kid})}.{_part(dict(claims))}"
        digest = hmac.new(secret, text.encode(), sha256).digest()
        return f"{text}.{urlsafe_b64encode(digest).decode().rstrip('=')}"

    return sign


def signed_with_own_key(provider: IdentityProvider, *, shown: bool = False) -> Callable[[Claims], str]:
    """Signs with another key under the id of the provider's, perhaps with that key in the header."""
    [key] = provider.keys
    other = ECKey.generate_key("P-256")
    header: Answer = {"alg": "ES256", "kid": key.kid}

    def sign(claims: Claims) -> str:
        told = {"jwk": other.as_dict(private=False)} if shown else {}
        return jwt.encode(header | told, dict(claims), other)

    return sign


def _part(part: Answer) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
