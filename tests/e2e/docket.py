"""One case after another, with the suite's clock and everybody who has to do with it."""

from datetime import datetime
from typing import Any

from dev.client import Client
from dev.lamp import COMPOUND, picture
from tests.e2e.staged import ClockedSuite
from tests.waiting import eventually

RINGING_SECONDS = 60


class Docket:
    """The case that was reported last, and what can be seen of it."""

    def __init__(self, suite: ClockedSuite, people: dict[str, Client]) -> None:
        self.suite, self.people = suite, people
        self.case_id = ""

    def set(self, instant: str) -> None:
        """Set the clock, and wait for nothing."""
        self.suite.clock.set(instant)

    def at(self, instant: str) -> "Docket":
        """Set the clock, and let it do what it has to do by then."""
        self.set(instant)
        waiting = {"alarm_at": {"$lte": datetime.fromisoformat(instant)}}
        cases = self.suite.database("cases")["cases"]
        assert eventually(lambda: not cases.count_documents(waiting), RINGING_SECONDS)
        return self

    def report(self, who: str, **fields: Any) -> dict[str, Any]:
        """A report at 东源胜景小区, unless the fields say where else."""
        place = {} if {"grid_code", "location", "compound_id"} & set(fields) else {"location": COMPOUND}
        answer = self.people[who].post("/v1/cases", json={"text": "测试", **place, **fields})
        assert answer.status_code == 201, answer.text
        receipt: dict[str, Any] = answer.json()
        self.case_id = receipt["case_id"]
        return receipt

    def act(self, who: str, act: str, **body: Any) -> dict[str, Any]:
        """Something that somebody may do."""
        answer = self.people[who].post(f"/v1/cases/{self.case_id}/{act}", json=body)
        assert answer.ok, (act, answer.text)
        receipt: dict[str, Any] = answer.json()
        return receipt

    def refused(self, who: str, act: str, **body: Any) -> str:
        """The code of the refusal of what somebody may not do."""
        answer = self.people[who].post(f"/v1/cases/{self.case_id}/{act}", json=body)
        assert answer.status_code in range(400, 500), answer.text
        return str(answer.json()["code"])

    def case(self, who: str = "dispatcher", case_id: str | None = None) -> dict[str, Any]:
        """A case as somebody sees it."""
        answer = self.people[who].get(f"/v1/cases/{case_id or self.case_id}")
        assert answer.ok, answer.text
        view: dict[str, Any] = answer.json()
        return view

    def acts(self, case_id: str | None = None) -> list[str]:
        """What has happened to it, in order."""
        return [line["act"] for line in self.case(case_id=case_id)["timeline"]]

    def reminded(self) -> list[str]:
        """The alarms that have rung, in order."""
        return [line["details"]["alarm"] for line in self.case()["timeline"] if line["act"] == "remind"]

    def photo(self, who: str) -> str:
        """The id of a photo that somebody uploads."""
        answer = self.people[who].post("/v1/photos", data=picture(lit=True), headers={"Content-Type": "image/jpeg"})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["photo_id"])

    def told(self, template: str, case_id: str | None = None) -> list[str]:
        """Who has this message about it, each as often as they have it."""
        about = {"case_id": case_id or self.case_id, "template": template}
        return sorted(row["recipient"] for row in self.suite.database("notify")["notices"].find(about))

    def inbox(self, who: str) -> list[dict[str, Any]]:
        """What somebody reads about it, the newest first."""
        items = self.people[who].get("/v1/inbox", params={"limit": 100}).json()["items"]
        return [item for item in items if item["case_id"] == self.case_id]
