"""The review queue: links a person should settle, most valuable first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from harvester.engine import schema
from harvester.engine.forest import grow

if TYPE_CHECKING:
    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine

LEAST_SURE, MOST_SURE = 0.05, 0.95
"""A link less sure than the first or surer than the second is not worth a person's time."""

MOST_ROWS = 50_000
LINK_DETECTORS = ("W01", "W02", "W03", "W04", "W06", "W07", "W10", "W21")
"""Detectors whose findings rest on links."""


def review(
    engine: Engine, tables: dict[str, IbisTable], contradicted: pa.Table, most: int = MOST_ROWS
) -> tuple[pa.Table, int]:
    """The queue per ``schema.REVIEW``, and how many questions were left off beyond ``most``.

    Pairs the model is unsure of that nobody has decided, and pairs on which decisions contradict
    one another (``contradicted``: ``entry_a``, ``entry_b``). Value is rand x 4p(1-p) x
    (1 + findings); a contradicted pair counts as wholly uncertain, and one whose rand is unknown
    comes after those whose rand is known. Rows that sure links or people have tied together ask
    one question between them: the most valuable pair stands for it, ``pairs`` says how many ask
    it, and what a person says of one of them settles all.
    """
    links = tables["links"].select("entry_a", "entry_b", "probability", "joined", "decided")
    limit = pa.table({"low": [LEAST_SURE], "high": [MOST_SURE]})
    entries = tables["entries"].select(
        "entry_id", "name", "document", "institution", "metro", "amount_cents"
    )
    found = engine.sql(
        _QUERY.format(most=int(most)),
        review_entries=entries,
        review_links=links,
        review_tied=_tied(engine, links),
        review_members=tables["memberships"],
        review_findings=tables["findings"].select("finding_id", "detector", "undertaking_id"),
        review_contradicted=contradicted,
        review_detectors=pa.table({"detector": list(LINK_DETECTORS)}),
        review_limit=limit,
    )
    kept = found.drop_columns(["questions"])
    kept = kept.append_column("rank", pa.array(range(1, kept.num_rows + 1), pa.int64()))
    questions = found.column("questions")[0].as_py() if found.num_rows else 0
    return schema.REVIEW.conform(kept), questions - kept.num_rows


def _tied(engine: Engine, links: IbisTable) -> pa.Table:
    """Rows that sure links or people's decisions tie together: ``entry_id``, ``block``."""
    sure = engine.sql(
        f"SELECT entry_a, entry_b FROM review_links WHERE joined AND decided <> 'rejected' "
        f"AND (decided = 'accepted' OR probability > {MOST_SURE}) ORDER BY 1, 2",
        review_links=links,
    )
    both = pa.chunked_array([*sure["entry_a"].chunks, *sure["entry_b"].chunks], pa.string())
    numbered = both.combine_chunks().dictionary_encode()
    left, right = numbered.indices.to_numpy().reshape(2, -1)
    forest = grow(left, right, np.ones(len(left)), len(numbered.dictionary))
    return pa.table({"entry_id": numbered.dictionary, "block": forest.roots})


# Aggregates and windows over several joins, which are clearer in SQL than in Ibis.
_QUERY = """
WITH counted AS (
    SELECT f.undertaking_id, count(*) AS n,
        list(DISTINCT f.detector) FILTER (WHERE d.detector IS NOT NULL) AS kinds
    FROM review_findings f LEFT JOIN review_detectors d ON d.detector = f.detector
    WHERE f.undertaking_id <> '' GROUP BY f.undertaking_id
), unsure AS (
    SELECT l.*, c.entry_a IS NOT NULL AS contradicted
    FROM review_links l CROSS JOIN review_limit x
    LEFT JOIN review_contradicted c ON c.entry_a = l.entry_a AND c.entry_b = l.entry_b
    WHERE c.entry_a IS NOT NULL OR (l.decided = '' AND l.probability BETWEEN x.low AND x.high)
), wide AS (
    SELECT p.entry_a, p.entry_b, ma.undertaking_id AS undertaking_a, mb.undertaking_id AS undertaking_b,
        CASE WHEN a.metro <> 'unknown' THEN a.metro ELSE b.metro END AS metro,
        a.document AS document_a, b.document AS document_b,
        a.institution AS institution_a, b.institution AS institution_b,
        a.name AS name_a, b.name AS name_b, p.probability, p.joined, p.contradicted,
        least(a.amount_cents, b.amount_cents) AS amount_cents,
        (coalesce(fa.n, 0) + CASE WHEN ma.undertaking_id = mb.undertaking_id THEN 0 ELSE coalesce(fb.n, 0) END)
            ::BIGINT AS findings,
        array_to_string(list_sort(list_distinct(
            list_concat(coalesce(fa.kinds, []), coalesce(fb.kinds, [])))), ',') AS detectors,
        CASE WHEN p.contradicted THEN 1.0 ELSE 4 * p.probability * (1 - p.probability) END AS doubt,
        coalesce(ta.block::VARCHAR, p.entry_a) AS one, coalesce(tb.block::VARCHAR, p.entry_b) AS other
    FROM unsure p JOIN review_entries a ON a.entry_id = p.entry_a JOIN review_entries b ON b.entry_id = p.entry_b
    JOIN review_members ma ON ma.entry_id = p.entry_a JOIN review_members mb ON mb.entry_id = p.entry_b
    LEFT JOIN review_tied ta ON ta.entry_id = p.entry_a LEFT JOIN review_tied tb ON tb.entry_id = p.entry_b
    LEFT JOIN counted fa ON fa.undertaking_id = ma.undertaking_id
    LEFT JOIN counted fb ON fb.undertaking_id = mb.undertaking_id
), refused AS (
    SELECT DISTINCT coalesce(ta.block::VARCHAR, l.entry_a) AS one, coalesce(tb.block::VARCHAR, l.entry_b) AS other
    FROM review_links l
    LEFT JOIN review_tied ta ON ta.entry_id = l.entry_a LEFT JOIN review_tied tb ON tb.entry_id = l.entry_b
    WHERE l.decided = 'rejected'
), valued AS (
    SELECT *, round(greatest(amount_cents, 0) / 100.0 * doubt * (1 + findings), 2) AS value,
        CASE WHEN contradicted THEN entry_a || entry_b ELSE least(one, other) || ' ' || greatest(one, other)
        END AS question
    FROM wide WHERE contradicted OR (one <> other AND NOT EXISTS (
        SELECT 1 FROM refused r WHERE least(r.one, r.other) = least(wide.one, wide.other)
            AND greatest(r.one, r.other) = greatest(wide.one, wide.other)))
), asked AS (
    SELECT *, count(*) OVER (PARTITION BY question) AS pairs,
        row_number() OVER (PARTITION BY question ORDER BY value DESC NULLS LAST, doubt DESC, entry_a, entry_b)
            AS place
    FROM valued
)
SELECT * EXCLUDE (doubt, one, other, question, place), count(*) OVER () AS questions
FROM asked WHERE place = 1
ORDER BY value DESC NULLS LAST, doubt * (1 + findings) DESC, entry_a, entry_b
LIMIT {most}
"""
