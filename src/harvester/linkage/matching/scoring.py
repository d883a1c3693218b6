"""Scores of candidate pairs: what each pair agrees in, and what Splink's model makes of it.

The outcomes of all comparisons of a pair are packed into one whole number, its *pattern*. A
Fellegi-Sunter score depends on the pattern alone, and a run has far fewer patterns than pairs, so
Splink scores each pattern once, and pairs look their score up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from splink import Linker, SettingsCreator
from splink.comparison_level_library import CustomLevel, ElseLevel
from splink.comparison_library import CustomComparison
from splink.internals.exceptions import SplinkException

from harvester.domain.errors import EngineError
from harvester.linkage.matching.fieldset import LATER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harvester.engine.engine import Engine
    from harvester.linkage.matching.fieldset import Aspect, FieldSet

LEAST_PROBABILITY = 0.05
"""Pairs less likely than this are not kept."""

LATER_BITS = 3.0
"""What the run teaches can raise a pair by so much; pairs so far below are looked at too."""

_SIDED = re.compile(r"\b(\w+)_(?:l|r)\b")


@dataclass(frozen=True)
class Model:
    """The comparisons of a run, and log2 of how many different things the run can hold."""

    aspects: tuple[Aspect, ...]
    everywhere: float

    @property
    def places(self) -> dict[str, tuple[int, int]]:
        """Where each aspect's outcome sits in a pattern: first bit, and the mask for it.

        Raises ``ValueError`` when a pattern would not fit a signed 64-bit number.
        """
        found, at = {}, 0
        for aspect in self.aspects:
            width = len(aspect.outcomes).bit_length()
            found[aspect.name] = (at, (1 << width) - 1)
            at += width
        if at > 62:
            message = f"the comparisons of this field set need {at} bits; a pattern has 62"
            raise ValueError(message)
        return found

    def outcome(self, name: str, pattern: str = "pattern") -> str:
        """SQL for one aspect's outcome in a pattern: 0 missing, then the levels in order."""
        at, mask = self.places[name]
        return f"({pattern} // {1 << at}) % {mask + 1}"

    def measured(self, pairs: str, *, carried: Sequence[str] = (), words: bool = False) -> str:
        """SQL of pairs with each aspect's measure and the fields of both sides that are compared.

        With ``words``, those that reasons are told in too.
        """
        told = [sql for a in self.aspects for sql in _compared(a)]
        if words:
            told += [level.says for a in self.aspects for level in a.outcomes]
        used = sorted({field for sql in told for field in _SIDED.findall(sql)} - {"uid"})
        sides = "".join(f", a.{f} AS {f}_l, b.{f} AS {f}_r" for f in used)
        own = "".join(f", p.{c}" for c in ("uid_l", "uid_r", *carried))[2:]
        first = "".join(f", {sql} AS {c}" for a in self.aspects for c, sql in a.first.items())
        measures = "".join(f", {a.measure} AS {a.name}_measure" for a in self.aspects if a.measure)
        joined = (
            f"SELECT {own}{sides} FROM {pairs} p JOIN link_features a ON a.uid = p.uid_l "
            "JOIN link_features b ON b.uid = p.uid_r"
        )
        return f"SELECT *{measures} FROM (SELECT *{first} FROM ({joined}))"


def score(
    engine: Engine, fields: FieldSet, everywhere: float, records: int | None, *, decided: str = ""
) -> Model:
    """Score ``link_pairs`` on ``link_features`` into table ``link_scores``.

    The table has ``uid_l``, ``uid_r``, ``pattern``, ``match_weight`` (bits, the prior among them) and
    ``odds`` (for against against). Pairs below :data:`LEAST_PROBABILITY` are left out, but those of
    table ``decided`` (``uid_l``, ``uid_r``; ``""`` for none) never are. ``records``: how many there
    are to learn from; ``None`` where what the run teaches is there already.
    """
    model = Model(tuple(fields.aspects(everywhere)), everywhere)
    pairs = "link_pairs"
    if decided:
        engine.make(
            "link_paired",
            f"SELECT uid_l, uid_r FROM link_pairs UNION SELECT uid_l, uid_r FROM {decided}",
        )
        pairs = "link_paired"
    engine.make("link_patterned", _patterned(model, pairs))
    _weigh(engine, model, "link_patterned", "link_scored", decided=decided, room=LATER_BITS)
    scored = "link_scored"
    if fields.learn and fields.refine:
        if records is not None:
            fields.learn(engine, records)
        engine.make("link_refined", fields.refine(engine, model, scored))
        _weigh(engine, model, "link_refined", "link_rescored", decided=decided, room=LATER_BITS)
        engine.make("link_both", """
SELECT * FROM link_rescored
UNION ALL SELECT s.* FROM link_scored s ANTI JOIN link_refined r USING (uid_l, uid_r)
""")  # fmt: skip
        scored = "link_both"
    engine.make("link_scores", _kept(scored, 0.0, decided=decided))
    engine.drop("link_paired", "link_patterned", "link_scored", "link_open", "link_refined",
                "link_rescored", "link_both")  # fmt: skip
    return model


def _weigh(
    engine: Engine, model: Model, pairs: str, scored: str, *, decided: str, room: float
) -> None:
    """Make ``scored``: pairs with the weight and odds of their pattern, down to ``room`` bits below."""
    engine.make(
        "link_patterns",
        "SELECT pattern, row_number() OVER (ORDER BY pattern) AS uid "
        f"FROM (SELECT DISTINCT pattern FROM {pairs})",
    )
    _predict(engine, model)
    engine.make("link_weighed", f"""
SELECT p.uid_l, p.uid_r, p.pattern, s.match_weight, s.odds
FROM {pairs} p JOIN link_pattern_scores s USING (pattern)
""")  # fmt: skip
    engine.make(scored, _kept("link_weighed", room, decided=decided))
    engine.drop("link_patterns", "link_pattern_scores", "link_weighed")


def _kept(scored: str, room: float, *, decided: str) -> str:
    """SQL of the pairs likely enough, ``room`` bits below that included, and of decided ones."""
    least = LEAST_PROBABILITY / (1 - LEAST_PROBABILITY) * 2.0**-room
    if not decided:
        return f"SELECT * FROM {scored} WHERE odds >= {least}"
    return (
        f"SELECT s.* FROM {scored} s LEFT JOIN {decided} d "
        "ON d.uid_l = s.uid_l AND d.uid_r = s.uid_r "
        f"WHERE s.odds >= {least} OR d.uid_l IS NOT NULL"
    )


def _compared(aspect: Aspect) -> list[str]:
    """The SQL that decides an aspect's outcome."""
    told = [aspect.null, aspect.measure, *aspect.first.values()]
    return told + [level.when for level in aspect.levels]


def _patterned(model: Model, pairs: str) -> str:
    packed = " + ".join(
        f"CAST(CASE WHEN {a.null} THEN 0 {_whens(a)} ELSE {len(a.outcomes)} END AS BIGINT) * {1 << at}"
        for a, (at, _) in zip(model.aspects, model.places.values(), strict=True)
        if a.null != LATER
    )
    return f"SELECT uid_l, uid_r, {packed} AS pattern FROM ({model.measured(pairs)})"


def _whens(aspect: Aspect) -> str:
    return " ".join(f"WHEN {level.when} THEN {n}" for n, level in enumerate(aspect.levels, 1))


def _predict(engine: Engine, model: Model) -> None:
    """Let Splink score every pattern once: each is a pair of record 0 with the record it numbers."""
    engine.make(
        "link_pattern_records",
        "SELECT uid, CAST(NULL AS BIGINT) AS match_key FROM link_patterns "
        "UNION ALL SELECT 0, CAST(NULL AS BIGINT)",
    )
    engine.make(
        "link_pattern_pairs",
        "SELECT CAST(0 AS BIGINT) AS join_key_l, uid AS join_key_r, pattern AS match_key FROM link_patterns",
    )
    api = engine.linker_api()
    linker = Linker(
        api.register("link_pattern_records"),
        _settings(model),
        log_level="ERROR",
        validate_settings=False,
    )
    linker.table_management.register_blocked_pairs_for_predict(api.register("link_pattern_pairs"))
    try:
        predicted = linker.inference.predict(warning_mode="never")
    except SplinkException as error:
        message = f"scoring failed: {str(error)[-2_000:]}"
        raise EngineError(message) from error
    engine.make("link_pattern_scores", f"""
SELECT p.pattern, round(s.match_weight, 6) AS match_weight,
    pow(CAST(2 AS DOUBLE), round(s.match_weight, 6)) AS odds
FROM {predicted.physical_name} s JOIN link_patterns p ON p.uid = s.uid_r
""")  # fmt: skip
    linker.table_management.delete_tables_created_by_splink_from_db()
    engine.drop("link_pattern_records", "link_pattern_pairs")


def _settings(model: Model) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="uid",
        # One partner among all projects of the run; the municipality aspect narrows it.
        probability_two_random_records_match=1.0 / (1.0 + 2.0**model.everywhere),
        comparisons=[_comparison(model, aspect) for aspect in model.aspects],
        blocking_rules_to_generate_predictions=[],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


def _comparison(model: Model, aspect: Aspect) -> CustomComparison:
    outcome = model.outcome(aspect.name, "match_key")
    levels: list[Any] = [
        CustomLevel(
            f"{outcome} = 0", label_for_charts="missing", base_dialect_str="duckdb"
        ).configure(is_null_level=True)
    ]
    levels += [
        CustomLevel(
            f"{outcome} = {n}", label_for_charts=f"{aspect.name} {n}", base_dialect_str="duckdb"
        ).configure(m_probability=level.m, u_probability=level.u)
        for n, level in enumerate(aspect.levels, 1)
    ]
    levels.append(
        ElseLevel().configure(m_probability=aspect.otherwise.m, u_probability=aspect.otherwise.u)
    )
    return CustomComparison(output_column_name=aspect.name, comparison_levels=levels)


__all__ = ["LEAST_PROBABILITY", "Model", "score"]
