"""How often the stated band of an indicator holds the truth, on sample countries.

Each seed makes a country whose truth is known. Its files are harvested as anybody's would be; then
every indicator is measured once more with the true links (which rows are one project) and the true
points, and it is counted how often the band of a metro and year holds that figure: as published,
and with more places left out, at random and not (:mod:`benchmarks.bands_missing`).

``python -m benchmarks.bands`` prints the tables of ``docs/explanation/bands.md``. The numbers of
``rules/data/bands.yaml`` were set on the seeds of ``--training`` and on no other.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import harvester
from benchmarks import bands_missing
from harvester.alignment.stage import measure
from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.space.stage import place, spatial_budget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pyarrow as pa

    from harvester.engine.granary import Harvest

TOLERANCE = 2e-6
"""Two roundings to six decimals."""

REPORTED = (1, 2, 3)
"""Seeds of the countries that are reported."""

TRAINING = (101, 102, 103, 104)
"""Seeds of those the numbers were set on."""

DIRT = (1, 2, 3)

FAMILIES = {
    "Where money lies (S1)": ("S1",),
    "Money per person (S2; times)": ("S2",),
    "Sectors side by side (H2)": ("H2",),
    "Housing, all complements (H1)": ("H1", "H1.all"),
    "Housing, one complement (H1.x)": ("H1.",),
    "Links (V2, V4, T1, H3, Q1.linked)": ("V2", "V4", "T1", "H3", "Q1.linked"),
    "Months (T1.inversion)": ("T1.inversion",),
    "Yearly rise (S1.rise)": ("S1.rise",),
}
"""Indicators whose bands are made alike: ids, and beginnings that end in a full stop."""

OF_THE_LISTS = frozenset({"P1", "Q1", "Q1.located", "Q1.dated", "Q1.owned", "V1", "B1"})
"""Indicators that describe the lists as they are: no link or place behind them could be wrong."""

_GIVEN = (
    schema.SUBMISSIONS, schema.COLUMNS, schema.ENTRIES, schema.LINES, schema.AREAS, schema.COVERAGE,
    schema.UNDERTAKINGS,
)  # fmt: skip
_STATED = (*_GIVEN, schema.LINKS, schema.MEMBERSHIPS, schema.RELATIONS)


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
    bound_low: float | None = None
    bound_high: float | None = None
    dirt: int = 0
    way: str = "as published"

    @property
    def family(self) -> str:
        """Which of :data:`FAMILIES` it is of; empty for none."""
        begun = self.indicator.partition(".")[0]
        for said in (self.indicator, f"{begun}.", begun):
            for family, ids in FAMILIES.items():
                if said in ids:
                    return family
        return ""

    @property
    def width(self) -> float | None:
        """Of the band; ``None`` where it has no upper end."""
        return None if self.high is None else self.high - self.low

    @property
    def bounds(self) -> float | None:
        """Width of the bounds."""
        if self.bound_high is None or self.bound_low is None:
            return None
        return self.bound_high - self.bound_low

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
    return _measured(true_tables(harvest, country))


def stated_values(harvest: Harvest, country: Path, way: str = "as published") -> pa.Table:
    """``schema.INDICATORS`` of a harvest, some places left out (a ``way`` of ``WAYS``)."""
    tables = {table.name: harvest.table(table.name) for table in _STATED}
    if way != "as published":
        projects, points = _truth(country, tables["submissions"])
        name = f"{country.parent.name}"
        tables |= bands_missing.left_out(tables, way, projects, points, name)
    return _measured(tables)


def _measured(tables: dict[str, pa.Table]) -> pa.Table:
    by_name = {t.name: t for t in schema.HARVEST_TABLES}
    engine = Engine()
    try:
        held = {name: engine.table(by_name[name], rows) for name, rows in tables.items()}
        placed = place(engine, held["entries"], held["areas"])
        held |= {"places": placed.places, "benefits": placed.benefits}
        held["spatial_budget"] = spatial_budget(
            engine, held["entries"], held["lines"], held["places"], held["areas"]
        )
        return engine.arrow(measure(engine, held).indicators)
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
                row["high"], known, row["bound_low"], row["bound_high"],
            )  # fmt: skip


def tried(
    seed: int,
    scale: float,
    dirt: int,
    ways: Iterable[str] = ("as published",),
    kept: Path | None = None,
) -> list[Held]:
    """Every slice of one sample country; one that is ``kept`` in a folder is used again."""
    with tempfile.TemporaryDirectory() as folder:
        base = (kept or Path(folder)) / f"{seed}-{scale}-{dirt}"
        country, home = base / "country", base / "home"
        if not (base / "done").exists():
            harvester.make_sample(country, seed=seed, scale=scale, dirt=dirt)
            harvester.ingest(home, [country])
            harvester.run(home)
            (base / "done").touch()
        harvest = harvester.open_harvest(home)
        truth = true_values(harvest, country)
        return [
            replace(one, dirt=dirt, way=way)
            for way in ways
            for one in compared(stated_values(harvest, country, way), truth)
        ]


class Row(NamedTuple):
    """How often some bands held, and how wide they and the bounds are (medians)."""

    slices: int
    moved: int
    held: float
    held_of_moved: float | None
    width: float | None
    bounds: float | None

    def cells(self) -> str:
        """As cells of a table."""
        told = (
            f"{self.slices:,}".replace(",", " "), f"{self.moved:,}".replace(",", " "),
            f"{self.held:.0%}", "–" if self.held_of_moved is None else f"{self.held_of_moved:.0%}",
            *("–" if w is None else f"{w:.2f}" for w in (self.width, self.bounds)),
        )  # fmt: skip
        return " | ".join(told).replace("%", " %")


def row(slices: Sequence[Held]) -> Row:
    """Coverage and median widths of some slices; there must be one."""
    moved = [one for one in slices if one.moved]
    widths = [one.width for one in slices if one.width is not None]
    bounds = [one.bounds for one in slices if one.bounds is not None]
    return Row(
        len(slices), len(moved), _share(slices), _share(moved) if moved else None,
        median(widths) if widths else None, median(bounds) if bounds else None,
    )  # fmt: skip


def summary(
    slices: Iterable[Held], by: Callable[[Held], str] = lambda one: one.indicator
) -> dict[str, Row]:
    """Coverage by indicator, or by whatever ``by`` says of a slice (empty: left out)."""
    found: dict[str, list[Held]] = defaultdict(list)
    for one in slices:
        found[by(one)].append(one)
    return {key: row(held) for key, held in sorted(found.items()) if key}


def _share(held: Sequence[Held]) -> float:
    return sum(one.holds for one in held) / len(held)


_HEAD = "Slices | Moved | Held | Held, of moved | Width | Bounds"


def _table(title: str, first: str, rows: dict[str, Row]) -> str:
    lines = [f"{title}\n", f"| {first} | {_HEAD} |", "|---" * 7 + "|"]
    return "\n".join([*lines, *(f"| {name} | {told.cells()} |" for name, told in rows.items()), ""])


def report(slices: list[Held]) -> str:
    """The tables, as Markdown."""
    plain = [one for one in slices if one.way == "as published"]
    placed = [
        one for one in slices if one.family.startswith(("Where", "Money", "Sectors", "Housing"))
    ]
    every = {"every slice": row(plain)}
    return "\n".join([
        _table("As published, by how a band is made:", "Indicators",
               summary(plain, lambda one: one.family) | every),
        _table("As published, by indicator:", "Indicator", summary(plain)),
        _table("As published, by how careful publishers are (1 careful, 3 careless):", "Dirt",
               summary(plain, lambda one: str(one.dirt))),
        _table("Indicators of places, by which places were left out:", "Left out",
               summary(placed, lambda one: one.way)),
        _table("The same, by family and way:", "Indicators, left out",
               summary(placed, lambda one: f"{one.family}; {one.way}")),
    ])  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    """Print coverage as tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(REPORTED), help="countries")
    parser.add_argument("--training", action="store_true", help="those the numbers were set on")
    parser.add_argument("--scale", type=float, default=0.1, help="size of each")
    parser.add_argument(
        "--dirt", type=int, nargs="+", default=list(DIRT), help="1 careful, 3 careless"
    )
    parser.add_argument("--keep", type=Path, help="keep the countries here, and use them again")
    parser.add_argument("--misses", action="store_true", help="print every slice that misses")
    asked = parser.parse_args(arguments)
    slices: list[Held] = []
    for seed in TRAINING if asked.training else asked.seeds:
        for dirt in asked.dirt:
            slices += tried(seed, asked.scale, dirt, bands_missing.WAYS, asked.keep)
            print(f"seed {seed}, dirt {dirt}: {len(slices)} slices so far", file=sys.stderr)
    print(report(slices))
    if asked.misses:
        for one in slices:
            if not one.holds:
                print(one)


if __name__ == "__main__":
    main()
