"""What the interface offers of members is what members takes."""

import pytest
from marshmallow import Schema

from gateway.schemas.people import ProfileChange
from gateway.schemas.sessions import CodeRequest, Refresh, SignIn
from gateway.schemas.territory import CompoundChange, GridChange, PointQuery, UnitChange
from members import schemas

PHONE, CODE, PASSWORD = schemas.PhoneSchema(demo=True), schemas.CodeSchema(), schemas.PasswordSchema()


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        (ProfileChange(), schemas.ProfileSchema()),
        (GridChange(), schemas.GridSchema()),
        (CompoundChange(), schemas.CompoundSchema()),
        (UnitChange(), schemas.UnitSchema()),
        (PointQuery(), schemas.PlaceSchema()),
        (CodeRequest(), PHONE),
        (Refresh(), schemas.RefreshSchema()),
    ],
    ids=lambda schema: type(schema).__name__,
)
def test_it_takes_what_members_takes(offered: Schema, taken: Schema) -> None:
    assert {name: each.required for name, each in offered.fields.items()} == {
        name: each.required for name, each in taken.fields.items()
    }


def test_a_sign_in_is_one_of_the_ways_that_members_knows() -> None:
    assert set(SignIn().fields) == (set(CODE.fields) | set(PASSWORD.fields)) - {
        "client"
    }  # the gateway says that itself
