"""What the interface offers of members is what members takes."""

import pytest
from marshmallow import Schema

from gateway.schemas import people
from gateway.schemas.identity_providers import IdentityProven, ProviderWanted
from gateway.schemas.people import ProfileChange
from gateway.schemas.registry import LoginWanted
from gateway.schemas.sessions import CodeRequest, Refresh, SignIn
from gateway.schemas.territory import CompoundChange, GridChange, PointQuery
from gateway.schemas.units import Closing, NewUnit, UnitChange, UnitTotalsQuery
from members.accounts.schemas import (
    CodeSchema,
    LoginSchema,
    PasswordSchema,
    PhoneSchema,
    RefreshSchema,
)
from members.identity_providers import schemas as identity_providers
from members.organisations.schemas import ClosingSchema, NewUnitSchema, UnitSchema, UnitTotalsSchema
from members.people.address import ADDRESSES, MOST_CHARACTERS
from members.people.person import CHANNELS
from members.people.schemas import AddressesSchema, ProfileSchema
from members.territory.schemas import CompoundSchema, GridSchema, PlaceSchema
from notify.channels.port import ADDRESSES as CHANNELS_NEED
from notify.channels.port import ORDER
from notify.channels.port import PHONE as PHONE_ADDRESS

PHONE, CODE, PASSWORD = PhoneSchema(demo=True), CodeSchema(), PasswordSchema()


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        (ProfileChange(), ProfileSchema()),
        (people.Addresses(), AddressesSchema()),
        (GridChange(), GridSchema()),
        (CompoundChange(), CompoundSchema()),
        (UnitChange(), UnitSchema()),
        (NewUnit(), NewUnitSchema()),
        (Closing(), ClosingSchema()),
        (UnitTotalsQuery(), UnitTotalsSchema()),
        (PointQuery(), PlaceSchema()),
        (CodeRequest(), PHONE),
        (Refresh(), RefreshSchema()),
        (LoginWanted(), LoginSchema()),
        (ProviderWanted(), identity_providers.BeginSchema()),
        (IdentityProven(), identity_providers.ComeBackSchema()),
    ],
    ids=lambda schema: type(schema).__name__,
)
def test_it_takes_what_members_takes(offered: Schema, taken: Schema) -> None:
    assert {name: each.required for name, each in offered.fields.items()} == {
        name: each.required for name, each in taken.fields.items()
    }


def test_the_addresses_of_a_person_are_those_that_channels_know() -> None:
    assert list(people.ADDRESSES) == list(ADDRESSES) == [each for each in CHANNELS_NEED if each != PHONE_ADDRESS]
    assert people.LONGEST_ADDRESS == MOST_CHARACTERS


def test_a_channel_of_notify_is_one_that_people_may_decline() -> None:
    assert [each for each in CHANNELS if each in ORDER] == list(ORDER)


def test_a_sign_in_is_one_of_the_ways_that_members_knows() -> None:
    said_by_the_gateway = {"client", "agent"}
    taken = set(CODE.fields) | set(PASSWORD.fields) | set(identity_providers.ProviderSignInSchema().fields)
    assert set(SignIn().fields) == taken - said_by_the_gateway
