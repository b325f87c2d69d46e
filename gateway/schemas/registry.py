"""The register of people: who is entered, what offices read of them, and how roles are given and taken."""

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import (
    QueryTruth,
    Strict,
    day,
    id_,
    ids,
    instant,
    one_of,
    phone,
    reason,
    shown_instant,
    word,
)
from gateway.schemas.paging import PageQuery, next_cursor
from gateway.schemas.people import MOST_SKILLS, MOST_SPANS, Certificate, RoleHeld, Span

MOST_ROLES = 20
SCOPE = {"description": "A grid code of 15 digits, or its first 6 (district), 9 (town) or 12 (community)."}
LOGIN = r"^[a-z][a-z0-9._-]{2,39}$"
LOGIN_SAID = "3 to 40 of a-z, 0-9, `.`, `_` and `-`, a letter first."
NAME = {"description": "A name, or what they want to be called.", "minLength": 1, "maxLength": 100}
PHONE = {
    "description": "Mobile phone: 11 digits, no country code, no blanks.",
    "pattern": "^1[0-9]{10}$",
    "examples": ["12000000001"],
}
ROLE = {"description": "A role, for example in_service_member or volunteer.", "examples": ["volunteer"]}
TAG = {"enum": ["party_member", "veteran", "rider_party_member"]}


class RoleWanted(Strict):
    """A role within a scope."""

    role = id_(required=True, metadata=ROLE)
    scope = id_(required=True, metadata=SCOPE)


class Licence(Strict):
    """A licence and the last day on which it is valid."""

    kind = id_(required=True)
    valid_until = day(required=True)


class ConsentGiven(Strict):
    """That somebody agreed to be entered by another, and to which version of the text."""

    how = one_of("in_person", "on_paper", "by_phone", required=True)
    text_version = word(100, required=True)


class NewPerson(Strict):
    """Somebody who is entered: never an identity number. `born` is looked at and not kept.

    What `NAME` and `PHONE` document is checked by the service, which names it together with everything else.
    """

    name = fields.String(required=True, metadata=NAME)
    honorific = word(10, metadata={"examples": ["女士"]})
    phone = fields.String(metadata=PHONE)
    tenant = id_(metadata={"description": "The district of 6 digits; the caller's own unless given."})
    compound_id = id_(metadata={"description": "Where they live."})
    unit_id = id_(metadata={"description": "Where they work."})
    registered_with = id_(metadata={"description": "The community of 12 digits with which they are registered."})
    skills = ids(MOST_SKILLS)
    certificates = fields.List(fields.Nested(Licence), validate=validate.Length(max=20))
    free_times = fields.List(fields.Nested(Span), validate=validate.Length(max=MOST_SPANS))
    language = one_of("zh-CN", "en")
    roles = fields.List(fields.Nested(RoleWanted), validate=validate.Length(max=MOST_ROLES))
    born = day()
    consent = fields.Nested(ConsentGiven, metadata={"description": "Asked of whom a worker enters by proxy."})


class Registered(Open):
    """Who was entered: the same again for the same command."""

    person_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)


class RoleGiven(RoleWanted):
    """A role that is given, from now on or from another moment."""

    since = instant(metadata={"description": "Now unless given."})
    until = instant(metadata={"description": "For good unless given."})
    unit_id = id_(
        metadata={
            "description": "With unit_contact: for which unit, where they are of none. It goes with the last such role."
        }
    )


class RoleTaken(RoleWanted):
    """A role that is taken, now or from a moment on."""

    until = instant(metadata={"description": "Now unless given."})


class LoginWanted(Strict):
    """The login that is to be somebody's."""

    login = fields.String(required=True, validate=validate.Regexp(LOGIN), metadata={"description": LOGIN_SAID})


class LoginGiven(Open):
    """Somebody's login and its first password, which is shown only here."""

    person_id = fields.String(required=True)
    login = fields.String(required=True)
    password = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Good for one sign-in, which replaces it. A repeated command shows none."},
    )
    version = fields.Integer(required=True)
    at = shown_instant(required=True)


class PhoneWanted(Strict):
    """Why the phone is needed."""

    reason = reason()


class ResetWanted(Strict):
    """Why the login is reset."""

    reason = reason()


class Merge(Strict):
    """Whom the entry turned out to be."""

    into = id_(required=True)


class PhoneChange(Strict):
    """The phone that is to be the caller's own, and the code that came to it."""

    phone = phone(required=True)
    sign_in_id = word(100, required=True)
    code = word(6, required=True)


class PhoneTold(Open):
    """The phone of a person."""

    person_id = fields.String(required=True)
    phone = fields.String(required=True)


class PeopleFilters(Strict):
    """Which people; those who are active unless something else is asked for."""

    role = id_(metadata=ROLE)
    skill = id_()
    area = id_(metadata=SCOPE)
    unit_id = id_()
    registered_with = id_()
    tag = id_(metadata=TAG)
    active = QueryTruth()


class PeopleQuery(PeopleFilters, PageQuery):
    """Which people, and which page of them."""


class PeopleExportQuery(PeopleFilters):
    """Which people, and as what."""

    format = fields.String(load_default="xlsx", validate=validate.OneOf(("xlsx", "csv")))


class PersonView(Open):
    """A person as far as the reader's role shows them; what it does not show is not there."""

    person_id = fields.String(required=True)
    name_masked = fields.String(required=True)
    name = fields.String()
    active = fields.Boolean(required=True)
    roles = fields.List(fields.Nested(RoleHeld))
    unit_id = fields.String(allow_none=True)
    registered_with = fields.String(allow_none=True)
    home = fields.Dict(allow_none=True)
    skills = fields.List(fields.String())
    certificates = fields.List(fields.Nested(Certificate))
    free_times = fields.List(fields.Dict())
    tags = fields.List(
        fields.String(metadata=TAG), metadata={"description": "Special identities to which the person agrees now."}
    )
    language = fields.String()
    phone_masked = fields.String(allow_none=True)
    consent = fields.Dict(allow_none=True)
    merged_from = fields.List(fields.String())


class PeopleList(Schema):
    """A page of people, by id."""

    items = fields.List(fields.Nested(PersonView), required=True)
    next = next_cursor()
