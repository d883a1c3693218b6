"""Part ``bad``: input that blows linkers up. Bounded time, every entry answered, nothing made up.

Each case is a list as ``harvester link`` takes it, run in a process of its own under a time limit.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from benchmarks.linkage import invented, results, runs, store, tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.linkage.invented import Row
    from benchmarks.linkage.results import Result

LIMIT = 120.0
"""Seconds a case may take."""

SEED = 5
LISTS = 40
HEADER = ("case", "entries", "undertakings", "largest", "seconds", "peak MB")


def one_name() -> list[Row]:
    """One name on 20 000 rows of 40 lists and eight municipalities, amounts and years apart."""
    chance = random.Random(SEED)
    return [
        {"source": f"s{n % LISTS}", "name": "Furniture and equipment", "municipality": f"Town {n % 8}",
         "amount": str(chance.randint(1, 500) * 10_000), "first_year": str(2015 + n % 6)}
        for n in range(20_000)
    ]  # fmt: skip


def long_names() -> list[Row]:
    """Names of 5 000 characters: ten lists repeat each, one word changed."""
    chance = random.Random(SEED)
    vocabulary = [invented.word(chance) for _ in range(4_000)]
    rows = []
    for _ in range(200):
        base = chance.choices(vocabulary, k=700)
        for source in range(10):
            base[chance.randrange(len(base))] = chance.choice(vocabulary)
            rows.append({"source": f"s{source}", "name": " ".join(base)[:5_000]})
    return rows


def one_point() -> list[Row]:
    """20 000 entries of the invented country, all with one point."""
    rows, _ = invented.country(20_000, 2, SEED)
    return [row | {"longitude": "28.0436", "latitude": "-26.2041"} for row in rows]


def nothing() -> list[Row]:
    """20 000 rows that say nothing but their list."""
    return [{"source": f"s{n % LISTS}", "name": ""} for n in range(20_000)]


def gaps() -> list[Row]:
    """The invented country with seven cells in ten empty, names among them."""
    chance = random.Random(SEED)
    rows, _ = invented.country(20_000, 2, SEED)
    kept = ("source", "entry_id")
    return [{c: v for c, v in row.items() if c in kept or chance.random() < 0.3} for row in rows]


def right_to_left() -> list[Row]:
    """Arabic and Hebrew words, marks of direction and joining, and Latin words in between."""
    chance = random.Random(SEED)
    arabic, hebrew = (
        "\u0627\u0628\u062a\u062b\u062c\u062d\u062f\u0631\u0633\u0639\u0644\u0645",
        "\u05d0\u05d1\u05d2\u05d3\u05d4\u05d5\u05dc\u05de\u05e0\u05e9",
    )
    rows = []
    for _ in range(2_000):
        script = chance.choice((arabic, hebrew))
        parts = ["".join(chance.choices(script, k=chance.randint(3, 8))) for _ in range(3)]
        for source in range(4):
            mark = chance.choice(("\u200f", "\u202e", "\u2067", "\u200d", ""))
            name = mark.join(("", *parts)) if chance.random() < 0.3 else mark + " ".join(parts)
            name += chance.choice(("", " Clinic", " \u0301\u0302", " \U0001f3eb"))
            rows.append({"source": f"s{source}", "name": name, "municipality": parts[0]})
    return rows


def wild_figures() -> list[Row]:
    """Figures that are none, points off the earth, codes that all rows share."""
    chance = random.Random(SEED)
    rows, _ = invented.country(10_000, 2, SEED)
    amounts = ("1e999", "nan", "-inf", "R 1,2,3", "--", "9" * 40, "-5", "\u0661\u0662\u0663", "0")
    points = ("1e300", "nan", "0", "999", "-34.0", "28,5", "\u2212" + "26.1")
    years = ("2018/19", "0000", "99999", "18", "next year", "2018.0", "")
    wild = (("amount", amounts), ("longitude", points), ("latitude", points), ("first_year", years))
    return [row | {c: chance.choice(v) for c, v in wild} | {"code": "TBC-000000"} for row in rows]


def one_list() -> list[Row]:
    """20 000 entries of the invented country, all of one list."""
    rows, _ = invented.country(20_000, 2, SEED)
    return [row | {"source": "everything"} for row in rows]


CASES: dict[str, Callable[[], list[Row]]] = {
    "one name on 20 000 rows": one_name, "names of 5 000 characters": long_names,
    "all points equal": one_point, "nothing but the list": nothing, "seven cells in ten empty": gaps,
    "right-to-left text": right_to_left, "wild figures, one code": wild_figures,
    "one list": one_list,
}  # fmt: skip


def run(*, fresh: bool = False) -> list[Result]:
    """Run every case, printing a table."""
    found = [_run(case, fresh=fresh) for case in CASES]
    print("\nBad input")
    print(tables.screen(HEADER, [row(one) for one in found]))
    return found


def _run(case: str, *, fresh: bool) -> Result:
    folder = store.home() / "countries" / f"bad-{case.replace(' ', '_')}-{_made_by()}"
    if not (folder / "truth.parquet").exists():
        folder.mkdir(parents=True, exist_ok=True)
        rows = [r | {"entry_id": f"e{n:06d}"} for n, r in enumerate(CASES[case]())]
        store.write(folder, rows, {r["entry_id"]: r["entry_id"] for r in rows})
    answer = runs.answer(runs.LIST, folder, fresh=fresh, limit=LIMIT)
    return results.kept(
        "bad", case, f"{answer.key} {answer.failed}", lambda: _told(case, answer), fresh=fresh
    )


def _made_by() -> str:
    return store.digest(*(store.HERE / f"{name}.py" for name in ("bad", "invented", "words")))


def _told(case: str, answer: runs.Answer) -> Result:
    told = {
        "case": case,
        "seconds": answer.seconds,
        "peak_mb": answer.peak_mb,
        "failed": answer.failed,
    }
    if answer.failed:
        return told
    clusters = answer.clusters() or []
    sizes: dict[str, int] = {}
    for cluster in clusters:
        sizes[cluster] = sizes.get(cluster, 0) + 1
    return told | {
        "rows": len(clusters),
        "undertakings": len(sizes),
        "largest": max(sizes.values()),
    }


def row(one: Result) -> tables.Row:
    """A result as a row under :data:`HEADER`."""
    if one["failed"]:
        return one["case"], one["failed"], "", "", "", ""
    return (one["case"], f"{one['rows']}", f"{one['undertakings']}", f"{one['largest']}",
            f"{one['seconds']:.1f}", f"{one['peak_mb']:.0f}")  # fmt: skip
