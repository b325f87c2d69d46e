"""The states of a case as a Mermaid diagram, drawn from the table of moves: `python -m cases.moves.diagram`."""

import sys
from collections.abc import Iterable

from cases.case import ENDED, Status
from cases.moves.move import Move
from cases.moves.table import MOVES

BEGIN = "[*]"
"""Where Mermaid begins and ends."""


def diagram(moves: Iterable[Move] = MOVES) -> str:
    """The text of the diagram; acts that leave the status as it is are comments at the end."""
    rows = list(moves)
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in rows:
        for source in [status.value for status in Status if status in move.sources] or [BEGIN]:
            if move.target is not None and move.target.value != source:
                arrows.setdefault((source, move.target.value), []).append(move.act.value)
    lines = [f"    {source} --> {target}: {', '.join(acts)}" for (source, target), acts in arrows.items()]
    ends = [f"    {status.value} --> {BEGIN}" for status in Status if status in ENDED]
    return "\n".join(["stateDiagram-v2", *lines, *ends, *_staying(rows)]) + "\n"


def _staying(moves: list[Move]) -> list[str]:
    """For each status the acts that leave it, as comments, which Mermaid does not draw."""
    lines = []
    for status in Status:
        acts = sorted(
            {
                move.act.value
                for move in moves
                if status in move.sources and (move.target is None or move.target is status)
            }
        )
        if acts:
            lines.append(f"    %% {status.value} stays: {', '.join(acts)}")
    return lines


if __name__ == "__main__":
    sys.stdout.write(diagram())
