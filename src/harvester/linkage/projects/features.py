"""Records into features the model compares: decoded fields, word rarity, points, codes.

Statistics of the run (how rare a word is, how many projects a municipality has, which codes are
headings, which points are offices) are tables of their own, so that later entries can be judged by
the statistics of the country they are added to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.linkage.names.spellings import SCHEMA as SPELLINGS
from harvester.linkage.names.spellings import Spellings
from harvester.linkage.projects import records as loading
from harvester.linkage.projects.records import RECORDS

if TYPE_CHECKING:
    import pyarrow as pa

    from harvester.engine.engine import Engine
    from harvester.rules.lexicon import Learned

SMOOTHING = 20
"""Pseudo-entries of the whole run added to a municipality's own word counts."""

WORLD = 1_000
"""Pseudo-entries added to the run: in a list of ten rows, a word seen once is not proof."""

SMALLEST_POOL = 30
"""A municipality is never taken to have fewer projects than this."""

COMMON_SHARE = 0.1
"""Share of entries a word of the lexicon's common list is taken to stand in, at least."""

ABOVE_POOL = 3.0
"""Bits a single shared word may add beyond picking one project out of the municipality's."""

WORDS_KEPT = 6
"""Telling words of an entry that are compared; within its municipality, and in the whole run."""

SIDE_BY_SIDE = {"words_here": ("word", WORDS_KEPT), "words_everywhere": ("any", 4), "kinds": ("kind", 3),
                "groups": ("grp", 3), "numbers": ("number", 2), "wards": ("ward", 3), "codes": ("code", 2),
                "weak_codes": ("weak", 1), "own_codes": ("own", 2), "named_codes": ("named", 3)}  # fmt: skip
"""Lists that pairs are compared on, laid out in columns (``word1``, ``word2`` ...): comparing columns
is some forty times as quick as intersecting lists. What lies beyond the last column is not compared."""

HASHED = ("numbers", "wards", "codes", "weak_codes", "own_codes", "named_codes")
"""Lists of texts; their columns hold a number for each text, which is compared more quickly."""

EQUAL = ("municipality", "action", "network", "function", "owner", "parent")
"""Texts that are only ever equal or not; each has a column ``same_...`` with a number for its text."""

LEAST_USES, LEAST_COMPANIONS = 10, 8
"""A word is a term, not a place, when it is written so often and beside so many different words."""

CROWDED_POINT = 8
"""A point given for more projects of different names than this is an office, not a place."""

CATEGORY_CODE = 2
"""A code on rows of more different names than this in one submission is a heading, not an id."""

WORD = 4_294_967_296
"""A word and its information share a number: information (half bits) times this, plus the word."""


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

# A description only speaks where the name is silent.
_DECODED = """
SELECT r.uid, s.src, w.town, n.t AS name_t, d.t AS description_t, p.t AS place_t,
    coalesce(nullif(n.action, ''), nullif(d.action, '')) AS action,
    CASE WHEN len(n.kinds) > 0 THEN n.kinds ELSE d.kinds END AS kinds,
    coalesce(nullif(n.phase, ''), nullif(d.phase, '')) AS phase,
    coalesce(nullif(n.extension, ''), nullif(d.extension, ''), nullif(p.extension, '')) AS extension,
    coalesce(nullif(n.unit, ''), nullif(d.unit, ''), nullif(p.unit, '')) AS unit,
    coalesce(nullif(n.package, ''), nullif(d.package, '')) AS package,
    coalesce(nullif(n.erf, ''), nullif(d.erf, ''), nullif(p.erf, '')) AS erf,
    nullif(n.network, '') AS network,
    CASE WHEN len(n.wards) > 0 THEN n.wards WHEN len(p.wards) > 0 THEN p.wards ELSE d.wards END
        AS wards,
    n.numbers AS numbers,
    list_distinct(list_concat(n.codes, d.codes)) AS codes,
    n.folded AS folded, n.accounting, n.programme
FROM link_records r
JOIN link_texts n ON n.text = r.name
JOIN link_texts d ON d.text = r.description
JOIN link_texts p ON p.text = r.place_text
JOIN link_sources s ON s.source = r.source
JOIN link_towns w ON w.municipality = r.municipality
"""

# Words of each text, once for each distinct text. Of a description or a place only the first tell.
_TEXT_WORDS = """
WITH said AS (
    SELECT t, unnest(words) AS word, 'name' AS part, false AS common FROM link_texts
    UNION ALL SELECT t, unnest(commons), 'name', true FROM link_texts
    UNION ALL SELECT t, unnest(words[1:8]), 'place', false FROM link_texts
    UNION ALL SELECT t, unnest(words[1:12]), 'description', false FROM link_texts
)
SELECT t, part, w, bool_or(common) AS common FROM said JOIN link_vocabulary USING (word)
GROUP BY t, part, w
"""

_WORDS = """
SELECT uid, min(src) AS src, min(town) AS town, w, bool_or(common) AS common, bool_or(named) AS named
FROM (
    SELECT d.uid, d.src, d.town, x.w, x.common, true AS named
    FROM link_decoded d JOIN link_text_words x ON x.t = d.name_t AND x.part = 'name'
    UNION ALL SELECT d.uid, d.src, d.town, x.w, false, false
    FROM link_decoded d JOIN link_text_words x ON x.t = d.place_t AND x.part = 'place'
    UNION ALL SELECT d.uid, d.src, d.town, x.w, false, false
    FROM link_decoded d JOIN link_text_words x ON x.t = d.description_t AND x.part = 'description'
) GROUP BY uid, w
"""

# How many different projects a municipality can have: the longest list of them in one source.
_POOLS = f"""
WITH sizes AS (SELECT town, src, count(*) AS n FROM link_decoded GROUP BY town, src),
here AS (SELECT town, greatest(max(n), {SMALLEST_POOL}) AS pool FROM sizes GROUP BY town)
SELECT town, pool, log2(pool) AS base,
    greatest(sum(pool) OVER (), {SMALLEST_POOL}) AS everywhere,
    log2(greatest(sum(pool) OVER (), {SMALLEST_POOL})) AS base_everywhere
FROM here
"""

# Counted within one source, since across sources it is the same project that repeats a word.
_WORD_COUNTS = """
WITH per_source AS (
    SELECT town, src, w, bool_or(common) AS common, count(*) AS n FROM link_words GROUP BY town, src, w
)
SELECT town, w, bool_or(common) AS common, max(n) AS n FROM per_source GROUP BY town, w
"""

_SHARES = f"""
WITH counted AS (
    SELECT c.w, sum(c.n) AS n, bool_or(c.common) AS common, max(p.everywhere) AS everywhere
    FROM link_word_counts c JOIN link_pools p USING (town) GROUP BY c.w
)
SELECT w, n, greatest(n / (everywhere + {WORLD}.0), CASE WHEN common THEN {COMMON_SHARE} ELSE 0 END) AS share
FROM counted
"""

# Information of a word: minus log2 of the chance that another project has it, in half bits.
_RARITY = f"""
WITH told AS (
    SELECT c.town, c.w,
        least(p.base + {ABOVE_POOL}, -log2(greatest(1e-9,
            (c.n - 1 + {SMOOTHING} * s.share) / (p.pool - 1 + {SMOOTHING}.0)))) AS info_here,
        least(p.base_everywhere + {ABOVE_POOL}, -log2(greatest(1e-9, greatest(s.share,
            (s.n - 1 + {SMOOTHING} * s.share) / (p.everywhere - 1 + {SMOOTHING}.0))))) AS info_everywhere
    FROM link_word_counts c JOIN link_pools p USING (town) JOIN link_shares s USING (w)
)
SELECT town, w,
    CAST(greatest(0, least(63, round(2 * round(info_here, 9)))) AS BIGINT) AS here,
    CAST(greatest(0, least(63, round(2 * round(info_everywhere, 9)))) AS BIGINT) AS everywhere
FROM told
"""

_WORD_LISTS = f"""
WITH weighed AS (
    SELECT x.uid, x.named, x.w, r.here, r.everywhere
    FROM link_words x JOIN link_rarity r ON r.town = x.town AND r.w = x.w
)
SELECT uid,
    list_reverse_sort(list(here * {WORD} + w) FILTER (here > 0))[1:{WORDS_KEPT}] AS words_here,
    list_reverse_sort(list(everywhere * {WORD} + w) FILTER (everywhere > 0))[1:{WORDS_KEPT}]
        AS words_everywhere,
    coalesce(sum(here) FILTER (named), 0) AS named_here,
    coalesce(sum(everywhere) FILTER (named), 0) AS named_everywhere
FROM weighed GROUP BY uid
"""

_KINDS_SAID = """
SELECT d.uid, k.number, k.grp, k.generic
FROM (SELECT uid, unnest(kinds) AS code FROM link_decoded) d JOIN link_kinds k USING (code)
"""

_KIND_WORTH = """
WITH total AS (SELECT count(DISTINCT uid) AS n FROM link_kinds_said)
SELECT number, CAST(greatest(2, least(16, round(-2 * round(log2((count(DISTINCT uid) + 1)
    / (max(total.n) + 20.0)), 9)))) AS BIGINT) AS info
FROM link_kinds_said, total GROUP BY number
"""

_KIND_LISTS = """
SELECT uid,
    list_sort(list(DISTINCT number * 64 + info)) AS kinds,
    list_sort(list(DISTINCT grp)) AS groups,
    bool_or(generic) AS generic
FROM link_kinds_said JOIN link_kind_worth USING (number) GROUP BY uid
"""

_COMPANIONS = f"""
SELECT x.uid, x.w, CASE WHEN l.words_here[1] % {WORD} = x.w THEN l.words_here[2] % {WORD}
    ELSE l.words_here[1] % {WORD} END AS companion
FROM link_words x JOIN link_word_lists l ON l.uid = x.uid
WHERE x.named AND NOT x.common
"""

# Unknown words that spread over the country as words for things do, and names of places do not.
_SPREAD = f"""
SELECT w FROM link_companions GROUP BY w
HAVING count(*) >= {LEAST_USES} AND count(DISTINCT companion) >= {LEAST_COMPANIONS}
"""

# Terms for what a project is: such words, and the kinds it names (as negative numbers).
_TERMS = """
SELECT uid, w AS term FROM link_companions SEMI JOIN link_spread USING (w)
UNION ALL SELECT DISTINCT uid, -1 - number FROM link_kinds_said
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
FROM (SELECT uid, unnest(codes) AS text FROM link_decoded) d
JOIN link_code_map m USING (text) JOIN link_records r USING (uid)
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
    list_sort(list(DISTINCT full_code) FILTER (telling AND own)) AS codes,
    list_sort(list(DISTINCT full_code) FILTER (NOT telling AND own)) AS weak_codes,
    list_sort(list(DISTINCT code) FILTER (own AND length(code) >= 3)) AS own_codes,
    list_sort(list(DISTINCT code) FILTER (NOT own AND length(code) >= 3)) AS named_codes
FROM link_codes GROUP BY uid
"""

# A round amount is never as telling as its rarity here makes it look: of two figures, one in fifty
# shares it by chance; of three, one in three hundred.
_ROUND = (
    "CASE WHEN h.amount % CAST(pow(10, greatest(0, length(CAST(h.amount AS VARCHAR)) - 2)) AS BIGINT) = 0 THEN 5.6 "
    "WHEN h.amount % CAST(pow(10, greatest(0, length(CAST(h.amount AS VARCHAR)) - 3)) AS BIGINT) = 0 THEN 8.2 "
    "ELSE 31 END"
)

# How rare an amount is among the projects of a municipality, in half bits; as for words.
_AMOUNTS = f"""
WITH told AS (
    SELECT d.town, d.src, r.amount_cents AS amount FROM link_records r JOIN link_decoded d USING (uid)
    WHERE r.amount_cents > 0
), per_source AS (
    SELECT town, src, amount, count(*) AS n FROM told GROUP BY town, src, amount
), here AS (SELECT town, amount, max(n) AS n FROM per_source GROUP BY town, amount),
shares AS (
    SELECT h.amount, sum(h.n) / (max(p.everywhere) + {WORLD}.0) AS share
    FROM here h JOIN link_pools p USING (town) GROUP BY h.amount
), told_of AS (
    SELECT h.town, h.amount, least(p.base + {ABOVE_POOL}, {_ROUND}, -log2(greatest(1e-9,
        (h.n - 1 + {SMOOTHING} * s.share) / (p.pool - 1 + {SMOOTHING}.0)))) AS info
    FROM here h JOIN link_pools p USING (town) JOIN shares s USING (amount)
)
SELECT town, amount, CAST(greatest(0, least(63, round(2 * round(info, 9)))) AS INTEGER) AS info FROM told_of
"""

_POINTS_SAID = """
SELECT r.uid, r.longitude, r.latitude, round(r.longitude, 4) AS x, round(r.latitude, 4) AS y, d.folded
FROM link_records r JOIN link_decoded d USING (uid)
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

_LISTED = f"""
SELECT r.uid, {_MARK} AS mark, r.entry_id, r.source, d.src, r.kind, r.namespace, d.town,
    nullif(r.municipality, '') AS municipality,
    CAST(round(p.base) AS INTEGER) AS base, p.base_everywhere,
    coalesce(w.words_here, []) AS words_here,
    coalesce(w.words_everywhere, []) AS words_everywhere,
    CAST(coalesce(w.named_here, 0) AS INTEGER) AS named_here,
    CAST(coalesce(w.named_everywhere, 0) AS INTEGER) AS named_everywhere,
    coalesce(k.kinds, []) AS kinds, coalesce(k.groups, []) AS groups,
    coalesce(k.generic, false) AS generic,
    d.action, d.network, d.phase, d.extension, d.unit, d.package, d.erf, d.wards, d.numbers, d.folded,
    nullif(r.function, '') AS function, nullif(r.owner, '') AS owner,
    nullif(lower(trim(r.parent_text)), '') AS parent,
    x.px, x.py, x.pz, x.longitude, x.latitude,
    CASE WHEN r.amount_cents > 0 THEN r.amount_cents END AS amount, m.info AS amount_info,
    d.accounting, (w.uid IS NOT NULL OR k.uid IS NOT NULL) AND NOT d.accounting AS spoken, d.programme,
    CASE WHEN r.total_cents > 0 THEN r.total_cents END AS total,
    coalesce(r.total_cents > 0 AND r.total_cents % CAST(pow(10, greatest(0, length(CAST(r.total_cents AS VARCHAR)) - 2))
        AS BIGINT) = 0, false) AS total_round,
    r.first_year, coalesce(r.last_year, r.first_year) AS last_year,
    coalesce(c.codes, []) AS codes, coalesce(c.weak_codes, []) AS weak_codes,
    coalesce(c.own_codes, []) AS own_codes, coalesce(c.named_codes, []) AS named_codes,
    -- codes made alike (letters first, or as many figures) come from one numbering
    CASE WHEN r.namespace <> '' AND len(c.codes) = 1 THEN regexp_replace(
        regexp_replace(split_part(c.codes[1], '|', 2), '[0-9].*', '9'), '^9',
        CAST(length(c.codes[1]) AS VARCHAR)) END AS code_family
FROM link_records r
JOIN link_decoded d USING (uid)
JOIN link_pools p ON p.town = d.town
LEFT JOIN link_word_lists w USING (uid)
LEFT JOIN link_kind_lists k USING (uid)
LEFT JOIN link_points x USING (uid)
LEFT JOIN link_code_lists c USING (uid)
LEFT JOIN link_amounts m ON m.town = d.town AND m.amount = r.amount_cents
"""

_NUMBERS = [
    f"CASE WHEN {listed}[{n}] IS NOT NULL THEN hash({listed}[{n}]) END AS {column}{n}"
    if listed in HASHED
    else f"{listed}[{n}] AS {column}{n}"
    for listed, (column, most) in SIDE_BY_SIDE.items()
    for n in range(1, most + 1)
] + [f"CASE WHEN {name} IS NOT NULL THEN hash({name}) END AS same_{name}" for name in EQUAL]

_FEATURES = f"SELECT *, {', '.join(_NUMBERS)} FROM ({_LISTED})"

_WORDS_SAID = (
    "SELECT unnest(words) AS word FROM link_texts UNION SELECT unnest(commons) FROM link_texts"
)

_STEPS = {
    "link_sources": "SELECT source, row_number() OVER (ORDER BY source) AS src "
                    "FROM (SELECT DISTINCT source FROM link_records)",
    "link_towns": "SELECT municipality, row_number() OVER (ORDER BY municipality) AS town "
                  "FROM (SELECT DISTINCT municipality FROM link_records)",
    "link_vocabulary": f"SELECT word, row_number() OVER (ORDER BY word) AS w FROM ({_WORDS_SAID})",
    "link_decoded": _DECODED,
    "link_text_words": _TEXT_WORDS,
    "link_words": _WORDS,
    "link_pools": _POOLS,
    "link_word_counts": _WORD_COUNTS,
    "link_shares": _SHARES,
    "link_rarity": _RARITY,
    "link_word_lists": _WORD_LISTS,
    "link_kinds_said": _KINDS_SAID,
    "link_kind_worth": _KIND_WORTH,
    "link_kind_lists": _KIND_LISTS,
    "link_companions": _COMPANIONS,
    "link_spread": _SPREAD,
    "link_terms": _TERMS,
    "link_codes_said": _CODES_SAID,
    "link_headings": _HEADINGS,
    "link_codes": _CODES,
    "link_code_lists": _CODE_LISTS,
    "link_amounts": _AMOUNTS,
    "link_points_said": _POINTS_SAID,
    "link_crowded": _CROWDED,
    "link_points": _POINTS,
    "link_features": _FEATURES,
}  # fmt: skip


def _numbered(table: str, text: str, number: str, found: str) -> str:
    """Known numbers, and the next ones for what is new."""
    return (
        f"SELECT {text}, {number} FROM known_{table} UNION ALL "
        f"SELECT {text}, (SELECT coalesce(max({number}), 0) FROM known_{table}) "
        f"+ row_number() OVER (ORDER BY {text}) FROM ({found}) ANTI JOIN known_{table} USING ({text})"
    )


_NEW_POOLS = f"""
SELECT town, pool, base, everywhere, base_everywhere FROM known_pools
UNION ALL
SELECT t.town, {SMALLEST_POOL}, log2({SMALLEST_POOL}), k.everywhere, k.base_everywhere
FROM (SELECT town FROM link_towns ANTI JOIN known_pools USING (town)) t,
    (SELECT max(everywhere) AS everywhere, max(base_everywhere) AS base_everywhere FROM known_pools) k
"""

_NEW_COUNTS = """
SELECT town, w, bool_or(common) AS common, 1 AS n FROM link_words ANTI JOIN known_rarity USING (town, w)
GROUP BY town, w
"""

_NEW_SHARES = f"""
SELECT w, n, share FROM known_shares
UNION ALL
SELECT c.w, 1, greatest(1 / (max(k.everywhere) + {WORLD}.0), CASE WHEN bool_or(c.common) THEN {COMMON_SHARE} ELSE 0 END)
FROM link_word_counts c, (SELECT max(everywhere) AS everywhere FROM known_pools) k
WHERE c.w NOT IN (SELECT w FROM known_shares) GROUP BY c.w
"""

# Steps of records that are added: what the country was judged by stands; what it never saw is rare.
_LATER = {
    "link_sources": _numbered(
        "sources", "source", "src", "SELECT DISTINCT source FROM link_records"
    ),
    "link_towns": _numbered(
        "towns", "municipality", "town", "SELECT DISTINCT municipality FROM link_records"
    ),
    "link_vocabulary": _numbered("vocabulary", "word", "w", _WORDS_SAID),
    "link_pools": _NEW_POOLS,
    "link_word_counts": _NEW_COUNTS,
    "link_shares": _NEW_SHARES,
    "link_rarity": f"SELECT town, w, here, everywhere FROM known_rarity UNION ALL ({_RARITY})",
    # An amount never seen is as rare as one can be, in this municipality.
    "link_amounts": "SELECT town, amount, info FROM known_amounts UNION ALL SELECT DISTINCT d.town, "
                    "r.amount_cents, CAST(round(2 * least(31, p.base + 3)) AS INTEGER) FROM link_records r "
                    "JOIN link_decoded d USING (uid) JOIN link_pools p ON p.town = d.town "
                    "LEFT JOIN known_amounts k ON k.town = d.town AND k.amount = r.amount_cents "
                    "WHERE r.amount_cents > 0 AND k.town IS NULL",
    "link_kind_worth": "SELECT number, info FROM known_kind_worth UNION ALL SELECT DISTINCT number, 16 "
                       "FROM link_kinds_said ANTI JOIN known_kind_worth USING (number)",
    "link_headings": f"SELECT namespace, code FROM known_headings UNION ({_HEADINGS})",
    "link_crowded": f"SELECT x, y FROM known_crowded UNION ({_CROWDED})",
    "link_spread": "SELECT w FROM known_spread",
}  # fmt: skip

__all__ = ["STATISTICS", "build", "extend"]
