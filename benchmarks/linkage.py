"""How well and how fast projects are linked, on lists whose truth is known.

    python benchmarks/linkage.py --entries 20000 --dirt 2        an invented country
    python benchmarks/linkage.py --list FILE.csv --truth FILE.csv  columns entry_id, project

Prints precision, recall and F1 over pairs, B-cubed, time and peak memory, beside a plain match on
equal names. Place names here are put together from syllables by chance and the words for kinds of
work and facility are the generator's own list, written without looking at the decoder's lexicon:
some are in no lexicon at all ("schooling block", "doctor rooms"). Which words the decoder knows is
printed, so that nobody takes the figure for one on known words only.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
import resource
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from harvester.linkage.lists import COLUMNS, link_list
from harvester.rules import lexicon

KINDS = {
    "primary": (
        "Primary School",
        "PS",
        "Laerskool",
        "Prim School",
        "isikole samabanga aphansi",
        "Lower Primary",
    ),
    "high": ("Secondary School", "High School", "Hoërskool", "SSS", "Sec School"),
    "clinic": ("Clinic", "Kliniek", "Umtholampilo", "PHC clinic", "Doctor Rooms", "ikliniki"),
    "library": ("Library", "Biblioteek", "Libr.", "Umtapo wolwazi", "Reading Room"),
    "reservoir": ("Reservoir", "Resrv", "Opgaartenk", "Reservoir 10Ml"),
    "wwtw": ("Waste Water Treatment Works", "WWTW", "Sewage Works", "Rioolwerke"),
    "road": ("Roads", "Road", "Access Road", "Strate", "Gravel to Surfaced Road", "Umgwaqo"),
    "bridge": ("Pedestrian Bridge", "Foot Bridge", "Voetbrug"),
    "housing": (
        "Housing",
        "RDP Houses",
        "Low Cost Housing",
        "Behuising",
        "Izindlu",
        "Human Settlement",
    ),
    "uisp": ("Informal Settlement Upgrade", "UISP", "Upgrading of informal settlement"),
    "substation": ("Substation", "Subs", "Substasie", "132kV Substation"),
    "lights": ("High Mast Lights", "Street Lighting", "Straatligte", "Public Lighting"),
    "hall": (
        "Community Hall",
        "Gemeenskapsaal",
        "MPCC",
        "Multi-purpose Centre",
        "Ihholo lomphakathi",
    ),
    "sport": ("Sports Field", "Sportveld", "Stadium", "Inkundla yezemidlalo", "Sports Ground"),
    "cemetery": ("Cemetery", "Begraafplaas", "Burial Site", "Amathuna"),
    "taxi": ("Taxi Rank", "Taxi Facility", "Taxi Interchange"),
    "sewer": ("Outfall Sewer", "Bulk Sewer", "Riool", "Sewer Main"),
    "watermain": ("Bulk Water Main", "Bulk Water", "Water Pipeline", "Pyplyn"),
    "storm": ("Stormwater", "Storm Water Drainage", "SW drainage"),
    "fire": ("Fire Station", "Brandweerstasie", "Satellite Fire Station"),
}
ACTIONS = {
    "new": (
        "Construction of {}",
        "New {}",
        "{}",
        "Konstruksie van {}",
        "Build {}",
        "{} (new)",
        "Provision of {}",
    ),
    "upgrade": (
        "Upgrade of {}",
        "Upgrading: {}",
        "{} upgrade",
        "Opgradering van {}",
        "{} - extensions and improvements",
    ),
    "rehab": (
        "Rehabilitation of {}",
        "{} rehab",
        "Refurbishment {}",
        "Herstel van {}",
        "Renovate {}",
    ),
}
GENERIC = (
    "Furniture and office equipment",
    "IT equipment",
    "Vehicles",
    "Plant and machinery",
    "Air conditioners",
)
SOURCES = ("idp", "budget-1", "budget-2", "inyear", "province", "pipeline")
STARTS = [
    "b",
    "d",
    "f",
    "g",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "q",
    "r",
    "s",
    "t",
    "v",
    "w",
    "y",
    "z",
    "mb",
    "nk",
    "nd",
    "ng",
    "kh",
    "th",
    "ph",
    "sh",
    "hl",
    "dl",
    "ntl",
    "mth",
    "ngq",
    "br",
    "kr",
    "st",
    "vl",
]
VOWELS, ENDS = (
    ["a", "e", "i", "o", "u"],
    ["", "", "", "n", "ni", "la", "na", "lo", "dorp", "kloof", "ville"],
)


@dataclass(frozen=True)
class Place:
    """An invented suburb."""

    name: str
    municipality: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Project:
    """An invented project: the truth behind its rows."""

    number: int
    kind: str
    action: str
    place: Place
    own_name: str
    phase: int
    longitude: float
    latitude: float
    amount: float
    first: int
    last: int


def word(chance: random.Random) -> str:
    """A place word nobody has seen."""
    core = "".join(
        chance.choice(STARTS) + chance.choice(VOWELS) for _ in range(chance.choice((2, 2, 3)))
    )
    return (core + chance.choice(ENDS)).capitalize()


def places(chance: random.Random, count: int) -> list[Place]:
    """Suburbs in eight towns; some names are two words, a few stand in two towns."""
    towns = [(f"Town {chr(65 + n)}", 19 + 1.5 * n, -33 + 1.1 * n) for n in range(8)]
    found: list[Place] = []
    for _ in range(count):
        town, x, y = chance.choice(towns)
        name = chance.choice(found).name if found and chance.random() < 0.03 else word(chance)
        if chance.random() < 0.2:
            name += " " + chance.choice(("Park", "Village", "Heights", word(chance)))
        found.append(
            Place(name, town, x + chance.uniform(-0.25, 0.25), y + chance.uniform(-0.2, 0.2))
        )
    return found


def projects(chance: random.Random, count: int) -> list[Project]:
    """Projects, four to a suburb or so, with twins: another phase, or a second school."""
    suburbs = places(chance, max(4, count // 4))
    found: list[Project] = []
    while len(found) < count:
        place, kind = chance.choice(suburbs), chance.choice(sorted(KINDS))
        own = (
            word(chance) if kind in {"primary", "high", "clinic"} and chance.random() < 0.6 else ""
        )
        phases = (1, 2) if chance.random() < 0.12 else (chance.choice((0, 0, 0, 0, 1, 2, 3)),)
        x, y = place.longitude + chance.gauss(0, 0.006), place.latitude + chance.gauss(0, 0.006)
        action = chance.choice(sorted(ACTIONS))
        for phase in phases:
            first = chance.randint(2016, 2021)
            found.append(Project(
                len(found), kind, action, place, own, phase, x, y,
                round(math.exp(chance.gauss(15.5, 1.4)), -3), first, first + chance.randint(0, 3),
            ))  # fmt: skip
    return found[:count]


def slip(chance: random.Random, text: str) -> str:
    """One letter lost, doubled, or swapped with its neighbour."""
    if len(text) < 5:
        return text
    at = chance.randint(1, len(text) - 2)
    return chance.choice((
        text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
    ))  # fmt: skip


def written(chance: random.Random, project: Project, dirt: int) -> str:
    """The project's name as one clerk writes it."""
    odd = 0.12 * dirt
    kind = (
        chance.choice(KINDS[project.kind])
        if chance.random() < 0.25 + odd
        else KINDS[project.kind][0]
    )
    place = project.place.name
    if chance.random() < 0.1 * dirt:
        place = " ".join(slip(chance, w) for w in place.split())
    who = f"{project.own_name} {kind}" if project.own_name else f"{place} {kind}"
    if project.own_name and chance.random() < 0.7 - 0.15 * dirt:
        who += chance.choice((f" {place}", f", {place}", f" ({place})"))
    forms = ACTIONS[project.action]
    text = (chance.choice(forms) if chance.random() < 0.3 + odd else forms[0]).format(who)
    if project.phase and chance.random() > 0.08 * dirt:
        n = project.phase
        text += " " + chance.choice(
            (f"Phase {n}", f"Ph{n}", f"Ph {n}", f"phase {'I' * n}", f"fase {n}", f"(Phase {n})")
        )
    if chance.random() < 0.05 * dirt:
        text = text.upper()
    if chance.random() < 0.04 * dirt:
        text += chance.choice((" - ward 12", " multi year", " (roll-over)", " USDG"))
    return text


def row(chance: random.Random, project: Project, source: str, dirt: int) -> dict[str, str]:
    """One entry of a project."""
    municipality = project.place.municipality if chance.random() > 0.03 * dirt else ""
    entry = {
        "source": f"{source}", "name": written(chance, project, dirt), "municipality": municipality,
        "function": project.kind if chance.random() < 0.5 else "",
    }  # fmt: skip
    if source in {"budget-1", "budget-2", "inyear"}:
        entry["code"] = (
            f"PC{project.number % 9:03d}{project.number:07d}"
            if chance.random() > 0.1 * dirt
            else ""
        )
    if chance.random() > 0.25 * dirt:
        far = chance.gauss(0, 0.0015 * dirt)
        entry["longitude"], entry["latitude"] = (
            f"{project.longitude + far:.5f}",
            f"{project.latitude - far:.5f}",
        )
    if chance.random() > 0.1:
        spread = math.exp(chance.gauss(0, 0.12 * dirt)) if chance.random() < 0.7 else 1.0
        entry["amount"] = f"{project.amount * spread:.0f}"
        shift = chance.choice((0, 0, 0, 1)) if dirt > 1 else 0
        entry["first_year"], entry["last_year"] = (
            str(project.first + shift),
            str(project.last + shift),
        )
    return entry


def country(entries: int, dirt: int, seed: int) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Rows and their truth (entry id to project)."""
    chance = random.Random(seed)
    rows: list[dict[str, str]] = []
    truth: dict[str, str] = {}
    shares = {
        "idp": 0.7,
        "budget-1": 0.6,
        "budget-2": 0.5,
        "inyear": 0.35,
        "province": 0.25,
        "pipeline": 0.3,
    }
    for project in projects(chance, int(entries / 2.75)):
        for source in SOURCES:
            if chance.random() < shares[source]:
                rows.append(row(chance, project, source, dirt))
                truth[str(len(rows))] = str(project.number)
                rows[-1]["entry_id"] = str(len(rows))
    for n in range(entries // 50):
        source = chance.choice(SOURCES)
        rows.append({"entry_id": f"g{n}", "source": source, "name": chance.choice(GENERIC),
                     "municipality": f"Town {chance.choice('ABCDEFGH')}",
                     "amount": str(chance.randint(1, 40) * 50_000)})  # fmt: skip
        truth[f"g{n}"] = f"g{n}"
    return rows, truth


def pairs_of(clusters: dict[str, str]) -> Counter[str]:
    """How many entries each cluster holds."""
    return Counter(clusters.values())


def scores(truth: dict[str, str], found: dict[str, str]) -> dict[str, float]:
    """Precision, recall and F1 over pairs, and B-cubed."""
    both = Counter((truth[e], found[e]) for e in truth)
    true, said = pairs_of(truth), pairs_of({e: found[e] for e in truth})

    def pairs(counts: Counter) -> int:
        return sum(n * (n - 1) // 2 for n in counts.values())

    precision, recall = pairs(both) / max(1, pairs(said)), pairs(both) / max(1, pairs(true))
    b_precision = sum(n * n / said[s] for (_, s), n in both.items()) / len(truth)
    b_recall = sum(n * n / true[t] for (t, _), n in both.items()) / len(truth)
    return {
        "precision": precision, "recall": recall, "f1": _f1(precision, recall),
        "b3_precision": b_precision, "b3_recall": b_recall, "b3_f1": _f1(b_precision, b_recall),
    }  # fmt: skip


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def by_name(rows: list[dict[str, str]]) -> dict[str, str]:
    """What the field does now: equal names (folded) in one municipality are one project."""
    return {
        r["entry_id"]: f"{r.get('municipality', '')}|{' '.join(lexicon.fold(r['name']))}"
        for r in rows
    }


def known_words(rows: list[dict[str, str]]) -> float:
    """Share of the rows' distinct words that the decoder's lexicon holds."""
    known = {w for phrase in lexicon.load().phrases for w in phrase}
    seen = {w for r in rows for w in lexicon.fold(r["name"]) if w.isalpha()}
    return len(seen & known) / max(1, len(seen))


def show(title: str, found: dict[str, float]) -> None:
    """One line of figures."""
    print(f"{title:28}" + "  ".join(f"{k} {v:.3f}" for k, v in found.items()))


def wrong(
    truth: dict[str, str], found: dict[str, str], rows: list[dict[str, str]], count: int
) -> None:
    """Some pairs joined in error, and some missed, to learn from."""
    by_id = {r["entry_id"]: r for r in rows}
    for title, one, other in (("joined in error", found, truth), ("missed", truth, found)):
        groups: dict[str, list[str]] = defaultdict(list)
        for entry in sorted(truth):
            groups[one[entry]].append(entry)
        shown = [
            (a, b) for g in groups.values() for a in g for b in g if a < b and other[a] != other[b]
        ]
        print(f"{title}: {len(shown)}")
        for a, b in random.Random(1).sample(shown, min(count, len(shown))):
            print(f"   {by_id[a]}\n   {by_id[b]}\n")


def main() -> None:
    """Run from the command line."""
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--entries", type=int, default=10_000)
    asked.add_argument("--dirt", type=int, default=2, choices=(1, 2, 3))
    asked.add_argument("--seed", type=int, default=20)
    asked.add_argument("--list", type=Path)
    asked.add_argument("--truth", type=Path)
    asked.add_argument("--wrong", type=int, default=0, help="show this many errors of each sort")
    given = asked.parse_args()
    if given.list and given.truth:
        rows = list(csv.DictReader(given.list.open(encoding="utf-8-sig")))
        truth = {
            r["entry_id"]: r["project"]
            for r in csv.DictReader(given.truth.open(encoding="utf-8-sig"))
        }
    else:
        rows, truth = country(given.entries, given.dirt, given.seed)
    table = pa.table({c: pa.array([r.get(c, "") for r in rows], pa.string()) for c in COLUMNS})
    before = time.perf_counter()
    linked = link_list(table)
    seconds = time.perf_counter() - before
    found = dict(
        zip(
            linked.column("entry_id").to_pylist(),
            linked.column("undertaking_id").to_pylist(),
            strict=True,
        )
    )
    show("linked", scores(truth, found))
    show("equal names", scores(truth, by_name(rows)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"{len(rows)} entries, {seconds:.1f} s, peak {peak:.2f} GB, lexicon knows {known_words(rows):.0%} of words"
    )
    wrong(truth, found, rows, given.wrong)


if __name__ == "__main__":
    main()
