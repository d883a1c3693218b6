"""What is known of an undertaking, gathered from its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.domain.documents import LANDING_LADDER, Document
from harvester.domain.places import PlaceClass
from harvester.engine import schema

if TYPE_CHECKING:
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine

_BEST_PLACE = (PlaceClass.LOCATED, PlaceClass.MULTI_WARD, PlaceClass.NETWORK, PlaceClass.CITY_WIDE,
               PlaceClass.ADMINISTRATIVE, PlaceClass.UNKNOWN)  # fmt: skip
_STAGES = ("audited", "adjusted", "adopted", "tabled", "draft", "in_year", "unknown")

_COLUMNS = ("entry_id", "submission_id", "name", "document", "institution", "stage", "publication_year",
            "published_on", "metro", "province", "function", "owner", "sphere", "place_class",
            "longitude", "latitude", "first_year", "last_year", "amount_cents")  # fmt: skip
"""Columns of an entry that tell something of its undertaking."""


def summarise(
    engine: Engine, entries: IbisTable, memberships: pa.Table, confidence: pa.Table
) -> pa.Table:
    """Undertakings per ``schema.UNDERTAKINGS`` from entries and their memberships.

    Codes are those most entries give, ``unknown`` aside, ties to the lesser. The amount is the plan
    money of the latest document of the undertaking's owner that states one, else of any publisher;
    rows of one submission are added. Reads ``link_told`` for how telling a name is.
    """
    engine.hold("link_entries", entries.select(*_COLUMNS))
    engine.load("link_members", memberships)
    engine.load("link_confidence", confidence)
    engine.load(
        "link_documents",
        _ranked([*LANDING_LADDER, *(d for d in Document if d not in LANDING_LADDER)]),
    )
    engine.load("link_place_classes", _ranked(_BEST_PLACE))
    engine.load("link_stages", _ranked(_STAGES))
    engine.make("link_joined", _JOINED)
    for column in ("metro", "province", "function", "owner", "sphere"):
        engine.make(f"link_most_{column}", _most(column))
    return engine.read(_SUMMARY)


def _ranked(codes: object) -> pa.Table:
    listed = [str(code) for code in codes]  # type: ignore[attr-defined]
    return pa.table({
        "code": pa.array(listed, pa.string()),
        "rank": pa.array(range(len(listed)), pa.int32()),
    })  # fmt: skip


_JOINED = """
SELECT m.undertaking_id, e.*, f.named_here, d.rank AS document_rank, p.rank AS place_rank,
    coalesce(s.rank, 99) AS stage_rank
FROM link_members m
JOIN link_entries e USING (entry_id)
JOIN link_told f USING (entry_id)
LEFT JOIN link_documents d ON d.code = e.document
LEFT JOIN link_place_classes p ON p.code = e.place_class
LEFT JOIN link_stages s ON s.code = e.stage
"""


def _most(column: str) -> str:
    """SQL of the code most entries of an undertaking give."""
    return f"""
SELECT undertaking_id, {column} FROM (
    SELECT undertaking_id, {column}, row_number() OVER (
        PARTITION BY undertaking_id ORDER BY count(*) DESC, {column}) AS n
    FROM link_joined WHERE {column} <> '{schema.UNKNOWN}' AND {column} <> ''
    GROUP BY undertaking_id, {column}
) WHERE n = 1
"""


_SUMMARY = f"""
WITH named AS (
    SELECT undertaking_id, name FROM link_joined
    QUALIFY row_number() OVER (PARTITION BY undertaking_id
        ORDER BY least(named_here, 40) DESC, length(name) > 120, length(name) DESC, name, entry_id) = 1
), documents AS (
    SELECT undertaking_id, string_agg(document, ',' ORDER BY document_rank, document) AS documents
    FROM (SELECT DISTINCT undertaking_id, document, document_rank FROM link_joined) GROUP BY ALL
), publishers AS (
    SELECT undertaking_id, string_agg(institution, ',' ORDER BY institution) AS institutions
    FROM (SELECT DISTINCT undertaking_id, institution FROM link_joined) GROUP BY ALL
), amounts AS (
    SELECT j.undertaking_id, j.submission_id, CAST(sum(j.amount_cents) AS BIGINT) AS amount_cents,
        bool_or(o.owner IS NOT NULL AND j.institution = o.owner) AS by_owner,
        max(j.publication_year) AS year, max(j.published_on) AS published,
        min(j.document = 'in_year') AS in_year, min(j.stage_rank) AS stage_rank
    FROM link_joined j LEFT JOIN link_most_owner o USING (undertaking_id)
    WHERE j.amount_cents IS NOT NULL GROUP BY j.undertaking_id, j.submission_id
), amount AS (
    SELECT undertaking_id, amount_cents FROM amounts
    QUALIFY row_number() OVER (PARTITION BY undertaking_id
        ORDER BY by_owner DESC, nullif(year, '{schema.UNKNOWN}') DESC NULLS LAST, in_year,
            published DESC NULLS LAST, stage_rank, submission_id) = 1
), points AS (
    SELECT undertaking_id, longitude, latitude FROM link_joined
    WHERE longitude IS NOT NULL AND latitude IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY undertaking_id
        ORDER BY place_rank NULLS LAST, document_rank NULLS LAST, entry_id) = 1
), totals AS (
    SELECT undertaking_id, count(*) AS entries, min(first_year) AS first_year,
        max(last_year) AS last_year,
        arg_min(place_class, coalesce(place_rank, 99)) AS place_class
    FROM link_joined GROUP BY undertaking_id
)
SELECT t.undertaking_id, named.name,
    coalesce(m.metro, '{schema.UNKNOWN}') AS metro,
    coalesce(p.province, '{schema.UNKNOWN}') AS province,
    coalesce(f.function, '{schema.UNKNOWN}') AS function,
    coalesce(o.owner, '{schema.UNKNOWN}') AS owner,
    coalesce(s.sphere, '{schema.UNKNOWN}') AS sphere,
    t.entries, documents, institutions, t.first_year, t.last_year, a.amount_cents, t.place_class,
    x.longitude, x.latitude, c.confidence
FROM totals t
JOIN named USING (undertaking_id)
JOIN documents USING (undertaking_id)
JOIN publishers USING (undertaking_id)
JOIN link_confidence c USING (undertaking_id)
LEFT JOIN link_most_metro m USING (undertaking_id)
LEFT JOIN link_most_province p USING (undertaking_id)
LEFT JOIN link_most_function f USING (undertaking_id)
LEFT JOIN link_most_owner o USING (undertaking_id)
LEFT JOIN link_most_sphere s USING (undertaking_id)
LEFT JOIN amount a USING (undertaking_id)
LEFT JOIN points x USING (undertaking_id)
ORDER BY t.undertaking_id
"""
