"""Where entries are, whom they serve, and the money of each place."""

from __future__ import annotations

from harvester.engine.schema.common import ENTRY_ID, METRO, SPHERE, SUBMISSION_ID, YEAR
from harvester.engine.schema.table import FLAG, REAL, TEXT, WHOLE, Column, Table

_SHARE_COLUMNS = (
    ENTRY_ID,
    Column("layer", TEXT, "layer of areas"),
    Column("area_id", TEXT, "area, or empty for the part that is in none"),
    Column("place_class", TEXT, "class under which this share is shown"),
    Column("weight", WHOLE, "whole-number weight of this share; split by largest remainder"),
    Column("rule", TEXT, "how it was placed: point, named region, municipality ..."),
    Column(
        "precision_metres",
        WHOLE,
        "how far off it may be: 0 as published on the map, else the radius of a circle as large as "
        "the area named; null where it is in none",
        null=True,
    ),
)

PLACES = Table(
    "places",
    "Place of the asset: shares of an entry in areas of a layer, which sum to one.",
    ("entry_id", "layer", "area_id"),
    _SHARE_COLUMNS,
)

BENEFITS = Table(
    "benefits",
    "Place of benefit of network and bulk projects, and of rows that say whom they serve: the same "
    "money seen from the other side, never to be added to that of `places`.",
    ("entry_id", "layer", "area_id"),
    _SHARE_COLUMNS,
)

MENDS = Table(
    "mends",
    "Coordinates and drawings that cannot be where their row says they are: what each may have been "
    "meant to be, and what a person decided.",
    ("mend_id",),
    (
        Column("mend_id", TEXT, "hash of the entry and what it published"),
        ENTRY_ID,
        SUBMISSION_ID,
        Column("name", TEXT, "project name as published"),
        METRO,
        Column("published", TEXT, "the coordinate or drawing, as published"),
        Column("doubt", TEXT, "`elsewhere` in the country, `nowhere` on land, `abroad`"),
        Column("found", TEXT, "municipality code it lies in, or empty"),
        Column("proposal", TEXT, "`swapped`, `sign`, `swapped_sign`, `point`, or empty"),
        Column("longitude", REAL, "of the proposed point", null=True),
        Column("latitude", REAL, "of the same", null=True),
        Column("meaning", TEXT, "the proposal in words"),
        Column("state", TEXT, "`open`, or the verdict that stands"),
        Column("actor", TEXT, "who decided, or empty"),
        Column("at", TEXT, "when, UTC, ISO 8601, or empty"),
        Column("reason", TEXT, "why, in that person's words"),
    ),
)

SPATIAL_BUDGET = Table(
    "spatial_budget",
    "Every rand in a place and a municipal year; sums to the lines, to the cent.",
    (
        "layer",
        "area_id",
        "metro",
        "sphere",
        "owner",
        "document",
        "function",
        "grant",
        "phase",
        "year",
        "place_class",
        "submission_id",
        "latest",
    ),
    (
        Column("layer", TEXT, "layer of areas"),
        Column("area_id", TEXT, "area, or empty"),
        METRO,
        SPHERE,
        Column("owner", TEXT, "institution code"),
        Column("document", TEXT, "domain.documents.Document"),
        Column("function", TEXT, "function code"),
        Column("grant", TEXT, "grant code"),
        Column("phase", TEXT, "domain.documents.Phase"),
        YEAR,
        Column("place_class", TEXT, "domain.places.PlaceClass"),
        Column("submission_id", TEXT, "submission it comes from"),
        Column(
            "latest",
            FLAG,
            "whether no later paper of the publisher speaks of that year: only these may be added up",
        ),
        Column("amount_cents", WHOLE, "nominal"),
        Column("entries", WHOLE, "entries it comes from"),
    ),
)
