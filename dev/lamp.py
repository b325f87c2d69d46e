"""The street lamp of docs/domain.md §8.4, played over HTTP by demo persons: for the demo and for the tests."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests
from PIL import Image, ImageDraw

from dev.client import Client

COMPOUND = {"lon": 115.0058, "lat": 25.8672}
"""东源胜景小区."""

NEARBY = {"lon": 115.0060, "lat": 25.8675}
"""Some 40 m from the lamp."""


def picture(*, lit: bool) -> bytes:
    """A lamp at night as a JPEG, dark or lit."""
    image = Image.new("RGB", (640, 480), (16, 18, 40))
    pen = ImageDraw.Draw(image)
    pen.line([(320, 480), (320, 120)], fill=(70, 70, 80), width=14)
    if lit:
        pen.ellipse([200, 20, 440, 260], fill=(90, 80, 40))
    pen.ellipse([285, 90, 355, 160], fill=(255, 236, 160) if lit else (40, 40, 48))
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


class Lamp:
    """One case with the persons who act on it: resident, dispatcher, worker, member and inspector, signed in."""

    def __init__(self, people: Mapping[str, Client]) -> None:
        self.people = people
        self.case_id = ""

    def act(self, who: str, act: str, **body: Any) -> requests.Response:
        """Let somebody do something about the case."""
        return self.people[who].post(f"/v1/cases/{self.case_id}/{act}", json=body)

    def photo(self, who: str, *, lit: bool) -> str:
        """The id of a photo that somebody uploads."""
        answer = self.people[who].post("/v1/photos", data=picture(lit=lit), headers={"Content-Type": "image/jpeg"})
        answer.raise_for_status()
        return str(answer.json()["photo_id"])

    def person(self, who: str) -> str:
        """The id of somebody."""
        answer = self.people[who].get("/v1/me")
        answer.raise_for_status()
        return str(answer.json()["person_id"])

    def report(self) -> requests.Response:
        """A resident reports the lamp, with a photo, and says that old people cannot go out."""
        answer = self.people["resident"].post(
            "/v1/cases",
            json={
                "text": "东源胜景小区路灯闪烁不定，晚上老人出门很不方便。",
                "photos": [self.photo("resident", lit=False)],
                "location": COMPOUND,
                "compound_id": "c-dongyuan",
                "tags": ["elderly"],
            },
        )
        if answer.ok:
            self.case_id = answer.json()["case_id"]
        return answer

    def register(self) -> requests.Response:
        """The dispatcher accepts it as a case."""
        return self.act("dispatcher", "register", category="0101")

    def dispatch(self) -> requests.Response:
        """The dispatcher sends a community worker and a certified electrician."""
        team = [self.person("worker"), self.person("member")]
        return self.act("dispatcher", "dispatch", assignees=team, lead=team[0])

    def accept_as_worker(self) -> requests.Response:
        """The community worker accepts."""
        return self.act("worker", "accept")

    def accept_as_member(self) -> requests.Response:
        """The in-service member accepts."""
        return self.act("member", "accept")

    def arrive_as_worker(self) -> requests.Response:
        """The community worker checks in on the spot."""
        return self.act("worker", "arrive", location=NEARBY)

    def arrive_as_member(self) -> requests.Response:
        """The electrician checks in on the spot."""
        return self.act("member", "arrive", location=NEARBY)

    def note(self) -> requests.Response:
        """The electrician finds the cause."""
        return self.act("member", "note", text="镇流器老化，待配件。")

    def leave_as_member(self) -> requests.Response:
        """The electrician leaves to fetch the part."""
        return self.act("member", "leave")

    def leave_as_worker(self) -> requests.Response:
        """The community worker leaves."""
        return self.act("worker", "leave")

    def come_back(self) -> requests.Response:
        """The electrician comes back with the part."""
        return self.act("member", "arrive", location=NEARBY)

    def feedback(self) -> requests.Response:
        """Done, with a photo of the lit lamp."""
        photos = [self.photo("member", lit=True)]
        return self.act("member", "feedback", text="已更换镇流器，路灯恢复照明。", photos=photos)

    def inspect(self) -> requests.Response:
        """Somebody who had no hand in it looks, and closes the case."""
        return self.act("inspector", "inspect-pass", text="现场查看，路灯已亮。")

    def rate(self) -> requests.Response:
        """The resident says that it is solved, and that he is satisfied."""
        return self.act("resident", "rate", solved="yes", satisfaction=4)


@dataclass(frozen=True)
class Step:
    """One step of the story: when it happens in docs/domain.md §8.4, and what is done."""

    at: str
    told: str
    do: Callable[[Lamp], requests.Response]


STORY = (
    Step("2026-03-12T19:40:00+08:00", "居民反馈 · the resident reports the lamp", Lamp.report),
    Step("2026-03-12T19:44:00+08:00", "立案 · registered as 0101", Lamp.register),
    Step("2026-03-12T19:46:00+08:00", "派单 · a worker and a certified electrician are sent", Lamp.dispatch),
    Step("2026-03-12T19:52:00+08:00", "接单 · the community worker accepts", Lamp.accept_as_worker),
    Step("2026-03-12T19:52:00+08:00", "接单 · the in-service member accepts", Lamp.accept_as_member),
    Step("2026-03-12T20:20:00+08:00", "到场 · the community worker is on the spot", Lamp.arrive_as_worker),
    Step("2026-03-12T20:20:00+08:00", "到场 · the electrician is on the spot", Lamp.arrive_as_member),
    Step("2026-03-12T20:55:00+08:00", "记录 · the ballast is worn out, a part is needed", Lamp.note),
    Step("2026-03-12T20:55:00+08:00", "离开 · the electrician fetches the part", Lamp.leave_as_member),
    Step("2026-03-12T20:55:00+08:00", "离开 · the community worker leaves", Lamp.leave_as_worker),
    Step("2026-03-13T17:00:00+08:00", "到场 · the electrician comes back with it", Lamp.come_back),
    Step("2026-03-13T18:30:00+08:00", "反馈 · mended, with a photo", Lamp.feedback),
    Step("2026-03-13T19:10:00+08:00", "核查结案 · inspected by another person and closed", Lamp.inspect),
    Step("2026-03-14T09:30:00+08:00", "评单 · solved, satisfied", Lamp.rate),
)
