"""Chances of pairs, once it is known which other entries of a source compete for the same place.

An entry has at most one counterpart in a source. Where two rows of one list fit an entry equally
well, each can be it with a chance of one half at most, however well they fit: the model, which
sees one pair at a time, says 0.99 of both. So each pair's odds are set against those of its rivals:
``p = odds / (1 + odds + odds of the rivals)``. Rows that carry one project number are one rival.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.linkage.matching.scoring import LEAST_PROBABILITY

if TYPE_CHECKING:
    from harvester.engine.engine import Engine
    from harvester.linkage.matching.fieldset import FieldSet


def weigh(
    engine: Engine, fields: FieldSet, *, decided: str = "", carried: tuple[str, ...] = ()
) -> None:
    """Make ``link_chances``: ``uid_l``, ``uid_r``, ``pattern``, ``match_weight``, ``likeness``, ``probability``.

    Reads ``link_scores``. ``match_weight`` is what the pair's own agreement weighs, in bits, and
    ``likeness`` the chance it gives where there is no rival: the order in which entries are joined.
    ``probability`` is the chance with the rivals counted. Pairs less *like* than
    :data:`LEAST_PROBABILITY` are left out, save those of table ``decided``. Columns ``carried`` of
    ``link_scores`` come along.
    """
    slope, offset = fields.calibration

    def _chance(bits: str) -> str:
        return f"round(1 / (1 + pow(CAST(2 AS DOUBLE), -({slope} * {bits} + {offset}))), 6)"

    more = "".join(f", {column}" for column in carried)
    engine.make("link_rivalled", _RIVALLED.format(members=fields.members))
    engine.make("link_rivals", _RIVALS)
    also = f"LEFT JOIN {decided} d ON d.uid_l = c.uid_l AND d.uid_r = c.uid_r" if decided else ""
    engine.make("link_chances", f"""
WITH set_against AS (
    SELECT s.uid_l, s.uid_r, s.pattern, s.match_weight{more},
        s.match_weight - log2(1 + coalesce(l.rivals, 0) + coalesce(r.rivals, 0)) AS bits
    FROM link_scores s
    LEFT JOIN link_rivals l ON l.me = s.uid_l AND l.other = s.uid_r
    LEFT JOIN link_rivals r ON r.me = s.uid_r AND r.other = s.uid_l
), chances AS (
    SELECT *, {_chance("match_weight")} AS likeness, {_chance("bits")} AS probability
    FROM set_against
)
SELECT c.uid_l, c.uid_r, c.pattern, c.match_weight, c.likeness, c.probability{more} FROM chances c {also}
WHERE c.likeness >= {LEAST_PROBABILITY}{" OR d.uid_l IS NOT NULL" if decided else ""}
""")  # fmt: skip
    engine.drop("link_rivalled", "link_rivals", "link_scores")


# Entries with more than one candidate in a source; each pair from both sides. Codes, which are
# lists, are looked up for those alone: most pairs have no rival.
_RIVALLED = """
WITH members AS ({members}), paired AS (
    SELECT s.uid_l, s.uid_r, s.odds, l.src AS src_l, r.src AS src_r
    FROM link_scores s JOIN members l ON l.uid = s.uid_l JOIN members r ON r.uid = s.uid_r
    WHERE l.src <> r.src
), sided AS (
    SELECT uid_l AS me, uid_r AS other, odds, src_r AS src FROM paired
    UNION ALL SELECT uid_r, uid_l, odds, src_l FROM paired
), rivalled AS (
    SELECT s.* FROM sided s
    SEMI JOIN (SELECT me, src FROM sided GROUP BY me, src HAVING count(*) > 1) USING (me, src)
)
SELECT s.me, s.other, s.odds, s.src, m.codes[1] AS code
FROM rivalled s JOIN members m ON m.uid = s.other
"""

# A thing is a project number, or a row without one.
_RIVALS = """
WITH told AS (
    SELECT me, other, src, odds, coalesce(code, CAST(other AS VARCHAR)) AS thing FROM link_rivalled
), things AS (
    SELECT me, src, thing, max(odds) AS odds FROM told GROUP BY me, src, thing
), totals AS (
    SELECT me, src, sum(odds) AS odds FROM things GROUP BY me, src
)
SELECT s.me, s.other, greatest(0, t.odds - h.odds) AS rivals
FROM told s JOIN totals t USING (me, src) JOIN things h USING (me, src, thing)
"""
