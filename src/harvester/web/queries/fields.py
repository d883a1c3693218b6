"""The fields of an entry with the cell each was read from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harvester.engine.schema import SOURCE_ENTRIES
from harvester.web import labels

if TYPE_CHECKING:
    from harvester.web.harvest_store import Row

RESOLVED = {
    "owner_text": ("owner", "institution"),
    "municipality_text": ("metro", "metro"),
    "province_text": ("province", "institution"),
    "sphere_text": ("sphere", "sphere"),
    "function_text": ("function", "function"),
    "asset_class_text": ("asset_class", "asset_class"),
    "nature_text": ("nature", "nature"),
    "outcome_text": ("outcome_mtsf", "mtsf"),
    "iudf_text": ("outcome_iudf", "iudf"),
    "fund_text": ("grant", "grant"),
    "status_text": ("status", "status"),
    "location_text": ("place_class", "place_class"),
}
"""Which code a published text was resolved to, and how that code is put into words."""

NOT_SHOWN = {"entry_id", "submission_id", "sheet", "row", "kind", "extras"}
MONEY = {"total_cost_cents"}


@dataclass(frozen=True)
class Field:
    """One field: what the publisher wrote, where, and what it was taken for."""

    label: str
    value: Any
    cell: str
    header: str
    taken_for: str
    kind: str = "text"


_CALLED = {"iudf_text": "IUDF goal", "outcome_text": "MTSF outcome"}
"""Fields whose name in the schema is no name for a reader."""


def _label(name: str) -> str:
    if name in _CALLED:
        return _CALLED[name]
    words = name.removesuffix("_text").removesuffix("_cents").replace("_", " ")
    return words[:1].upper() + words[1:]


def fields_of(entry: Row, cells: dict[tuple[str, str], Row]) -> list[Field]:
    """Fields that hold anything, in the order of the schema, then columns without a field."""
    found = []
    for column in SOURCE_ENTRIES.columns:
        value = entry[column.name]
        if column.name in NOT_SHOWN or value in {None, ""}:
            continue
        where = cells.get((entry["submission_id"], column.name))
        code, kind = RESOLVED.get(column.name, ("", ""))
        found.append(
            Field(
                _label(column.name),
                value,
                f"{where['column']}{entry['row']}" if where else "",
                where["header"] if where else "",
                labels.words(kind, entry[code]) if code else "",
                "rand" if column.name in MONEY else "text",
            )
        )
    return found + _extras(entry)


def _extras(entry: Row) -> list[Field]:
    """Columns of the file that no field of ours holds, under their own headings."""
    try:
        told = json.loads(entry["extras"] or "{}")
    except json.JSONDecodeError:
        told = {}
    pairs = told.items() if isinstance(told, dict) else []
    written = [(str(name), _written(value)) for name, value in pairs]
    return [Field(name, value, "", "", "") for name, value in written if value]


def _written(value: object) -> str:
    """A value of a column without a field; several of one heading stand side by side."""
    if isinstance(value, list):
        return "; ".join(_written(one) for one in value)
    return "" if value is None else str(value)
