"""What is odd in the demo's district (docs/domain.md §8.5), read over HTTP as whoever tries it out reads it."""

from typing import Any

import pytest

from dev.client import Client

OLD, EAST = "360704100007228", "360704100007227"
SPOT: dict[str, Any] = {"lon": 115.0175, "lat": 25.8575, "level": "BASE"}


def read(client: Client, path: str, **params: Any) -> dict[str, Any]:
    answer = client.get(path, params=params)
    assert answer.ok, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(("at", "code"), [("2025-10-08T23:59:00+08:00", OLD), ("2025-10-09T00:00:00+08:00", EAST)])
def test_a_point_lies_in_the_old_grid_until_its_split(people: dict[str, Client], at: str, code: str) -> None:
    assert read(people["worker"], "/v1/grids/locate", **SPOT, at=at)["grid_code"] == code
    old = read(people["worker"], f"/v1/grids/{OLD}")
    assert (old["to"], EAST in old["successors"]) == ("2025-10-09T00:00:00+08:00", True)


def test_a_rider_shows_three_tags_and_another_none_any_more(people: dict[str, Client]) -> None:
    three = read(people["tagged_rider"], "/v1/me/tags")["items"]
    assert {each["kind"] for each in three if each["revoked_at"] is None} == {
        "party_member",
        "rider_party_member",
        "veteran",
    }
    [withdrawn] = read(people["discreet_rider"], "/v1/me/tags")["items"]
    assert withdrawn["revoked_at"] == "2026-01-15T21:00:00+08:00"
    assert read(people["admin"], "/v1/people/p-rider-39")["tags"] == []


def test_a_patrol_that_was_told_a_day_later_stands_in_the_grid_as_it_was(people: dict[str, Client]) -> None:
    [patrol] = read(people["discreet_rider"], "/v1/patrols")["items"]
    assert (patrol["grid_code"], patrol["started_at"]) == (OLD, "2025-09-20T09:00:00+08:00")
    # Of a track so old the cells alone are kept, as soon as the clock has gone over it (docs/domain.md §5).
    track = read(people["discreet_rider"], f"/v1/patrols/{patrol['patrol_id']}/track")
    assert track["points"] or track["cells"]
