"""Invented entries for the specifications of linkage: a town's lists, and the rows to be tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.engine import schema

if TYPE_CHECKING:
    import pyarrow as pa

_PLACES = ("Vroxton", "Quelmara", "Sibhoza", "Tandweni", "Oubaaiskloof", "Mphelendaba", "Zerrust",
           "Hlokozi", "Kraaiplaas", "Ndofaya")  # fmt: skip
_WORKS = ("clinic", "gravel road", "sports field", "reservoir", "substation", "library")

BLANK = {
    "kind": "project", "institution": "BUF", "document": "budget", "publication_year": "2019/20",
    "stage": "adopted", "metro": "BUF", "province": "EC", "owner": "BUF", "sphere": "local",
    "function": "unknown", "asset_class": "unknown", "nature": "unknown", "grant": "unknown",
    "outcome_mtsf": "unknown", "outcome_iudf": "unknown", "status": "unknown",
    "place_class": "located",
}  # fmt: skip


def entry(submission: str, row: int, name: str, **more: object) -> dict[str, object]:
    """One entry of Buffalo City's budget, unless ``more`` says otherwise."""
    told = {
        "entry_id": f"{submission}:{row}",
        "submission_id": submission,
        "row": row,
        "name": name,
    }
    return BLANK | told | more


def town(**more: object) -> list[dict[str, object]]:
    """Two lists of sixty projects each, of which every second stands in both."""
    rows = []
    for n in range(60):
        name = f"{_PLACES[n // 6]} {_WORKS[n % 6]}"
        rows.append(entry("town-a", n, f"Construction of {name}", **more))
        if n % 2:
            rows.append(entry("town-b", n, f"{name} (new)", document="idp", **more))
    return rows


def entries(rows: list[dict[str, object]]) -> pa.Table:
    """Rows as the table of entries."""
    return schema.ENTRIES.from_rows(rows)
