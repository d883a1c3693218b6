"""A procedure as a picture: where each state stands, and which steps lead between them.

States stand in rows by how many steps they lie from the start. A step that leads from nearly
everywhere (a settlement, a withdrawal) is not drawn as many lines; it is told beside the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.rules.law.procedures import ANY, SAME

if TYPE_CHECKING:
    from harvester.rules.law.procedures import Procedure, State, Step

MANY_SOURCES = 4
WIDTH, HEIGHT, GAP_X, GAP_Y = 176, 46, 34, 44
LANE = 8
"""Half the distance between lines there and back."""


@dataclass(frozen=True)
class Node:
    """A state and the top left corner of its box."""

    state: State
    x: int
    y: int


@dataclass(frozen=True)
class Edge:
    """A line from one state to another, as an SVG path, and the names of the steps along it."""

    source: str
    target: str
    path: str
    back: bool
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Diagram:
    """The whole picture. ``anywhere``: steps from nearly everywhere; ``within``: those that stay."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    anywhere: tuple[Step, ...]
    within: tuple[Step, ...]
    width: int
    height: int


def diagram(procedure: Procedure) -> Diagram:
    """The picture of a procedure; the same every time."""
    steps = [s for s in procedure.steps if not s.retired]
    drawn = [s for s in steps if s.target != SAME and not _from_anywhere(s)]
    rows = _rows(procedure, drawn)
    widest = max(len(row) for row in rows)
    width = widest * (WIDTH + GAP_X) - GAP_X
    nodes = []
    for number, row in enumerate(rows):
        left = (width - (len(row) * (WIDTH + GAP_X) - GAP_X)) // 2
        for place, state in enumerate(row):
            x, y = left + place * (WIDTH + GAP_X), number * (HEIGHT + GAP_Y)
            nodes.append(Node(procedure.state(state), x, y))
    at = {node.state.id: node for node in nodes}
    between: dict[tuple[str, str], list[str]] = {}
    for step in drawn:
        for source in step.sources:
            between.setdefault((source, step.target), []).append(step.name)
    edges = tuple(_edge(at[a], at[b], tuple(names)) for (a, b), names in between.items())
    return Diagram(
        tuple(nodes), edges,
        tuple(s for s in steps if s.target != SAME and _from_anywhere(s)),
        tuple(s for s in steps if s.target == SAME),
        width, len(rows) * (HEIGHT + GAP_Y) - GAP_Y,
    )  # fmt: skip


def _from_anywhere(step: Step) -> bool:
    return ANY in step.sources or len(step.sources) >= MANY_SOURCES


def _rows(procedure: Procedure, drawn: list[Step]) -> list[list[str]]:
    """States by their distance from the start; ends that only steps from anywhere reach come last."""
    depth = {procedure.start: 0}
    edge = [procedure.start]
    while edge:
        following = []
        for state in edge:
            for step in drawn:
                if state in step.sources and step.target not in depth:
                    depth[step.target] = depth[state] + 1
                    following.append(step.target)
        edge = following
    last = max(depth.values())
    rows: list[list[str]] = [[] for _ in range(last + 1)]
    for state, row in depth.items():
        rows[row].append(state)
    rest = [s.id for s in procedure.states if s.id not in depth]
    return [*rows, rest] if rest else rows


def _edge(a: Node, b: Node, names: tuple[str, ...]) -> Edge:
    """A line down to a lower box, across to one beside it, or round the side to one above."""
    back = b.y <= a.y
    if b.y > a.y:
        x1, y1, x2, y2 = a.x + WIDTH // 2, a.y + HEIGHT, b.x + WIDTH // 2, b.y
        bend = (y2 - y1) // 2
        path = f"M{x1} {y1}C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2}"
    elif b.y == a.y:
        y = a.y + HEIGHT // 2 + (LANE if b.x < a.x else -LANE)
        path = f"M{a.x} {y}L{b.x + WIDTH} {y}" if b.x < a.x else f"M{a.x + WIDTH} {y}L{b.x} {y}"
    else:
        x1, y1, x2, y2 = a.x + WIDTH, a.y + HEIGHT // 2, b.x + WIDTH, b.y + HEIGHT // 2
        out = max(x1, x2) + GAP_X
        path = f"M{x1} {y1}C{out} {y1} {out} {y2} {x2} {y2}"
    return Edge(a.state.id, b.state.id, path, back, names)
