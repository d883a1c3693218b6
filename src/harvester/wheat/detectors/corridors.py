"""W22: rail and bus lines that run side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from harvester.rules.text import phrase_pattern
from harvester.space.points import ALBERS
from harvester.wheat import words
from harvester.wheat.finding import Bench, Draft, Shown, declared, name_of, plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# The course of a line is the row with the most points, of the latest season.
_LINES = """
SELECT s.undertaking_id, s.entry_id, s.points, s.probability, u."function",
       v.name, v.document, v.institution, v.year, v.owner, v.metro, v.entries, v.amount_cents,
       v.entry_id AS voice
FROM fact_standing s
JOIN in_undertakings u USING (undertaking_id)
JOIN fact_voice v USING (undertaking_id)
WHERE u."function" IN ('rail', 'public_transport') AND trim(s.points) <> ''
  AND regexp_matches(lower(s.name), '{line_words}')
QUALIFY row_number() OVER (PARTITION BY s.undertaking_id
        ORDER BY s.season DESC, length(s.points) DESC, s.entry_id) = 1
ORDER BY s.undertaking_id
"""


def corridors_overlap(bench: Bench) -> Iterator[Draft]:
    """W22: a rail and a bus line that share a corridor over most of the shorter one."""
    query = _LINES.format(line_words=phrase_pattern(bench.thresholds.lists["W22.line_words"]))
    rows = bench.facts.query(query).to_pylist()
    lines = _lines([str(row["points"]) for row in rows])
    rail = [n for n, row in enumerate(rows) if row["function"] == "rail"]
    bus = [n for n, row in enumerate(rows) if row["function"] == "public_transport"]
    if not rail or not bus:
        return
    near = bench.thresholds["W22.metres"]
    tree = shapely.STRtree(lines[bus])
    left, right = tree.query(lines[rail], predicate="dwithin", distance=near)
    pairs = sorted((rail[a], bus[b]) for a, b in zip(left.tolist(), right.tolist(), strict=True))
    for a, b in pairs:
        shared = _shared(lines[a], lines[b], near)
        shorter = min(lines[a].length, lines[b].length)
        enough = bench.thresholds.share("W22.share_percent") * shorter
        if shared >= max(enough, bench.thresholds["W22.least_metres"]):
            yield _overlap(bench, rows[a], rows[b], shared)


def _lines(points: list[str]) -> np.ndarray:
    """Lines through points (``lon lat;lon lat``), on a plane in metres."""
    plane = pyproj.Transformer.from_crs("EPSG:4326", ALBERS, always_xy=True)
    made = []
    for text in points:
        pairs = np.array([[float(n) for n in pair.split()] for pair in text.split(";")])
        x, y = plane.transform(pairs[:, 0], pairs[:, 1])
        made.append(shapely.LineString(np.column_stack([x, y])))
    return np.array(made, dtype=object)


def _shared(one: shapely.Geometry, other: shapely.Geometry, near: float) -> float:
    """Metres of the line that shares less, within ``near`` of the other."""
    return float(
        min(
            shapely.intersection(a, shapely.buffer(b, near)).length
            for a, b in ((one, other), (other, one))
        )
    )


def _overlap(bench: Bench, rail: dict[str, object], bus: dict[str, object], metres: float) -> Draft:
    papers = [
        words.paper(bench.book, row["document"], row["institution"], row["year"])
        for row in (rail, bus)
    ]
    amounts = [row["amount_cents"] for row in (rail, bus) if row["amount_cents"] is not None]
    rand = min(amounts, default=None)
    sure = rail["probability"] * bus["probability"]
    return Draft(
        about=(rail["undertaking_id"], bus["undertaking_id"]),
        statement=f"{words.project(rail['name'])} ({papers[0]}) and {words.project(bus['name'])} ({papers[1]}) run within "
        f"{bench.thresholds['W22.metres']} m of each other for {metres / 1000:.1f} km.",
        metro=bus["metro"],
        year=bus["year"],
        parties=(bus["owner"], bus["institution"], rail["owner"], rail["institution"]),
        rand=rand,
        rand_low=None if rand is None else round(rand * sure),
        rand_high=rand,
        confidence=sure,
        undertaking_id=bus["undertaking_id"],
        function="public_transport",
        evidence=[
            shown
            for row, paper in zip((rail, bus), papers, strict=True)
            for shown in (
                name_of(row["voice"], f"stands in {paper}"),
                Shown("field", "course", entry_id=row["entry_id"], field="points"),
                *plan_of(row["entries"], f"planned in {paper}"),
            )
        ],
    )


CORRIDOR_DETECTORS = (declared("W22", corridors_overlap),)
