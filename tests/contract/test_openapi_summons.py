"""What the interface offers of summons is what cases takes: the same acts, fields, codes and limits."""

from marshmallow import Schema

from cases.mechanisms.schemas import EnterSchema, ReportSchema
from cases.summons import schemas
from cases.summons.acts import EVENTS, OPENING, Act
from cases.summons.summons import REASONS, Kind, Stage, Turnout
from gateway.routes.summons import MOVES
from gateway.schemas.mechanisms import MechanismQuery, MechanismsEntered
from gateway.schemas.paging import PageQuery
from gateway.schemas.summons import KINDS, STAGES, SummonedUnit, SummonsCall, SummonsQuery, SummonsScoresQuery
from gateway.schemas.summons import REASONS as OFFERED_REASONS
from tests.contract.test_openapi_cases import shape

OFFERED: dict[str, Schema] = {
    "summon": SummonsCall(),
    "ask_summons": SummonsCall(),
    **{name: takes for name, _, takes, _, _ in MOVES},
}


def test_every_act_but_the_clocks_is_offered_and_takes_what_cases_takes() -> None:
    assert set(OFFERED) == {act.value for act in EVENTS} - {Act.REMIND.value}
    assert {act.value for act in OPENING} == {"summon", "ask_summons"}
    for name, takes in OFFERED.items():
        assert shape(takes) == shape(schemas.FIELDS[Act(name)]), name


def test_lists_and_counts_are_asked_for_as_cases_takes_it() -> None:
    offered = shape(SummonsQuery())
    for name in shape(PageQuery()):
        del offered[name]
    assert offered == shape(schemas.FiltersSchema())
    assert shape(SummonsScoresQuery()) == shape(schemas.ScoresSchema())


def test_mechanisms_are_entered_and_asked_for_as_cases_takes_it() -> None:
    assert shape(MechanismsEntered()) == shape(EnterSchema())
    assert shape(MechanismQuery()) == {name: kind for name, kind in shape(ReportSchema()).items() if name != "area"}


def test_the_codes_are_those_of_cases() -> None:
    assert [each.value for each in Kind] == list(KINDS)
    assert [each.value for each in Stage] == list(STAGES)
    assert REASONS == OFFERED_REASONS
    assert SummonedUnit().fields["turnout"].metadata["enum"] == [each.value for each in Turnout]
