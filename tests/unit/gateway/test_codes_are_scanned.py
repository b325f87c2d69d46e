"""The codes for walls and musters say, to a reader that knows nothing of them, what they are to say."""

from flask.testing import FlaskClient

from tests.drawn_code import read_off_picture
from tests.unit.gateway.fakes import FakeServices


def test_the_code_of_the_day_is_read_as_it_was_signed(client: FlaskClient, services: FakeServices) -> None:
    """F44: what a phone reads at the muster point is the code, to the last sign."""
    code = "M1.0198a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b.20260319.u3TqzH1n0bJcVx2YwK4e"
    services.outcomes["members.muster_code"] = {"activity_id": "a-1", "day": "2026-03-19", "code": code}
    assert read_off_picture(client.get("/v1/activities/a-1/muster-code/svg").data) == [code]


def test_the_code_of_a_station_is_the_address_at_which_a_use_is_counted(
    client: FlaskClient, services: FakeServices
) -> None:
    """F11: what is read on the wall leads to the station, and holds its code behind `#`."""
    services.outcomes["members.station_code"] = {"station_id": "v-1", "code": "5b0c7f0e9c3d41aa2f60"}
    read = read_off_picture(client.get("/v1/stations/v-1/code").data)
    assert read == ["http://localhost/v1/stations/v-1/uses#5b0c7f0e9c3d41aa2f60"]
