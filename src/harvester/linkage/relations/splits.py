"""One row of a document that is several rows of another: what was split, and what was merged.

The linker gives each row of a list at most one counterpart in another list, so a row that stands
for several is joined to one of them or to none, and its links to the others are kept apart. Where
the amounts of such rows add up to the whole, they are its parts.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from harvester.domain.documents import Document
from harvester.linkage.names.decode import Decoder
from harvester.linkage.relations.evidence import Reason, Relation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harvester.engine.engine import Engine
    from harvester.linkage.names.decode import Decoded

SPLIT_INTO, MERGED_INTO = "split_into", "merged_into"

MOST_PARTS = 12
"""A row that fits more rows of one list than this is told to be a heading, and not looked at."""

LEAST_BITS = -1.0
"""A part is linked at least this well to its whole, in bits of its own link (rivals left aside)."""

WITHIN = 0.10
"""Amounts of the parts add up to the whole within this share of it."""

ROUNDING = 1e-9
"""More than a division of two amounts is off by."""

# Rows and their lists by number: of millions of pairs, numbers are compared far sooner than ids.
_NUMBERED = """
WITH lists AS (
    SELECT submission_id, row_number() OVER (ORDER BY submission_id) AS list
    FROM (SELECT DISTINCT submission_id FROM relate_rows)
), bodies AS (
    SELECT undertaking_id, row_number() OVER (ORDER BY undertaking_id) AS body FROM relate_undertakings
)
SELECT r.entry_id, row_number() OVER (ORDER BY r.entry_id) AS n, l.list, b.body, r.kind,
    r.amount_cents AS amount, r.total_cost_cents AS total
FROM relate_rows r JOIN lists l ON l.submission_id = r.submission_id
JOIN bodies b ON b.undertaking_id = r.undertaking_id
"""

# Pairs from both sides: a row, and a row of another list that may be it or a part of it.
_SIDED = f"""
WITH fitting AS (
    SELECT a.n AS one, b.n AS other, a.list AS one_list, b.list AS other_list,
        a.body AS one_body, b.body AS other_body, l.joined, l.weight
    FROM relate_links l JOIN relate_numbered a ON a.entry_id = l.entry_a
    JOIN relate_numbered b ON b.entry_id = l.entry_b
    WHERE l.decided <> 'rejected' AND (l.joined OR l.weight >= {LEAST_BITS})
        AND NOT l.kinds_differ AND NOT l.towns_differ AND a.list <> b.list AND a.kind = b.kind
        AND (a.amount > 0 AND b.amount > 0 OR a.total > 0 AND b.total > 0)
)
SELECT one AS whole, other AS part, one_list AS whole_list, other_list AS part_list,
    other_body AS part_body, joined, weight FROM fitting
UNION ALL
SELECT other, one, other_list, one_list, one_body, joined, weight FROM fitting
"""

# Most rows fit one row of a list, and there is nothing to add up.
_CROWDED = """
SELECT s.* FROM relate_sided s SEMI JOIN (
    SELECT whole, part_list FROM relate_sided GROUP BY whole, part_list HAVING count(*) > 1
) g ON g.whole = s.whole AND g.part_list = s.part_list
"""

# A part stands in no row of the list that holds the whole, but for the whole itself.
_APART = """
SELECT s.*, w.amount AS whole_amount, w.total AS whole_total, p.amount AS part_amount,
    p.total AS part_total
FROM relate_crowded s JOIN relate_numbered w ON w.n = s.whole JOIN relate_numbered p ON p.n = s.part
LEFT JOIN (
    SELECT DISTINCT c.whole, c.part_body FROM relate_crowded c
    JOIN relate_numbered r ON r.body = c.part_body AND r.list = c.whole_list
    WHERE r.n <> c.whole
) own ON own.whole = s.whole AND own.part_body = s.part_body
WHERE own.whole IS NULL
"""

# Some of the rows could add up to the whole within the bound, whatever their names. As doubles: two
# wild amounts are more than a whole number holds, and the bound is wider than what a double is off by.
_MAY_ADD_UP = f"""
(whole_{{measure}} < 0 OR parts_{{measure}}[1] < 0 OR (
    parts_{{measure}}[1] + parts_{{measure}}[2] <= {1 + WITHIN + ROUNDING} * CAST(whole_{{measure}} AS DOUBLE)
    AND sum_{{measure}} >= {1 - WITHIN - ROUNDING} * CAST(whole_{{measure}} AS DOUBLE)))
"""

_SEVERAL = f"""
SELECT whole, part_list FROM (
    SELECT whole, part_list, max(whole_amount) AS whole_amount, max(whole_total) AS whole_total,
        list_sort(list(CAST(part_amount AS DOUBLE)) FILTER (part_amount <> 0)) AS parts_amount,
        list_sort(list(CAST(part_total AS DOUBLE)) FILTER (part_total <> 0)) AS parts_total,
        sum(CAST(part_amount AS DOUBLE)) AS sum_amount, sum(CAST(part_total AS DOUBLE)) AS sum_total
    FROM relate_apart GROUP BY whole, part_list
    HAVING count(DISTINCT part_body) >= 2 AND count(*) <= {MOST_PARTS}
) WHERE {_MAY_ADD_UP.format(measure="amount")} OR {_MAY_ADD_UP.format(measure="total")}
"""

# The whole and its candidates, side by side, where the money leaves the question open.
_CANDIDATES = """
SELECT w.entry_id AS whole, p.entry_id AS part, p.submission_id AS part_list, a.joined, a.weight,
    w.undertaking_id AS whole_undertaking, p.undertaking_id AS part_undertaking,
    w.name AS whole_name, p.name AS part_name,
    a.whole_amount, a.part_amount, a.whole_total, a.part_total,
    w.publication_year AS whole_year, p.publication_year AS part_year,
    w.published_on AS whole_day, p.published_on AS part_day,
    p.first_year, p.last_year, p.document AS part_document, w.document AS whole_document
FROM relate_apart a JOIN relate_several s ON s.whole = a.whole AND s.part_list = a.part_list
JOIN relate_numbered x ON x.n = a.whole JOIN relate_rows w ON w.entry_id = x.entry_id
JOIN relate_numbered y ON y.n = a.part JOIN relate_rows p ON p.entry_id = y.entry_id
ORDER BY whole, part_list, part
"""

_STEPS = {
    "relate_numbered": _NUMBERED,
    "relate_sided": _SIDED,
    "relate_crowded": _CROWDED,
    "relate_apart": _APART,
    "relate_several": _SEVERAL,
}

Row = dict[str, Any]


def splits(engine: Engine) -> Iterator[Relation]:
    """Splits and merges from ``relate_rows`` and ``relate_links``.

    An undertaking is split off from one whole at most, and merged into one.
    """
    for name, query in _STEPS.items():
        engine.make(name, query)
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in engine.read(_CANDIDATES).to_pylist():
        groups[row["whole"], row["part_list"]].append(row)
    names = Decoder().decode_all(
        row[side]
        for group in groups.values()
        for row in group
        for side in ("whole_name", "part_name")
    )
    best: dict[tuple[str, str], Relation] = {}
    for group in groups.values():
        for part, relation in _split(group, names):
            known = best.get((part, relation.kind))
            if known is None or relation.probability > known.probability:
                best[part, relation.kind] = relation
    yield from best.values()


def _split(group: list[Row], names: dict[str, Decoded]) -> Iterator[tuple[str, Relation]]:
    """The relations of one whole to its parts in one list, each with the part it is about."""
    whole = names[group[0]["whole_name"]]
    fitting = [row for row in group if _may_be_part(whole, names[row["part_name"]])]
    if _one_is_the_whole(whole, [names[row["part_name"]] for row in fitting]):
        fitting = [row for row in fitting if not _adds(whole, names[row["part_name"]])]
    ordered = sorted(fitting, key=lambda r: (not r["joined"], -r["weight"], r["part"]))
    taken, share = _that_add_up(ordered)
    if len({row["part_undertaking"] for row in taken}) < 2 or _by_year(taken, names):
        return
    if _one_costs_the_whole(taken):
        return
    kind = MERGED_INTO if _later(taken[0]) else SPLIT_INTO
    reasons = _reasons(taken, share)
    scheme = taken[0]["whole_undertaking"]
    for row in taken:
        part = row["part_undertaking"]
        if part != scheme:
            ends = (part, scheme) if kind == MERGED_INTO else (scheme, part)
            yield part, Relation(*ends, kind, reasons)


def _may_be_part(whole: Decoded, part: Decoded) -> bool:
    """Kinds of facility do not speak against it."""
    return not whole.kinds or not part.kinds or not set(whole.kinds).isdisjoint(part.kinds)


def _adds(whole: Decoded, part: Decoded) -> bool:
    """Whether a part names a place or number of its own, as another project of the suburb does."""
    return bool(
        set(part.words) - set(whole.words)
        or set(part.numbers) - set(whole.numbers)
        or part.extension != whole.extension
        or part.unit != whole.unit
    )


def _one_is_the_whole(whole: Decoded, parts: list[Decoded]) -> bool:
    """Whether a row says no more than the whole: then those that say more are other projects."""
    return any(not _adds(whole, part) and part.phase == whole.phase for part in parts)


def _that_add_up(ordered: list[Row]) -> tuple[list[Row], float]:
    """The first rows whose amounts come nearest to the whole within the bound, and their share."""
    found: tuple[float, int, float] | None = None
    for measure in ("amount", "total"):
        whole, so_far = ordered[0][f"whole_{measure}"] if ordered else None, 0
        for n, row in enumerate(ordered, 1):
            if not whole or not row[f"part_{measure}"]:
                break
            so_far += row[f"part_{measure}"]
            share = so_far / whole
            if n > 1 and abs(share - 1) <= WITHIN:
                found = min(found or (9.0, 0, 0.0), (abs(share - 1), n, share))
    return ([], 0.0) if found is None else (ordered[: found[1]], found[2])


def _one_costs_the_whole(taken: list[Row]) -> bool:
    """Whether one row alone costs what the whole does, beside rows of other cost: another project's.

    One year's amounts of two projects may add up to three years' of one of them.
    """
    whole = taken[0]["whole_total"] or 0
    totals = [row["part_total"] or 0 for row in taken]
    equal = [abs(total - whole) <= WITHIN * whole for total in totals]
    return whole > 0 and min(totals) > 0 and any(equal) and not all(equal)


def _by_year(taken: list[Row], names: dict[str, Decoded]) -> bool:
    """Whether the rows are one project's years: one name, and no year in two of them."""
    if len({names[row["part_name"]] for row in taken}) > 1:
        return False
    spans = sorted(
        (row["first_year"], row["last_year"] or row["first_year"])
        for row in taken
        if row["first_year"] is not None
    )
    return len(spans) == len(taken) and all(a[1] < b[0] for a, b in pairwise(spans))


def _later(row: Row) -> bool:
    """Whether the whole stands in the later document."""
    if row["whole_year"] != row["part_year"]:
        return bool(row["whole_year"] > row["part_year"])
    return bool(row["whole_day"] and row["part_day"] and row["whole_day"] > row["part_day"])


def _reasons(taken: list[Row], share: float) -> tuple[Reason, ...]:
    count = len(taken)
    near = 3.0 if abs(share - 1) <= 0.03 else 2.0
    weakest = min(row["weight"] for row in taken)
    document = Document(taken[0]["part_document"]).label
    return (
        Reason(f"amounts of {count} parts add up to {round(100 * share)} % of the whole", near),
        Reason(f"{count} rows of one list fit one row: {document} {taken[0]['part_year']}", -2.0),
        Reason("each part is linked to the whole", round(max(0.0, min(5.0, weakest)), 2)),
        Reason("same place and kind in every part", 1.0),
    )


__all__ = ["MERGED_INTO", "MOST_PARTS", "SPLIT_INTO", "splits"]
