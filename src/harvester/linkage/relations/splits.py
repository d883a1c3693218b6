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

# Pairs from both sides: a row, and a row of another list that may be it or a part of it.
_SIDED = f"""
WITH sided AS (
    SELECT entry_a AS whole, entry_b AS part, joined, weight, reasons FROM relate_links
    WHERE decided <> 'rejected'
    UNION ALL
    SELECT entry_b, entry_a, joined, weight, reasons FROM relate_links WHERE decided <> 'rejected'
)
SELECT s.whole, s.part, s.joined, s.weight, w.undertaking_id AS whole_undertaking,
    p.undertaking_id AS part_undertaking, w.submission_id AS whole_list,
    p.submission_id AS part_list
FROM sided s JOIN relate_rows w ON w.entry_id = s.whole JOIN relate_rows p ON p.entry_id = s.part
WHERE w.submission_id <> p.submission_id AND w.kind = p.kind AND (s.joined OR s.weight >= {LEAST_BITS})
    AND (w.amount_cents > 0 AND p.amount_cents > 0 OR w.total_cost_cents > 0 AND p.total_cost_cents > 0)
    AND s.reasons NOT LIKE '%different kinds of facility%'
    AND s.reasons NOT LIKE '%different municipalities%'
"""

# A part stands in no row of the list that holds the whole, but for the whole itself.
_APART = """
SELECT s.* FROM relate_sided s LEFT JOIN (
    SELECT DISTINCT c.whole, c.part_undertaking FROM relate_sided c
    JOIN relate_rows r ON r.undertaking_id = c.part_undertaking AND r.submission_id = c.whole_list
    WHERE r.entry_id <> c.whole
) own ON own.whole = s.whole AND own.part_undertaking = s.part_undertaking
WHERE own.whole IS NULL
"""

_SEVERAL = f"""
SELECT whole, part_list FROM relate_apart GROUP BY whole, part_list
HAVING count(DISTINCT part_undertaking) >= 2 AND count(*) <= {MOST_PARTS}
"""

# The whole and its candidates, side by side, for the few rows that have several.
_CANDIDATES = """
SELECT a.whole, a.part, a.part_list, a.joined, a.weight, a.whole_undertaking, a.part_undertaking,
    w.name AS whole_name, p.name AS part_name,
    w.amount_cents AS whole_amount, p.amount_cents AS part_amount,
    w.total_cost_cents AS whole_total, p.total_cost_cents AS part_total,
    w.publication_year AS whole_year, p.publication_year AS part_year,
    w.published_on AS whole_day, p.published_on AS part_day,
    p.first_year, p.last_year, p.document AS part_document, w.document AS whole_document
FROM relate_apart a JOIN relate_several s ON s.whole = a.whole AND s.part_list = a.part_list
JOIN relate_rows w ON w.entry_id = a.whole JOIN relate_rows p ON p.entry_id = a.part
ORDER BY a.whole, a.part_list, a.part
"""

Row = dict[str, Any]


def splits(engine: Engine) -> Iterator[Relation]:
    """Splits and merges from ``relate_rows`` and ``relate_links``.

    An undertaking is split off from one whole at most, and merged into one.
    """
    engine.make("relate_sided", _SIDED)
    engine.make("relate_apart", _APART)
    engine.make("relate_several", _SEVERAL)
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in engine.read(_CANDIDATES).to_pylist():
        groups[row["whole"], row["part_list"]].append(row)
    # Names are decoded only where the money leaves the question open.
    open_groups = [group for group in groups.values() if _may_add_up(group)]
    names = Decoder().decode_all(
        row[side] for group in open_groups for row in group for side in ("whole_name", "part_name")
    )
    best: dict[tuple[str, str], Relation] = {}
    for group in open_groups:
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


def _may_add_up(group: list[Row]) -> bool:
    """Whether some of the rows could add up to the whole within the bound, whatever their names."""
    for measure in ("amount", "total"):
        whole = group[0][f"whole_{measure}"] or 0
        parts = sorted(row[f"part_{measure}"] for row in group if row[f"part_{measure}"])
        if whole < 0 or (parts and parts[0] < 0):
            return True
        least, most = (1 - WITHIN - ROUNDING) * whole, (1 + WITHIN + ROUNDING) * whole
        if len(parts) > 1 and sum(parts[:2]) <= most and sum(parts) >= least:
            return True
    return False


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
