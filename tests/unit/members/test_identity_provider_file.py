"""The file of identity providers: what an operator may write, and what is told of what is wrong with it."""

import json
from pathlib import Path
from typing import Any

import pytest

from members.identity_providers.configured import MOST, BadProviders, configured
from members.identity_providers.provider import BASIC, NONE, POST

ENTRY: dict[str, Any] = {
    "id": "district",
    "names": {"zh-CN": "赣县区统一身份认证", "en": "District sign-in"},
    "issuer": "https://id.example.cn/realms/district",
    "client_id": "sandan",
    "client_secret": "kept from everybody",
    "redirect_uris": ["https://sandan.example.cn/signed-in"],
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "providers.json"


def written(path: Path, *entries: dict[str, Any]) -> Path:
    path.write_text(json.dumps(entries, ensure_ascii=False), "utf-8")
    return path


def entry(**changes: Any) -> dict[str, Any]:
    return {name: each for name, each in (ENTRY | changes).items() if each is not None}


def test_a_provider_is_listed_with_what_it_needs_and_the_rest_is_as_usual(path: Path) -> None:
    [found] = configured(written(path, ENTRY), {})
    assert (found.id, found.issuer, found.client_id) == ("district", ENTRY["issuer"], "sandan")
    assert (found.authentication, found.scopes, found.algorithms) == (BASIC, ("openid",), ("RS256", "ES256"))
    assert (found.client_secret, found.names["zh-CN"]) == ("kept from everybody", "赣县区统一身份认证")


def test_a_secret_may_be_in_the_environment_and_a_provider_may_do_without(path: Path) -> None:
    outside = entry(client_secret=None, client_secret_env="DISTRICT_SECRET", authentication=POST)
    public = entry(id="app", issuer="https://other.example.cn", client_secret=None)
    first, second = configured(written(path, outside, public), {"DISTRICT_SECRET": "outside"})
    assert (first.client_secret, first.authentication) == ("outside", POST)
    assert (second.client_secret, second.authentication) == (None, NONE)


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:8090", "http://localhost:8090/realms/x", "http://[::1]:8090"])
def test_a_provider_of_development_needs_no_tls(path: Path, issuer: str) -> None:
    [found] = configured(written(path, entry(issuer=issuer, redirect_uris=["http://localhost:5173/in"])), {})
    assert found.issuer == issuer


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"issuer": "http://id.example.cn"}, "not https"),
        ({"issuer": "https://id.example.cn/?realm=x"}, "query"),
        ({"issuer": "https://id.example.cn/#x"}, "no address"),
        ({"issuer": "id.example.cn"}, "no address"),
        ({"issuer": None}, "issuer"),
        ({"id": "District"}, "id"),
        ({"id": "a/b"}, "id"),
        ({"names": {"zh-CN": "区"}}, "en"),
        ({"names": {"zh-CN": "区", "en": " "}}, "en"),
        ({"client_id": ""}, "client_id"),
        ({"client_id": "区"}, "client_id"),
        ({"redirect_uris": []}, "redirect_uris"),
        ({"redirect_uris": ["http://sandan.example.cn/in"]}, "redirect_uris"),
        ({"redirect_uris": ["https://sandan.example.cn/in#x"]}, "redirect_uris"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "redirect_uris"),
        ({"redirect_uris": ["/signed-in"]}, "redirect_uris"),
        ({"scopes": ["profile"]}, "openid"),
        ({"scopes": ["openid", "two words"]}, "scopes"),
        ({"algorithms": ["none"]}, "algorithms"),
        ({"algorithms": ["HS256"]}, "algorithms"),
        ({"algorithms": []}, "algorithms"),
        ({"authentication": "private_key_jwt"}, "authentication"),
        ({"authentication": NONE}, "no use for client_secret"),
        ({"client_secret": None, "authentication": BASIC}, "needs client_secret"),
        ({"client_secret_env": "X"}, "one of them is enough"),
        ({"client_secret": None, "client_secret_env": "NOT_SET"}, "NOT_SET, which is not set"),
        ({"client_secert": "typed wrongly"}, "client_secert"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_reason_and_without_its_secret(
    path: Path, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(BadProviders) as caught:
        configured(written(path, entry(**changes)), {})
    assert told in str(caught.value)
    assert str(path) in str(caught.value)
    assert "kept from everybody" not in str(caught.value)


@pytest.mark.parametrize(("changes", "told"), [({"id": "x"}, "issuer"), ({"issuer": "https://x.example"}, "id")])
def test_no_two_have_one_name(path: Path, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(BadProviders, match=f"the same {told}"):
        configured(written(path, ENTRY, entry(**changes)), {})


def test_there_are_not_too_many(path: Path) -> None:
    many = [entry(id=f"p{n}", issuer=f"https://p{n}.example") for n in range(MOST + 1)]
    assert len(configured(written(path, *many[:MOST]), {})) == MOST
    with pytest.raises(BadProviders, match=str(MOST)):
        configured(written(path, *many), {})


def test_a_file_that_is_none_is_refused_without_quoting_it(path: Path) -> None:
    with pytest.raises(BadProviders, match=r"^IDENTITY_PROVIDERS_FILE: .*: No such file"):
        configured(path, {})
    path.write_text('[{"client_secret": "kept from everybody"')
    with pytest.raises(BadProviders, match="is no JSON") as caught:
        configured(path, {})
    assert "kept" not in str(caught.value)
    path.write_text('{"id": "district"}')
    with pytest.raises(BadProviders):
        configured(path, {})
