"""Persons as a field set of the Harvester's linker: the same code, other fields.

The chances (m, u) of every level are counted on the training set, whose truth is known (FEBRL 3,
RLdata500); only how rare a name or a place is comes from the run itself, as log2 of its share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.engine.engine import Engine
from harvester.linkage.matching.fieldset import Aspect, FieldSet, Level
from harvester.linkage.matching.scoring import Model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RARE = ("given", "surname", "suburb", "postcode", "address_1")
"""Columns whose exact agreement weighs by rarity."""

RANDOM_PAIRS = 1_000_000
"""Pairs of different persons drawn to count chance agreement (u)."""

Steps = tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """One comparison; the first step is exact agreement, by rarity where ``rare`` names a column."""

    name: str
    null: str
    steps: Steps
    rare: str = ""
    measure: str = ""


def _missing(column: str) -> str:
    return f"{column}_l IS NULL OR {column}_r IS NULL"


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _text(column: str, *least: float) -> Compared:
    """Equal, or as like as Jaro and Winkler say."""
    likeness = f"jaro_winkler_similarity({column}_l, {column}_r)"
    steps = (_same(column), *(f"{column}_measure >= {bound}" for bound in least))
    rare = column if column in RARE else ""
    return Compared(column, _missing(column), steps, rare, likeness)


def _digits(column: str, most: int) -> Compared:
    """Equal, or so many slips of figures apart."""
    slips = f"damerau_levenshtein({column}_l, {column}_r)"
    steps = (_same(column), *(f"{column}_measure <= {n}" for n in range(1, most + 1)))
    return Compared(column, _missing(column), steps, column if column in RARE else "", slips)


_SWAPPED = "given_l = surname_r AND surname_l = given_r"
_PARTS = " + ".join(
    f"CAST({_same(part)} AS INTEGER)" for part in ("birth_year", "birth_month", "birth_day")
)
_DOB = Compared(
    "dob", _missing("dob"),
    (_same("dob"), "dob_measure <= 1", f"{_PARTS} = 2", f"{_PARTS} = 1"),
    measure="damerau_levenshtein(dob_l, dob_r)",
)  # fmt: skip


def _names(*least: float) -> tuple[Compared, Compared]:
    """Given name and surname; that they stand in one another's place is told by the first."""
    given, surname = _text("given", *least), _text("surname", *least)
    steps = (given.steps[0], _SWAPPED, *given.steps[1:])
    return (
        Compared("given", given.null, steps, "given", given.measure),
        Compared(
            "surname", f"{surname.null} OR coalesce({_SWAPPED}, false)", surname.steps, "surname",
            surname.measure,
        ),
    )  # fmt: skip


FEBRL = (
    *_names(0.92, 0.84, 0.75), _DOB, _digits("soc_sec_id", 2), _digits("postcode", 1),
    _text("suburb", 0.88), _text("address_1", 0.88), _text("address_2", 0.88),
    _digits("street_number", 1), Compared("state", _missing("state"), (_same("state"),)),
)  # fmt: skip
RLDATA = (*_names(0.92, 0.84, 0.75), _text("given2", 0.84), _text("surname2", 0.84), _DOB)

Chances = dict[str, list[tuple[float, float]]]


def field_set(compared: Sequence[Compared], chances: Chances, fewer: float, keys: str) -> FieldSet:
    """A field set with ``chances`` of a training set; ``fewer``: bits by which a match is rarer than one a record."""

    def aspects(everywhere: float) -> tuple[Aspect, ...]:
        return tuple(_aspect(one, chances[one.name], everywhere) for one in compared)

    return FieldSet(
        name="persons", features=_features(fewer), keys=lambda _engine, _largest: keys,
        aspects=aspects,
        members="SELECT uid, src, CAST([] AS VARCHAR[]) AS codes, NULL AS municipality "
                "FROM link_features",
    )  # fmt: skip


def _aspect(one: Compared, chances: list[tuple[float, float]], everywhere: float) -> Aspect:
    levels = []
    for step, (m, u) in zip(one.steps, chances, strict=False):
        if one.rare and not levels:
            for deep in range(math.ceil(everywhere), 0, -1):
                when = f"{step} AND {one.rare}_bits_l >= {deep}"
                levels.append(Level(when, m, 2.0 ** -(deep + 0.5), f"'{one.name} agrees'"))
        levels.append(Level(step, m, u, f"'{one.name} like'"))
    return Aspect(one.name, one.null, tuple(levels), Level("", *chances[-1], f"'{one.name} differs'"),
                  measure=one.measure)  # fmt: skip


def _features(fewer: float) -> Callable[[Engine, pa.Table], int]:
    def build(engine: Engine, rows: pa.Table) -> int:
        return _build(engine, rows, fewer)

    return build


def _build(engine: Engine, rows: pa.Table, fewer: float) -> int:
    """``link_features``: texts with null for empty, parts of the date, rarities."""
    texts = [c for c in rows.column_names if c not in {"entry_id", "source"}]
    engine.load(
        "link_records", rows.add_column(0, "uid", pa.array(range(rows.num_rows), pa.int64()))
    )
    cleaned = ", ".join(f"nullif(trim({c}), '') AS {c}" for c in texts)
    engine.make("link_people", f"""
SELECT uid, dense_rank() OVER (ORDER BY source) AS src, {cleaned} FROM link_records
""")  # fmt: skip
    rarities = ", ".join(f"""
    log2(greatest(2.0, count({c}) OVER () / CAST(count(*) OVER (PARTITION BY {c}) AS DOUBLE))) AS {c}_bits
""" for c in RARE)  # fmt: skip
    engine.make("link_features", f"""
SELECT *, {rarities}, substr(dob, 1, 4) AS birth_year, substr(dob, 5, 2) AS birth_month,
    substr(dob, 7, 2) AS birth_day,
    log2(count(*) OVER () / least(2.0, count(DISTINCT src) OVER ())) + {fewer} AS base_everywhere
FROM link_people
""")  # fmt: skip
    engine.drop("link_records", "link_people")
    return rows.num_rows


def learnt(
    rows: pa.Table, persons: list[str], compared: Sequence[Compared]
) -> tuple[Chances, float]:
    """Chances (m, u) of every step, and log2 of records over twice the true pairs, of a training set.

    m is counted on all pairs of one person, u on pairs of different persons a fixed stride apart;
    half a pair is added to each count, so that nothing seen never is nothing possible.
    """
    engine = Engine()
    try:
        _build(engine, rows, 0.0)
        engine.load("link_truth", pa.table({"uid": range(len(persons)), "person": persons}))
        engine.make("link_true", """
SELECT a.uid AS uid_l, b.uid AS uid_r FROM link_truth a JOIN link_truth b
    ON a.person = b.person AND a.uid < b.uid
""")  # fmt: skip
        every = len(persons) * (len(persons) - 1) // 2
        engine.make("link_random", f"""
SELECT a.uid AS uid_l, b.uid AS uid_r FROM link_truth a JOIN link_truth b
    ON a.person <> b.person AND a.uid < b.uid
WHERE (a.uid * 7919 + b.uid) % {max(1, every // RANDOM_PAIRS)} = 0
""")  # fmt: skip
        same, other = (_counted(engine, compared, pairs) for pairs in ("link_true", "link_random"))
        pairs = engine.rows("SELECT count(*) FROM link_true")[0][0]
    finally:
        engine.close()
    chances = {
        one.name: list(zip(_shares(same[one.name]), _shares(other[one.name]), strict=True))
        for one in compared
    }  # fmt: skip
    return chances, math.log2(len(persons) / (2 * pairs))


def _counted(engine: Engine, compared: Sequence[Compared], pairs: str) -> dict[str, list[int]]:
    """How many pairs show each step, and none of them, of each comparison."""
    flat = [Aspect(c.name, c.null, tuple(Level(s, 0.5, 0.5, "''") for s in c.steps),
                   Level("", 0.5, 0.5, "''"), measure=c.measure) for c in compared]  # fmt: skip
    model = Model(tuple(flat), 0.0)
    counts = []
    for one in compared:
        steps = " ".join(f"WHEN {step} THEN {n}" for n, step in enumerate(one.steps, 1))
        outcome = f"CASE WHEN {one.null} THEN 0 {steps} ELSE {len(one.steps) + 1} END"
        counts += [
            f"count(*) FILTER (({outcome}) = {n}) AS {one.name}_{n}"
            for n in range(1, len(one.steps) + 2)
        ]
    row = iter(engine.rows(f"SELECT {', '.join(counts)} FROM ({model.measured(pairs)})")[0])
    return {one.name: [next(row) for _ in range(len(one.steps) + 1)] for one in compared}


def _shares(counts: list[int]) -> list[float]:
    whole = sum(counts) + 0.5 * len(counts)
    return [(n + 0.5) / whole for n in counts]


def _key_sql(keys: Sequence[Sequence[str]], source: str, *, within: bool) -> str:
    """SQL of keys: each is a list of expressions, none of which may be null."""
    return " UNION ALL ".join(
        f"SELECT uid, {source} AS src, CAST(hash({n}, {', '.join(parts)}) % 4611686018427387904 AS BIGINT) "
        f"AS k, {str(within).lower()} AS within, false AS bound FROM link_features "
        f"WHERE {' AND '.join(f'{part} IS NOT NULL' for part in parts)}"
        for n, parts in enumerate(keys)
    )


FEBRL_KEYS = _key_sql(
    (("soc_sec_id",), ("dob", "substr(surname, 1, 1)"), ("dob", "substr(given, 1, 1)"), ("dob", "postcode"),
     ("surname", "given"), ("surname", "postcode"), ("given", "postcode"), ("surname", "suburb"),
     ("given", "suburb"), ("address_1", "postcode"), ("address_1", "suburb"),
     ("address_1", "street_number"), ("surname", "street_number"), ("given", "street_number"),
     ("given", "birth_year", "birth_month"), ("surname", "birth_year"),
     ("substr(soc_sec_id, 1, 5)",), ("substr(soc_sec_id, 3, 5)",), ("least(given, surname)", "state")),
    "src", within=False,
)  # fmt: skip
RLDATA_KEYS = _key_sql(
    (("dob",), ("given", "surname", "birth_year"), ("given", "surname", "birth_month"),
     ("given", "surname", "birth_day"), ("given", "birth_year", "birth_month"),
     ("given", "birth_year", "birth_day"), ("given", "birth_month", "birth_day"),
     ("surname", "birth_year", "birth_month"), ("surname", "birth_year", "birth_day"),
     ("surname", "birth_month", "birth_day"), ("given", "surname")),
    "CAST(1 AS BIGINT)", within=True,
)  # fmt: skip
"""Of one list: all records stand in one source for the keys, and in their own for the clusters."""
