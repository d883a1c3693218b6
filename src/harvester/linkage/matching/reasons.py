"""Why two entries were linked, or not, in words a planner reads, with the weight of each reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harvester.engine.schema.links import BETWEEN, MOST_FIGURES

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
    """Make ``link_wordings`` and give ``link_chances`` a column ``figures``.

    Which reasons a pair has, and their order, depends on its pattern alone, so each ``pattern`` has
    one wording: ``reasons``, a JSON list of ``{"reason", "weight"}``, heaviest first, weights in bits
    with two decimals (positive for one project, negative against); the prior is not among them.
    Where the pair's own figures belong it has ``{1}``, ``{2}`` ..., and ``figures`` holds those with
    a tab between, as :func:`~harvester.engine.schema.links.in_full` puts them together.
    """
    figured = [aspect for aspect in model.aspects if _figures(aspect)]
    if len(figured) > MOST_FIGURES:
        message = f"{len(figured)} comparisons have figures of a pair's own; there is room for {MOST_FIGURES}"
        raise ValueError(message)
    places = {aspect.name: f"{{{n}}}" for n, aspect in enumerate(figured, 1)}
    told = ",\n".join(
        filter(
            None, (_said(model, aspect, places.get(aspect.name, "")) for aspect in model.aspects)
        )
    )
    engine.make("link_wordings", f"""
WITH said AS (
    SELECT pattern, list_filter([{told}], lambda x: x.reason IS NOT NULL) AS reasons
    FROM (SELECT DISTINCT pattern FROM link_chances)
)
SELECT pattern, CAST(to_json(list_transform(list_sort(reasons),
    lambda x: {{'reason': x.reason, 'weight': x.weight}})) AS VARCHAR) AS reasons
FROM said
""")  # fmt: skip
    carried = ("pattern", "match_weight", "likeness", "probability")
    own = ", ".join(f"p.{column}" for column in ("uid_l", "uid_r", *carried))
    own_figures = ", ".join(_figure(model, aspect) for aspect in figured)
    figures = _escaped(f"concat_ws('{BETWEEN}', {own_figures})") if figured else "''"
    pairs = model.measured("link_chances", carried=carried, words=True, among=figured)
    engine.make("link_chances", f"SELECT {own}, {figures} AS figures FROM ({pairs}) p")


def _said(model: Model, aspect: Aspect, place: str) -> str:
    """SQL of one aspect's reason: order (heaviest first), words, weight; words null for none.

    ``place`` stands for the pair's own figures.
    """
    told = [(n, round(level.weight, 2), _standing(level, place)) for n, level in _telling(aspect)]
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


def _figures(aspect: Aspect) -> list[tuple[int, str]]:
    """Outcomes whose words hold figures of the pair's own, with the SQL of those."""
    told = ((n, _parts(level.says)[1]) for n, level in _telling(aspect))
    return [(n, own) for n, own in told if own]


def _standing(level: Level, place: str) -> str:
    """SQL of the words of a level; the pair's own figures go where ``place`` is."""
    standing, own = _parts(level.says)
    return f"{standing[:-1]}{place}'" if own else standing


def _figure(model: Model, aspect: Aspect) -> str:
    """SQL of a pair's own figures in one aspect, ``""`` where its outcome has none."""
    outcome = model.outcome(aspect.name, "p.pattern")
    alike: dict[str, list[str]] = {}
    for n, own in _figures(aspect):
        alike.setdefault(own, []).append(str(n))
    whens = " ".join(f"WHEN {outcome} IN ({', '.join(ns)}) THEN {own}" for own, ns in alike.items())
    return f"coalesce(replace(CASE {whens} END, '{BETWEEN}', ' '), '')"


def _escaped(sql: str) -> str:
    """SQL of a text as it stands within a string of JSON, without what places figures."""
    return f"""replace(replace(replace({sql}, '{{', '('), '\\', '\\\\'), '"', '\\"')"""
