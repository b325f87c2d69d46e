"""What the interface offers of members is what members takes."""

import pytest
from marshmallow import Schema

from gateway.schemas.people import ProfileChange
from gateway.schemas.sessions import CodeRequest, Refresh, SignIn
from gateway.schemas.territory import CompoundChange, GridChange, PointQuery
from gateway.schemas.units import Closing, NewUnit, UnitChange, UnitTotalsQuery
from members.accounts.schemas import CodeSchema, PasswordSchema, PhoneSchema, RefreshSchema
from members.organisations.schemas import ClosingSchema, NewUnitSchema, UnitSchema, UnitTotalsSchema
from members.people.schemas import ProfileSchema
from members.territory.schemas import CompoundSchema, GridSchema, PlaceSchema

PHONE, CODE, PASSWORD = PhoneSchema(demo=True), CodeSchema(), PasswordSchema()


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        (ProfileChange(), ProfileSchema()),
        (GridChange(), GridSchema()),
        (CompoundChange(), CompoundSchema()),
        (UnitChange(), UnitSchema()),
        (NewUnit(), NewUnitSchema()),
        (Closing(), ClosingSchema()),
        (UnitTotalsQuery(), UnitTotalsSchema()),
        (PointQuery(), PlaceSchema()),
        (CodeRequest(), PHONE),
        (Refresh(), RefreshSchema()),
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
