"""Coordinates in doubt: what each may have been meant to be, what people decided, and doing it.

Nothing is moved on our own. A decision is about what a row publishes: it is done again in every
harvest in which a row of its key still says the same, and waits in the others.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harvester.domain.coordinates import readings
from harvester.domain.places import PlaceClass, in_south_africa
from harvester.engine import schema
from harvester.engine.place_log import PlaceDecision, PlaceVerdict
from harvester.linkage.identity.keys import holders, row_keys
from harvester.linkage.stage import LINKED_KINDS
from harvester.rules import institutions, regions
from harvester.sources.problem_kinds import COORDINATES_ABROAD
from harvester.sources.values.coordinates import pairs_in
from harvester.space.doubts.raising import doubted
from harvester.space.ground.points import near

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine
    from harvester.space.ground.footing import Footing
    from harvester.space.layers import Layers

OPEN = "open"
_ID_LENGTH = 12


@dataclass(frozen=True)
class Settled:
    """Entries as people mended them, and the decisions that did it, by entry and what it published.

    ``believed`` are pairs of entry and text of places that are right as published.
    """

    entries: IbisTable
    done: dict[tuple[str, str], PlaceDecision] = field(default_factory=dict)

    @property
    def believed(self) -> frozenset[tuple[str, str]]:
        """Entry and published text of every place that a person says is right as published."""
        right = {PlaceVerdict.AS_PUBLISHED, PlaceVerdict.MUNICIPALITY}
        return frozenset(key for key, one in self.done.items() if one.verdict in right)

    @property
    def mended(self) -> frozenset[str]:
        """Entries whose coordinate is a person's."""
        put = {PlaceVerdict.ACCEPTED, PlaceVerdict.GIVEN}
        return frozenset(entry for (entry, _), one in self.done.items() if one.verdict in put)


def settle(
    engine: Engine, entries: IbisTable, problems: IbisTable, logged: Sequence[PlaceDecision]
) -> Settled:
    """Entries with people's decisions done: the latest of each institution's on the same place
    stands, and of several institutions' the latest of all."""
    if not logged:
        return Settled(entries)
    rows = engine.arrow(entries.order_by("entry_id"))
    wanted = rows.filter(pc.is_in(rows["kind"], pa.array(sorted(LINKED_KINDS))))
    at = holders(row_keys(wanted))
    ids = wanted["entry_id"].to_pylist()
    position = {entry: n for n, entry in enumerate(rows["entry_id"].to_pylist())}
    abroad: dict[str, set[str]] = {}
    for entry, published, *_ in _abroad(engine, problems):
        abroad.setdefault(entry, set()).add(published)
    done: dict[tuple[str, str], PlaceDecision] = {}
    for one in sorted(logged, key=lambda decision: decision.at):
        for n in at.get(one.entry_key, []):
            entry = ids[n]
            row = rows.slice(position[entry], 1).to_pylist()[0]
            if one.published in _published(row) | abroad.get(entry, set()):
                done[entry, one.published] = one
    if not done:
        return Settled(entries)
    return Settled(engine.table(schema.ENTRIES, _mended(rows, position, done)), done)


def _published(row: dict[str, object]) -> set[str]:
    """Every place a row publishes, as its mend would name it."""
    return set(_places(row))


def _places(row: dict[str, object]) -> list[str]:
    text = str(row["points"])
    if text and text[0].isalpha():
        return [text]
    if text:
        return [_point_text(*map(float, part.split())) for part in text.split(";")]
    if row["longitude"] is None:
        return []
    return [_point_text(float(str(row["longitude"])), float(str(row["latitude"])))]


def _point_text(longitude: float, latitude: float) -> str:
    return f"{longitude} {latitude}"


def _mended(
    rows: pa.Table, position: dict[str, int], done: dict[tuple[str, str], PlaceDecision]
) -> pa.Table:
    names = ("longitude", "latitude", "points", "metro", "province", "place_class")
    columns = {name: rows[name].to_pylist() for name in names}
    for (entry, published), one in done.items():
        n = position[entry]
        row = {name: columns[name][n] for name in names}
        location = rows["location_text"][n].as_py()
        for name, value in _done(row, published, one, location).items():
            columns[name][n] = value
    for name, values in columns.items():
        at = rows.column_names.index(name)
        rows = rows.set_column(at, name, pa.array(values, schema.ENTRIES.arrow.field(name).type))
    return rows


def _done(
    row: dict[str, object], published: str, one: PlaceDecision, location: str
) -> dict[str, object]:
    """What a decision makes of the places of a row."""
    if one.verdict == PlaceVerdict.MUNICIPALITY:
        book = institutions.load().get(one.metro)
        province = book.province if book and book.province else schema.UNKNOWN
        return {"metro": one.metro, "province": province}
    if one.verdict == PlaceVerdict.AS_PUBLISHED:
        return {}
    places = _places(row)
    kept = [place for place in places if place != published]
    if one.longitude:
        new = _point_text(float(one.longitude), float(one.latitude))
        at = places.index(published) if published in places else len(kept)
        kept.insert(at, new)
    made: dict[str, object] = {
        "points": ";".join(kept) if len(kept) > 1 else "",
        "longitude": None,
        "latitude": None,
    }
    if kept:
        lon, lat = kept[0].split()
        made |= {"longitude": float(lon), "latitude": float(lat)}
        made["place_class"] = PlaceClass.LOCATED.value
    elif row["place_class"] == PlaceClass.LOCATED:
        made["place_class"] = str(regions.load().read(location, str(row["metro"])).place_class)
    return made


def mends(
    engine: Engine, entries: IbisTable, problems: IbisTable, footing: Footing, settled: Settled
) -> pa.Table:
    """Rows of ``schema.MENDS``: every place in doubt that nobody decided on, and every decision."""
    doubts = {}
    for entry, published, doubt, found in (
        *_in_country(engine, footing),
        *_abroad(engine, problems),
    ):
        doubts.setdefault((entry, published), (doubt, found))
    keys = sorted({*doubts, *settled.done})
    wanted = sorted({entry for entry, _ in keys})
    about = {
        row["entry_id"]: row
        for row in engine.arrow(
            entries.filter(entries.entry_id.isin(wanted)).select(
                "entry_id", "submission_id", "name", "metro"
            )
        ).to_pylist()
    } if wanted else {}  # fmt: skip
    rows = []
    for entry, published in keys:
        if entry not in about:
            continue
        doubt, found = doubts.get((entry, published), ("", ""))
        row = about[entry]
        proposed = _proposed(published, doubt, found, str(row["metro"]), footing.layers)
        one = settled.done.get((entry, published))
        rows.append({
            **row, **proposed, "published": published, "doubt": doubt, "found": found,
            "mend_id": hashlib.sha256(f"{entry}|{published}".encode()).hexdigest()[:_ID_LENGTH],
            "state": one.verdict if one else OPEN, "actor": one.actor if one else "",
            "at": one.at if one else "", "reason": one.reason if one else "",
        })  # fmt: skip
    return schema.MENDS.from_rows(rows)


def _in_country(engine: Engine, footing: Footing) -> Iterator[tuple[str, str, str, str]]:
    """``entry, published, doubt, found`` of every place that :func:`doubted` doubts."""
    spots, drawings = footing.spots, footing.drawings
    for row in doubted(engine, footing):
        if row["spot"] is not None:
            at = int(str(row["spot"]))
            found = spots.found[at]
            text = _point_text(float(spots.longitude[at]), float(spots.latitude[at]))
        else:
            at = int(str(row["drawing"]))
            found, text = drawings.found[at], drawings.texts[at]
        yield str(row["entry_id"]), text, "elsewhere" if found else "nowhere", found


def _abroad(engine: Engine, problems: IbisTable) -> Iterator[tuple[str, str, str, str]]:
    """The same of every coordinate its reader left out because it lies in another country."""
    told = problems.filter(problems.code == COORDINATES_ABROAD.code)
    for row in engine.arrow(told.select("submission_id", "row", "value")).to_pylist():
        for longitude, latitude in pairs_in(row["value"]):
            if not in_south_africa(longitude, latitude):
                entry = f"{row['submission_id']}:{row['row']}"
                yield entry, _point_text(longitude, latitude), "abroad", ""


def _proposed(
    published: str, doubt: str, found: str, metro: str, layers: Layers
) -> dict[str, object]:
    """``proposal, longitude, latitude, meaning``: the reading that lies where the row says."""
    none = {"proposal": "", "longitude": None, "latitude": None}
    if not published[:1].isalpha():
        longitude, latitude = (float(part) for part in published.split())
        bounds = layers.boundaries().get(metro, [])
        for one in readings(longitude, latitude):
            x, y = np.array([one.longitude]), np.array([one.latitude])
            inside = any(near(layers.polygons[n], x, y)[0] for n in bounds)
            # In the country already, only a reading in the declared municipality mends anything.
            if inside or (not bounds and doubt == "abroad"):
                meaning = f"It looks as if {one.words}: {one.latitude}, {one.longitude}."
                return {
                    "proposal": one.code, "longitude": one.longitude, "latitude": one.latitude,
                    "meaning": meaning,
                }  # fmt: skip
    if found:
        name = layers.municipality_name(found)
        return {**none, "meaning": f"It lies in {name}: the municipality or the place is wrong."}
    return {**none, "meaning": "No reading of it lies where the row says; give the place."}
