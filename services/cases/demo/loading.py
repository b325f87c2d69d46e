"""Puts what was played into the database: what is there already stays as it is, what is missing is added."""

from collections.abc import Iterator
from itertools import cycle

from cases.demo.district import District, district
from cases.demo.pictures import pictures
from cases.demo.plan import Planner
from cases.demo.player import Player, command
from cases.demo.quota import MERGED, REGISTERED, REJECTED
from cases.demo.story import NOW
from cases.indicators.counting import count_what_waits
from cases.indicators.store import IndicatorStore
from cases.store import CaseStore
from cases.store.past import PastStore, Taken
from chassis.command import Asked
from chassis.mongo import Home


def load_once(home: Home) -> str:
    """Play the plan and add what came of it, if it is not there; say in one line what was added."""
    demo = district()
    if CaseStore(home).made_by(last(demo)):
        return "the cases are there already"
    player = Player(home, demo)
    player.play(Planner(demo).plan())
    return load(home, player)


def load(home: Home, played: Player) -> str:
    """Add what is missing of what was played, and count it; say in one line what was added."""
    past = PastStore(home)
    past.add_photos([*_photos(played)])
    sessions = past.add_sessions(played.sessions)
    # Last of all: whoever finds the last case finds everything.
    cases = past.add_cases(played.histories())
    counted = count_what_waits(IndicatorStore(home))
    return f"added {sessions} intake sessions and {cases} cases, and counted {counted}"


def last(demo: District) -> list[str]:
    """The key of the command by which the last case is reported, for everybody who may report it: no plan is needed."""
    id = command(REGISTERED + MERGED + REJECTED)
    return [Asked(each.caller, id, "", NOW).key for each in demo.having("resident")]


def _photos(played: Player) -> Iterator[Taken]:
    shown = cycle(pictures())
    for id, case_id in played.album.taken.items():
        upload = played.album.uploads[id]
        yield Taken(id, upload.owner, f"demo-{id}", upload.at, case_id, next(shown))
