"""The diagram shows what the table says, and stands in ARCHITECTURE.md."""

from pathlib import Path

from cases.act import Act
from cases.case import Status
from cases.moves.diagram import diagram
from cases.moves.table import MOVES


def test_every_status_and_every_act_is_in_the_diagram() -> None:
    drawn = diagram()
    assert drawn.startswith("stateDiagram-v2\n    [*] --> REPORTED: report\n")
    assert all(status.value in drawn for status in Status)
    assert all(act.value in drawn for act in Act)


def test_an_arrow_that_is_taken_out_of_the_table_leaves_the_diagram() -> None:
    without = [move for move in MOVES if move.act is not Act.REOPEN]
    assert "CLOSED --> REOPENED: reopen" in diagram()
    assert "reopen" not in diagram(without)


def test_the_diagram_in_the_architecture_is_this_one() -> None:
    architecture = Path(__file__).parents[3] / "ARCHITECTURE.md"
    assert diagram().strip() in architecture.read_text(encoding="utf-8")
