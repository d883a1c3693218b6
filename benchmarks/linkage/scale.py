"""Ten years of eight metros, at any size: what a country that keeps its old lists has to link.

Each of six lists (municipal budgets, in-year reports, IDPs, a provincial and a national list,
pipelines) comes out once a year. Within one publisher's lists a project mostly keeps its code and
often its exact name; amounts and years move; now and then it is renamed, or given another number.
Other publishers write it their way. Projects, places and words are those of
:mod:`benchmarks.linkage.invented`; what changes by the year is drawn for all rows at once.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.linkage import invented, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.linkage.invented import Project

DIRT = 2
YEARS = tuple(range(2014, 2024))
LISTS = ("budget", "inyear", "idp", "province", "national", "pipeline")
STYLE = ("budget-1", "inyear", "idp", "province", "national", "pipeline")
"""How :mod:`invented` calls a publisher of each list."""

MUNICIPAL = (0.80, 0.45, 0.70, 0.06, 0.05, 0.35)
PROVINCIAL = (0.0, 0.0, 0.45, 0.92, 0.08, 0.40)
NATIONAL = (0.0, 0.0, 0.40, 0.05, 0.92, 0.40)
"""Share of the projects of a sphere in each list."""

EARLY = (0, 0, 1, 0, 0, 2)
"""Years before its start that a list names a project: plans come first."""

SUBURB = 12
"""Projects of ten years in a suburb."""

ROWS_A_PROJECT = 7.5
"""A little less than a project has over the years, so that enough are made."""

RENAMED, RENUMBERED, REPRICED, SLIPPED, SKIPPED = 0.06, 0.02, 0.4, 0.12, 0.04
"""Chances in a year: of another name, code, amount, start, and of being left out."""

COLUMNS = ("source", "name", "description", "municipality", "function", "latitude", "longitude",
           "amount", "first_year", "last_year", "code")  # fmt: skip


@dataclass
class Series:
    """One row of one publisher's list through the years. ``writer``: whose name and code it repeats."""

    project: int
    at: int
    writer: int
    tail: str = ""
    share: float = 1.0


def country(entries: int, seed: int) -> tuple[pa.Table, pa.Table]:
    """Exactly ``entries`` rows in the columns of ``link_list``, and their truth; the same for a seed."""
    chance = random.Random(seed)
    dice = np.random.default_rng(seed)
    generic = entries // 100
    made = invented.projects(chance, int((entries - generic) / ROWS_A_PROJECT) + 8, each=SUBURB)
    series = [one for project in made for one in _series(chance, project)]
    for n, one in enumerate(series):
        one.writer += n
    rows = _rows(chance, dice, made, series, entries - generic)
    rows = pa.concat_tables([rows, _generic(chance, made, generic)])
    order = np.argsort(dice.random(rows.num_rows), kind="stable")
    rows = rows.take(pa.array(order))
    ids = _join("e", pc.utf8_lpad(pa.array(np.arange(entries)).cast(pa.string()), 8, "0"))
    truth = pa.table({"entry_id": ids, "project": rows.column("project")})
    return rows.drop_columns(["project"]).add_column(0, "entry_id", ids), truth


def _series(chance: random.Random, project: Project) -> list[Series]:
    """The rows a project has, with ``writer`` as steps back to the row it copies."""
    odds = MUNICIPAL
    if project.kind in words.PROVINCIAL:
        odds = PROVINCIAL
    elif project.kind in words.NATIONAL:
        odds = NATIONAL
    found: list[Series] = []
    budget = -1
    for at, share in enumerate(odds):
        if chance.random() >= share:
            continue
        if at == 0:
            budget = len(found)
        copies = at == 1 and budget >= 0 and chance.random() < 0.75
        found.append(Series(project.number, at, budget - len(found) if copies else 0))
        if at == 0 and chance.random() < 0.02:
            found[-1].tail, second = chance.sample(words.SPLITS, 2)
            found[-1].share = 0.25
            found.append(Series(project.number, at, -1, second, 0.75))
    return found


def _lives(dice: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """First and last year of each project, as places in :data:`YEARS`; some began before."""
    starts = dice.integers(-2, len(YEARS), count)
    return starts, starts + np.minimum(8, dice.geometric(0.22, count))


def _rows(
    chance: random.Random,
    dice: np.random.Generator,
    made: list[Project],
    series: list[Series],
    wanted: int,
) -> pa.Table:
    """``wanted`` rows: every row of every list, in the years in which it stands there."""
    starts, ends = _lives(dice, len(made))
    project = np.array([one.project for one in series])
    at = np.array([one.at for one in series])
    writer = np.array([one.writer for one in series])
    shape = (len(series), len(YEARS))
    year = np.arange(len(YEARS))
    here = (year >= (starts[project] - np.array(EARLY)[at])[:, None]) & (
        year <= ends[project][:, None]
    )
    here &= dice.random(shape) >= SKIPPED
    renamed, renumbered, slipped = (
        np.cumsum(dice.random(shape) < share, axis=1) for share in (RENAMED, RENUMBERED, SLIPPED)
    )
    drift = np.exp(np.cumsum(dice.normal(0, 0.15, shape) * (dice.random(shape) < REPRICED), axis=1))
    who, when = (found[:wanted] for found in np.nonzero(here))
    if len(who) < wanted:
        message = f"{len(who)} rows were made of {wanted}: lower ROWS_A_PROJECT"
        raise ValueError(message)
    wrote, mine = writer[who], project[who]
    used = series[: int(who[-1]) + 1]
    fixed = _fixed(chance, made, used)
    names = _by_variant(wrote, renamed[wrote, when],
                        lambda n: invented.name(chance, made[series[n].project],
                                                STYLE[series[n].at], DIRT))  # fmt: skip
    tails = np.array([one.tail for one in series], dtype=object)
    codes = _by_variant(wrote, renumbered[wrote, when], lambda n: _code(chance, made, series[n]))
    codes = np.where(dice.random(len(who)) < 0.03, "", codes)
    silent = dice.random(len(who)) < 0.1
    first, last = _years(at[who], when, starts[mine], ends[mine], slipped[who, when])
    plan = np.array([p.amount for p in made])[project] * np.array([one.share for one in series])
    amount = plan[who] * drift[who, when]
    amount = np.where(at[who] == 1, amount * dice.uniform(0.2, 1.0, len(who)), amount)
    return pa.table({
        "source": _editions(at[who], when),
        "name": pa.array((names + tails[who]).tolist(), pa.string()),
        **{column: held.take(pa.array(who)) for column, held in fixed.items()},
        "amount": _text(amount.round(-2).astype(np.int64), silent),
        "first_year": _text(first + YEARS[0], silent), "last_year": _text(last + YEARS[0], silent),
        "code": pa.array(codes.tolist(), pa.string()),
        "project": _join("p", pa.array(mine)),
    }).select([*COLUMNS, "project"])  # fmt: skip


def _years(
    at: np.ndarray, when: np.ndarray, start: np.ndarray, end: np.ndarray, slipped: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Budgets give their own three years, the others the project's, as they slip."""
    budgeted = at <= 1
    first = np.where(budgeted, when, start + slipped)
    return first, np.where(budgeted, np.clip(end, when, when + 2), np.maximum(first, end + slipped))


def _fixed(chance: random.Random, made: list[Project], series: list[Series]) -> dict[str, pa.Array]:
    """What a publisher says of a project year after year."""
    columns: dict[str, list[str]] = {
        c: [] for c in ("description", "municipality", "function", "latitude", "longitude")
    }
    for one in series:
        said = invented.row(chance, made[one.project], STYLE[one.at], DIRT)
        for column, held in columns.items():
            held.append(said.get(column, ""))
    return {column: pa.array(held, pa.string()) for column, held in columns.items()}


def _by_variant(writer: np.ndarray, variant: np.ndarray, say: Callable[[int], str]) -> np.ndarray:
    """A text for each row, said anew for each writer and each time it changed."""
    step = len(YEARS) + 1
    distinct, of = np.unique(writer.astype(np.int64) * step + variant, return_inverse=True)
    return np.array([say(key // step) for key in distinct.tolist()], dtype=object)[of]


def _code(chance: random.Random, made: list[Project], one: Series) -> str:
    """A number as the publisher of a list gives it; plans only number their rows."""
    if chance.random() < 0.08:
        return ""
    project = made[one.project]
    if one.at <= 1:
        return invented.code(chance, project.number, project)
    if LISTS[one.at] in {"province", "national"}:
        series = 20_000 if LISTS[one.at] == "province" else 5_000_000
        return f"{series + project.number * 8 + chance.randint(0, 3)}"
    return f"{chance.randint(1, 400)}" if LISTS[one.at] == "idp" else ""


def _generic(chance: random.Random, made: list[Project], count: int) -> pa.Table:
    """Rows every list has, each a project of its own."""
    towns = sorted({p.place.town for p in made}, key=lambda t: t.number)
    rows = [invented.generic(chance, chance.choice(towns)) for _ in range(count)]
    at = np.array([chance.randrange(3) for _ in rows], np.int64)
    when = np.array([chance.randrange(len(YEARS)) for _ in rows], np.int64)
    told = {c: pa.array([r.get(c, "") for r in rows], pa.string()) for c in COLUMNS}
    told["source"] = _editions(at, when)
    told["first_year"] = told["last_year"] = _text(when + YEARS[0], np.zeros(count, bool))
    return pa.table({**told, "project": _join("generic ", pa.array(np.arange(count)))})


def _editions(at: np.ndarray, when: np.ndarray) -> pa.Array:
    """Sources: a list and its year."""
    names = pa.array([f"{name}-{year}" for name in LISTS for year in YEARS])
    return names.take(pa.array(at * len(YEARS) + when))


def _join(prefix: str, numbers: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(prefix, numbers.cast(pa.string()), "")


def _text(values: np.ndarray, silent: np.ndarray) -> pa.Array:
    """Figures as text, empty where the publisher gives none."""
    return pc.if_else(pa.array(silent), "", pa.array(values).cast(pa.string()))
