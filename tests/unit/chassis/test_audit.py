"""The trail: what a row's hash covers, where the next one stands, and that whatever is done to rows is found."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.audit import checking
from chassis.audit.heads import Head, by_place, carried, carry
from chassis.audit.row import BEGINNING, Act, Place, canonical, following, hash_of
from chassis.audit.walk import Flaw, Heads, Kind, Walk

NOON = datetime(2026, 3, 29, 4, tzinfo=UTC)
LAST_SECOND = datetime(2026, 3, 29, 15, 59, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 29, 16, tzinfo=UTC)
"""In the local calendar the next day begins."""
FAR_AHEAD = datetime(2099, 1, 1, tzinfo=UTC)

Rows = list[dict[str, Any]]


def act(n: int, at: datetime = NOON, **fields: Any) -> Act:
    return Act(
        f"k{n}",
        "contact.revealed",
        at,
        "p-1",
        "dispatcher",
        "case",
        f"c{n}",
        ("360704",),
        **{"reason": "回访"} | fields,
    )


def chain(*numbers: int) -> Rows:
    """So many rows on each of the days from 29 March on."""
    rows: Rows = []
    last = BEGINNING
    for day, many in enumerate(numbers):
        for n in range(many):
            rows.append(following(last, act(100 * day + n, NOON + timedelta(days=day, minutes=n))))
            last = Place.of(rows[-1])
    return rows


def heads_of(rows: Rows) -> Heads:
    ends = {row["day"]: row for row in rows}
    return {(day, row["seq"]): frozenset({row["hash"]}) for day, row in ends.items()}


def found(rows: Rows, heads: Heads | None = None, begins: Place = BEGINNING) -> list[tuple[Kind, str, Any]]:
    return [(each.kind, each.day, each.seq) for each in Walk(begins, heads or {}).over(rows)]


def rehashed(row: dict[str, Any], **changed: Any) -> dict[str, Any]:
    after = row | changed
    return after | {"hash": hash_of(after)}


def test_the_canonical_form_is_the_same_however_a_row_is_read() -> None:
    row = following(BEGINNING, act(1, details={"b": 1, "a": "二"}))
    turned = dict(reversed(list(row.items()))) | {"details": {"a": "二", "b": 1}}
    assert canonical(turned) == canonical(row)
    assert json.loads(canonical(row))["at"] == "2026-03-29T04:00:00Z"
    assert "二".encode() in canonical(row)
    assert row["hash"] == "69f78daba392435c71491576adf71dcc9bb6ab6caaa2df872f72fa2a43de2cc1", "older rows hold no more"


@pytest.mark.parametrize(
    "changed",
    [
        {"who": "p-2"},
        {"at": NOON + timedelta(milliseconds=1)},
        {"reason": None},
        {"details": {"n": 1}},
        {"more": 1},
        {"_id": "k2"},
        {"after": {"day": "", "seq": 0, "hash": "1" * 64}},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_the_hash_covers_every_field(changed: dict[str, Any]) -> None:
    row = following(BEGINNING, act(1))
    assert hash_of(row | changed) != row["hash"]


def test_the_hash_covers_fields_that_are_left_out() -> None:
    row = following(BEGINNING, act(1))
    assert all(hash_of({k: v for k, v in row.items() if k != name}) != row["hash"] for name in row if name != "hash")


def test_numbers_go_on_from_one_local_day_to_the_next() -> None:
    first = following(BEGINNING, act(1))
    second = following(Place.of(first), act(2, LAST_SECOND))
    third = following(Place.of(second), act(3, MIDNIGHT))
    assert [(row["day"], row["seq"]) for row in (first, second, third)] == [
        ("2026-03-29", 1),
        ("2026-03-29", 2),
        ("2026-03-30", 3),
    ]
    assert third["after"] == {"day": "2026-03-29", "seq": 2, "hash": second["hash"]}


def test_rows_stand_in_the_order_of_entering_whatever_days_a_clock_shows() -> None:
    rows: Rows = []
    for n, at in enumerate((NOON, FAR_AHEAD, NOON, NOON - timedelta(days=9), MIDNIGHT)):
        rows.append(following(Place.of(rows[-1]) if rows else BEGINNING, act(n, at)))
    assert [(row["day"], row["seq"]) for row in rows] == [
        ("2026-03-29", 1),
        ("2099-01-01", 2),
        ("2026-03-29", 3),
        ("2026-03-20", 4),
        ("2026-03-30", 5),
    ]
    assert found(rows, heads_of(rows)) == []
    assert found(rows[:1] + rows[2:], heads_of(rows)) == [(Kind.MISSING, "2099-01-01", 2)] * 2
    assert found(rows[:3], heads_of(rows)) == [(Kind.CUT_OFF, "2026-03-30", 5)]


def test_numbers_of_people_in_a_reason_are_masked() -> None:
    row = following(BEGINNING, act(1, reason="回电 12000001234，证件 999999199001010016"))
    assert row["reason"] == "回电 120****1234，证件 999999********0016"


def test_what_is_as_it_was_written_has_no_fault() -> None:
    rows = chain(3, 1, 2)
    assert found(rows, heads_of(rows)) == []
    assert found([]) == []


def without(*places: int) -> Callable[[Rows], Rows]:
    return lambda rows: [row for n, row in enumerate(rows) if n not in places]


def altered(rows: Rows) -> Rows:
    return [row | {"who": "p-9"} if n == 1 else row for n, row in enumerate(rows)]


def altered_with_its_hash(rows: Rows) -> Rows:
    return [rehashed(row, who="p-9") if n == 1 else row for n, row in enumerate(rows)]


def inserted_between(rows: Rows) -> Rows:
    return [*rows[:2], rehashed(rows[1], _id="new", seq=1.5), *rows[2:]]


def inserted_in_the_place_of_another(rows: Rows) -> Rows:
    return [*rows[:2], rehashed(rows[1], _id="new"), *rows[2:]]


def inserted_at_the_end_of_a_day(rows: Rows) -> Rows:
    return [*rows[:3], following(Place.of(rows[2]), act(7)), *rows[3:]]


def inserted_as_a_day(rows: Rows) -> Rows:
    return [*rows[:4], following(Place.of(rows[3]), act(7, NOON + timedelta(days=1, hours=20))), *rows[4:]]


def of_no_form(rows: Rows) -> Rows:
    return [*rows[:2], {"_id": "x", "day": "2026-03-29", "seq": 2}, *rows[2:]]


D1, D2, D3 = "2026-03-29", "2026-03-30", "2026-03-31"

CASES = [
    (altered, (Kind.ALTERED, D1, 2)),
    (altered_with_its_hash, (Kind.ALTERED, D1, 2)),
    (without(1), (Kind.MISSING, D1, 2)),
    (without(0), (Kind.NOT_THE_BEGINNING, D1, 2)),
    (without(0, 1, 2), (Kind.NOT_THE_BEGINNING, D2, 4)),
    (without(2), (Kind.MISSING, D1, 3)),
    (without(3), (Kind.MISSING, D2, 4)),
    (inserted_between, (Kind.INSERTED, D1, 1.5)),
    (inserted_in_the_place_of_another, (Kind.INSERTED, D1, 2)),
    (inserted_at_the_end_of_a_day, (Kind.INSERTED, D2, 4)),
    (inserted_as_a_day, (Kind.INSERTED, D3, 5)),
    (of_no_form, (Kind.INSERTED, D1, 2)),
]


@pytest.mark.parametrize(("done", "flaw"), CASES, ids=[str(n) for n in range(len(CASES))])
def test_what_is_done_to_rows_is_found_without_any_head(
    done: Callable[[Rows], Rows], flaw: tuple[Kind, str, Any]
) -> None:
    assert flaw in found(done(deepcopy(chain(3, 1, 2))))


def test_a_tail_that_is_cut_off_is_found_by_its_head() -> None:
    rows = chain(3, 1, 2)
    assert found(rows[:-1], heads_of(rows)) == [(Kind.CUT_OFF, D3, 6)]
    assert found(rows[:-2], heads_of(rows)) == [(Kind.CUT_OFF, D3, 6)]
    assert found([], heads_of(rows)) == [(Kind.CUT_OFF, D3, 6)]


def test_a_trail_that_was_written_anew_differs_from_its_heads() -> None:
    rows = chain(3, 1, 2)
    forged: Rows = []
    for n in range(6):
        last = Place.of(forged[-1]) if forged else BEGINNING
        forged.append(following(last, act(n, rows[n]["at"], reason="别的原因")))
    assert found(forged) == []
    assert found(forged, heads_of(rows)) == [
        (Kind.HEAD_DIFFERS, D1, 3),
        (Kind.HEAD_DIFFERS, D2, 4),
        (Kind.HEAD_DIFFERS, D3, 6),
    ]


def test_what_was_dropped_leaves_an_anchor_that_its_head_confirms() -> None:
    rows = chain(3, 1, 2)
    anchor, heads = Place.of(rows[3]), heads_of(rows)
    assert found(rows[4:], heads, anchor) == []
    other = Place(anchor.day, anchor.seq, "1" * 64)
    assert (Kind.HEAD_DIFFERS, D2, 4) in found(rows[4:], heads, other)
    assert (Kind.NOT_THE_BEGINNING, D3, 5) in found(rows[4:], heads, other)
    # Somebody has dropped a row that came after the anchor.
    assert (Kind.MISSING, D1, 3) in found(rows[3:], heads, Place.of(rows[1]))


def test_heads_are_kept_in_lines_that_only_their_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / "heads"
    first, second = (Head(service, D1, 1, "a" * 64, "2026-03-29T04:00:00Z") for service in ("cases", "members"))
    carry(file, [first])
    carry(file, [second, Head("cases", D1, 2, "b" * 64, "2026-03-29T04:01:00Z")])
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_text().splitlines()) == 3
    assert by_place(carried([file, tmp_path / "none"], "cases")) == {(D1, 1): {"a" * 64}, (D1, 2): {"b" * 64}}


def test_two_hashes_that_were_carried_for_one_place_are_a_fault() -> None:
    rows = chain(1)
    heads = {(D1, 1): frozenset({rows[0]["hash"], "b" * 64})}
    assert found(rows, heads) == [(Kind.HEAD_DIFFERS, D1, 1)]


def test_a_line_that_is_no_head_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "heads"
    file.write_text('{"service": "cases"}\n')
    with pytest.raises(ValueError, match=r"heads:1 is no head"):
        list(carried([file], "cases"))


def test_a_fault_is_told_in_a_line() -> None:
    assert str(Flaw(Kind.CUT_OFF, D1, 3, "why")) == "cut-off tail 2026-03-29/3: why"
    assert str(Flaw(Kind.LOST, "", None, "why")) == "lost rows: why"


@pytest.mark.parametrize(("n", "said"), [(0, "0 flaws"), (1, "1 flaw"), (2, "2 flaws")])
def test_one_is_counted_in_the_singular(n: int, said: str) -> None:
    assert checking._counted("flaw", n) == said
