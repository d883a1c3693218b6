"""W19 and W22: lines on the ground that cross a boundary, or run side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from harvester.alignment.facts.boundary import municipalities
from harvester.rules import codes, norms
from harvester.rules.text import phrase_pattern
from harvester.space.ground.shapes import on_plane, run_together, shape_of
from harvester.wheat import words
from harvester.wheat.finding import (
    Bench,
    Draft,
    Shown,
    absent_from,
    declared,
    name_of,
    plan_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Row = dict[str, object]


def _course(row: Row) -> shapely.Geometry | None:
    """What a row draws: a line or area, or the line through its several points."""
    shape = shape_of(str(row["points"]))
    if shape is None or shapely.get_dimensions(shape) > 0:
        return shape
    points = shapely.get_coordinates(shape)
    return shapely.LineString(points) if len(points) > 1 else None


def _drawn(bench: Bench, query: str) -> tuple[list[Row], NDArray[np.object_]]:
    """Rows of a query that draw something, and what they draw (degrees)."""
    rows = [(row, _course(row)) for row in bench.facts.query(query).to_pylist()]
    kept = [(row, shape) for row, shape in rows if shape is not None]
    shapes = np.empty(len(kept), dtype=object)
    shapes[:] = [shape for _, shape in kept]
    return [row for row, _ in kept], shapes


# Rows of a network that draw more than a point. A lone point over the line is no crossing:
# published points are not so exact.
_NETWORKS = """
SELECT s.entry_id, s.undertaking_id, s.metro, s.season, s."function", s.points, s.probability
FROM fact_standing s
WHERE s."function" IN ({networks}) AND s.metro <> 'unknown' AND trim(s.points) <> ''
ORDER BY s.undertaking_id, s.season DESC, s.entry_id
"""
_READ = """
SELECT metro, season, list_sort(flatten(list(submissions))) AS submissions
FROM fact_read WHERE document IN ('pipeline', 'idp', 'budget') GROUP BY metro, season
"""
_NAMED = (
    "SELECT DISTINCT undertaking_id, institution FROM fact_stood WHERE undertaking_id IN ({ids})"
)
_ALMOST = """
SELECT n.undertaking_id, s.institution, max(n.probability) AS probability
FROM fact_almost n JOIN fact_submission s USING (submission_id)
WHERE n.undertaking_id IN ({ids}) GROUP BY n.undertaking_id, s.institution
"""
# A row that gives no point of its own stands where another document puts the same project.
_THERE = """
SELECT s.metro, s.season, s."function",
       CASE WHEN s.latitude IS NULL THEN u.longitude ELSE coalesce(s.longitude, u.longitude) END
       AS longitude,
       CASE WHEN s.longitude IS NULL THEN u.latitude ELSE coalesce(s.latitude, u.latitude) END
       AS latitude
FROM fact_standing s LEFT JOIN in_undertakings u USING (undertaking_id)
WHERE s."function" IN ({networks}) AND s.metro IN ({metros})
  AND (s.longitude IS NOT NULL AND s.latitude IS NOT NULL
       OR u.longitude IS NOT NULL AND u.latitude IS NOT NULL)
"""
# How many undertakings of a function each municipality's documents place, and how many they do not.
_UNPLACED = """
WITH stood AS (
    SELECT s.metro, s.season, s."function", s.undertaking_id,
        bool_or(s.longitude IS NOT NULL AND s.latitude IS NOT NULL
            OR u.longitude IS NOT NULL AND u.latitude IS NOT NULL) AS placed
    FROM fact_standing s LEFT JOIN in_undertakings u USING (undertaking_id)
    WHERE s."function" IN ({networks}) AND s.metro IN ({metros}) GROUP BY ALL
)
SELECT metro, season, "function", count(*) AS every, count(*) FILTER (NOT placed) AS unplaced
FROM stood GROUP BY ALL
"""
_VOICES = """SELECT v.* FROM fact_voice v WHERE v.undertaking_id IN ({ids})"""


def no_counterpart(bench: Bench) -> Iterator[Draft]:
    """W19: a network project that runs into a neighbour whose documents show no counterpart."""
    networks = ", ".join(f"'{function}'" for function in norms.load().networks)
    rows, shapes = _drawn(bench, _NETWORKS.format(networks=networks))
    crossing = _across(bench, rows, shapes)
    if not crossing:
        return
    ids = ", ".join(sorted({f"'{rows[n]['undertaking_id']}'" for n, _ in crossing}))
    read = {
        (r["metro"], r["season"]): r["submissions"] for r in bench.facts.query(_READ).to_pylist()
    }
    named = {tuple(r.values()) for r in bench.facts.query(_NAMED.format(ids=ids)).to_pylist()}
    almost = {
        (r["undertaking_id"], r["institution"]): r["probability"]
        for r in bench.facts.query(_ALMOST.format(ids=ids)).to_pylist()
    }
    voices = {
        r["undertaking_id"]: r for r in bench.facts.query(_VOICES.format(ids=ids)).to_pylist()
    }
    near = _counterparts(bench, networks, rows, shapes, crossing)
    metros = ", ".join(sorted({f"'{neighbour}'" for _, neighbour in crossing}))
    unplaced = {
        (r["metro"], r["season"], r["function"]): (r["unplaced"], r["every"])
        for r in bench.facts.query(_UNPLACED.format(networks=networks, metros=metros)).to_pylist()
    }
    seen = set()
    for n, neighbour in crossing:
        row = rows[n]
        about = (str(row["undertaking_id"]), neighbour)
        searched = read.get((neighbour, row["season"]))
        if about in seen or searched is None:
            continue
        # The latest season whose documents of the neighbour were read speaks.
        seen.add(about)
        if about not in named and (n, neighbour) not in near:
            somewhere = unplaced.get((neighbour, row["season"], row["function"]), (0, 0))
            yield _crossing(
                bench, voices[about[0]], row, neighbour, searched, almost.get(about, 0.0), somewhere
            )


def _across(bench: Bench, rows: list[Row], shapes: NDArray[np.object_]) -> list[tuple[int, str]]:
    """Rows, by their place in the list, that lie in their own municipality and run into another."""
    codes, polygons = municipalities(bench.facts)
    if not len(polygons) or not rows:
        return []
    flat = on_plane(shapes)
    row, area = shapely.STRtree(polygons).query(flat, predicate="intersects")
    inside = shapely.intersection(flat[row], polygons[area])
    size = np.where(
        shapely.get_dimensions(inside) == 2, np.sqrt(shapely.area(inside)), shapely.length(inside)
    )
    least = bench.thresholds["W19.least_metres"]
    lying = [
        (int(n), str(codes[a]))
        for n, a, metres in zip(row, area, size, strict=True)
        if metres >= least
    ]
    own = {n for n, code in lying if code == rows[n]["metro"]}
    return sorted((n, code) for n, code in lying if n in own and code != rows[n]["metro"])


def _counterparts(
    bench: Bench, networks: str, rows: list[Row], shapes: NDArray[np.object_],
    crossing: list[tuple[int, str]],
) -> set[tuple[int, str]]:  # fmt: skip
    """The crossings that an undertaking of the same function and season goes on with."""
    metros = ", ".join(sorted({f"'{neighbour}'" for _, neighbour in crossing}))
    there = bench.facts.query(_THERE.format(networks=networks, metros=metros))
    if not there.num_rows:
        return set()
    points = on_plane(shapely.points(there["longitude"].to_numpy(), there["latitude"].to_numpy()))
    told = list(zip(*(there[c].to_pylist() for c in ("metro", "season", "function")), strict=True))
    flat = on_plane(shapes[[n for n, _ in crossing]])
    reach = norms.load()["boundary.counterpart"].latest
    at, near = shapely.STRtree(points).query(flat, predicate="dwithin", distance=reach)
    return {
        crossing[i]
        for i, j in zip(at.tolist(), near.tolist(), strict=True)
        if told[j]
        == (crossing[i][1], rows[crossing[i][0]]["season"], rows[crossing[i][0]]["function"])
    }


def _crossing(  # noqa: PLR0917 - what one crossing is made of
    bench: Bench,
    voice: Row,
    row: Row,
    neighbour: str,
    searched: list[str],
    almost: float,
    somewhere: tuple[int, int],
) -> Draft:
    """``somewhere``: how many of the neighbour's undertakings of the function say no place, of how many.

    One of those may be the counterpart. As likely as not there is one, and it says its place as
    often as others do: so it is missing with a chance of ``every / (every + unplaced)``.
    """
    unplaced, every = somewhere
    function = codes.load("functions").label(str(row["function"])).lower()
    unsaid = f"; {unplaced} of its {every} {function} projects say no place" if unplaced else ""
    here = words.paper(bench.book, voice["document"], voice["institution"], voice["year"])
    there = words.municipality(bench.book, neighbour)
    missing = every / (every + unplaced) if every else 1.0
    sure, amount = row["probability"] * (1 - almost) * missing, voice["amount_cents"]
    return Draft(
        about=(row["undertaking_id"], neighbour),
        statement=f"{words.project(voice['name'])}, {words.rand(amount)} in {here}, runs into {there}, whose plans "
        f"and budget of {words.season(row['season'])} show no counterpart{unsaid}.",
        metro=row["metro"],
        year=voice["year"],
        parties=(row["metro"], neighbour, voice["owner"]),
        rand=amount,
        rand_low=None if amount is None else round(amount * sure),
        rand_high=amount,
        confidence=sure,
        undertaking_id=row["undertaking_id"],
        function=row["function"],
        evidence=[
            name_of(voice["entry_id"], f"stands in {here}"),
            Shown("field", "where it runs", entry_id=row["entry_id"], field="points"),
            *plan_of(voice["entries"], f"planned in {here}"),
            *absent_from(searched, f"no counterpart in the documents of {there}"),
        ],
    )


# The course of a line is the longest drawing of the latest season. Several points are the course
# of a line only where the name says that it is one.
_LINES = """
SELECT s.undertaking_id, s.entry_id, s.points, s.probability, u."function",
       v.name, v.document, v.institution, v.year, v.owner, v.metro, v.entries, v.amount_cents,
       v.entry_id AS voice
FROM fact_standing s
JOIN in_undertakings u USING (undertaking_id)
JOIN fact_voice v USING (undertaking_id)
WHERE u."function" IN ('rail', 'public_transport') AND trim(s.points) <> ''
  AND (regexp_matches(s.points, '[A-Za-z]') OR regexp_matches(lower(s.name), '{line_words}'))
QUALIFY row_number() OVER (PARTITION BY s.undertaking_id
        ORDER BY s.season DESC, length(s.points) DESC, s.entry_id) = 1
ORDER BY s.undertaking_id
"""


def corridors_overlap(bench: Bench) -> Iterator[Draft]:
    """W22: a rail and a bus line that share a corridor over most of the shorter one."""
    query = _LINES.format(line_words=phrase_pattern(bench.thresholds.lists["W22.line_words"]))
    rows, shapes = _drawn(bench, query)
    near = bench.thresholds["W22.metres"]
    rail = [n for n, row in enumerate(rows) if row["function"] == "rail"]
    bus = [n for n, row in enumerate(rows) if row["function"] == "public_transport"]
    if not rail or not bus:
        return
    flat = on_plane(shapes)
    lengths = shapely.length(flat)
    tree = shapely.STRtree(flat[bus])
    left, right = tree.query(flat[rail], predicate="dwithin", distance=near)
    a, b = np.array(rail)[left], np.array(bus)[right]
    shorter = np.minimum(lengths[a], lengths[b])
    enough = np.maximum(
        bench.thresholds.share("W22.share_percent") * shorter, bench.thresholds["W22.least_metres"]
    )
    shared = run_together(flat, a, b, near)
    likely = np.flatnonzero(shared >= enough)
    a, b, enough, shared = (found[likely] for found in (a, b, enough, shared))
    shared = np.minimum(shared, run_together(flat, b, a, near))
    for n in np.lexsort((b, a)).tolist():
        if shared[n] >= enough[n]:
            yield _overlap(bench, rows[a[n]], rows[b[n]], float(shared[n]))


def _overlap(bench: Bench, rail: Row, bus: Row, metres: float) -> Draft:
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


LINE_DETECTORS = (
    declared("W19", no_counterpart),
    declared("W22", corridors_overlap),
)
