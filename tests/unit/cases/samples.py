"""One sample of each kind of event, from cases that were played; `python -m tests.unit.cases.samples` writes them."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cases.act import Act, Happening
from chassis.instant import written
from tests.unit.cases import play as stage
from tests.unit.cases.play import Play

FOLDER = Path(__file__).parents[2] / "contract" / "events"


def plays() -> Iterable[Play]:
    """Cases that between them have every kind of event; where one has a kind twice, the first counts."""
    yield _lamp()
    yield stage.offered(places=2).at("03-12 19:50").do(Act.ACCEPT, stage.ELECTRICIAN)
    yield stage.verifying().at("03-12 20:10").do(Act.VERIFY, stage.WORKER)
    yield stage.rejected()
    yield stage.withdrawn()
    yield stage.merged()
    yield stage.joined()
    yield stage.dispatched().at("03-12 20:00").do(Act.RETURN, stage.WORKER)
    yield stage.dispatched().at("03-12 22:00").do(Act.TIME_OUT, stage.CLOCK)
    yield stage.accepted().at("03-12 20:00").do(Act.START, stage.WORKER).do(Act.REASSIGN, stage.DISPATCHER)
    yield stage.registered(category="1001").do(Act.ANSWER_DIRECTLY, stage.DISPATCHER)
    yield stage.forgotten()
    yield stage.accepted().at("03-12 20:00").do(Act.RELIEVE, stage.CLOCK)
    yield (
        stage.alone().at("03-12 20:00").do(Act.PASS_ON, stage.CLOCK, person_id="p-electrician", assignees=["p-worker"])
    )
    yield stage.quarrel().do(Act.MEET, stage.WORKER).do(Act.SETTLE, stage.WORKER)
    yield stage.proposed().at("03-14 10:00").do(Act.APPROVE_EXCLUSION, stage.ADMIN)
    yield stage.proposed().at("03-14 10:00").do(Act.REFUSE_EXCLUSION, stage.ADMIN)


def _lamp() -> Play:
    """The street lamp of docs/domain.md §8.4, with everything on the way that can come up."""
    play = stage.in_progress().at("03-12 20:55").do(Act.NOTE, stage.ELECTRICIAN).do(Act.LEAVE, stage.ELECTRICIAN)
    play.at("03-13 09:00").do(Act.ASK, stage.WORKER).at("03-13 09:30").do(Act.ANSWER, stage.RESIDENT)
    play.at("03-13 10:00").do(Act.ASK_SUSPEND, stage.WORKER).at("03-13 10:30").do(Act.SUSPEND, stage.DISPATCHER)
    play.at("03-13 16:30").do(Act.RESUME, stage.DISPATCHER).do(Act.ASK_EXTEND, stage.WORKER)
    play.at("03-13 16:45").do(Act.EXTEND, stage.ADMIN).at("03-13 17:00").do(Act.ARRIVE, stage.ELECTRICIAN)
    play.at("03-13 18:30").do(Act.FEEDBACK, stage.ELECTRICIAN).at("03-13 18:40").do(Act.REWORK, stage.INSPECTOR)
    play.at("03-13 19:00").do(Act.FEEDBACK, stage.WORKER).at("03-13 19:10").do(Act.INSPECT_PASS, stage.OTHER_WORKER)
    play.at("03-14 09:30").do(Act.RATE, stage.RESIDENT, solved="partly", satisfaction=2)
    return play.at("03-15 09:00").do(Act.REOPEN, stage.RESIDENT).do(Act.CORRECT, stage.DISPATCHER)


def samples() -> dict[str, dict[str, Any]]:
    """The samples by type, with ids that do not depend on what was played before."""
    found: dict[str, dict[str, Any]] = {}
    for number, play in enumerate(plays()):
        for happening in play.history:
            found.setdefault(happening.type, _sample(number, play, happening))
    return found


def _sample(number: int, play: Play, happening: Happening) -> dict[str, Any]:
    names = {play.case.id: _uuid(number, 0)}
    names |= {entry.id: _uuid(number, entry.data["version"]) for entry in play.history}
    for place, other in ((99, play.facts.target), (98, play.facts.joining)):
        names |= {other.id: _uuid(place, 0)} if other else {}
    text = json.dumps(_enveloped(happening), ensure_ascii=False)
    for name, id in names.items():
        text = text.replace(f'"{name}"', f'"{id}"').replace(f"case/{name}", f"case/{id}")
    sample: dict[str, Any] = json.loads(text)
    return sample


def _enveloped(happening: Happening) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": happening.id,
        "source": "/services/cases",
        "type": happening.type,
        "subject": f"case/{happening.data['case_id']}",
        "time": written(happening.at),
        "sequence": happening.data["version"],
        "key": happening.key,
        "data": dict(happening.data),
    }


def _uuid(play: int, entry: int) -> str:
    return f"0195f3c0-0000-7000-8000-{play:04}{entry:08}"


def write(made: Mapping[str, Any]) -> None:
    """Write every sample to the file of its type."""
    for type_, sample in made.items():
        text = json.dumps(sample, ensure_ascii=False, indent=2)
        (FOLDER / f"{type_}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(samples())
