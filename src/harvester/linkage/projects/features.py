"""Records into features the model compares: decoded names, word rarity, points, codes.

All work on rows is SQL on the engine; only distinct texts pass through Python.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from harvester.engine.schema import REAL, SMALL, TEXT, WHOLE, Column, Table
from harvester.linkage.names.decode import Decoded, Decoder
from harvester.rules import lexicon

if TYPE_CHECKING:
    import duckdb

    from harvester.engine.engine import Engine

RECORDS = Table(
    "link_records", "What linkage needs to know of an entry, from any source.", ("uid",),
    (
        Column("uid", WHOLE, "rank of the entry id among all: small, and free of row order"),
        Column("entry_id", TEXT, "entry"),
        Column("source", TEXT, "submission; entries of one are usually different projects"),
        Column("kind", TEXT, "project or programme; never linked with one another"),
        Column("namespace", TEXT, "who gives the codes; a code means something only within it"),
        Column("municipality", TEXT, "municipality, or empty"),
        Column("function", TEXT, "function, or empty"),
        Column("owner", TEXT, "owner, or empty"),
        Column("name", TEXT, "name"),
        Column("description", TEXT, "description"),
        Column("place_text", TEXT, "place in words"),
        Column("parent_text", TEXT, "programme it belongs to"),
        Column("code", TEXT, "publisher's own code"),
        Column("other_code", TEXT, "a second code"),
        Column("references", TEXT, "codes of other documents that it names"),
        Column("longitude", REAL, "degrees", null=True),
        Column("latitude", REAL, "degrees", null=True),
        Column("amount_cents", WHOLE, "plan money", null=True),
        Column("total_cents", WHOLE, "total project cost", null=True),
        Column("first_year", SMALL, "first plan year", null=True),
        Column("last_year", SMALL, "last plan year", null=True),
    ),
)  # fmt: skip

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

WORDS_KEPT = 14
CROWDED_POINT = 8
"""A point given for more projects of different names than this is an office, not a place."""

CATEGORY_CODE = 2
"""A code on rows of more different names than this in one submission is a heading, not an id."""

_STRIP = re.compile(r"[^A-Z0-9]")
_LISTS = ("kinds", "wards", "numbers", "words", "commons", "codes")
_TEXTS = ("action", "network", "phase", "extension", "unit", "package", "erf")


def build(engine: Engine, records: pa.Table) -> int:
    """Make tables ``link_features`` (a row per record) and ``link_words`` from ``RECORDS`` rows.

    Returns the number of records. Raises :class:`EngineError` when ``records`` do not conform.
    """
    db: duckdb.DuckDBPyConnection = engine.connection.con
    engine.load("link_records", RECORDS.conform(records))
    engine.load("link_texts", _decode_texts(records))
    engine.load("link_kinds", _kinds())
    db.execute(_DECODED)
    db.execute(_WORDS)
    db.execute(_POOLS)
    db.execute(_RARITY)
    db.execute(_WORD_LISTS)
    db.execute(_KIND_LISTS)
    _load_codes(engine)
    db.execute(_CODE_LISTS)
    db.execute(_POINTS)
    db.execute(_FEATURES)
    for table in _SCRATCH:
        db.execute(f"DROP TABLE IF EXISTS {table}")
    return records.num_rows


def _decode_texts(records: pa.Table) -> pa.Table:
    """Distinct names, descriptions and places decoded: a row per text."""
    distinct: set[tuple[str, str]] = set()
    for column in ("name", "description", "place_text"):
        pairs = (
            records.select([column, "municipality"])
            .group_by([column, "municipality"])
            .aggregate([])
        )
        distinct.update(
            zip(*(pairs.column(n).to_pylist() for n in (column, "municipality")), strict=True)
        )
    texts = sorted({text for text, _ in distinct})
    decoder = Decoder()
    decoder.learn(distinct)
    decoded = [decoder.decode(text) for text in texts]
    columns: dict[str, Any] = {"text": pa.array(texts, TEXT)}
    for name in _TEXTS:
        columns[name] = pa.array([getattr(d, name) for d in decoded], TEXT)
    for name in _LISTS:
        columns[name] = pa.array([list(getattr(d, name)) for d in decoded], pa.list_(TEXT))
    columns["folded"] = pa.array([" ".join(lexicon.fold(t[:400])) for t in texts], TEXT)
    return pa.table(columns)


def _kinds() -> pa.Table:
    """The lexicon's kinds, numbered."""
    kinds = [kind for _, kind in sorted(lexicon.load().kinds.items())]
    groups = {group: n for n, group in enumerate(sorted({k.group for k in kinds}))}
    return pa.table({
        "code": pa.array([k.code for k in kinds], TEXT),
        "label": pa.array([k.label for k in kinds], TEXT),
        "number": pa.array(range(len(kinds)), WHOLE),
        "grp": pa.array([groups[k.group] for k in kinds], WHOLE),
        "generic": pa.array([k.code == k.group for k in kinds], pa.bool_()),
    })  # fmt: skip


def normal_code(code: str) -> str:
    """A code in capitals without signs; leading zeros go, since spreadsheets lose them."""
    return _STRIP.sub("", code.upper()).lstrip("0")


def telling(code: str) -> bool:
    """Whether a normal code is long enough to be an id rather than a row number."""
    return len(code) >= 5 and sum(c.isdigit() for c in code) >= 3


def _load_codes(engine: Engine) -> None:
    """Table ``link_code_map``: each distinct code text as normal codes, with their worth."""
    db: duckdb.DuckDBPyConnection = engine.connection.con
    texts = db.execute(
        'SELECT DISTINCT unnest([code, other_code, "references"]) AS t FROM link_records '
        "UNION SELECT DISTINCT unnest(codes) FROM link_decoded",
    ).fetchall()
    rows = [
        (text, normal, telling(normal))
        for (text,) in sorted(texts)
        for normal in sorted({normal_code(part) for part in re.split(r"[;,|\n]", text[:1_000])})
        if normal
    ]
    engine.load(
        "link_code_map",
        pa.table({
            "text": pa.array([r[0] for r in rows], TEXT),
            "code": pa.array([r[1] for r in rows], TEXT),
            "telling": pa.array([r[2] for r in rows], pa.bool_()),
        }),
    )  # fmt: skip


# A description only speaks where the name is silent, but its words may name the place.
_DECODED = """
CREATE OR REPLACE TABLE link_decoded AS
SELECT r.uid, r.source, r.municipality,
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
    n.words AS named,
    list_distinct(list_concat(n.words, list_concat(p.words[1:8], d.words[1:12]))) AS words,
    n.commons AS commons,
    list_distinct(list_concat(n.codes, d.codes)) AS codes,
    n.folded AS folded
FROM link_records r
JOIN link_texts n ON n.text = r.name
JOIN link_texts d ON d.text = r.description
JOIN link_texts p ON p.text = r.place_text
"""

_WORDS = """
CREATE OR REPLACE TABLE link_words AS
WITH spoken AS (
    SELECT uid, source, municipality, unnest(words) AS word, false AS common FROM link_decoded
    UNION ALL
    SELECT uid, source, municipality, unnest(commons), true FROM link_decoded
), named AS (SELECT uid, unnest(list_concat(named, commons)) AS word FROM link_decoded),
once AS (
    SELECT uid, source, municipality, word, bool_or(common) AS common
    FROM spoken GROUP BY ALL
), numbered AS (SELECT word, row_number() OVER (ORDER BY word) AS n FROM (SELECT DISTINCT word FROM once))
SELECT o.*, numbered.n AS word_n, named.uid IS NOT NULL AS named
FROM once o JOIN numbered USING (word)
LEFT JOIN (SELECT DISTINCT * FROM named) named ON named.uid = o.uid AND named.word = o.word
"""

# How many different projects a municipality can have: the longest list of them in one source.
_POOLS = f"""
CREATE OR REPLACE TABLE link_pools AS
WITH sizes AS (SELECT municipality, source, count(*) AS n FROM link_records GROUP BY ALL),
here AS (SELECT municipality, greatest(max(n), {SMALLEST_POOL}) AS pool FROM sizes GROUP BY ALL)
SELECT municipality, pool, log2(pool) AS base,
    greatest(sum(pool) OVER (), {SMALLEST_POOL}) AS everywhere,
    log2(greatest(sum(pool) OVER (), {SMALLEST_POOL})) AS base_everywhere
FROM here
"""

# Information of a word: minus log2 of the chance that another project has it. Counted within one
# source, since across sources it is the same project that repeats it.
_RARITY = f"""
CREATE OR REPLACE TABLE link_rarity AS
WITH per_source AS (
    SELECT municipality, source, word_n, bool_or(common) AS common, count(*) AS n
    FROM link_words GROUP BY municipality, source, word_n
), here AS (
    SELECT municipality, word_n, bool_or(common) AS common, max(n) AS n
    FROM per_source GROUP BY municipality, word_n
), counted AS (
    SELECT h.*, p.pool, p.base, p.everywhere, p.base_everywhere,
        sum(h.n) OVER (PARTITION BY h.word_n) AS n_everywhere,
        bool_or(h.common) OVER (PARTITION BY h.word_n) AS known_common
    FROM here h JOIN link_pools p USING (municipality)
), shares AS (
    SELECT *, greatest(n_everywhere / (everywhere + {WORLD}),
        CASE WHEN known_common THEN {COMMON_SHARE} ELSE 0 END) AS share_everywhere
    FROM counted
)
SELECT municipality, word_n,
    least(base + {ABOVE_POOL}, -log2(greatest(1e-9,
        (n - 1 + {SMOOTHING} * share_everywhere) / (pool - 1 + {SMOOTHING})))) AS info_here,
    least(base_everywhere + {ABOVE_POOL}, -log2(greatest(1e-9, greatest(share_everywhere,
        (n_everywhere - 1 + {SMOOTHING} * share_everywhere) / (everywhere - 1 + {SMOOTHING})))))
        AS info_everywhere
FROM shares
"""

# A word and its information (half bits, six bits wide) in one number: lists of such numbers are
# intersected and summed without another join.
_WORD_LISTS = f"""
CREATE OR REPLACE TABLE link_word_lists AS
WITH weighed AS (
    SELECT w.uid, w.named, w.word_n, r.info_here, r.info_everywhere,
        greatest(0, least(63, round(2 * r.info_here)))::BIGINT AS here,
        greatest(0, least(63, round(2 * r.info_everywhere)))::BIGINT AS everywhere,
        row_number() OVER (PARTITION BY w.uid ORDER BY r.info_here DESC, w.word_n) AS rank
    FROM link_words w JOIN link_rarity r USING (municipality, word_n)
)
SELECT uid,
    list(word_n * 64 + here ORDER BY rank) FILTER (here > 0) AS words_here,
    list(word_n * 64 + everywhere ORDER BY rank) FILTER (everywhere > 0) AS words_everywhere,
    coalesce(sum(here) FILTER (named), 0) AS named_here,
    coalesce(sum(everywhere) FILTER (named), 0) AS named_everywhere
FROM weighed WHERE rank <= {WORDS_KEPT} GROUP BY uid
"""

_KIND_LISTS = """
CREATE OR REPLACE TABLE link_kind_lists AS
WITH said AS (
    SELECT uid, k.number, k.grp, k.generic
    FROM (SELECT uid, unnest(kinds) AS code FROM link_decoded) d JOIN link_kinds k USING (code)
), total AS (SELECT count(DISTINCT uid) AS n FROM said),
rarity AS (
    SELECT number, greatest(2, least(16, round(-2 * log2((count(DISTINCT uid) + 1)
        / ((SELECT n FROM total) + 20)))))::BIGINT AS info
    FROM said GROUP BY number
)
SELECT uid,
    list(DISTINCT number * 64 + info ORDER BY number * 64 + info) AS kinds,
    list(DISTINCT grp ORDER BY grp) AS groups,
    bool_or(generic) AS generic
FROM said JOIN rarity USING (number) GROUP BY uid
"""

_CODE_LISTS = f"""
CREATE OR REPLACE TABLE link_codes AS
WITH own AS (
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
), headings AS (
    SELECT DISTINCT namespace, code FROM own WHERE own
    GROUP BY namespace, code, source
    HAVING count(DISTINCT nullif(name, '')) > {CATEGORY_CODE}
)
SELECT DISTINCT o.uid, o.namespace, o.code, o.telling AND h.code IS NULL AS telling, o.own
FROM own o LEFT JOIN headings h USING (namespace, code)
"""

_POINTS = f"""
CREATE OR REPLACE TABLE link_points AS
WITH rounded AS (
    SELECT r.uid, r.longitude, r.latitude, round(r.longitude, 4) AS x, round(r.latitude, 4) AS y, d.folded
    FROM link_records r JOIN link_decoded d USING (uid)
    WHERE r.longitude IS NOT NULL AND r.latitude IS NOT NULL
), crowded AS (
    SELECT x, y FROM rounded GROUP BY x, y HAVING count(DISTINCT folded) > {CROWDED_POINT}
)
SELECT uid, longitude, latitude,
    6371.0 * cos(radians(latitude)) * cos(radians(longitude)) AS px,
    6371.0 * cos(radians(latitude)) * sin(radians(longitude)) AS py,
    6371.0 * sin(radians(latitude)) AS pz
FROM rounded ANTI JOIN crowded USING (x, y)
"""

_FEATURES = """
CREATE OR REPLACE TABLE link_features AS
SELECT r.uid, r.entry_id, r.source, r.kind, r.namespace,
    NULL::INTEGER AS match_key, -- a pair's column: Splink wants every column it uses in the records
    nullif(r.municipality, '') AS municipality,
    round(p.base)::INTEGER AS base, p.base_everywhere,
    coalesce(w.words_here, []) AS words_here,
    coalesce(w.words_everywhere, []) AS words_everywhere,
    coalesce(w.named_here, 0)::INTEGER AS named_here,
    coalesce(w.named_everywhere, 0)::INTEGER AS named_everywhere,
    coalesce(k.kinds, []) AS kinds, coalesce(k.groups, []) AS groups,
    coalesce(k.generic, false) AS generic,
    d.action, d.network, d.phase, d.extension, d.unit, d.package, d.erf, d.wards, d.numbers, d.folded,
    nullif(r.function, '') AS function, nullif(r.owner, '') AS owner,
    nullif(lower(trim(r.parent_text)), '') AS parent,
    x.px, x.py, x.pz, x.longitude, x.latitude,
    CASE WHEN r.amount_cents > 0 THEN r.amount_cents END AS amount,
    CASE WHEN r.total_cents > 0 THEN r.total_cents END AS total,
    r.first_year, coalesce(r.last_year, r.first_year) AS last_year,
    coalesce(c.codes, []) AS codes, coalesce(c.weak_codes, []) AS weak_codes,
    coalesce(c.own_codes, []) AS own_codes, coalesce(c.named_codes, []) AS named_codes,
    -- codes made alike (letters first, or as many figures) come from one numbering
    CASE WHEN r.namespace <> '' AND len(c.codes) = 1 THEN regexp_replace(
        regexp_replace(split_part(c.codes[1], '|', 2), '[0-9].*', '9'), '^9',
        length(c.codes[1])::VARCHAR) END AS code_family
FROM link_records r
JOIN link_decoded d USING (uid)
JOIN link_pools p ON p.municipality = r.municipality
LEFT JOIN link_word_lists w USING (uid)
LEFT JOIN link_kind_lists k USING (uid)
LEFT JOIN link_points x USING (uid)
LEFT JOIN (
    SELECT uid,
        list(DISTINCT namespace || '|' || code ORDER BY namespace || '|' || code)
            FILTER (telling AND own) AS codes,
        list(DISTINCT namespace || '|' || code ORDER BY namespace || '|' || code)
            FILTER (NOT telling AND own) AS weak_codes,
        list(DISTINCT code ORDER BY code) FILTER (own AND length(code) >= 3) AS own_codes,
        list(DISTINCT code ORDER BY code) FILTER (NOT own AND length(code) >= 3) AS named_codes
    FROM link_codes GROUP BY uid
) c USING (uid)
"""

_SCRATCH = ("link_texts", "link_rarity", "link_word_lists", "link_kind_lists", "link_codes",
            "link_code_map", "link_points")  # fmt: skip

__all__ = ["RECORDS", "Decoded", "build", "normal_code", "telling"]
