"""A field that a report may have is kept with the case: none is accepted and thrown away."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from marshmallow import Schema, fields

from cases.act import Act
from cases.casework import Casework
from cases.moves.intake import draft
from cases.place import Compound, Grid, Point
from cases.schemas import ReportSchema
from cases.store import CaseStore, PhotoStore, PlaceStore
from cases.store.case_document import written
from chassis.secret import Secret
from tests.unit.cases.play import AT, DISPATCHER, GRID, WORKER, Play

KEPT = {
    "text": "remarks.0.text",
    "photos": "remarks.0.photos",
    "location.lon": "place.point.lon",
    "location.lat": "place.point.lat",
    "location.crs": "place.point.source_crs",
    "grid_code": "place.grid_code",
    "compound_id": "place.compound_id",
    "category": "category",
    "tags": "tags",
    "source": "source",
    "on_behalf_of.person_id": "reporter.id",
    "on_behalf_of.name": "reporter.contact.name",
    "on_behalf_of.phone": "reporter.contact.phone",
    "on_behalf_of.callback": "reporter.contact.callback",
    "on_behalf_of.consent": "reporter.contact.consent",
    "anonymous": "reporter.anonymous",
    "complained_unit_id": "complained_unit_id",
    "asset_id": "asset_id",
    "external_number": "external_number",
    "patrol_id": "patrol_id",
}
"""Where each field of a report is found in the document of the case. A new field needs its row, and is kept."""

FULL = {
    "text": "路灯不亮",
    "photos": ["f-1"],
    "location": {"lon": 115.0058, "lat": 25.8672, "crs": "CGCS2000"},
    "grid_code": GRID,
    "compound_id": "c-dongyuan",
    "category": "0101",
    "tags": ["elderly"],
    "source": "PATROL",
    "on_behalf_of": {
        "person_id": "p-xie",
        "name": "谢测009",
        "phone": "12000000009",
        "callback": "sms",
        "consent": True,
    },
    "complained_unit_id": "u-lighting",
    "asset_id": "a-1",
    "patrol_id": "r-1",
}
TRANSFERRED = {"text": "路灯不亮", "grid_code": GRID, "source": "12345", "external_number": "GZ20260312-00017"}
ANONYMOUS = {"text": "路灯不亮", "grid_code": GRID, "anonymous": True}
SPECIAL: dict[str, dict[str, Any]] = {"anonymous": ANONYMOUS, "external_number": TRANSFERRED}


class Territory:
    """One grid and one compound; the real one is tested on a database."""

    def grids_around(self, point: Point) -> list[Grid]:
        ring = ((115.0, 25.8), (115.1, 25.8), (115.1, 25.9), (115.0, 25.9), (115.0, 25.8))
        return [Grid(GRID, "第一网格", "高新社区", "SERVICE", ring)]

    def grid(self, code: str) -> Grid:
        return self.grids_around(Point(0, 0))[0]

    def compound(self, id: str) -> Compound:
        return Compound(id, "东源胜景", GRID, Point(115.0, 25.8), False, True, None)


def leaves(schema: Schema, before: str = "") -> Iterator[str]:
    """The fields of a schema, those of a nested one behind its name and a dot."""
    for name, field in schema.fields.items():
        if isinstance(field, fields.Nested):
            yield from leaves(field.schema, f"{before}{name}.")
        else:
            yield f"{before}{name}"


def kept(body: dict[str, Any]) -> dict[str, Any]:
    """The document of the case that the report opens."""
    said = ReportSchema().load(body)
    work = Casework(
        cast(CaseStore, None), cast(PlaceStore, Territory()), cast(PhotoStore, None), members=cast(Any, None)
    )
    who = DISPATCHER if said["source"] == "12345" else WORKER
    case = draft("case-1", "360704-20260312-7K3F9Q", said, who, work.place(said, AT), AT)
    return written(Play(case, AT).do(Act.REPORT, who, **said).case)


def found(data: Any, path: str) -> Any:
    for part in path.split("."):
        data = data[int(part)] if part.isdigit() else data[part]
    if isinstance(data, Secret):
        return data.text
    return list(data) if isinstance(data, tuple) else data


def test_every_field_that_is_accepted_has_its_place() -> None:
    assert set(KEPT) == set(leaves(ReportSchema()))


@pytest.mark.parametrize("field", KEPT)
def test_a_field_of_a_report_is_kept_with_the_case(field: str) -> None:
    body = SPECIAL.get(field, FULL)
    assert found(kept(body), KEPT[field]) == found(body, field)
