"""Why two entries were linked, or not, in words a planner reads, with the weight of each reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harvester.engine.engine import Engine
    from harvester.linkage.matching.fieldset import Aspect
    from harvester.linkage.matching.scoring import Model

LEAST_WEIGHT = 0.25
"""Reasons that weigh less than this many bits are left out."""


def explain(engine: Engine, model: Model) -> None:
    """Make table ``link_reasons`` (``uid_l``, ``uid_r``, ``reasons``) for ``link_chances``.

    ``reasons`` is a JSON list of ``{"reason", "weight"}``, heaviest first, weights in bits with two
    decimals (positive for one project, negative against); the prior is not among them.
    """
    said = ",\n".join(filter(None, (_said(model, aspect) for aspect in model.aspects)))
    sided = model.measured("link_chances", carried=("pattern",), words=True)
    engine.make("link_reasons", f"""
WITH said AS (
    SELECT uid_l, uid_r, list_filter([{said}], lambda x: x.reason IS NOT NULL) AS reasons FROM ({sided})
)
SELECT uid_l, uid_r, CAST(to_json(list_transform(list_sort(reasons),
    lambda x: {{'reason': x.reason, 'weight': x.weight}})) AS VARCHAR) AS reasons
FROM said
""")  # fmt: skip


def _said(model: Model, aspect: Aspect) -> str:
    """SQL of one aspect's reason: order (heaviest first), words, weight; words null for none."""
    told = [
        (n, round(level.weight, 2), level.says)
        for n, level in enumerate(aspect.outcomes, 1)
        if abs(round(level.weight, 2)) >= LEAST_WEIGHT
    ]
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
