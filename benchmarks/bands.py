"""How often the stated band of an indicator holds the truth, on sample countries.

Each seed makes a country whose truth is known. Its files are harvested as anybody's would be; then
every indicator is measured once more with the true links (which rows are one project) and the true
points, and it is counted how often the band of a metro and year holds that figure. A band that
says ninety per cent should hold about nine in ten; one that always holds is wider than it need be.

``python -m benchmarks.bands --seeds 5`` prints coverage by indicator.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import harvester
from harvester.alignment.stage import measure
from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.space.stage import place, spatial_budget

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from harvester.engine.granary import Harvest

TOLERANCE = 2e-6
"""Two roundings to six decimals."""

OF_THE_LISTS = frozenset({"P1", "Q1", "Q1.located", "Q1.dated", "Q1.owned", "V1", "B1"})
"""Indicators that describe the lists as they are: no link or place behind them could be wrong."""

_GIVEN = (
    schema.SUBMISSIONS, schema.COLUMNS, schema.ENTRIES, schema.LINES, schema.AREAS, schema.COVERAGE,
    schema.UNDERTAKINGS,
)  # fmt: skip


@dataclass(frozen=True)
class Held:
    """One slice: what was stated, and the truth."""

    indicator: str
    metro: str
    year: str
    value: float | None
    low: float
    high: float | None
    truth: float

    @property
    def holds(self) -> bool:
        """Whether the band holds the truth."""
        below_high = self.high is None or self.truth <= self.high + TOLERANCE
        return self.low - TOLERANCE <= self.truth and below_high

    @property
    def moved(self) -> bool:
        """Whether the truth is another figure than the one stated."""
        return self.value is None or abs(self.value - self.truth) > TOLERANCE


def true_tables(harvest: Harvest, country: Path) -> dict[str, pa.Table]:
    """The tables of a harvest as they would be if every link and point were right.

    Rows the country's truth does not explain stand each on their own. What has no point in truth
    (networks, programmes for the whole city) keeps its class: there the truth knows no more.
    """
    tables = {t.name: harvest.table(t.name) for t in _GIVEN}
    projects, places = _truth(country, tables["submissions"])
    entries = tables["entries"].to_pylist()
    for entry in entries:
        at = places.get(projects.get(entry["entry_id"], ""))
        if at is not None and entry["place_class"] != "administrative":
            entry |= {"longitude": at[0], "latitude": at[1], "points": "", "place_class": "located"}
    linked = [e for e in entries if e["kind"] in {"project", "programme"}]
    members = [
        {
            "entry_id": entry["entry_id"],
            "undertaking_id": projects.get(entry["entry_id"], entry["entry_id"]),
            "probability": 1.0,
        }
        for entry in linked
    ]
    return tables | {
        "entries": schema.ENTRIES.from_rows(entries),
        "memberships": schema.MEMBERSHIPS.from_rows(members),
        "undertakings": schema.UNDERTAKINGS.from_rows(_undertakings(linked, members)),
        "links": schema.LINKS.empty(),
        "relations": schema.RELATIONS.empty(),
    }


def _truth(
    country: Path, submissions: pa.Table
) -> tuple[dict[str, str], dict[str, tuple[float, float]]]:
    """Project of each entry, and the point of each project that has one."""
    by_sheet = {(s["file"], s["sheet"]): s["submission_id"] for s in submissions.to_pylist()}
    projects = {
        f"{by_sheet[row['file'], row['sheet']]}:{row['row']}": row["undertaking"]
        for row in _rows(country / "truth" / "entries.csv")
        if row["undertaking"] and (row["file"], row["sheet"]) in by_sheet
    }
    places = {
        row["undertaking"]: (float(row["longitude"]), float(row["latitude"]))
        for row in _rows(country / "truth" / "places.csv")
        if row["place_class"] == "located" and row["longitude"]
    }
    return projects, places


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _undertakings(
    entries: list[dict[str, Any]], members: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Each true project with what the first of its rows that tells it says."""
    found: dict[str, dict[str, Any]] = {}
    for entry, member in zip(entries, members, strict=True):
        made = found.setdefault(
            member["undertaking_id"],
            {
                "undertaking_id": member["undertaking_id"], "name": entry["name"], "entries": 0,
                "place_class": entry["place_class"], "confidence": 1.0,
                **dict.fromkeys(("metro", "province", "function", "owner", "sphere"), "unknown"),
            },
        )  # fmt: skip
        made["entries"] += 1
        for name in ("metro", "province", "function", "owner", "sphere"):
            if made[name] == schema.UNKNOWN:
                made[name] = entry[name]
    return list(found.values())


def true_values(harvest: Harvest, country: Path) -> pa.Table:
    """``schema.INDICATORS`` measured on :func:`true_tables`."""
    by_name = {t.name: t for t in schema.HARVEST_TABLES}
    engine = Engine()
    try:
        tables = {
            name: engine.table(by_name[name], rows)
            for name, rows in true_tables(harvest, country).items()
        }
        placed = place(engine, tables["entries"], tables["areas"])
        tables |= {"places": placed.places, "benefits": placed.benefits}
        tables["spatial_budget"] = spatial_budget(
            engine, tables["entries"], tables["lines"], tables["places"], tables["areas"]
        )
        return engine.arrow(measure(engine, tables).indicators)
    finally:
        engine.close()


def compared(stated: pa.Table, true: pa.Table) -> Iterator[Held]:
    """Slices of one metro and year, all spheres, of which truth and band are both known."""
    key = ("indicator", "metro", "sphere", "year")
    truth = {tuple(row[k] for k in key): row["value"] for row in true.to_pylist()}
    for row in stated.to_pylist():
        known = truth.get(tuple(row[k] for k in key))
        if row["sphere"] != "all" or row["metro"] in {"all", schema.UNKNOWN} or known is None:
            continue
        if row["low"] is not None and row["indicator"] not in OF_THE_LISTS:
            yield Held(
                row["indicator"], row["metro"], row["year"], row["value"], row["low"],
                row["high"], known,
            )  # fmt: skip


def tried(seed: int, scale: float, dirt: int) -> list[Held]:
    """Every slice of one sample country."""
    with tempfile.TemporaryDirectory() as folder:
        country, home = Path(folder) / "country", Path(folder) / "home"
        harvester.make_sample(country, seed=seed, scale=scale, dirt=dirt)
        harvester.ingest(home, [country])
        harvest = harvester.run(home)
        return list(compared(harvest.table("indicators"), true_values(harvest, country)))


def summary(slices: Iterable[Held]) -> list[tuple[str, int, int, float, float | None, float]]:
    """By indicator: slices, slices the truth moved, coverage, coverage of those, mean width."""
    by_indicator: dict[str, list[Held]] = defaultdict(list)
    for one in slices:
        by_indicator[one.indicator].append(one)
    rows = []
    for indicator, held in sorted(by_indicator.items()):
        moved = [one for one in held if one.moved]
        widths = [(one.high if one.high is not None else one.truth) - one.low for one in held]
        rows.append((
            indicator, len(held), len(moved), _share(held),
            _share(moved) if moved else None, sum(widths) / len(widths),
        ))  # fmt: skip
    return rows


def _share(held: list[Held]) -> float:
    return sum(one.holds for one in held) / len(held)


def main(arguments: list[str] | None = None) -> None:
    """Print coverage by indicator."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="how many countries")
    parser.add_argument("--scale", type=float, default=0.1, help="size of each")
    parser.add_argument("--dirt", type=int, default=2, help="1 careful to 3 careless publishers")
    parser.add_argument("--misses", action="store_true", help="print every slice that misses")
    asked = parser.parse_args(arguments)
    slices: list[Held] = []
    for seed in range(1, asked.seeds + 1):
        slices += tried(seed, asked.scale, asked.dirt)
    print(f"{'indicator':15} {'slices':>6} {'moved':>6} {'held':>7} {'of moved':>9} {'width':>6}")
    for name, count, moved, held, of_moved, width in summary(slices):
        told = "" if of_moved is None else f"{of_moved:.1%}"
        print(f"{name:15} {count:6} {moved:6} {held:7.1%} {told:>9} {width:6.3f}")
    print(f"{'all':15} {len(slices):6} {'':6} {_share(slices):7.1%}")
    if asked.misses:
        for one in slices:
            if not one.holds:
                print(one)


if __name__ == "__main__":
    main()
