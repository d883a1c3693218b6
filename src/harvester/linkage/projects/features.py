"""Records into features the model compares: decoded fields, telling words, points, codes.

A list repeats its rows from year to year, so a run has far fewer different *sayings* (a name, a
description and a place in a municipality) than records: what words tell is worked out for each
saying, once.

Statistics of the run (how rare a word is, how many projects a municipality has, which codes are
headings, which points are offices) are tables of their own, so that later entries can be judged by
the statistics of the country they are added to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.linkage.names.spellings import SCHEMA as SPELLINGS
from harvester.linkage.names.spellings import Spellings
from harvester.linkage.projects import rarity
from harvester.linkage.projects import records as loading
from harvester.linkage.projects.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from harvester.engine.engine import Engine
    from harvester.rules.lexicon import Learned

SIDE_BY_SIDE = {"words_here": ("word", rarity.WORDS_KEPT), "words_everywhere": ("any", 4), "kinds": ("kind", 3),
                "groups": ("grp", 3), "numbers": ("number", 2), "wards": ("ward", 3), "codes": ("code", 2),
                "weak_codes": ("weak", 1), "own_codes": ("own", 2), "named_codes": ("named", 3)}  # fmt: skip
"""Lists that pairs are compared on, laid out in columns (``word1``, ``word2`` ...): comparing columns
is some forty times as quick as intersecting lists. What lies beyond the last column is not compared."""

HASHED = ("numbers", "wards", "codes", "weak_codes", "own_codes", "named_codes")
"""Lists of texts; their columns hold a number for each text, which is compared more quickly."""

SAID_LISTS = ("words_here", "words_everywhere", "kinds", "groups", "numbers", "wards")
OWN_LISTS = ("codes", "weak_codes", "own_codes", "named_codes")
"""Those lists that a saying tells, and those that are a record's own."""

SAID_TEXTS, OWN_TEXTS = (
    ("action", "network"),
    ("municipality", "function", "owner", "parent", "family"),
)
"""Texts that are only ever equal or not; each has a column ``same_...`` with a number for its text."""

SHORTEST_NAME = 4
"""A shorter name (in folded words) is no name that two rows are one for."""

CROWDED_POINT = 8
"""A point given for more projects of different names than this is an office, not a place."""

CATEGORY_CODE = 2
"""A code on rows of more different names than this in one submission is a heading, not an id."""


def build(engine: Engine, records: pa.Table, learned: Learned | None = None) -> int:
    """Make ``link_features``, a row per record of ``RECORDS`` rows; returns how many.

    ``learned``: words people's decisions taught. Raises :class:`EngineError` when ``records`` do
    not conform.
    """
    return _make(engine, records, Spellings(), learned, _STEPS)


def extend(engine: Engine, records: pa.Table, learned: Learned | None = None) -> int:
    """As :func:`build`, for records added to a linked country, judged by its statistics.

    Reads the tables of :data:`STATISTICS` as they were then, under ``known_`` for ``link_``.
    """
    spellings = Spellings(engine.read("SELECT * FROM known_spellings").cast(SPELLINGS))
    return _make(engine, records, spellings, learned, _STEPS | _LATER)


def _make(
    engine: Engine,
    records: pa.Table,
    spellings: Spellings,
    learned: Learned | None,
    steps: dict[str, str],
) -> int:
    loading.load(engine, records, spellings, learned)
    for name, query in steps.items():
        engine.make(name, query)
    kept = {"link_features", "link_terms", *STATISTICS}
    engine.drop(
        *(name for name in steps if name not in kept), "link_texts", "link_code_map", "link_records"
    )
    return records.num_rows


STATISTICS = ("link_spellings", "link_sources", "link_towns", "link_vocabulary", "link_pools", "link_shares",
              "link_rarity", "link_amounts", "link_kind_worth", "link_headings", "link_crowded", "link_spread")  # fmt: skip
"""What a run learns of its country: spellings, numbers of words, how rare each is, and so on."""

# Which saying each record says. Two of a million have one hash once in some tens of millions of runs.
_SAYS = """
SELECT r.uid, s.src, w.town, n.t AS name_t, d.t AS description_t, p.t AS place_t,
    hash(w.town, n.t, d.t, p.t) AS said
FROM link_records r
JOIN link_texts n ON n.text = r.name
JOIN link_texts d ON d.text = r.description
JOIN link_texts p ON p.text = r.place_text
JOIN link_sources s ON s.source = r.source
JOIN link_towns w ON w.municipality = r.municipality
"""

# A description only speaks where the name is silent.
_SAYINGS = """
SELECT o.*,
    coalesce(nullif(n.action, ''), nullif(d.action, '')) AS action,
    CASE WHEN len(n.kinds) > 0 THEN n.kinds ELSE d.kinds END AS kind_codes,
    coalesce(nullif(n.phase, ''), nullif(d.phase, '')) AS phase,
    coalesce(nullif(n.extension, ''), nullif(d.extension, ''), nullif(p.extension, '')) AS extension,
    coalesce(nullif(n.unit, ''), nullif(d.unit, ''), nullif(p.unit, '')) AS unit,
    coalesce(nullif(n.package, ''), nullif(d.package, '')) AS package,
    coalesce(nullif(n.erf, ''), nullif(d.erf, ''), nullif(p.erf, '')) AS erf,
    nullif(n.network, '') AS network,
    CASE WHEN len(n.wards) > 0 THEN n.wards WHEN len(p.wards) > 0 THEN p.wards ELSE d.wards END
        AS wards,
    n.numbers AS numbers,
    list_distinct(list_concat(n.codes, d.codes)) AS text_codes,
    n.folded AS folded, n.accounting, n.programme, n.phase <> '' AS phase_named,
    -- a name that says no proper word (accounting strings, "Roads phase 2") tells no scheme
    CASE WHEN len(n.words) > 0 THEN hash(list_sort(n.words), list_sort(n.kinds), n.extension, n.unit, n.erf)
        END AS scheme
FROM (
    SELECT said, count(*) AS records, min(town) AS town, min(name_t) AS name_t,
        min(description_t) AS description_t, min(place_t) AS place_t
    FROM link_says GROUP BY said
) o
JOIN link_texts n ON n.t = o.name_t
JOIN link_texts d ON d.t = o.description_t
JOIN link_texts p ON p.t = o.place_t
"""

_KINDS_SAID = """
SELECT d.said, d.records, k.number, k.grp, k.generic
FROM (SELECT said, records, unnest(kind_codes) AS code FROM link_sayings) d JOIN link_kinds k USING (code)
"""

_KIND_WORTH = """
WITH total AS (
    SELECT sum(records) AS n FROM (SELECT DISTINCT said, records FROM link_kinds_said)
)
SELECT number, CAST(greatest(2, least(16, round(-2 * round(log2((sum(records) + 1)
    / (max(total.n) + 20.0)), 9)))) AS BIGINT) AS info
FROM link_kinds_said, total GROUP BY number
"""

# A name says a kind, and a record has a code, once.
_KIND_LISTS = """
SELECT said,
    list_sort(list(number * 64 + info)) AS kinds,
    list_sort(list_distinct(list(grp))) AS groups,
    bool_or(generic) AS generic
FROM link_kinds_said JOIN link_kind_worth USING (number) GROUP BY said
"""

# Terms for what a project is: such words, and the kinds it names (as negative numbers).
_TERMS = """
SELECT t.uid, x.term FROM link_says t JOIN (
    SELECT said, w AS term FROM link_companions SEMI JOIN link_spread USING (w)
    UNION ALL SELECT DISTINCT said, -1 - number FROM link_kinds_said
) x USING (said)
"""

_CODES_SAID = """
SELECT r.uid, r.source, r.namespace, r.name, m.code, m.telling, true AS own
FROM link_records r JOIN link_code_map m ON m.text = r.code
UNION ALL
SELECT r.uid, r.source, r.namespace, r.name, m.code, m.telling, true
FROM link_records r JOIN link_code_map m ON m.text = r.other_code
UNION ALL
SELECT r.uid, r.source, r.namespace, r.name, m.code, m.telling, false
FROM link_records r JOIN link_code_map m ON m.text = r."references"
UNION ALL
SELECT r.uid, r.source, r.namespace, r.name, m.code, m.telling, true
FROM (SELECT said, unnest(text_codes) AS text FROM link_sayings) d
JOIN link_code_map m USING (text) JOIN link_says USING (said) JOIN link_records r USING (uid)
"""

_HEADINGS = f"""
SELECT DISTINCT namespace, code FROM link_codes_said WHERE own
GROUP BY namespace, code, source
HAVING count(DISTINCT nullif(name, '')) > {CATEGORY_CODE}
"""

_CODES = """
SELECT DISTINCT o.uid, o.namespace || '|' || o.code AS full_code, o.code,
    o.telling AND h.code IS NULL AS telling, o.own
FROM link_codes_said o LEFT JOIN link_headings h ON h.namespace = o.namespace AND h.code = o.code
"""

_CODE_LISTS = """
SELECT uid,
    list_sort(list(full_code) FILTER (telling AND own)) AS codes,
    list_sort(list(full_code) FILTER (NOT telling AND own)) AS weak_codes,
    list_sort(list(code) FILTER (own AND length(code) >= 3)) AS own_codes,
    list_sort(list(code) FILTER (NOT own AND length(code) >= 3)) AS named_codes
FROM link_codes GROUP BY uid
"""

_POINTS_SAID = """
SELECT r.uid, r.longitude, r.latitude, round(r.longitude, 4) AS x, round(r.latitude, 4) AS y, d.folded
FROM link_records r JOIN link_says USING (uid) JOIN link_sayings d USING (said)
WHERE r.longitude IS NOT NULL AND r.latitude IS NOT NULL
"""

_CROWDED = f"""
SELECT x, y FROM link_points_said GROUP BY x, y HAVING count(DISTINCT folded) > {CROWDED_POINT}
"""

_POINTS = """
SELECT uid, longitude, latitude,
    6371.0 * cos(radians(latitude)) * cos(radians(longitude)) AS px,
    6371.0 * cos(radians(latitude)) * sin(radians(longitude)) AS py,
    6371.0 * sin(radians(latitude)) AS pz
FROM link_points_said ANTI JOIN link_crowded USING (x, y)
"""

_MARK = "hash({})".format(", ".join(f'r."{c}"' for c in RECORDS.names if c != "uid"))

MARKS = f"SELECT r.uid, r.entry_id, {_MARK} AS mark FROM link_records r"
"""SQL of a number for each of ``link_records`` that changes with anything it says."""

# All that a saying tells, in columns that records of it share.
_HEARD = f"""
SELECT d.said, CAST(round(p.base) AS INTEGER) AS base, p.base_everywhere,
    coalesce(w.words_here, []) AS words_here,
    coalesce(w.words_everywhere, []) AS words_everywhere,
    CAST(coalesce(w.named_here, 0) AS INTEGER) AS named_here,
    CAST(coalesce(w.named_everywhere, 0) AS INTEGER) AS named_everywhere,
    coalesce(k.kinds, []) AS kinds, coalesce(k.groups, []) AS groups,
    coalesce(k.generic, false) AS generic,
    d.action, d.network, d.phase, d.extension, d.unit, d.package, d.erf, d.wards, d.numbers,
    CASE WHEN length(d.folded) >= {SHORTEST_NAME} THEN hash(d.folded) END AS same_name,
    d.accounting, (w.said IS NOT NULL OR k.said IS NOT NULL) AND NOT d.accounting AS spoken, d.programme,
    d.phase_named, d.scheme
FROM link_sayings d
JOIN link_pools p ON p.town = d.town
LEFT JOIN link_word_lists w USING (said)
LEFT JOIN link_kind_lists k USING (said)
"""

_OWN = f"""
SELECT r.uid, {_MARK} AS mark, r.entry_id, r.source, t.src, r.kind, r.namespace, t.town, t.said,
    nullif(r.municipality, '') AS municipality,
    nullif(r.function, '') AS function, nullif(r.owner, '') AS owner,
    nullif(lower(trim(r.parent_text)), '') AS parent,
    x.px, x.py, x.pz, x.longitude, x.latitude,
    CASE WHEN r.amount_cents > 0 THEN r.amount_cents END AS amount, m.info AS amount_info,
    CASE WHEN r.total_cents > 0 THEN r.total_cents END AS total,
    coalesce(r.total_cents > 0 AND r.total_cents % CAST(pow(10, greatest(0, length(CAST(r.total_cents AS VARCHAR)) - 2))
        AS BIGINT) = 0, false) AS total_round,
    r.first_year, coalesce(r.last_year, r.first_year) AS last_year,
    coalesce(c.codes, []) AS codes, coalesce(c.weak_codes, []) AS weak_codes,
    coalesce(c.own_codes, []) AS own_codes, coalesce(c.named_codes, []) AS named_codes,
    -- codes made alike (letters first, or as many figures) come from one numbering
    CASE WHEN r.namespace <> '' AND len(c.codes) = 1 THEN regexp_replace(
        regexp_replace(split_part(c.codes[1], '|', 2), '[0-9].*', '9'), '^9',
        CAST(length(c.codes[1]) AS VARCHAR)) || '|' || r.namespace END AS family
FROM link_records r
JOIN link_says t USING (uid)
LEFT JOIN link_points x USING (uid)
LEFT JOIN link_code_lists c USING (uid)
LEFT JOIN link_amounts m ON m.town = t.town AND m.amount = r.amount_cents
"""


def _in_columns(listed: Iterable[str], equal: Iterable[str]) -> str:
    """SQL of the columns that stand for lists, and for texts that are only ever equal or not."""
    columns = [
        f"CASE WHEN {name}[{n}] IS NOT NULL THEN hash({name}[{n}]) END AS {column}{n}"
        if name in HASHED
        else f"{name}[{n}] AS {column}{n}"
        for name in listed
        for column, most in (SIDE_BY_SIDE[name],)
        for n in range(1, most + 1)
    ]
    columns += [f"CASE WHEN {t} IS NOT NULL THEN hash({t}) END AS same_{t}" for t in equal]
    return ", ".join(columns)


_FEATURES = f"""
SELECT o.* EXCLUDE (said, function, owner, parent, family), h.* EXCLUDE (said), {_in_columns(OWN_LISTS, OWN_TEXTS)}
FROM ({_OWN}) o JOIN link_heard h USING (said)
"""

_STEPS = {
    **rarity.NUMBERS,
    "link_says": _SAYS,
    "link_sayings": _SAYINGS,
    **rarity.STEPS,
    "link_kinds_said": _KINDS_SAID,
    "link_kind_worth": _KIND_WORTH,
    "link_kind_lists": _KIND_LISTS,
    "link_terms": _TERMS,
    "link_codes_said": _CODES_SAID,
    "link_headings": _HEADINGS,
    "link_codes": _CODES,
    "link_code_lists": _CODE_LISTS,
    "link_points_said": _POINTS_SAID,
    "link_crowded": _CROWDED,
    "link_points": _POINTS,
    "link_heard": f"SELECT * EXCLUDE ({', '.join((*SAID_LISTS, *SAID_TEXTS))}), "
    f"{_in_columns(SAID_LISTS, SAID_TEXTS)} FROM ({_HEARD})",
    "link_features": _FEATURES,
}

# Steps of records that are added, in place of those of the same name.
_LATER = {
    **rarity.LATER,
    "link_kind_worth": "SELECT number, info FROM known_kind_worth UNION ALL SELECT DISTINCT number, 16 "
                       "FROM link_kinds_said ANTI JOIN known_kind_worth USING (number)",
    "link_headings": f"SELECT namespace, code FROM known_headings UNION ({_HEADINGS})",
    "link_crowded": f"SELECT x, y FROM known_crowded UNION ({_CROWDED})",
}  # fmt: skip

__all__ = ["STATISTICS", "build", "extend"]
