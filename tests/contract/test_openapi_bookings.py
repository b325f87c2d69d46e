"""What the interface takes of bookings is what members takes."""

from gateway.schemas import bookings as offered
from members.bookings import schemas
from tests.contract.test_openapi_cases import shape


def test_a_body_is_what_members_takes() -> None:
    taken = shape(schemas.BookingSchema())
    assert shape(offered.NewBooking()) == {name: field for name, field in taken.items() if name != "venue_id"}
