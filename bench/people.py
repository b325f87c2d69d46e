"""Who acts in the benchmarks: demo persons, signed in as people sign in, each crew with people of its own."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice

from dev.client import Client, sign_in_with_code, sign_in_with_password
from dev.suite import Suite
from members.demo.district import District, district
from members.demo.enrolment import Enrolment
from members.territory.compound import Compound

AT_ONCE = 2


@dataclass(frozen=True)
class Crew:
    """Those who take one client's cases from report to close, each as the person id and the access token."""

    resident: str
    dispatcher: str
    worker: str
    worker_id: str
    inspector: str
    compound_id: str
    location: dict[str, float]

    @classmethod
    def of(cls, tokens: "Tokens", who: "Parts", compound: Compound) -> "Crew":
        """The crew of these people for the compound."""
        lon, lat = compound.at
        return cls(
            resident=tokens[who.resident.person.id],
            dispatcher=tokens[who.dispatcher.person.id],
            worker=tokens[who.worker.person.id],
            worker_id=who.worker.person.id,
            inspector=tokens[who.inspector.person.id],
            compound_id=compound.id,
            location={"lon": lon, "lat": lat},
        )


@dataclass(frozen=True)
class Parts:
    """The people of a crew."""

    resident: Enrolment
    dispatcher: Enrolment
    worker: Enrolment
    inspector: Enrolment


Tokens = dict[str, str]


def crews(suite: Suite, number: int) -> list[Crew]:
    """So many crews: a resident and a worker of its own for each, the few dispatchers and inspectors in turn."""
    demo = district()
    compounds = list(islice(cycle(demo.compounds), number))
    parts = _parts(demo, compounds)
    tokens = signed_in(suite, {each.person.id: each for part in parts for each in vars(part).values()})
    return [Crew.of(tokens, part, compound) for part, compound in zip(parts, compounds, strict=True)]


def signed_in(suite: Suite, people: dict[str, Enrolment]) -> Tokens:
    """An access token for each of the people, by their id."""

    def sign_in(one: Enrolment) -> str:
        with Client(suite.url) as client:
            if one.login:
                return sign_in_with_password(client, one.login, suite.secrets["DEMO_PASSWORD"])
            return sign_in_with_code(client, suite.console_file, one.phone)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(people, pool.map(sign_in, people.values()), strict=True))


def _parts(demo: District, compounds: Sequence[Compound]) -> list[Parts]:
    residents, free = holders(demo, "resident"), holders(demo, "community_worker")
    dispatchers, inspectors = (holders(demo, role) for role in ("dispatcher", "inspector"))
    parts = []
    for number, compound in enumerate(compounds):
        worker = next(each for each in free if each.person.grants[0].scope == compound.grid_code)
        free = [*(each for each in free if each is not worker), worker]
        office = (dispatchers[number % len(dispatchers)], inspectors[number % len(inspectors)])
        parts.append(Parts(residents[number], office[0], worker, office[1]))
    return parts


def holders(demo: District, role: str) -> list[Enrolment]:
    """The active people of the district whose first role it is."""
    return [each for each in demo.people if each.person.active and each.person.grants[0].role == role]
