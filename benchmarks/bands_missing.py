"""Places left out on purpose: a sample country as if publishers had given fewer of them.

What is left out is a project's place in every document, so that no other document tells it. Which
projects, the name of a way says; on each way about four in ten, chosen by a fixed hash of their names.
"""

from __future__ import annotations

import hashlib
import statistics
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from harvester.engine import schema

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

WAYS = {
    "as published": "places as the documents gave them",
    "at random": "four in ten projects lost their place, whatever they are",
    "large": "seven in ten of the dearest three tenths lost it, and 27 in a hundred of the others",
    "rural": "six in ten of the half farther from the middle of their metro, and two of the nearer",
    "networks": "65 in a hundred of water, sanitation, power, road and drainage projects, and 20 of others",
}
"""Ways in which places are left out; all but the second are not at random."""

_NETWORKS = frozenset({"water", "sanitation", "electricity", "roads", "stormwater"})
_Chances = dict[str, float]
_Points = dict[str, tuple[float, float]]


def left_out(
    tables: dict[str, pa.Table],
    way: str,
    projects: dict[str, str],
    points: _Points,
    name: str,
) -> dict[str, pa.Table]:
    """``entries`` and ``undertakings`` with the places of some projects left out.

    ``projects`` tells the project of an entry, ``points`` where each lies; ``name`` is the country's,
    so that two countries lose different ones.
    """
    entries = tables["entries"].to_pylist()
    chances = _WAYS[way](entries, projects, points)
    gone = {p for p, chance in chances.items() if _hashed(name, way, p) < chance}
    lost = {entry for entry, project in projects.items() if project in gone}
    for entry in entries:
        if entry["entry_id"] in lost and entry["place_class"] != "administrative":
            entry |= {"longitude": None, "latitude": None, "points": "", "zone_text": ""}
            entry["place_class"] = "city_wide"
    members = tables["memberships"].to_pylist()
    whole = {m["undertaking_id"] for m in members if m["entry_id"] in lost}
    undertakings = tables["undertakings"].to_pylist()
    for one in undertakings:
        if one["undertaking_id"] in whole and one["place_class"] == "located":
            one |= {"longitude": None, "latitude": None, "place_class": "city_wide"}
    return {
        "entries": schema.ENTRIES.from_rows(entries),
        "undertakings": schema.UNDERTAKINGS.from_rows(undertakings),
    }


def _hashed(*words: str) -> float:
    """A number from 0 to 1 that these words always give."""
    return int(hashlib.sha256(":".join(words).encode()).hexdigest()[:12], 16) / 16**12


def _at_random(_: list[dict[str, Any]], __: dict[str, str], points: _Points) -> _Chances:
    return dict.fromkeys(points, 0.4)


def _large(entries: list[dict[str, Any]], projects: dict[str, str], points: _Points) -> _Chances:
    cents: dict[str, int] = dict.fromkeys(points, 0)
    for entry in entries:
        project = projects.get(entry["entry_id"], "")
        if project in cents:
            cents[project] = max(cents[project], entry["amount_cents"] or 0)
    limit = sorted(cents.values())[int(len(cents) * 0.7)] if cents else 0
    return {project: 0.7 if amount >= limit else 0.27 for project, amount in cents.items()}


def _rural(_: list[dict[str, Any]], __: dict[str, str], points: _Points) -> _Chances:
    metros: dict[str, list[str]] = defaultdict(list)
    for project in points:
        metros[project.partition("-")[0]].append(project)
    chances: _Chances = {}
    for members in metros.values():
        x, y = (statistics.median(points[p][n] for p in members) for n in (0, 1))
        far = {p: (points[p][0] - x) ** 2 + (points[p][1] - y) ** 2 for p in members}
        limit = statistics.median(far.values())
        chances |= {p: 0.6 if far[p] > limit else 0.2 for p in members}
    return chances


def _networks(entries: list[dict[str, Any]], projects: dict[str, str], points: _Points) -> _Chances:
    of = {projects.get(entry["entry_id"], ""): entry["function"] for entry in entries}
    return {project: 0.65 if of.get(project) in _NETWORKS else 0.2 for project in points}


_WAYS: dict[str, Callable[[list[dict[str, Any]], dict[str, str], _Points], _Chances]] = {
    "at random": _at_random,
    "large": _large,
    "rural": _rural,
    "networks": _networks,
}
