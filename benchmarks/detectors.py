"""Precision and recall of every detector on sample countries with planted misalignments.

    python -m benchmarks.detectors [--levels 1 2 3] [--scale 0.2] [--seeds 11 12]

Each country is made, read, linked and harvested as any other; a finding is true when the one project
that its rows are about was planted so. A second table puts the rows together as the truth has them: what is lost there
is a fault of a detector, and what is lost only in the first, of linkage. An aligned country of each
level, with sound twins of every set piece, must give no finding at all.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import harvester
from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.sample.stage import make_sample
from harvester.wheat.detectors import DETECTORS
from harvester.wheat.stage import detect

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from harvester.engine.granary import Harvest

Key = tuple[str, ...]
Row = dict[str, str]

LEAST = 0.95
"""Precision and recall that every detector must reach."""

TABLES = (
    "submissions", "columns", "entries", "lines", "areas", "places", "coverage", "links",
    "relations", "memberships", "undertakings",
)  # fmt: skip
"""Tables of a harvest that detectors read."""


@dataclass
class Count:
    """What was planted, found and right of each detector."""

    planted: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def add(self, planted: set[Key], found: dict[Key, str], where: str) -> None:
        """Count one country."""
        self.planted.update(key[0] for key in planted)
        self.right.update(key[0] for key in planted & set(found))
        self.wrong.update(key[0] for key in set(found) - planted)
        self.misses += [
            f"{where} not found: {' '.join(key)}" for key in sorted(planted - set(found))
        ]
        self.misses += [
            f"{where} not planted: {' '.join(key)}: {found[key]}"
            for key in sorted(set(found) - planted)
        ]

    def recall(self, detector: str) -> float | None:
        """Planted that were found."""
        planted = self.planted[detector]
        return self.right[detector] / planted if planted else None

    def precision(self, detector: str) -> float | None:
        """Found that were planted."""
        found = self.right[detector] + self.wrong[detector]
        return self.right[detector] / found if found else None


def rows_of(published: Path, name: str) -> list[Row]:
    """A table of the truth."""
    with (published / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def planted_in(published: Path) -> Iterator[Key]:
    """What was planted: detector and project, or whom and when it is about."""
    for row in rows_of(published, "misalignments"):
        if row["undertaking"]:
            yield row["detector"], row["undertaking"]
        else:
            named = (row[name] for name in ("institution", "metro", "year"))
            yield row["detector"], *(part for part in named if part)


def about(finding: dict[str, object], numbers: dict[str, str]) -> Key:
    """What a finding is about, as the truth names it; ``numbers``: true project of each finding.

    A finding whose rows are of several projects is about none of them, so it is false.
    """
    detector, metro, year = (str(finding[name]) for name in ("detector", "metro", "year"))
    undertaking = str(finding["undertaking_id"])
    if undertaking:
        return detector, numbers.get(str(finding["finding_id"])) or undertaking
    if detector == "W05":
        return detector, metro, year
    if detector == "W20":
        return detector, str(finding["finding_id"]).split(":")[1], metro, year
    return detector, str(finding["parties"]).split(",")[0], year


def true_numbers(published: Path, harvest: Harvest) -> dict[str, str]:
    """The project of the truth behind each entry; empty for a stray row."""
    true = {
        (row["file"], row["sheet"], int(row["row"])): row["undertaking"]
        for row in rows_of(published, "entries")
    }
    files = {row["submission_id"]: row["file"] for row in harvest.table("submissions").to_pylist()}
    entries = harvest.table("entries").select(["entry_id", "submission_id", "sheet", "row"])
    return {
        row["entry_id"]: true.get((files[row["submission_id"]], row["sheet"], row["row"]), "")
        for row in entries.to_pylist()
    }


def shown_projects(harvest: Harvest, numbers: dict[str, str]) -> dict[str, str]:
    """The one project that the rows each finding shows of its undertaking are about; "" for several."""
    undertaking = dict(_columns(harvest, "memberships", "entry_id", "undertaking_id"))
    of_finding = dict(_columns(harvest, "findings", "finding_id", "undertaking_id"))
    told: dict[str, set[str]] = defaultdict(set)
    for finding, entry in _columns(harvest, "evidence", "finding_id", "entry_id"):
        if entry and undertaking.get(entry) == of_finding[finding]:
            told[finding].add(numbers[entry])
    return {finding: min(said) if len(said) == 1 else "" for finding, said in told.items()}


def _columns(harvest: Harvest, table: str, *names: str) -> Iterator[tuple[str, ...]]:
    columns = harvest.table(table).select(list(names))
    return zip(*(columns.column(name).to_pylist() for name in names), strict=True)


def truly_linked(harvest: Harvest, numbers: dict[str, str]) -> dict[str, pa.Table]:
    """Memberships and undertakings of a harvest as the truth has them, with no link in doubt."""
    members = [row["entry_id"] for row in harvest.table("memberships").to_pylist()]
    named = {entry: numbers[entry] or f"stray-{entry}" for entry in members}
    entries = {row["entry_id"]: row for row in harvest.table("entries").to_pylist()}
    groups: dict[str, list[dict[str, object]]] = defaultdict(list)
    for entry in sorted(members):
        groups[named[entry]].append(entries[entry])
    memberships = [
        {"entry_id": entry, "undertaking_id": number, "probability": 1.0}
        for entry, number in named.items()
    ]
    undertakings = [_undertaking(number, rows) for number, rows in sorted(groups.items())]
    return {
        "memberships": schema.MEMBERSHIPS.from_rows(memberships),
        "undertakings": schema.UNDERTAKINGS.from_rows(undertakings),
        "links": schema.LINKS.empty(),
        "relations": schema.RELATIONS.empty(),
    }


def _undertaking(number: str, rows: list[dict[str, object]]) -> dict[str, object]:
    located = [row for row in rows if row["place_class"] == "located" and row["longitude"]]
    place = located[0] if located else rows[0]
    told = {
        name: _most(rows, name) for name in ("metro", "province", "function", "owner", "sphere")
    }
    return {
        "undertaking_id": number, "name": min(str(row["name"]) for row in rows), **told,
        "entries": len(rows), "documents": ",".join(sorted({str(r["document"]) for r in rows})),
        "institutions": ",".join(sorted({str(r["institution"]) for r in rows})),
        "place_class": place["place_class"], "longitude": place["longitude"],
        "latitude": place["latitude"], "confidence": 1.0,
    }  # fmt: skip


def _most(rows: list[dict[str, object]], name: str) -> str:
    told = Counter(str(row[name]) for row in rows if row[name] != schema.UNKNOWN)
    return min(told, key=lambda code: (-told[code], code)) if told else schema.UNKNOWN


def with_true_links(harvest: Harvest, numbers: dict[str, str]) -> list[dict[str, object]]:
    """Findings of a harvest's tables when every row is put together rightly."""
    engine = Engine()
    try:
        given = {name: harvest.table(name) for name in TABLES} | truly_linked(harvest, numbers)
        by_name = {table.name: table for table in schema.HARVEST_TABLES}
        held = {name: engine.table(by_name[name], rows) for name, rows in given.items()}
        found, _ = detect(engine, held, dt.date.fromisoformat(harvest.manifest["as_at"]))
        return list(engine.arrow(found).to_pylist())
    finally:
        engine.close()


def judged(
    scale: float, dirt: int, seed: int, whole: Count, known: Count, *, aligned: bool
) -> None:
    """Make, harvest and judge one country, with its own links and with the true ones."""
    with tempfile.TemporaryDirectory() as folder:
        published, home = Path(folder, "published"), Path(folder, "home")
        make_sample(published, seed=seed, scale=scale, dirt=dirt, aligned=aligned)
        harvester.ingest(home, [published])
        harvest = harvester.run(home)
        numbers = true_numbers(published, harvest)
        planted = set(planted_in(published))
        where = f"dirt {dirt}, seed {seed}{', aligned' if aligned else ''}:"
        for count, found, names in (
            (whole, harvest.table("findings").to_pylist(), shown_projects(harvest, numbers)),
            (known, with_true_links(harvest, numbers), {}),
        ):
            said = {about(row, names): str(row["statement"]) for row in found}
            count.add(planted, said, where)


def printed(title: str, counts: dict[int, Count]) -> bool:
    """Print one table; tell whether every detector reaches what it must at every level."""
    print(f"\n{title}\n")
    print("Detector  " + "  ".join(f"{'dirt ' + str(level):<28}" for level in counts))
    print("          " + "  ".join("planted precision recall     " for _ in counts))
    good = True
    for detector in (one.id for one in DETECTORS):
        cells = []
        for count in counts.values():
            precision, recall = count.precision(detector), count.recall(detector)
            cells.append(f"{count.planted[detector]:>7} {_part(precision):>9} {_part(recall):>6}")
            good &= all(value is None or value >= LEAST for value in (precision, recall))
        print(f"{detector:<10}" + "      ".join(cells))
    return good


def _part(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def measure(levels: list[int], scale: float, seeds: list[int], *, more: bool = False) -> bool:
    """Print both tables and what aligned countries give; tell whether all is as it must be."""
    whole = {level: Count() for level in levels}
    known = {level: Count() for level in levels}
    aligned, aligned_known = Count(), Count()
    for level in levels:
        for seed in seeds:
            judged(scale, level, seed, whole[level], known[level], aligned=False)
        judged(scale, level, seeds[0], aligned, aligned_known, aligned=True)
    good = printed("Detectors on a whole harvest, linked by the harvest itself", whole)
    good_known = printed("Detectors when every row is linked as the truth has it", known)
    false, false_known = sum(aligned.wrong.values()), sum(aligned_known.wrong.values())
    print(
        f"\nFindings on aligned countries, dirt {', '.join(map(str, levels))}: {false} "
        f"(with true links: {false_known})"
    )
    if more:
        for count in (*whole.values(), aligned):
            print(*count.misses, sep="\n")
        print("with true links:")
        for count in (*known.values(), aligned_known):
            print(*count.misses, sep="\n")
    print(f"Every detector {LEAST} or more: {good}; with true links: {good_known}")
    return good_known and false_known == 0


def main(arguments: list[str] | None = None) -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--levels", type=int, nargs="+", default=[1, 2, 3], help="levels of dirt")
    parser.add_argument(
        "--scale", type=float, default=0.2, help="size of a country (1: 5 000 projects)"
    )
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=[11], help="countries of each level"
    )
    parser.add_argument("--misses", action="store_true", help="list what was missed or false")
    asked = parser.parse_args(arguments)
    if not measure(asked.levels, asked.scale, asked.seeds, more=asked.misses):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
