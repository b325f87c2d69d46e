"""Makes docs/permissions.md of the services' own tables: `python -m tests.unit.docs.permissions`; decides nothing."""

from collections.abc import Iterable, Mapping, Sequence

import cases.summons.permission
import members.permission
import notify.permission
from cases.assets.asset import KEEPERS
from cases.indicators.permission import UNIT
from cases.intake_sessions.intake_session import HOSTS
from cases.match_lists.permission import PERMISSIONS as MATCHING
from cases.match_lists.permission import Reach
from cases.mechanisms.mechanism import ENTERS
from cases.permission import (
    AUDITORS,
    CLAIMANTS,
    COMPARE,
    HELPERS,
    PERMISSIONS,
    RELEASERS,
    REPORTERS,
    WORKERS,
    Condition,
    Row,
)
from cases.policies import scoring
from cases.policies.policy import ENTERS as DECIDES
from cases.showing.contact import ON_REQUEST, TELLS
from cases.showing.listing import OVERSEEING
from cases.showing.sight import HANDLE_ALL, ONLOOKERS, SEES
from cases.surveys.permission import PERMISSIONS as SURVEYING
from cases.surveys.permission import Reach as SurveyReach
from cases.surveys.permission import Row as SurveyRow
from tests.unit.docs.pages import ROOT

PAGE = ROOT / "docs/permissions.md"

PROVIDED = {
    Condition.DISTRICT: "in their district",
    Condition.SCOPE: "in their scope",
    Condition.REPORTER: "who reported it, or filed it for somebody",
    Condition.ASSIGNEE: "to whom it is given, in person or through their unit",
    Condition.CLAIMANT: "in whose scope it is openly offered, of a category for members, not about their unit",
    Condition.SYSTEM: "inside the system",
}

REACHED = {
    Reach.OWN: "with what is their own or their unit's, or what they wrote down",
    Reach.DISTRICT: "in their district",
    Reach.SCOPE: "in their scope",
    Reach.SERVED: "where their scope and what it serves meet",
}

SURVEYED = {SurveyReach.SCOPE: " in their scope", SurveyReach.DISTRICT: ", in their districts"}

SUMMONED = {
    cases.summons.permission.Condition.SCOPE: "in their scope",
    cases.summons.permission.Condition.SUMMONED: "whose unit is called",
    cases.summons.permission.Condition.SYSTEM: "inside the system",
}

CALLED = """\
The whistle ([domain.md](domain.md) §2.2). Nobody of the unit that the case complains of has a part in one.
"""

FEWEST = scoring.scoring(scoring.shipped()).smallest_group

GROUPS = {"reporters": REPORTERS, "helpers": HELPERS, "claimants": CLAIMANTS, "workers": WORKERS}

HEAD = """\
# Permissions

Who may ask what of which service, as the services' own tables have it ([domain.md](domain.md) §5; record
[0014](adr/0014-permissions-as-rows.md)). This page is made of them by `python -m tests.unit.docs.permissions`, and a
test compares it. A scope is a prefix of the grid code. What depends on the particular case besides (nobody inspects own
work, a complaint never goes to the unit that it is about …) is a guard of the move: `docs/domain.md` §2.2 and §5.
"""

SEEN = """\
*outline*: status, times, category and grid; *masked*: the words too, with what is personal masked; *own*: what the
reporter gave and what became of it, with the persons who handle it unnamed; *full*: everything, phones masked. Of
several rows the one that shows most holds; without any the case is not to be seen.
"""

PHONE = """\
Asked for at the case, where who asked and why is written down first. Whoever has accepted and is no worker also reads
it in full where the report names it. Of somebody without an account, who has agreed to be called or visited, a *worker*
in whose scope the case lies is told at any time, of merged and ended cases too. The unit that the case is about never
gets it.
"""


MATCH_LISTS = """\
A demand is reached by the scope that its grid lies in, a project by the one that holds all that it is about. The asker
of a demand is shown to the asker and to workers and dispatchers of the place; so are the words of a sensitive one.
"""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def named(roles: Sequence[str]) -> str:
    """Roles as the page writes them: a whole group by its name, the others one by one."""
    left, words = list(roles), []
    for name, group in GROUPS.items():
        if set(group) <= set(left):
            words.append(f"*{name}*")
            left = [role for role in left if role not in group]
    return ", ".join([*words, *spelled(left)])


def spelled(roles: Iterable[str]) -> list[str]:
    """Roles one by one."""
    return [f"`{role}`" for role in roles]


def groups() -> Iterable[Sequence[str]]:
    """What the names of groups stand for."""
    for name, group in GROUPS.items():
        yield f"*{name}*", ", ".join(spelled(group))


def who(row: Row) -> str:
    """The roles of a row of cases, those that share a condition together, each as often as it has conditions."""
    found: dict[Condition, list[str]] = {}
    for role, conditions in row.items():
        for condition in conditions:
            found.setdefault(condition, []).append(role)
    return "; ".join(f"{named(roles)} {PROVIDED[condition]}" for condition, roles in found.items())


def whom(row: cases.summons.permission.Row) -> str:
    """The roles of a row of summons, those that share a condition together."""
    conditions = dict.fromkeys(row.values())
    found = {each: [role for role, condition in row.items() if condition is each] for each in conditions}
    return "; ".join(f"{named(roles)} {SUMMONED[condition]}" for condition, roles in found.items())


STREAMS = """\
What happens, told while it happens ([live.md](live.md)): which case, what happened and how it
stands, nobody and nobody's words. A desk is that of a scope, or of an area in it, within a district; nobody hears
there of what is about the own unit. What may be heard is asked anew with each token, and a stream ends with the one
that opened it.
"""

KEPT_CLOSE = "sensitive cases"
REMINDERS = "whom the clock has reminded"
UNKNOWN_YET = f"cases without a category, {REMINDERS}, how the own reports count"

SURVEYS = """\
Pulse surveys ([domain.md](domain.md) §2.4). While one is open, no more is told than how many have answered, and
that to the office. A program answers none.
"""


def surveyor(row: SurveyRow) -> str:
    """The roles of a row of surveys; one without roles is for everybody."""
    return f"{', '.join(spelled(row.roles)) or 'whoever is signed in'}{SURVEYED[row.reach]}"


def summons() -> Iterable[Sequence[str]]:
    """Who does what with a summons, and who sees it."""
    for act, row in cases.summons.permission.PERMISSIONS.items():
        yield f"`{act.value}`", whom(row)
    yield "see it", whom(cases.summons.permission.SEES)


def streams() -> Iterable[Sequence[str]]:
    """Who hears what while it happens, and what is left out."""
    yield "a desk", f"{named(HANDLE_ALL)} in their scope", "nothing"
    yield "a desk", f"{named(WORKERS)} in their scope", KEPT_CLOSE
    yield "a desk", f"{named(ONLOOKERS)} in their scope", f"{KEPT_CLOSE}, {UNKNOWN_YET}"
    yield "a case", "whoever is shown it in full", "nothing"
    yield "a case", "whoever is shown less of it", f"{REMINDERS}; how it counts, but to who oversees its place"
    yield (
        "the inbox",
        "whoever is signed in, and the contact of a unit",
        "what is for others; of the unit's what lies outside of the role's scope",
    )


def sights() -> Iterable[Sequence[str]]:
    """How much of a case is seen, row by row."""
    yield "whoever reported it", "own", "own"
    yield "whoever it is given to", "full", "full"
    for roles, condition, ordinary, restricted in SEES:
        yield f"{named(roles)} {PROVIDED[condition]}", ordinary.name.lower(), restricted.name.lower()
    yield "whoever reported a case that was merged into it", "outline", "outline"


def contacts() -> Iterable[Sequence[str]]:
    """Who is told how to reach the reporter."""
    for condition in dict.fromkeys(TELLS.values()):
        roles = [role for role, wanted in TELLS.items() if wanted is condition]
        terms = "with a reason" if set(roles) <= set(ON_REQUEST) else "once they have accepted, until it is closed"
        yield f"{named(roles)} {PROVIDED[condition]}", terms


def others(rows: Mapping[str, members.permission.Row] | Mapping[str, notify.permission.Row]) -> str:
    """The table of a service whose rows are roles and a reach; a row for every role says so."""
    every = max((row.roles for row in rows.values()), key=len)
    reaches = {
        "own": "what is their own or their unit's",
        "scope": "in their scope",
        "community": "in the communities of their scope",
        "district": "in their district",
        "sums": "in their scope, which may hold several districts",
    }
    return table(
        ("act", "roles", "reach"),
        (
            (f"`{act}`", "every role" if row.roles == every else named(row.roles), reaches[row.reach.value])
            for act, row in rows.items()
        ),
    )


def page() -> str:
    """The whole page."""
    parts = [
        HEAD,
        "## Groups of roles\n",
        table(("group", "roles"), groups()),
        "\n## Acts on a case\n",
        table(("act", "who"), ((f"`{act.value}`", who(row)) for act, row in PERMISSIONS.items())),
        "\nThe proposal of who could take a case is for a `dispatcher` in their scope. Which cases may be about the "
        f"same thing is for {named(COMPARE)} in their scope. Photos are released to everybody, and taken back, by "
        f"{named(RELEASERS)} in their scope. The ledger and the trend of an area are for "
        f"{named(OVERSEEING)} in their scope, and so are all indicators of an area and the cases behind each number. "
        "In a scope that holds several districts, indicators and trends are told by district, and no case and nobody "
        f"is. For what the own unit answers for, {named(UNIT)} is told indicators and cases. Everybody is told the "
        "public set of indicators in their districts: by district, community, grid or "
        f"month, and no opinions of fewer than {FEWEST} reporters, unless a district decides otherwise. "
        f"Assets are entered and changed by {named(KEEPERS)} "
        "in their scope, and shown to everybody in their districts; of the cases about one each sees those of which "
        "the table below shows more than an outline.",
        f"\nIntake sessions are held, imported and checked by {named(HOSTS)} in their scope, who also see how to reach "
        f"those who left a phone (written down first; with a reason for all but the host), and are read by "
        f"{named(OVERSEEING)} in their scope.",
        "\n## What is seen of a case\n",
        SEEN,
        table(("who", "an ordinary case", "a sensitive one"), sights()),
        "\n## The reporter's phone\n",
        PHONE,
        table(("who", "when"), contacts()),
        "\n## Live streams\n",
        STREAMS,
        table(("stream", "who", "what is not heard"), streams()),
        "\n## Demands, resources and projects\n",
        MATCH_LISTS,
        table(
            ("act", "who"),
            (
                (f"`{act}`", "; ".join(f"{named(row.roles)} {REACHED[row.reach]}" for row in rows))
                for act, rows in MATCHING.items()
            ),
        ),
        "\n## Summons\n",
        CALLED,
        table(("act", "who"), summons()),
        f"\nHow units turned out is counted for {named(OVERSEEING)} in their scope.",
        "\n## Surveys\n",
        SURVEYS,
        table(("act", "who"), ((f"`{act}`", surveyor(row)) for act, row in SURVEYING.items())),
        f"\nThe categories of cases and the scoring of a district are entered by {named(DECIDES)} in their scope, and "
        f"their history is read by {named(OVERSEEING)} within their district.",
        f"\nJoint mechanisms are entered by {named(ENTERS)} for areas in their scope, and read by "
        f"{named(OVERSEEING)} in their scope.",
        f"\nThe audit trail of cases is read by {named(AUDITORS)} in their scope; reading it leaves a row of its own.",
        "\n## members\n",
        others(members.permission.PERMISSIONS),
        "\n## notify\n",
        others(notify.permission.PERMISSIONS),
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
