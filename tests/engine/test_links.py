"""Reasons of links: each wording is held once, and read with a pair's own figures in their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.engine.granary import Harvest
from harvester.engine.harvest_reader import chosen_in_full, links_in_full, opened
from harvester.engine.schema.links import MOST_FIGURES, in_full, in_words

if TYPE_CHECKING:
    from pathlib import Path

PAIR = {
    "entry_a": "a",
    "entry_b": "b",
    "probability": 0.9,
    "weight": 3.2,
    "joined": True,
    "decided": "",
}
DIFFER = (
    '[{"reason":"amounts differ by {2}","weight":0.7},{"reason":"zone differs ({1}","weight":-5.4}]'
)


@pytest.mark.parametrize(
    ("reasons", "figures", "told"),
    [
        ("no figures", "", "no figures"),
        ("{2} then {1}", "one\ttwo", "two then one"),
        ("{1}, {3}", "one", "one, "),
        ("{1}{12}", "a" + "\t" * 11 + "l", "al"),
        ("{1}", "12 % \\\\ \\\"east\\\"", "12 % \\\\ \\\"east\\\""),
    ],
)  # fmt: skip
def test_figures_stand_in_their_places(reasons: str, figures: str, told: str) -> None:
    assert MOST_FIGURES == 12
    engine = Engine()
    found = engine.query(f"SELECT {in_full('$r', '$f')} AS told", {"r": reasons, "f": figures})
    engine.close()
    assert found.column("told").to_pylist() == [told]
    assert in_words(reasons, figures) == told


def harvest_of(folder: Path, **tables: pa.Table) -> Harvest:
    for name, rows in tables.items():
        pq.write_table(rows, folder / f"{name}.parquet")
    return Harvest("h0001", folder, {})


def read(harvest: Harvest) -> list[dict[str, object]]:
    engine = Engine()
    try:
        return engine.arrow(links_in_full(engine, harvest)).to_pylist()
    finally:
        engine.close()


def test_a_link_is_read_with_its_reasons_in_full(tmp_path: Path) -> None:
    links = schema.LINKS.from_rows([PAIR | {"wording": 7, "figures": "4 and 6)\t34 %"}])
    wordings = schema.WORDINGS.from_rows([{"wording": 7, "reasons": DIFFER}])
    (row,) = read(harvest_of(tmp_path, links=links, wordings=wordings))
    assert row == PAIR | {
        "reasons": '[{"reason":"amounts differ by 34 %","weight":0.7},'
        '{"reason":"zone differs (4 and 6)","weight":-5.4}]'
    }


def test_chosen_links_are_read_as_they_stand_among_all(tmp_path: Path) -> None:
    pairs = [
        PAIR | {"entry_b": f"b{n}", "wording": 7, "figures": f"{n} and 6)\t34 %"} for n in range(9)
    ]
    wordings = schema.WORDINGS.from_rows([{"wording": 7, "reasons": DIFFER}])
    harvest = harvest_of(tmp_path, links=schema.LINKS.from_rows(pairs), wordings=wordings)
    engine = Engine()
    for table in (schema.LINKS, schema.WORDINGS):
        opened(engine, harvest, table)
    chosen = "SELECT * FROM links WHERE entry_b IN ('b3', 'b5')"
    found = engine.read(f"{chosen_in_full(engine, chosen)} ORDER BY entry_b").to_pylist()
    engine.close()
    assert found == [row for row in read(harvest) if row["entry_b"] in {"b3", "b5"}]


def test_a_harvest_of_an_earlier_version_told_the_reasons_in_the_link_itself(
    tmp_path: Path,
) -> None:
    said = PAIR | {"reasons": '[{"reason":"same place","weight":4.5}]'}
    (row,) = read(harvest_of(tmp_path, links=pa.Table.from_pylist([said])))
    assert row == said
