"""docs/domain.md is what the code does: its tables are the data and the rules that the services run on."""

import json
import re
from datetime import date, datetime, timedelta

from cases.case import OPEN, Status
from cases.category import Category, Severity, published
from cases.deadline import LOCAL, due, term
from cases.likeness import SCORES
from cases.livelihood import AIMS
from cases.moves.reason import FINDINGS, REASONS
from cases.moves.table import MOVES
from cases.outcome import WORDS
from cases.timer import NORMAL, SHORTER, Timer
from chassis.working_days import is_working_day
from notify.messages.ladder import LADDER
from tests.unit.docs.pages import ROOT, rows, section, text

DOMAIN = ROOT / "docs/domain.md"
NEW = {Status.REPORTED, Status.VERIFYING}
GRIDS = ROOT / "services/members/data/grids.geojson"


def shown(category: Category) -> list[str]:
    """A category as the page's row has it."""
    marks = ["✓" if marked else "–" for marked in (category.member_eligible, category.restricted)]
    lists = [" / ".join(category.units), ", ".join(category.skills), ", ".join(category.certificates)]
    return [
        *(category.code, category.zh, category.en, category.near, category.severity.value),
        *(str(category.respond), str(category.resolve), category.basis),
        *(cell or "–" for cell in lists),
        *marks,
    ]


def test_the_table_of_categories_is_the_latest_version() -> None:
    latest = max(published().values(), key=lambda one: one.begins)
    table = rows(section(DOMAIN, "### 6.1 Ten groups, 58 types"))
    assert table == [shown(category) for category in latest.categories.values()]
    assert len(table) == 58


def test_the_page_names_the_groups_that_are_physical() -> None:
    groups = next(iter(published().values())).groups
    assert [group.code for group in groups if group.physical] == [f"{number:02}" for number in range(1, 7)]
    assert "groups 01–06 are physical" in text(DOMAIN)


def test_the_golden_vectors_of_the_page_hold() -> None:
    table = [row for row in rows(section(DOMAIN, "### 2.3 Deadlines")) if re.fullmatch(r"\d wd", row[1])]
    assert len(table) == 7
    for start, length, end in table:
        day, clock = re.search(r"(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d))?", start).groups()  # type: ignore[union-attr]
        began = datetime.fromisoformat(f"{day}T{clock or '12:00'}").replace(tzinfo=LOCAL)
        found = due(began, term(length.replace(" ", ""))).at.astimezone(LOCAL)
        assert f"{found:%Y-%m-%d %H:%M}" in end.replace("*", "")


def test_the_page_counts_the_working_days_and_service_days_of_2026() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    thursdays = [day for day in days if day.weekday() == 3]
    working = sum(is_working_day(day)[0] for day in days)
    service = sum(is_working_day(day)[0] for day in thursdays)
    said = re.search(r"2026 has (\d+) working days, and (\d+) Thursdays .*?: (\d+)\s+service", text(DOMAIN), re.DOTALL)
    assert said is not None
    assert [int(number) for number in said.groups()] == [working, len(thursdays), service]


def test_the_table_of_grids_is_the_demo_data() -> None:
    features = json.loads(GRIDS.read_text(encoding="utf-8"))["features"]
    wanted = []
    for feature in features:
        lons, lats = zip(*feature["geometry"]["coordinates"][0], strict=True)
        corners = [f"{min(lons):.3f} {min(lats):.4f}", f"{max(lons):.3f} {max(lats):.4f}"]
        grid = feature["properties"]
        wanted.append([grid["grid_code"], grid["name"], *corners, str(grid["population"])])
    assert rows(section(DOMAIN, "### 8.1 Territory")) == wanted


def statuses(cell: str) -> set[Status | None]:
    """The statuses that a cell of the table of moves means; "–" is no case yet."""
    if cell == "–":
        return {None}
    if cell.startswith("any open"):
        return set(OPEN - NEW) if "from REGISTERED on" in cell else set(OPEN)
    return {Status(name) for name in cell.split(", ")}


def test_the_table_of_moves_is_the_one_that_decides() -> None:
    on_page = {
        (act, source, None if target == "same" else Status(target))
        for acts, sources, target, *_ in rows(life("| act | from |"))
        for act in quoted(acts)
        for source in statuses(sources)
    }
    in_code = {(move.act.value, source, move.target) for move in MOVES for source in move.sources or {None}}
    assert on_page == in_code


def life(head: str) -> str:
    """The table of the section on the life of a case that begins with `head`."""
    return head + section(DOMAIN, "### 2.2 The life of a case").split(head)[1].split("\n\n")[0]


def quoted(cell: str) -> list[str]:
    """The codes in a cell."""
    return re.findall(r"`(\w+)`", cell)


def test_the_table_of_reasons_is_the_one_that_is_accepted() -> None:
    on_page = {act: tuple(quoted(codes)) for acts, codes in rows(life("| act | codes |")) for act in quoted(acts)}
    assert on_page == {act.value: codes for act, codes in REASONS.items()} | {"verify": FINDINGS}


def test_the_table_of_what_speaks_for_a_duplicate_is_the_one_that_scores() -> None:
    on_page = {quoted(code)[0]: int(score) for code, _, score in rows(life("| reason | when | adds |"))}
    assert on_page == {reason.value: score for reason, score in SCORES.items()}


def test_the_table_of_livelihood_targets_is_the_one_that_is_shown() -> None:
    table = section(DOMAIN, "### 2.3 Deadlines").split("| tag | first answer |")[1].split("\n\n")[0]
    on_page = {
        quoted(tag)[0]: (respond, resolve) for tag, respond, resolve, _ in rows("| tag | first answer |" + table)
    }
    assert on_page == {tag.value: (str(aim.respond), str(aim.resolve)) for tag, aim in AIMS.items()}


def test_the_table_of_outcomes_is_the_one_that_is_accepted() -> None:
    on_page = {quoted(code)[0]: tuple(words.split(", ")) for code, words in rows(life("| outcome | words |"))}
    assert on_page == {outcome.value: words for outcome, words in WORDS.items()}


def test_the_table_of_step_timers_is_the_one_that_runs() -> None:
    found = {row[0].split(" ")[0]: row[1:] for row in rows(life("| step | N, L |"))}
    on_page = {step: [_term(cell) for cell in cells] for step, cells in found.items()}
    shorter = [{}, SHORTER[Severity.URGENT], SHORTER[Severity.EMERGENCY]]
    in_code: dict[str, list[str | None]]
    in_code = {timer.value: [one.get(timer, NORMAL[timer]) for one in shorter] for timer in Timer}
    in_code["verify"][2] = None  # an emergency is never verified
    assert on_page == in_code


def _term(cell: str) -> str | None:
    found = re.match(r"(\d+) (\w+)", cell)
    return "".join(found.groups()) if found else None


def test_a_failed_message_is_tried_again_as_the_page_says() -> None:
    said = re.search(r"tried again\s+after (.+?) and (\d+ \w)", section(DOMAIN, "### 2.2 The life of a case"))
    assert said is not None
    waits = [*said[1].split(", "), said[2]]
    assert [_length(wait) for wait in waits] == list(LADDER)


def _length(text: str) -> timedelta:
    count, unit = text.split(" ")
    return timedelta(minutes=int(count)) if unit == "m" else timedelta(hours=int(count))
