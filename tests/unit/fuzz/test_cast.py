"""Who sends the requests of a run, and what they are about; no suite is started."""

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from gateway.tokens import Tokens
from tests.fuzz.cast import RUN_SECONDS, STREAM_SECONDS, Cast, Person, of_a_run, roles_of
from tests.fuzz.known import GRID, excused, known, shadowed, written
from tests.unit.gateway.conftest import CALLER
from tests.unit.gateway.fakes import SEED

TOKEN = Tokens(SEED, 900).issue("s-1", CALLER, time.time())
CAST = Cast(
    SEED,
    (
        Person("resident", ("resident",), TOKEN),
        Person("desk", ("dispatcher",), TOKEN),
        Person("admin", ("district_admin",), TOKEN),
    ),
)


def senders(who_may: str) -> list[str | None]:
    sent = (CAST.sender(who_may, f"request {n}") for n in range(600))
    return [person.name if person else None for person in sent]


def test_the_same_request_is_always_sent_by_the_same() -> None:
    assert senders("dispatcher in their scope") == senders("dispatcher in their scope")


def test_most_requests_are_sent_by_who_may_and_some_by_anybody_and_nobody() -> None:
    found = senders("dispatcher, district_admin in their scope")
    able = [name for name in found if name in {"desk", "admin"}]
    assert 400 < len(able) < 540
    assert {"resident", None} < set(found)


@pytest.mark.parametrize("who_may", ["whoever is signed in", ""])
def test_where_everybody_may_everybody_does(who_may: str) -> None:
    assert set(senders(who_may)) == {"resident", "desk", "admin", None}


def test_what_nobody_of_them_may_is_tried_by_all() -> None:
    assert set(senders("union_leader in their scope")) == {"resident", "desk", "admin", None}


def test_the_token_of_a_stream_ends_soon_and_speaks_for_the_same() -> None:
    now = time.time()
    found = Tokens(SEED, 0).verify(CAST.brief(CAST.persons[0]), now)
    assert (found.session_id, found.caller) == ("s-1", CALLER)
    assert found.until <= now + STREAM_SECONDS + 1
    assert roles_of(TOKEN, SEED) == ("resident",)


def test_the_token_of_a_run_is_of_a_sign_in_that_stays_a_recent_one() -> None:
    found = Tokens(SEED, 0).verify(of_a_run(TOKEN, SEED), time.time())
    assert (found.session_id, found.caller) == ("s-1", CALLER)
    found.check_recent(time.time() + RUN_SECONDS)


def test_the_cast_is_read_as_it_was_written_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    CAST.write(tmp_path / "cast.json")
    assert Cast.read(tmp_path / "cast.json") == CAST
    assert (tmp_path / "cast.json").stat().st_mode & 0o077 == 0


class Lists:
    """Answers of lists by path; whatever else is asked is refused."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers
        self.headers = {"Content-Type": "application/json"}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def get(self, path: str, params: dict[str, str]) -> "Lists":
        self.asked.append((path, params))
        self.ok, self._body = path in self._answers, self._answers.get(path)
        return self

    def json(self) -> Any:
        return self._body


PATHS: dict[str, Any] = {
    "/v1/units": {"get": {}},
    "/v1/units/{unit_id}": {"get": {}},
    "/v1/ledgers/{area}": {"get": {}},
    "/v1/streams/desk": {"get": {}},
    "/v1/totals": {"get": {"parameters": [{"name": "area", "in": "query", "required": True}]}},
    "/v1/secret": {"get": {"parameters": [{"name": "key", "in": "query", "required": True}]}},
}


def test_what_there_is_is_read_in_lists_by_the_names_that_paths_have_for_it() -> None:
    somebody = Lists(**{"/v1/units": {"items": [{"unit_id": "u-1", "name": "x", "parts": [{"unit_id": "u-2"}]}]}})
    found = known({"paths": PATHS}, [somebody])  # type: ignore[list-item]  # it answers as a client does
    assert found["unit_id"] == ["u-1", "u-2"]
    assert GRID in found["area"]
    assert [path for path, _ in somebody.asked] == ["/v1/units", "/v1/totals"]
    settings = tomllib.loads(written(found))
    assert settings["dictionaries"]["unit_id"]["values"] == ["u-1", "u-2"]
    assert settings["parameters"]["path.unit_id"] == {"dictionary": "unit_id", "probability": 0.5}


def test_a_path_that_may_be_the_name_of_a_thing_is_excused_for_its_methods() -> None:
    paths = {**PATHS, "/v1/units/import": {"post": {}}, "/v1/units/import/template": {"get": {}}}
    assert shadowed({"paths": paths}) == ["/v1/units/import"]
    [settings] = tomllib.loads(excused(["/v1/units/import"]))["operations"]
    assert settings["include-path"] == ["/v1/units/import"]
    assert settings["checks"] == {"allow_header_conformance": {"enabled": False}}


def test_the_rules_of_a_run_are_settings_without_what_there_is() -> None:
    rules = tomllib.loads((Path(__file__).parents[2] / "fuzz/schemathesis.toml").read_text(encoding="utf-8"))
    assert not {"dictionaries", "parameters"} & set(rules)
    assert [name for name, each in rules["checks"].items() if each.get("enabled") is False] == [
        "positive_data_acceptance",
        "ensure_resource_availability",
    ]
