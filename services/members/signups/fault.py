"""Why somebody cannot sign up: the activity's reasons first, then everything that stands against the person."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from chassis.errors import Refusal
from chassis.fault import Fault
from members.activities.activity import Activity
from members.people.person import LOCAL, Person
from members.people.registration import YOUNGEST, age


def check_open(activity: Activity, now: datetime) -> None:
    """Refuses `activity_cancelled`, `activity_over`, and `signup_closed` once it is too late for signing up."""
    activity.check_stands(now)
    if activity.sign_up_until <= now:
        raise Refusal("signup_closed")


def faults(
    activity: Activity, person: Person, task_id: str | None, born: date | None, meeting: Iterable[str], now: datetime
) -> list[Fault]:
    """Everything that stands against the person; `meeting` are activities at that time in which they have places."""
    return [
        *faults_of_person(activity, person, born, now),
        *_task(activity, task_id),
        *(Fault("", "overlaps_own_signup", {"activity_id": id}) for id in meeting),
    ]


def faults_of_person(activity: Activity, person: Person, born: date | None, now: datetime) -> list[Fault]:
    """What the activity asks for and the person lacks, also where somebody comes without having signed up."""
    return [*_age(activity, born, now), *_skills(activity, person)]


def asks_more(activity: Activity) -> bool:
    """Whether it asks for more than of everybody who is registered."""
    return bool(activity.skills) or activity.youngest > YOUNGEST


def _age(activity: Activity, born: date | None, now: datetime) -> Iterator[Fault]:
    """Whoever is registered is old enough for what asks for no other age (see `members.people.registration`)."""
    if born is None:
        if activity.youngest > YOUNGEST:
            yield Fault("/born", "age_not_told", {"youngest": activity.youngest})
    elif born > now.astimezone(LOCAL).date():
        yield Fault("/born", "born_in_future")
    elif age(born, activity.day) < activity.youngest:
        yield Fault("/born", "too_young", {"youngest": activity.youngest})


def _skills(activity: Activity, person: Person) -> Iterator[Fault]:
    if missing := activity.skills - person.skills:
        yield Fault("", "lacks_skills", {"skills": sorted(missing)})


def _task(activity: Activity, task_id: str | None) -> Iterator[Fault]:
    if task_id is not None and activity.task(task_id) is None:
        yield Fault("/task_id", "unknown_task", {"task_id": task_id})
