"""What each distinct text of places means among the layers, and by which rule.

Ward numbers are read in the demarcation of the document's day. Into a layer of other wards they
are carried: by the people of the new wards where those are known, else by area.
"""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from harvester.domain.periods import Calendar, FinancialYear, parse_year_label
from harvester.domain.places import AreaKind
from harvester.rules import demarcations
from harvester.space.ground.spots import NEVER_PLACED
from harvester.space.named.crosswalk import By, Crosswalks
from harvester.space.named.words import REST

if TYPE_CHECKING:
    import datetime as dt

    from harvester.engine.engine import Engine
    from harvester.space.layers import Layers
    from harvester.space.named.words import Gazetteer, Shares

UNSAID_RULE = "words leave it unsaid"
ZONE_RULE = "targeting zone named"
NOT_LOADED = "whose boundaries are not loaded"

_COLUMNS = {
    "word": pa.int64(),
    "layer": pa.string(),
    "area_id": pa.string(),
    "weight": pa.int64(),
    "rule": pa.string(),
    "parts": pa.int64(),
}
_NAMED = {
    AreaKind.WARD: "ward named",
    AreaKind.REGION: "region named",
    AreaKind.OTHER: "place named",
}


def with_demarcation(engine: Engine, ents: pa.Table, layers: Layers) -> pa.Table:
    """``ents`` with ``demarcation``: whose ward numbers each row uses, by its document's day.

    The day it was published, else the first day of its year. Empty where neither is known, and
    everywhere when no layer of wards bears a year, since then there is nothing to tell apart.
    """
    book = demarcations.load()
    dated = any(book.of_layer(a.layer) for a in layers.areas if a.kind == AreaKind.WARD)
    if not dated:
        return ents.append_column("demarcation", pa.repeat(pa.scalar(""), len(ents)))
    days = engine.sql(
        "SELECT DISTINCT published_on, publication_year FROM space_entries", space_entries=ents
    ).to_pylist()
    told = [demarcation_of(d["published_on"], d["publication_year"]) for d in days]
    table = pa.table(
        {
            "published_on": pa.array([d["published_on"] for d in days], pa.date32()),
            "publication_year": pa.array([d["publication_year"] for d in days], pa.string()),
            "demarcation": pa.array(told, pa.string()),
        }
    )
    return engine.sql(
        """
        SELECT e.*, d.demarcation FROM space_entries e JOIN space_days d
          ON d.publication_year = e.publication_year
          AND d.published_on IS NOT DISTINCT FROM e.published_on
        ORDER BY e.ix
        """,
        space_entries=ents,
        space_days=table,
    )


def demarcation_of(published_on: dt.date | None, publication_year: str) -> str:
    """Demarcation whose ward numbers a document uses; ``""`` when its day is not known."""
    start = parse_year_label(publication_year)
    day = published_on
    if day is None and start is not None:
        # Plans and budgets are adopted before their year begins.
        day = FinancialYear(start, Calendar.MUNICIPAL).first_day
    return demarcations.load().on(day) if day else ""


def texts_of(engine: Engine, ents: pa.Table) -> pa.Table:
    """Distinct places in words: ``word, metro, location_text, zone_text, demarcation``."""
    never = ", ".join(f"'{name}'" for name in NEVER_PLACED)
    found = engine.sql(
        f"""
        SELECT DISTINCT metro, location_text, zone_text, demarcation FROM space_entries
        WHERE (location_text <> '' OR zone_text <> '') AND place_class NOT IN ({never})
        ORDER BY ALL
        """,
        space_entries=ents,
    )
    return found.append_column("word", pa.array(np.arange(len(found)), pa.int64()))


def words_of(texts: pa.Table, layers: Layers) -> pa.Table:
    """Shares of each text of :func:`texts_of`: ``word, layer, area_id, weight, rule, parts``.

    A targeting zone named outright counts before other words in its own layer. ``parts`` is in
    how many places (the unsaid rest is one) the text puts the money in that layer, the same on all
    its rows there.
    """
    gazetteer = layers.gazetteer()
    walks = Crosswalks(layers, By.POPULATION)
    kinds = {layer: layers.kind_of(layer) for layer in layers.names}
    rows: dict[str, list[object]] = {name: [] for name in _COLUMNS}
    for row in texts.to_pylist():
        metro, text, told = row["metro"], row["location_text"], row["demarcation"]
        located = gazetteer.located(metro, text, told)
        named = {
            layer: (shares, _NAMED.get(AreaKind(kinds[layer]), "area named"))
            for layer, shares in located.items()
        }
        named |= _other_wards(gazetteer, walks, row, located)
        zoned = gazetteer.zoned(metro, row["zone_text"])
        named |= {layer: (shares, ZONE_RULE) for layer, shares in zoned.items()}
        for layer, (shares, rule) in sorted(named.items()):
            _add(rows, row["word"], layer, shares, rule)
    return pa.table({name: pa.array(rows[name], kind) for name, kind in _COLUMNS.items()})


def _other_wards(
    gazetteer: Gazetteer,
    walks: Crosswalks,
    row: dict[str, str],
    located: dict[str, Shares],
) -> dict[str, tuple[Shares, str]]:
    """What ward numbers mean in layers of wards that are not those of the document's day."""
    layers = gazetteer.ward_layers(row["metro"], row["location_text"])
    meant = [layer for layer in layers if layer in located]
    found: dict[str, tuple[Shares, str]] = {}
    for layer in layers:
        if layer in located:
            continue
        if meant:
            found[layer] = carried(walks, located[meant[0]], meant[0], layer)
        else:
            whose = row["demarcation"] or "an unknown year"
            found[layer] = (((REST, 1),), f"ward of {whose}, {NOT_LOADED}")
    return found


def carried(walks: Crosswalks, shares: Shares, source: str, target: str) -> tuple[Shares, str]:
    """Shares of one layer's areas carried into another layer, and the rule that did it.

    The rule names the population only where every area was carried by it.
    """
    walk = walks.between(source, target)
    parts: dict[str, int] = {}
    methods = set()
    for area_id, weight in shares:
        if area_id == REST:
            parts[REST] = parts.get(REST, 0) + weight * 1_000_000
            continue
        methods.add(walk[area_id].by)
        for other, share in walk[area_id].shares:
            parts[other] = parts.get(other, 0) + weight * share
    by = By.POPULATION if methods == {By.POPULATION} else By.AREA
    common = gcd(*parts.values())
    return (
        tuple((area_id, weight // common) for area_id, weight in sorted(parts.items())),
        f"carried from {source} by {by}",
    )


def _add(rows: dict[str, list[object]], word: int, layer: str, shares: Shares, rule: str) -> None:
    for area_id, weight in shares:
        keeps = area_id != REST or rule.endswith(NOT_LOADED)
        values = (word, layer, area_id, weight, rule if keeps else UNSAID_RULE, len(shares))
        for name, value in zip(rows, values, strict=True):
            rows[name].append(value)
