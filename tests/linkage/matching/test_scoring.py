"""What a pair agrees in: two profiles are compared once, and each pair is told its own figures."""

from __future__ import annotations

import json
import random

import pyarrow as pa
import pytest

from harvester.engine.engine import Engine
from harvester.engine.schema.links import in_full
from harvester.linkage.lists.records import read_records
from harvester.linkage.matching import linker, reasons, scoring
from harvester.linkage.matching.fieldset import Aspect, Level
from harvester.linkage.matching.scoring import Model
from harvester.linkage.projects.aspects import PROJECTS

NAMES = (
    "Vroxton clinic",
    "Clinic at Vroxton phase 2",
    "Vroxton Ext 3 gravel road",
    "Quelmara library",
    "",
)


@pytest.fixture(scope="module")
def engine():
    made = Engine(memory="500MB", threads=1)
    yield made
    made.close()


def patterns(engine: Engine, model: Model, yearly: tuple[str, ...]) -> list[tuple[int, ...]]:
    """The pattern of every pair of records there is."""
    scoring._compare(engine, model, "link_pairs", yearly)
    return sorted(engine.rows("SELECT uid_l, uid_r, pattern FROM link_patterned"))


def repeating(count: int) -> pa.Table:
    """Rows that repeat one another in this and that, in four lists."""
    dice = random.Random(7)
    choices = {
        "name": NAMES,
        "description": ("", "Erf 77, ward 4"),
        "municipality": ("BUF", "ETH", ""),
        "latitude": ("", "-32.9"),
        "amount": ("", "100", "1234567"),
        "first_year": ("", "2018", "2020"),
        "code": ("", "PC0012_00077", "12"),
    }
    rows = [{column: dice.choice(said) for column, said in choices.items()} for _ in range(count)]
    return pa.Table.from_pylist([
        {"entry_id": f"{n:03}", "source": f"list {n % 4}", "longitude": r["latitude"] and "27.9", **r}
        for n, r in enumerate(rows)
    ])  # fmt: skip


def test_comparing_profiles_is_comparing_pairs(engine):
    """However rows repeat one another, no pattern is another than pair by pair."""
    PROJECTS.features(engine, read_records(repeating(120)).table)
    engine.make("link_pairs", """
SELECT a.uid AS uid_l, b.uid AS uid_r FROM link_features a JOIN link_features b ON a.uid < b.uid
""")  # fmt: skip
    model = Model(tuple(PROJECTS.aspects(12.0)), 12.0)
    by_profile = patterns(engine, model, tuple(PROJECTS.yearly))
    assert len(by_profile) == 120 * 119 // 2
    assert len({pattern for *_, pattern in by_profile}) > 100
    assert by_profile == patterns(engine, model, ())


def test_a_pairs_own_figures_stand_in_words_that_are_told_once_a_pattern(engine):
    """Signs of percent, quotes and braces in a row's own words are no places for figures."""
    here = Aspect("size", "FALSE", (
        Level("size_measure = 0", 0.9, 0.1, "'agree at 100 %, \"quoted\" \\'"),
        Level("size_measure > 5", 0.1, 0.8, "'sizes differ by ' || CAST(size_measure AS VARCHAR) || ' %'"),
    ), Level("", 0.5, 0.5, "''"), measure="abs(size_l - size_r)")  # fmt: skip
    label = Aspect("label", "label_l IS NULL OR label_r IS NULL", (
        Level("label_l = label_r", 0.9, 0.1, "'label (' || label_l || ')'"),
    ), Level("", 0.5, 0.5, "''"))  # fmt: skip
    model = Model((here, label), 10.0)
    engine.load(
        "link_features",
        pa.table(
            {
                "uid": [0, 1, 2],
                "size": [10, 10, 90],
                "label": ['{1} "east" \\\t', '{1} "east" \\\t', None],
            }
        ),
    )
    engine.load("link_pairs", pa.table({"uid_l": [0, 0], "uid_r": [1, 2]}))
    scoring._compare(engine, model, "link_pairs", ())
    engine.make("link_chances", """
SELECT uid_l, uid_r, pattern, 0.0 AS match_weight, 0.5 AS likeness, 0.5 AS probability FROM link_patterned
""")  # fmt: skip
    reasons.explain(engine, model)
    told = in_full("w.reasons", "c.figures")
    query = f"SELECT uid_r, {told} FROM link_chances c JOIN link_wordings w USING (pattern)"
    found = dict(engine.rows(query))
    said = {uid: [one["reason"] for one in json.loads(told)] for uid, told in found.items()}
    assert said == {
        1: ['agree at 100 %, "quoted" \\', 'label ((1} "east" \\ )'],
        2: ["sizes differ by 80 %"],
    }


def test_nothing_to_link_is_nothing(engine):
    columns = ("entry_id", "source", "name")
    empty = read_records(pa.table({c: pa.array([], pa.string()) for c in columns})).table
    assert linker.match(engine, PROJECTS, empty).uids.size == 0
