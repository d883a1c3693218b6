"""Blocking keys of projects, and editions of one row.

A word that few records of a municipality have is a key by itself; one that many have (a suburb's
name) is a key only together with a kind of facility, a numbered part or another such word. So the
number of keys stays small, and every pair that shares something telling is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.linkage.projects.rarity import WORD

if TYPE_CHECKING:
    from harvester.engine.engine import Engine

CROWD = 32
"""A word, or a cell, on more records than this is a key only together with something else."""

LEAST_EDITIONS = 4
"""Equal rows of so many editions are walked as a chain; only the first and last need keys."""


def editions(engine: Engine) -> str:
    """Pairs of neighbouring editions of one row, and ``link_attached``, the rows between.

    Rows of one publisher with one name in one municipality, each in another source, that share a
    project number or whose name is telling enough to single out one project: the yearly editions
    of a list repeat such rows. They are scored as any pair, but each with its neighbours only.
    """
    engine.make("link_editions", _EDITIONS)
    engine.make(
        "link_attached",
        "SELECT uid FROM link_editions WHERE turn > 1 AND turn < turns",
    )
    return (
        "SELECT least(a.uid, b.uid) AS l, greatest(a.uid, b.uid) AS r FROM link_editions a "
        "JOIN link_editions b ON a.first_uid = b.first_uid AND b.turn = a.turn + 1"
    )


_EDITIONS = f"""
WITH named AS (
    SELECT uid, src, hash(kind, town, namespace, same_name) AS h, named_here >= 2 * base AS alone,
        code1 AS code, coalesce(first_year, 0) AS first_year
    FROM link_features WHERE same_name IS NOT NULL
), rows_of AS (
    SELECT h, count(*) AS turns, min(uid) AS first_uid FROM named GROUP BY h
    HAVING count(*) >= {LEAST_EDITIONS} AND count(DISTINCT src) = count(*) AND count(DISTINCT code) <= 1
        AND (count(code) = count(*) OR bool_and(alone))
)
SELECT n.uid, g.first_uid, g.turns,
    row_number() OVER (PARTITION BY g.first_uid ORDER BY n.first_year, n.src, n.uid) AS turn
FROM named n JOIN rows_of g USING (h)
"""


def keys(engine: Engine, most: int) -> str:
    """SQL of the keys where a word, or a cell, may be one by itself on so many records at most."""
    engine.make("link_keyed", _KEYED)
    engine.make("link_key_words", _KEY_WORDS)
    engine.make("link_crowds", _CROWDS.format(most=most))
    engine.make("link_cells", _CELLS)
    engine.make("link_crowded_cells", _CROWDED_CELLS.format(most=most))
    return _KEYS


def later_keys(engine: Engine) -> str:
    """SQL of the keys of records added to a whole whose crowds stand as they were."""
    engine.make("link_attached", "SELECT uid FROM link_features WHERE uid < 0")
    engine.make("link_keyed", _KEYED)
    engine.make("link_key_words", _KEY_WORDS)
    engine.make("link_cells", _CELLS)
    return _KEYS


CROWDS = ("link_crowds", "link_crowded_cells")
"""Tables of what was crowded when the whole was keyed."""


def _told(column: str, most: int) -> str:
    """SQL of a list of what the first columns of a kind say, in short or in part, but for nulls."""
    said = ", ".join(column.format(n=n) for n in range(1, most + 1))
    return f"list_filter([{said}], lambda x: x IS NOT NULL)"


_KEYED = f"""
SELECT f.uid, f.src, f.kind, f.town, f.municipality IS NOT NULL AS placed, f.same_name, f.amount, f.accounting,
    {_told(f"f.word{{n}} % {WORD}", 5)} AS top, {_told(f"f.any{{n}} % {WORD}", 3)} AS top_any,
    {_told("f.kind{n} // 64", 3)} AS ks, {_told("f.grp{n}", 3)} AS groups,
    list_filter([
        'p' || f.phase, 'e' || f.extension, 'u' || f.unit, 'k' || f.package, 'f' || f.erf,
        'n' || CAST(f.number1 AS VARCHAR)], lambda x: x IS NOT NULL) AS parts,
    f.longitude, f.latitude, f.px IS NOT NULL AS located,
    f.codes, f.weak_codes, f.own_codes, f.named_codes, a.uid IS NOT NULL AS attached
FROM link_features f LEFT JOIN link_attached a USING (uid)
"""

# Editions between the first and the last have the words of those; money, codes and points are their own.
_KEY_WORDS = (
    "SELECT uid, src, kind, town, ks, parts, unnest(top) AS w FROM link_keyed WHERE NOT attached"
)

_CROWDS = """
SELECT kind, town, w FROM link_key_words GROUP BY kind, town, w HAVING count(*) > {most}
"""

# Cells of about a kilometre, laid four times half a cell apart, so that near points share one.
_CELLS = """
SELECT f.uid, f.src, f.kind, f.groups, g.sx, g.sy,
    CAST(floor(f.longitude / 0.012 + g.sx * 0.5) AS BIGINT) AS gx,
    CAST(floor(f.latitude / 0.010 + g.sy * 0.5) AS BIGINT) AS gy
FROM link_keyed f CROSS JOIN (
    SELECT 0 AS sx, 0 AS sy UNION ALL SELECT 0, 1 UNION ALL SELECT 1, 0 UNION ALL SELECT 1, 1) g
WHERE f.located
"""

_CROWDED_CELLS = """
SELECT kind, sx, sy, gx, gy FROM link_cells GROUP BY kind, sx, sy, gx, gy HAVING count(*) > {most}
"""

# Each key is hashed to one number. Two that are both `bound` by a key are not paired by it: a key over
# the whole run serves records whose municipality is not known, and an amount alone those of unknown
# kind or with the name of an account, whose kind is coarse (of others it goes with the kind, in `moneykind`).
_KEYS = """
WITH telling AS (
    SELECT x.* FROM link_key_words x ANTI JOIN link_crowds USING (kind, town, w)
), crowded AS (
    SELECT x.* FROM link_key_words x SEMI JOIN link_crowds USING (kind, town, w)
), anywhere AS (
    SELECT uid, src, kind, ks, placed, unnest(top_any) AS w FROM link_keyed
    WHERE NOT attached AND (SELECT bool_or(placed) AND NOT bool_and(placed) FROM link_keyed)
), quiet_cells AS (
    SELECT x.* FROM link_cells x ANTI JOIN link_crowded_cells USING (kind, sx, sy, gx, gy)
), busy_cells AS (
    SELECT x.* FROM link_cells x SEMI JOIN link_crowded_cells USING (kind, sx, sy, gx, gy)
)
SELECT uid, src, hash('word', kind, town, w) AS k, false AS within, false AS bound FROM telling
UNION ALL SELECT a.uid, a.src, hash('two', a.kind, a.town, a.w, b.w), false, false
    FROM crowded a JOIN crowded b ON a.uid = b.uid AND a.w < b.w
UNION ALL SELECT uid, src, hash('kind', kind, town, w, x), false, false
    FROM (SELECT uid, src, kind, town, w, unnest(ks) AS x FROM crowded)
UNION ALL SELECT uid, src, hash('part', kind, town, w, x), false, false
    FROM (SELECT uid, src, kind, town, w, unnest(parts) AS x FROM crowded)
UNION ALL SELECT uid, src, hash('any', kind, w), false, placed FROM anywhere
UNION ALL SELECT uid, src, hash('anykind', kind, w, x), false, placed
    FROM (SELECT uid, src, kind, w, placed, unnest(ks) AS x FROM anywhere)
UNION ALL SELECT uid, src, hash('name', kind, town, same_name), false, false
    FROM link_keyed WHERE same_name IS NOT NULL AND NOT attached
UNION ALL SELECT uid, src, hash('cell', kind, sx, sy, gx, gy), false, false FROM quiet_cells
UNION ALL SELECT uid, src, hash('cellkind', kind, sx, sy, gx, gy, x), false, false
    FROM (SELECT uid, src, kind, sx, sy, gx, gy, unnest(groups) AS x FROM busy_cells)
UNION ALL SELECT uid, src, hash('money', kind, town, amount), false, len(groups) > 0 AND NOT accounting
    FROM link_keyed WHERE amount % 10000000 <> 0
UNION ALL SELECT uid, src, hash('moneykind', kind, town, amount, x), false, false
    FROM (SELECT uid, src, kind, town, amount, unnest(groups) AS x FROM link_keyed WHERE amount IS NOT NULL)
UNION ALL SELECT uid, src, hash('code', kind, x), true, false
    FROM (SELECT uid, src, kind, unnest(codes) AS x FROM link_keyed)
UNION ALL SELECT uid, src, hash('weakcode', kind, town, grp, x), false, false
    FROM (SELECT uid, src, kind, town, groups[1] AS grp, unnest(weak_codes) AS x FROM link_keyed)
    WHERE grp IS NOT NULL
UNION ALL SELECT uid, src, hash('named', kind, town, x), false, false
    FROM (SELECT uid, src, kind, town, unnest(named_codes) AS x FROM link_keyed)
UNION ALL SELECT uid, src, hash('named', kind, town, x), false, false
    FROM (SELECT uid, src, kind, town, unnest(own_codes) AS x FROM link_keyed)
    SEMI JOIN (SELECT DISTINCT unnest(named_codes) AS x FROM link_keyed) named USING (x)
"""
