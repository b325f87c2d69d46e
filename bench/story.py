"""What is done to cases one step after the other, so that each step can be measured by itself over many cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bench.people import Crew
from dev.client import Client

Body = Mapping[str, Any]


@dataclass
class Told:
    """One case, those who have to do with it, and what was answered so far."""

    crew: Crew
    office: str
    """Another dispatcher than the crew's."""
    neighbour_id: str
    """Another worker than the crew's."""
    case_id: str = ""
    earlier: str = ""
    """The case that was reported before this one."""
    due: str = ""
    photos: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """One call of a story: its path within the case, who makes it, and its body."""

    act: str
    who: Callable[[Told], str]
    body: Callable[[Told], Body] = lambda _: {}
    again: str = ""
    """What tells it from an earlier step with the same act."""

    @property
    def name(self) -> str:
        """What figures call it."""
        return f"{self.act} {self.again}".strip()


class Refused(Exception):
    """A step was refused; the message has the answer."""


def resident(told: Told) -> str:
    """Who has reported it."""
    return told.crew.resident


def dispatcher(told: Told) -> str:
    """The office."""
    return told.crew.dispatcher


def other(told: Told) -> str:
    """Somebody else of the office."""
    return told.office


def worker(told: Told) -> str:
    """Who has it in hand."""
    return told.crew.worker


def inspector(told: Told) -> str:
    """Who looks at what was done."""
    return told.crew.inspector


def _said(**body: Any) -> Callable[[Told], Body]:
    return lambda _: body


def _to_worker(**more: Any) -> Callable[[Told], Body]:
    return lambda told: {"assignees": [told.crew.worker_id], **more}


def _done(told: Told) -> Body:
    return {"text": "楼道已清理。", "photos": [told.photos.pop()]}


def _later(told: Told) -> Body:
    return {"reason_code": "parts", "until": (datetime.fromisoformat(told.due) + timedelta(hours=1)).isoformat()}


def _put_off(told: Told) -> Body:
    review = datetime.fromisoformat(told.due).date() + timedelta(days=7)
    return {"reason_code": "funds", "review_on": review.isoformat()}


LONG: tuple[Step, ...] = (
    Step("report", resident),
    Step("ask-verify", dispatcher),
    Step("verify", worker, _said(finding="confirmed", text="楼道堆有旧家具。")),
    Step("register", dispatcher, _said(category="0304")),
    Step("correct", dispatcher, _said(category="0303")),
    Step("note", dispatcher, _said(text="已电话告知物业。")),
    Step("ask", dispatcher, _said(text="请问是几单元？")),
    Step("answer", resident, _said(text="二单元三楼。")),
    Step("dispatch", dispatcher, _to_worker()),
    Step("return", worker, _said(reason_code="no_capacity")),
    Step("dispatch", dispatcher, lambda told: {"assignees": [told.neighbour_id]}, "to another"),
    Step("reassign", dispatcher, _to_worker(reason_code="other")),
    Step("accept", worker),
    Step("arrive", worker, lambda told: {"location": told.crew.location}),
    Step("leave", worker),
    Step("ask-extend", worker, _said(reason_code="parts")),
    Step("extend", dispatcher, _later),
    Step("ask-suspend", worker, _said(reason_code="funds")),
    Step("suspend", dispatcher, _put_off),
    Step("resume", dispatcher),
    Step("photo", worker),
    Step("feedback", worker, _done),
    Step("rework", inspector, _said(reason_code="poor_quality")),
    Step("photo", worker, again="anew"),
    Step("feedback", worker, _done, "anew"),
    Step("inspect-pass", inspector, _said(text="现场查看，已清理。")),
    Step("rate", resident, _said(solved="yes", satisfaction=4)),
    Step("propose-exclusion", dispatcher, _said(reason_code="out_of_jurisdiction", text="属铁路部门管理，已转告。")),
    Step("refuse-exclusion", other, _said(text="该楼由本区管护，应计入。")),
)
"""A case with everything that may happen to one before it is closed and rated."""

SHORT: tuple[tuple[Step, ...], ...] = (
    (Step("report", resident, again="taken back"), Step("withdraw", resident)),
    (
        Step("report", resident, again="refused"),
        Step("reject", dispatcher, _said(reason_code="insufficient", text="请补充具体位置。")),
    ),
    (
        Step("report", resident, again="to ask"),
        Step("register", dispatcher, _said(category="1001"), "of a question"),
        Step("answer-directly", dispatcher, _said(text="服务时间为工作日 8:30 至 18:00。")),
    ),
    (
        Step("report", resident, again="of one thing"),
        Step("report", resident, again="of the same"),
        Step("merge", dispatcher, lambda told: {"target_case_id": told.earlier}),
    ),
)
"""Cases that end otherwise."""


class Teller:
    """Takes steps over HTTP, with one connection for each person."""

    def __init__(self, url: str, picture: bytes) -> None:
        self._url, self._picture = url, picture
        self._clients: dict[str, Client] = {}

    def client(self, token: str) -> Client:
        """Whoever has this token."""
        return self._clients.setdefault(token, Client(self._url, token))

    def hang_up(self) -> None:
        """Close the connections: the gateway closes those that nobody uses for long, perhaps as the next one asks."""
        for client in self._clients.values():
            client.close()

    def take(self, step: Step, told: Told) -> None:
        """Take one step, and keep what the next ones need; raises `Refused`."""
        client = self.client(step.who(told))
        if step.act == "photo":
            answer = client.post("/v1/photos", data=self._picture, headers={"Content-Type": "image/jpeg"})
        elif step.act == "report":
            answer = client.post("/v1/cases", json=_report(told))
        else:
            answer = client.post(f"/v1/cases/{told.case_id}/{step.act}", json=step.body(told))
        if not answer.ok:
            raise Refused(f"{step.name}: {answer.status_code} {answer.text}")
        if step.act == "report":
            told.earlier = told.case_id
        _keep(answer.json(), told)


def _report(told: Told) -> Body:
    crew = told.crew
    return {"text": "楼道里堆了旧家具，过不去。", "location": crew.location, "compound_id": crew.compound_id}


def _keep(receipt: Mapping[str, Any], told: Told) -> None:
    told.case_id = receipt.get("case_id", told.case_id)
    told.due = receipt.get("resolve_due") or told.due
    if "photo_id" in receipt:
        told.photos.append(receipt["photo_id"])
