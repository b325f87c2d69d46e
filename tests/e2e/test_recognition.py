"""What is made of served hours, over HTTP: a star that is offered, and a certificate that anybody may check."""

from collections import Counter
from datetime import date, timedelta
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader

from dev.client import Client
from tests.drawn_code import read_off_paper
from tests.e2e.serving import Serving, done, read
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

OCTOBER = date(2025, 10, 13)
JANUARY = date(2026, 1, 12)
PHONES = {"hundred": "12000009911", "certified": "12000009912"}

YEAR = {"first": "2026-01-01", "last": "2026-01-31"}


@pytest.fixture
def serving(suite: StagedSuite, people: dict[str, Client]) -> Serving:
    return Serving(suite, people)


def days(first: date, many: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(many)]


def heard(client: Client) -> Counter[str]:
    """What somebody was told of their hours."""
    items = read(client, "/v1/inbox", limit=100)["items"]
    return Counter(each["template"] for each in items if not each["template"].startswith("activity_"))


def listed(people: dict[str, Client]) -> int:
    return sum(each["star"] == 1 for each in read(people["resident"], "/v1/stars", area="360704", limit=100)["items"])


def test_a_hundred_hours_offer_a_star_and_the_public_list_has_those_who_agreed(
    serving: Serving, people: dict[str, Client]
) -> None:
    """F49: 100 h reached; certified; one star is offered; the public list only for those who agreed."""
    hundred = serving.newcomer(PHONES["hundred"])
    volunteer = serving.person(hundred)
    for day in days(OCTOBER, 12):
        serving.served(hundred, day, "08:00", "16:00")
    assert read(volunteer, "/v1/hours")["star_offered"] is None
    assert volunteer.post("/v1/stars/accept", json={"star": 1}).json()["code"] == "star_not_offered"
    serving.served(hundred, OCTOBER + timedelta(days=12), "08:00", "12:00")
    found = read(volunteer, "/v1/hours")
    assert (found["hours"], found["star"], found["star_offered"]) == (100.0, 0, 1)
    assert eventually(lambda: heard(volunteer) == {"star_offered": 1, "hours_approved": 13})

    period = {"first": str(OCTOBER), "last": str(OCTOBER + timedelta(days=12))}
    certificate = done(volunteer, "/v1/certificates", **period)
    assert (certificate["hours"], certificate["state"]) == (100.0, "valid")

    before = listed(people)
    done(volunteer, "/v1/stars/accept", star=1)
    assert listed(people) == before, "who has not agreed is not on the list"
    done(volunteer, "/v1/stars/show", text_version="2026-01")
    assert listed(people) == before + 1
    done(volunteer, "/v1/stars/hide")
    assert listed(people) == before


def test_a_certificate_is_printed_with_a_code_that_leads_to_its_check(
    serving: Serving, people: dict[str, Client], suite: StagedSuite
) -> None:
    """F58: 24.5 h in 2026; asked for; number, period, hours, issuer, QR check; a correction reopens the record."""
    certified = serving.newcomer(PHONES["certified"])
    volunteer = serving.person(certified)
    for day in days(JANUARY, 3):
        serving.served(certified, day, "08:00", "16:00")
    half = serving.served(certified, JANUARY + timedelta(days=3), "09:00", "09:30")
    suite.clock.set("2026-02-02T09:00:00+08:00")
    receipt = done(volunteer, "/v1/certificates", **YEAR)
    number = receipt["number"]
    assert (receipt["minutes"], receipt["hours"]) == (1470, 24.5)
    whole = read(volunteer, f"/v1/certificates/{number}/services")
    assert len(whole["services"]) == 4

    paper = volunteer.get(f"/v1/certificates/{number}/paper")
    assert paper.headers["Content-Type"] == "application/pdf"
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages).replace("\n", "")
    issuer = whole["issuer_name"]
    for said in (number, "2026-01-01 至 2026-01-31", "24.5 小时", f"记录机构：{issuer}", "开具日期：2026-02-02"):
        assert said in words
    address = f"{suite.url}/v1/certificates/{number}?code={whole['code']}"
    assert read_off_paper(paper.content) == [address]

    anybody = suite.client()
    where = urlsplit(address)
    checked = read(anybody, f"{where.path}?{where.query}")
    told = ("number", "state", "hours", "first", "last", "issuer", "issuer_name", "issued_on")
    assert [checked[name] for name in told] == [
        number,
        "valid",
        24.5,
        "2026-01-01",
        "2026-01-31",
        "360704100002",
        issuer,
        "2026-02-02",
    ]
    assert checked["name_masked"].endswith("**")
    assert "person_id" not in checked
    wrong = anybody.get(where.path, params={"code": "0" * 16})
    assert (wrong.status_code, wrong.json()["code"]) == (404, "certificate_not_found")
    assert serving.person("p-volunteer-0603").get(f"/v1/certificates/{number}/paper").status_code == 404

    done(volunteer, f"/v1/service-records/{half}/ask-correction", text="我十点才离开")
    assert read(volunteer, f"/v1/service-records/{half}")["state"] == "reopened"
    assert read(anybody, f"{where.path}?{where.query}")["state"] == "superseded"
    assert volunteer.post("/v1/certificates", json=YEAR).json()["code"] == "correction_waits"
    stint = {"begins": "2026-01-15T09:00:00+08:00", "ends": "2026-01-15T10:00:00+08:00"}
    done(people["worker"], f"/v1/service-records/{half}/correct", stints=[stint], reason="签退时间有误")
    assert done(volunteer, "/v1/certificates", **YEAR)["hours"] == 25.0
    rows = [row["minutes"] for row in read(volunteer, "/v1/hours/ledger", limit=100)["items"]]
    assert sorted(rows) == [-30, 30, 60, 480, 480, 480]
    expected = {"hours_approved": 4, "certificate_superseded": 1, "hours_corrected": 1}
    assert eventually(lambda: heard(volunteer) == expected), heard(volunteer)


def test_who_has_a_place_is_reminded_once_of_each_and_whoever_left_is_not(serving: Serving, suite: StagedSuite) -> None:
    """F12: a due reminder comes to the inbox once, the evening before and an hour before."""
    day = date(2025, 11, 11)
    path = f"/v1/activities/{serving.planned(day, '09:00', '11:00', title='提醒的活动')}"
    stays, leaves = serving.person("p-volunteer-0604"), serving.person("p-volunteer-0605")
    for each in (stays, leaves):
        done(each, f"{path}/signups")
    suite.clock.set("2025-11-10T18:01:00+08:00")
    assert eventually(lambda: reminders(stays) == 1, SWEPT_SECONDS)
    assert reminders(leaves) == 1
    done(leaves, f"{path}/leave")
    suite.clock.set("2025-11-11T08:01:00+08:00")
    assert eventually(lambda: reminders(stays) == 2, SWEPT_SECONDS)
    assert reminders(leaves) == 1


SWEPT_SECONDS = 90
"""The sweep looks once a minute of real time."""


def reminders(client: Client) -> int:
    items = read(client, "/v1/inbox", limit=100)["items"]
    return sum(each["template"] == "activity_reminder" and "提醒的活动" in str(each["texts"]) for each in items)
