"""Scores of candidate pairs: what each pair agrees in, and what Splink's model makes of it.

The outcomes of all comparisons of a pair are packed into one whole number, its *pattern*. A
Fellegi-Sunter score depends on the pattern alone, and a run has far fewer patterns than pairs, so
Splink scores each pattern once, and pairs look their score up.

A list repeats its rows from year to year with other money in them. Records that are alike in all
that a field set does not call ``yearly`` are one *profile*, and two profiles are compared once,
however many pairs of records they stand for: of a million entries, one pair in five.
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
    from collections.abc import Collection, Sequence

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

    def measured(
        self,
        pairs: str,
        *,
        carried: Sequence[str] = (),
        words: bool = False,
        among: Sequence[Aspect] | None = None,
        features: str = "link_features",
    ) -> str:
        """SQL of pairs with each aspect's measure and the fields of both sides that are compared.

        With ``words``, those that reasons are told in instead. ``among``: these aspects only.
        """
        among = self.aspects if among is None else among
        used = _fields(among, words=words)
        sides = "".join(f", a.{f} AS {f}_l, b.{f} AS {f}_r" for f in used)
        own = "".join(f", p.{c}" for c in ("uid_l", "uid_r", *carried))[2:]
        first = "".join(f", {sql} AS {c}" for a in among for c, sql in a.first.items())
        measures = "".join(f", {a.measure} AS {a.name}_measure" for a in among if a.measure)
        joined = (
            f"SELECT {own}{sides} FROM {pairs} p JOIN {features} a ON a.uid = p.uid_l "
            f"JOIN {features} b ON b.uid = p.uid_r"
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
    _compare(engine, model, pairs, fields.yearly)
    _weigh(engine, model, "link_patterned", "link_scored", decided=decided, room=LATER_BITS)
    scored = "link_scored"
    if fields.learn and fields.refine:
        if records is not None:
            fields.learn(engine, records)
        engine.make("link_refined", fields.refine(engine, model, scored))
        _weigh(engine, model, "link_refined", "link_rescored", decided=decided, room=LATER_BITS)
        scored = """(
SELECT * FROM link_rescored
UNION ALL SELECT s.* FROM link_scored s ANTI JOIN link_refined r USING (uid_l, uid_r)
)"""
    engine.make("link_scores", _kept(scored, 0.0, decided=decided))
    engine.drop("link_paired", "link_patterned", "link_scored", "link_open", "link_refined",
                "link_rescored")  # fmt: skip
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
    weighed = f"""(
SELECT p.uid_l, p.uid_r, p.pattern, s.match_weight, s.odds
FROM {pairs} p JOIN link_pattern_scores s USING (pattern)
)"""
    engine.make(scored, _kept(weighed, room, decided=decided))
    engine.drop("link_patterns", "link_pattern_scores")


def _kept(scored: str, room: float, *, decided: str) -> str:
    """SQL of the pairs likely enough, ``room`` bits below that included, and of decided ones."""
    least = LEAST_PROBABILITY / (1 - LEAST_PROBABILITY) * 2.0**-room
    if not decided:
        return f"SELECT * FROM {scored} s WHERE odds >= {least}"
    return (
        f"SELECT s.* FROM {scored} s LEFT JOIN {decided} d "
        "ON d.uid_l = s.uid_l AND d.uid_r = s.uid_r "
        f"WHERE s.odds >= {least} OR d.uid_l IS NOT NULL"
    )


def _fields(aspects: Sequence[Aspect], *, words: bool = False) -> list[str]:
    """Columns of ``link_features`` that decide the outcomes of aspects, or that their words tell."""
    told = [sql for a in aspects for sql in (a.measure, *a.first.values())]
    for aspect in aspects:
        if words:
            told += [level.says for level in aspect.outcomes]
        else:
            told += [aspect.null, *(level.when for level in aspect.levels)]
    return sorted({field for sql in told for field in _SIDED.findall(sql)} - {"uid"})


def _compare(engine: Engine, model: Model, pairs: str, yearly: Collection[str]) -> None:
    """Make ``link_patterned``: the ``pattern`` of each of ``pairs``, two profiles compared once."""
    standing = [a for a in model.aspects if a.name not in yearly and a.null != LATER]
    changing = [a for a in model.aspects if a.name in yearly]
    if not changing:
        engine.make(
            "link_patterned",
            f"SELECT uid_l, uid_r, {_packed(model, standing)} AS pattern "
            f"FROM ({model.measured(pairs, among=standing)})",
        )
        return
    # Of a million profiles two have one hash of 64 bits once in some tens of millions of runs.
    engine.make("link_profiles", f"""
WITH said AS (SELECT uid, hash({", ".join(_fields(standing))}) AS h FROM link_features)
SELECT uid, profile FROM said JOIN (SELECT h, min(uid) AS profile FROM said GROUP BY h) USING (h)
""")  # fmt: skip
    engine.make("link_profiled", f"""
SELECT p.uid_l, p.uid_r, least(a.profile, b.profile) AS one, greatest(a.profile, b.profile) AS other
FROM {pairs} p JOIN link_profiles a ON a.uid = p.uid_l JOIN link_profiles b ON b.uid = p.uid_r
""")  # fmt: skip
    engine.make("link_faces", f"""
SELECT uid, {", ".join(_fields(standing))} FROM link_features
SEMI JOIN (SELECT DISTINCT profile AS uid FROM link_profiles) USING (uid)
""")  # fmt: skip
    engine.make("link_asked", "SELECT DISTINCT one AS uid_l, other AS uid_r FROM link_profiled")
    engine.make("link_standing", f"""
SELECT uid_l AS one, uid_r AS other, {_packed(model, standing)} AS pattern
FROM ({model.measured("link_asked", among=standing, features="link_faces")})
""")  # fmt: skip
    engine.make("link_patterned", f"""
SELECT p.uid_l, p.uid_r, s.pattern + {_packed(model, changing)} AS pattern
FROM ({model.measured("link_profiled", carried=("one", "other"), among=changing)}) p
JOIN link_standing s USING (one, other)
""")  # fmt: skip
    engine.drop("link_profiles", "link_profiled", "link_faces", "link_asked", "link_standing")


def _packed(model: Model, aspects: Sequence[Aspect]) -> str:
    """SQL of the part of a pattern that some aspects make."""
    places = model.places
    return " + ".join(
        f"CAST(CASE WHEN {a.null} THEN 0 {_whens(a)} ELSE {len(a.outcomes)} END AS BIGINT) * {1 << places[a.name][0]}"
        for a in aspects
    )


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
