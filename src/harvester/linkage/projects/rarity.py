"""How telling words and amounts are: the fewer projects of a municipality have one, the more it says.

Each query makes a table of a run; what the run learns of its country is kept, and later entries are
judged by it (:data:`LATER`).
"""

from __future__ import annotations

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

BELOW_POOL = 2.0
"""Bits that a word of a stated place stays below that, however rarely it is written: where one project
is planned others are, in documents that were not read too."""

WORDS_KEPT = 6
"""Telling words of an entry that are compared; within its municipality, and in the whole run."""

LEAST_USES, LEAST_COMPANIONS = 10, 8
"""A word is a term, not a place, when it is written so often and beside so many different words."""

WORD = 4_294_967_296
"""A word and its information share a number: information (half bits) times this, plus the word."""

_WORDS_SAID = (
    "SELECT unnest(words) AS word FROM link_texts UNION SELECT unnest(commons) FROM link_texts"
)

# Words of each text, once for each distinct text. Of a description or a place only the first tell.
_TEXT_WORDS = """
WITH told AS (
    SELECT t, unnest(words) AS word, 'name' AS part, false AS common FROM link_texts
    UNION ALL SELECT t, unnest(commons), 'name', true FROM link_texts
    UNION ALL SELECT t, unnest(words[1:8]), 'place', false FROM link_texts
    UNION ALL SELECT t, unnest(words[1:12]), 'description', false FROM link_texts
)
SELECT t, part, w, bool_or(common) AS common FROM told JOIN link_vocabulary USING (word)
GROUP BY t, part, w
"""

_WORDS = """
SELECT said, min(records) AS records, min(town) AS town, w, bool_or(common) AS common, bool_or(named) AS named,
    bool_or(sited) AS sited
FROM (
    SELECT d.said, d.records, d.town, x.w, x.common, true AS named, false AS sited
    FROM link_sayings d JOIN link_text_words x ON x.t = d.name_t AND x.part = 'name'
    UNION ALL SELECT d.said, d.records, d.town, x.w, false, false, true
    FROM link_sayings d JOIN link_text_words x ON x.t = d.place_t AND x.part = 'place'
    UNION ALL SELECT d.said, d.records, d.town, x.w, false, false, false
    FROM link_sayings d JOIN link_text_words x ON x.t = d.description_t AND x.part = 'description'
) GROUP BY said, w
"""

# How many different projects a municipality can have: the longest list of them in one source.
_POOLS = f"""
WITH sizes AS (SELECT town, src, count(*) AS n FROM link_says GROUP BY town, src),
here AS (SELECT town, greatest(max(n), {SMALLEST_POOL}) AS pool FROM sizes GROUP BY town)
SELECT town, pool, log2(pool) AS base,
    greatest(sum(pool) OVER (), {SMALLEST_POOL}) AS everywhere,
    log2(greatest(sum(pool) OVER (), {SMALLEST_POOL})) AS base_everywhere
FROM here
"""

# Counted within one source, since across sources it is the same project that repeats a word.
_WORD_COUNTS = """
WITH per_source AS (
    SELECT x.town, t.src, x.w, bool_or(x.common) AS common, bool_or(x.sited) AS sited, count(*) AS n
    FROM link_words x JOIN link_says t USING (said) GROUP BY x.town, t.src, x.w
)
SELECT town, w, bool_or(common) AS common, bool_or(sited) AS sited, max(n) AS n FROM per_source GROUP BY town, w
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
        least(p.base + CASE WHEN c.sited THEN -{BELOW_POOL} ELSE {ABOVE_POOL} END, -log2(greatest(1e-9,
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

# A description only speaks where the name is silent: else what lists write by habit ("to serve about 600
# people") outweighs names that differ.
_WORD_LISTS = f"""
WITH names AS (
    SELECT said, bool_or(named AND NOT common) AS speaks FROM link_words GROUP BY said
), weighed AS (
    SELECT x.said, x.named, x.w, r.here, r.everywhere
    FROM link_words x JOIN names n USING (said)
    JOIN link_rarity r ON r.town = x.town AND r.w = x.w
    WHERE x.named OR x.sited OR NOT n.speaks
)
SELECT said,
    list_reverse_sort(list(here * {WORD} + w) FILTER (here > 0))[1:{WORDS_KEPT}] AS words_here,
    list_reverse_sort(list(everywhere * {WORD} + w) FILTER (everywhere > 0))[1:{WORDS_KEPT}]
        AS words_everywhere,
    coalesce(sum(here) FILTER (named), 0) AS named_here,
    coalesce(sum(everywhere) FILTER (named), 0) AS named_everywhere
FROM weighed GROUP BY said
"""

_COMPANIONS = f"""
SELECT x.said, x.records, x.w, CASE WHEN l.words_here[1] % {WORD} = x.w THEN l.words_here[2] % {WORD}
    ELSE l.words_here[1] % {WORD} END AS companion
FROM link_words x JOIN link_word_lists l USING (said)
WHERE x.named AND NOT x.common
"""

# Unknown words that spread over the country as words for things do, and names of places do not.
_SPREAD = f"""
SELECT w FROM link_companions GROUP BY w
HAVING sum(records) >= {LEAST_USES} AND count(DISTINCT companion) >= {LEAST_COMPANIONS}
"""

# A round amount is never as telling as its rarity here makes it look: of one figure (R 5 m), one in
# twenty shares it by chance; of two, one in fifty; of three, one in three hundred.
_ROUND = (
    "CASE WHEN h.amount % CAST(pow(10, greatest(0, length(CAST(h.amount AS VARCHAR)) - 1)) AS BIGINT) = 0 THEN 4.3 "
    "WHEN h.amount % CAST(pow(10, greatest(0, length(CAST(h.amount AS VARCHAR)) - 2)) AS BIGINT) = 0 THEN 5.6 "
    "WHEN h.amount % CAST(pow(10, greatest(0, length(CAST(h.amount AS VARCHAR)) - 3)) AS BIGINT) = 0 THEN 8.2 "
    "ELSE 31 END"
)

# How rare an amount is among the projects of a municipality, in half bits; as for words.
_AMOUNTS = f"""
WITH told AS (
    SELECT d.town, d.src, r.amount_cents AS amount FROM link_records r JOIN link_says d USING (uid)
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

NUMBERS = {
    "link_sources": "SELECT source, CAST(row_number() OVER (ORDER BY source) AS INTEGER) AS src "
                    "FROM (SELECT DISTINCT source FROM link_records)",
    "link_towns": "SELECT municipality, CAST(row_number() OVER (ORDER BY municipality) AS INTEGER) AS town "
                  "FROM (SELECT DISTINCT municipality FROM link_records)",
    "link_vocabulary": f"SELECT word, row_number() OVER (ORDER BY word) AS w FROM ({_WORDS_SAID})",
}  # fmt: skip
"""Steps before names are decoded: numbers for sources, municipalities and words."""

STEPS = {
    "link_text_words": _TEXT_WORDS,
    "link_words": _WORDS,
    "link_pools": _POOLS,
    "link_word_counts": _WORD_COUNTS,
    "link_shares": _SHARES,
    "link_rarity": _RARITY,
    "link_word_lists": _WORD_LISTS,
    "link_companions": _COMPANIONS,
    "link_spread": _SPREAD,
    "link_amounts": _AMOUNTS,
}
"""Steps after: which words each saying has and what they are worth, and what amounts are."""

_NEW_POOLS = f"""
SELECT town, pool, base, everywhere, base_everywhere FROM known_pools
UNION ALL
SELECT t.town, {SMALLEST_POOL}, log2({SMALLEST_POOL}), k.everywhere, k.base_everywhere
FROM (SELECT town FROM link_towns ANTI JOIN known_pools USING (town)) t,
    (SELECT max(everywhere) AS everywhere, max(base_everywhere) AS base_everywhere FROM known_pools) k
"""

_NEW_COUNTS = """
SELECT town, w, bool_or(common) AS common, bool_or(sited) AS sited, 1 AS n FROM link_words ANTI JOIN known_rarity USING (town, w)
GROUP BY town, w
"""

_NEW_SHARES = f"""
SELECT w, n, share FROM known_shares
UNION ALL
SELECT c.w, 1, greatest(1 / (max(k.everywhere) + {WORLD}.0), CASE WHEN bool_or(c.common) THEN {COMMON_SHARE} ELSE 0 END)
FROM link_word_counts c, (SELECT max(everywhere) AS everywhere FROM known_pools) k
WHERE c.w NOT IN (SELECT w FROM known_shares) GROUP BY c.w
"""


def _numbered(table: str, text: str, number: str, found: str, *, kind: str = "INTEGER") -> str:
    """Known numbers, and the next ones for what is new."""
    following = f"(SELECT coalesce(max({number}), 0) FROM known_{table}) + row_number() OVER (ORDER BY {text})"
    return (
        f"SELECT {text}, {number} FROM known_{table} UNION ALL "
        f"SELECT {text}, CAST({following} AS {kind}) FROM ({found}) ANTI JOIN known_{table} USING ({text})"
    )


# What the country was judged by stands; what it never saw is rare.
LATER = {
    "link_sources": _numbered(
        "sources", "source", "src", "SELECT DISTINCT source FROM link_records"
    ),
    "link_towns": _numbered(
        "towns", "municipality", "town", "SELECT DISTINCT municipality FROM link_records"
    ),
    "link_vocabulary": _numbered("vocabulary", "word", "w", _WORDS_SAID, kind="BIGINT"),
    "link_pools": _NEW_POOLS,
    "link_word_counts": _NEW_COUNTS,
    "link_shares": _NEW_SHARES,
    "link_rarity": f"SELECT town, w, here, everywhere FROM known_rarity UNION ALL ({_RARITY})",
    # An amount never seen is as rare as one can be, in this municipality.
    "link_amounts": "SELECT town, amount, info FROM known_amounts UNION ALL SELECT DISTINCT d.town, "
                    "r.amount_cents, CAST(round(2 * least(31, p.base + 3)) AS INTEGER) FROM link_records r "
                    "JOIN link_says d USING (uid) JOIN link_pools p ON p.town = d.town "
                    "LEFT JOIN known_amounts k ON k.town = d.town AND k.amount = r.amount_cents "
                    "WHERE r.amount_cents > 0 AND k.town IS NULL",
    "link_spread": "SELECT w FROM known_spread",
}  # fmt: skip
"""Steps of records that are added, in place of those of the same name."""

__all__ = ["LATER", "NUMBERS", "STEPS", "WORD", "WORDS_KEPT"]
