"""Why two entries were linked, or not, in words a planner reads, with the weight of each reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harvester.engine.engine import Engine
    from harvester.linkage.matching.fieldset import Aspect, Level
    from harvester.linkage.matching.scoring import Model

LEAST_WEIGHT = 0.25
"""Reasons that weigh less than this many bits are left out."""

_LITERAL = re.compile(r"'((?:[^']|'')*)'(?:\s*\|\|\s*(.+))?\Z", re.DOTALL)
"""SQL of a reason: words that stand, and what is worked out for the pair and follows them."""


def explain(engine: Engine, model: Model) -> None:
    """Give ``link_chances`` a column ``reasons``.

    It is a JSON list of ``{"reason", "weight"}``, heaviest first, weights in bits with two decimals
    (positive for one project, negative against); the prior is not among them. Which reasons a pair
    has, and their order, depends on its pattern alone: each pattern is told once, with a mark where
    a pair's own figures go.
    """
    told = ",\n".join(filter(None, (_said(model, aspect) for aspect in model.aspects)))
    engine.make("link_told_patterns", f"""
WITH said AS (
    SELECT pattern, list_filter([{told}], lambda x: x.reason IS NOT NULL) AS reasons
    FROM (SELECT DISTINCT pattern FROM link_chances)
)
SELECT pattern, CAST(to_json(list_transform(list_sort(reasons),
    lambda x: {{'reason': x.reason, 'weight': x.weight}})) AS VARCHAR) AS told
FROM said
""")  # fmt: skip
    carried = ("pattern", "match_weight", "likeness", "probability")
    own = ", ".join(f"p.{column}" for column in ("uid_l", "uid_r", *carried))
    engine.make("link_chances", f"""
SELECT {own}, {_filled(model, "t.told")} AS reasons
FROM ({model.measured("link_chances", carried=carried, words=True)}) p
JOIN link_told_patterns t ON t.pattern = p.pattern
""")  # fmt: skip
    engine.drop("link_told_patterns")


def _said(model: Model, aspect: Aspect) -> str:
    """SQL of one aspect's reason: order (heaviest first), words, weight; words null for none."""
    told = [(n, round(level.weight, 2), _standing(aspect, level)) for n, level in _telling(aspect)]
    if not told:
        return ""
    outcome = model.outcome(aspect.name)
    words = " ".join(f"WHEN {n} THEN {says}" for n, _, says in told)
    weights = " ".join(f"WHEN {n} THEN CAST({weight} AS DOUBLE)" for n, weight, _ in told)
    order = " ".join(f"WHEN {n} THEN CAST({-abs(weight)} AS DOUBLE)" for n, weight, _ in told)
    return (
        f"{{'k': CASE {outcome} {order} END, 'reason': CASE {outcome} {words} END, "
        f"'weight': CASE {outcome} {weights} END}}"
    )


def _telling(aspect: Aspect) -> Iterator[tuple[int, Level]]:
    """Outcomes that weigh enough to be told, with their number in a pattern."""
    for n, level in enumerate(aspect.outcomes, 1):
        if abs(round(level.weight, 2)) >= LEAST_WEIGHT:
            yield n, level


def _parts(says: str) -> tuple[str, str]:
    """The words of a reason that stand, as SQL, and SQL of what follows; "" where nothing does."""
    found = _LITERAL.match(says)
    return (f"'{found[1]}'", found[2] or "") if found else ("''", says)


def _mark(aspect: Aspect) -> str:
    """What stands for a pair's own figures: signs of no script, which no publisher's text holds."""
    return f"\ue000{aspect.name}\ue001"


def _standing(aspect: Aspect, level: Level) -> str:
    standing, own = _parts(level.says)
    return f"{standing[:-1]}{_mark(aspect)}'" if own else standing


def _filled(model: Model, told: str) -> str:
    """SQL of a pattern's reasons with the pair's own figures in place of the marks."""
    for aspect in model.aspects:
        own = [(n, _parts(level.says)[1]) for n, level in _telling(aspect)]
        whens = " ".join(f"WHEN {n} THEN {_escaped(sql)}" for n, sql in own if sql)
        if whens:
            figures = f"CASE {model.outcome(aspect.name, 'p.pattern')} {whens} END"
            told = f"replace({told}, '{_mark(aspect)}', coalesce({figures}, ''))"
    return told


def _escaped(sql: str) -> str:
    """SQL of a text as it stands within a string of JSON."""
    return f"""replace(replace({sql}, '\\', '\\\\'), '"', '\\"')"""
