"""Words that stand for one another, learnt from the run itself.

No lexicon holds every word for a clinic. But where two rows are one project on other grounds (one
project number; one place and one amount and a rare word in common), the words in which their names
differ are words for one thing: "reading room" here, "library" there. How often two terms stand for
one another in such sure pairs, against how often chance would bring them together, is evidence for
or against other pairs whose kind of facility the lexicon cannot tell. A term that is never seen
beside another tells nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.linkage.matching.fieldset import LATER, NEUTRAL, Aspect, bits

if TYPE_CHECKING:
    from harvester.engine.engine import Engine
    from harvester.linkage.matching.scoring import Model

SAMPLED = 200_000
"""Records and sure pairs looked at are thinned to about this many."""

SHRINKAGE = 8
"""Sure pairs a term must be seen in before its silence beside another term tells anything."""

LEARNT = ("link_ties", "link_silence")
"""Tables of what was learnt."""

OPEN = 9.0
"""Pairs whose weight (bits) is farther than this from even are settled whatever a term says."""


def aspect() -> Aspect:
    """What the learnt terms say of a pair; its outcome is put into the pattern by :func:`refine`."""
    said = "'words that elsewhere stand for the same facility'"
    other = "'words that elsewhere stand for different facilities'"
    levels = (
        bits("", 3.0, said), bits("", 2.0, said), bits("", 1.0, said), NEUTRAL,
        bits("", -1.0, other, m=0.2), bits("", -2.0, other, m=0.2),
    )  # fmt: skip
    return Aspect("terms", LATER, levels, bits("", -3.0, other, m=0.1))


_OUTCOME = """CASE WHEN tie >= 3 THEN 1 WHEN tie >= 2 THEN 2 WHEN tie >= 1 THEN 3 WHEN tie > -1 THEN 4
    WHEN tie > -2 THEN 5 WHEN tie > -3 THEN 6 ELSE 7 END"""


def learn(engine: Engine, records: int) -> None:
    """Make ``link_ties`` (terms ``a``, ``b``; ``tie`` in bits) and ``link_silence`` (``term``, ``bits``).

    Reads ``link_pairs``, ``link_features`` and ``link_terms`` (``uid``, ``term``: unknown words that
    spread like words for things, and the lexicon's kinds as negative numbers).
    """
    engine.make("link_sure", _SURE.format(step=max(1, records // SAMPLED)))
    engine.make("link_leftovers", _LEFTOVERS)
    engine.make("link_seen", _SEEN)
    engine.make("link_term_chances", _TERM_CHANCES)
    engine.make("link_silence", _SILENCE)
    engine.make("link_ties", _TIES)
    engine.drop("link_sure", "link_leftovers", "link_seen", "link_term_chances")


def refine(engine: Engine, model: Model, scored: str) -> str:
    """SQL of ``uid_l``, ``uid_r`` and the ``pattern`` that pairs of ``scored`` get from learnt terms.

    Asked are pairs that are not settled and whose kind of facility is not told on one side, or
    differs by the lexicon: of those only, whether the run knows better.
    """
    kind = model.outcome("kind")
    differ = len(next(a for a in model.aspects if a.name == "kind").outcomes)
    at, _ = model.places["terms"]
    engine.make("link_open", f"""
SELECT uid_l, uid_r, pattern FROM {scored}
WHERE {kind} IN (0, {differ - 1}, {differ}) AND match_weight BETWEEN {-OPEN} AND {OPEN}
""")  # fmt: skip
    return f"""
WITH mine AS (
    SELECT o.uid_l, o.uid_r, t.term FROM link_open o JOIN link_terms t ON t.uid = o.uid_l
), theirs AS (
    SELECT o.uid_l, o.uid_r, t.term FROM link_open o JOIN link_terms t ON t.uid = o.uid_r
), left_here AS (
    SELECT m.* FROM mine m ANTI JOIN theirs USING (uid_l, uid_r, term)
), left_there AS (
    SELECT t.* FROM theirs t ANTI JOIN mine USING (uid_l, uid_r, term)
), tied AS (
    SELECT h.uid_l, h.uid_r, max(coalesce(k.tie, (x.bits + y.bits) / 2)) AS tie
    FROM left_here h JOIN left_there t ON t.uid_l = h.uid_l AND t.uid_r = h.uid_r
    JOIN link_silence x ON x.term = h.term JOIN link_silence y ON y.term = t.term
    LEFT JOIN link_ties k ON k.a = h.term AND k.b = t.term
    GROUP BY h.uid_l, h.uid_r
)
SELECT o.uid_l, o.uid_r, o.pattern + CAST({_OUTCOME} AS BIGINT) * {1 << at} AS pattern
FROM link_open o JOIN tied t ON t.uid_l = o.uid_l AND t.uid_r = o.uid_r
WHERE {kind.replace("pattern", "o.pattern")} = 0 OR tie >= 1
"""


_SURE = """
SELECT p.uid_l, p.uid_r FROM link_pairs p
JOIN link_features a ON a.uid = p.uid_l JOIN link_features b ON b.uid = p.uid_r
WHERE a.src <> b.src AND (p.uid_l + p.uid_r) % {step} = 0 AND a.same_name IS DISTINCT FROM b.same_name AND (
    a.code1 = b.code1
    OR (abs(a.px - b.px) + abs(a.py - b.py) + abs(a.pz - b.pz) <= 0.4
        AND least(a.amount, b.amount) >= 0.97 * greatest(a.amount, b.amount)
        AND (a.word1 IN (b.word1, b.word2) OR b.word1 IN (a.word1, a.word2))))
"""

# What each side of a sure pair says that the other does not.
_LEFTOVERS = """
WITH sides AS (
    SELECT s.uid_l, s.uid_r, t.term, true AS here FROM link_sure s JOIN link_terms t ON t.uid = s.uid_l
    UNION ALL
    SELECT s.uid_l, s.uid_r, t.term, false FROM link_sure s JOIN link_terms t ON t.uid = s.uid_r
)
SELECT uid_l, uid_r, term, bool_or(here) AS here FROM sides
GROUP BY uid_l, uid_r, term HAVING count(*) = 1
"""

_SEEN = """
WITH sizes AS (
    SELECT uid_l, uid_r, count(*) FILTER (here) AS n_here, count(*) FILTER (NOT here) AS n_there
    FROM link_leftovers GROUP BY uid_l, uid_r
), together AS (
    SELECT h.term AS a, t.term AS b, sum(1.0 / greatest(s.n_here, s.n_there)) AS n
    FROM link_leftovers h JOIN link_leftovers t ON t.uid_l = h.uid_l AND t.uid_r = h.uid_r
    JOIN sizes s ON s.uid_l = h.uid_l AND s.uid_r = h.uid_r
    WHERE h.here AND NOT t.here GROUP BY h.term, t.term
)
SELECT a, b, sum(n) AS n FROM (SELECT a, b, n FROM together UNION ALL SELECT b, a, n FROM together)
GROUP BY a, b
"""

_TERM_CHANCES = """
WITH total AS (SELECT count(DISTINCT uid) AS n FROM link_terms)
SELECT term, (count(*) + 1) / (max(total.n) + 20.0) AS chance FROM link_terms, total GROUP BY term
"""

_SILENCE = f"""
SELECT c.term, round(log2({SHRINKAGE} / (coalesce(sum(s.n), 0) + {SHRINKAGE})), 6) AS bits
FROM link_term_chances c LEFT JOIN link_seen s ON s.a = c.term GROUP BY c.term
"""

# Both ways (b said where a was, a where b was), each shrunk towards chance; the mean of the two.
_TIES = f"""
WITH totals AS (SELECT a AS term, sum(n) AS n FROM link_seen GROUP BY a)
SELECT s.a, s.b, round((
    log2((s.n + {SHRINKAGE} * y.chance) / (u.n + {SHRINKAGE}) / y.chance)
    + log2((s.n + {SHRINKAGE} * x.chance) / (v.n + {SHRINKAGE}) / x.chance)) / 2, 6) AS tie
FROM link_seen s JOIN totals u ON u.term = s.a JOIN totals v ON v.term = s.b
JOIN link_term_chances x ON x.term = s.a JOIN link_term_chances y ON y.term = s.b
"""
