"""The Fellegi-Sunter model: what is compared, and what each agreement is worth.

A level's ``m`` is the chance of seeing it in two entries of one project, ``u`` in two entries of
different projects; its weight is ``log2(m / u)``. Where the run itself tells ``u`` (how rare a word
or a kind of facility is, how many projects a municipality has) it is measured from the run, exactly
and without sampling, so the same input gives the same weights. The rest are set here, each with its
reason. Every level carries the words in which it is explained.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.comparison_level_library import CustomLevel, ElseLevel
from splink.comparison_library import CustomComparison
from splink.internals.exceptions import SplinkException

from harvester.domain.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from harvester.engine.engine import Engine

LEAST_PROBABILITY = 0.05
"""Pairs less likely than this are not kept."""


@dataclass(frozen=True)
class Level:
    """One outcome of a comparison. ``when`` is SQL on ``x_l``/``x_r``; ``says`` SQL for its words.

    A level with ``m == u`` weighs nothing and is not mentioned.
    """

    when: str
    m: float
    u: float
    says: str

    @property
    def weight(self) -> float:
        """Bits for (or against) one project."""
        return math.log2(self.m / self.u)


@dataclass(frozen=True)
class Aspect:
    """One comparison: levels tried in order; missing values (``null``) weigh nothing."""

    name: str
    null: str
    levels: tuple[Level, ...]
    otherwise: Level


def bits(when: str, weight: float, says: str, *, m: float = 0.05) -> Level:
    """A level of a given weight, for ``u`` that the run measured."""
    return Level(when, m, min(1.0, m * 2.0**-weight), says)


NEUTRAL = Level("", 0.5, 0.5, "''")
"""Tells nothing either way."""


def _same_municipality(everywhere: float) -> Aspect:
    """Fewer candidates: log2(all projects / projects of this municipality)."""
    deepest = max(5, round(everywhere))
    levels = [
        bits(f"municipality_l = municipality_r AND base_l >= {b}", max(0.0, everywhere - b),
             "'same municipality'")
        for b in range(deepest, 4, -1)
    ]  # fmt: skip
    # 1 in 1000: a wrong or older municipality happens in published lists, but rarely.
    other = Level("", 0.001, 0.9, "'different municipalities'")
    return Aspect(
        "municipality", "municipality_l IS NULL OR municipality_r IS NULL", tuple(levels), other
    )


# Bits of the words two names share: the rarest in full and the others at a third, because words
# of one place name come together; less what each has that the other lacks, at six tenths.
_SHARED = (
    "CASE WHEN municipality_l = municipality_r THEN list_intersect(words_here_l, words_here_r) "
    "ELSE list_intersect(words_everywhere_l, words_everywhere_r) END"
)
_WORTH = f"list_transform({_SHARED}, lambda x: x % 64)"
_LEAST_NAMED = (
    "CASE WHEN municipality_l = municipality_r THEN least(named_here_l, named_here_r) "
    "ELSE least(named_everywhere_l, named_everywhere_r) END"
)
_NAME_BITS = (
    f"((0.65 * coalesce(list_max({_WORTH}), 0) + 0.35 * coalesce(list_sum({_WORTH}), 0) "
    f"- 0.6 * least(36, greatest(0, {_LEAST_NAMED} - coalesce(list_sum({_WORTH}), 0)))) / 2)"
)


def _name() -> Aspect:
    # The bits are dear to compute and each level would compute them anew, so they are computed once
    # for each pair and ride in `match_key`, the one column of a pair that Splink hands through.
    levels = [
        bits(f"match_key >= {low}", low + 1.0, _name_words(low)) for low in range(26, -12, -2)
    ]
    nothing = "len(words_here_l) = 0 OR len(words_here_r) = 0"
    return Aspect("name", nothing, tuple(levels), bits("", -8.0, "'names share no telling word'"))


def _name_words(low: int) -> str:
    if low >= 8:
        return "'rare words of the name agree'"
    if low >= 2:
        return "'words of the name agree in part'"
    return (
        "'only common words of the name agree'" if low >= 0 else "'names differ in telling words'"
    )


_KIND_WORTH = "list_max(list_transform(list_intersect(kinds_l, kinds_r), lambda x: x % 64))"
# The rarest kind that both name.
_KIND_LABEL = (
    "(SELECT label FROM link_kinds WHERE number = list_max(list_transform("
    "list_intersect(kinds_l, kinds_r), lambda x: (x % 64) * 1000 + x // 64)) % 1000)"
)


def _kind() -> Aspect:
    levels = [
        bits(f"{_KIND_WORTH} >= {2 * b}", b - 0.3, f"'same kind of facility: ' || {_KIND_LABEL}")
        for b in range(4, 0, -1)
    ]
    # A list that says "school" for a primary school is the same facility less exactly named.
    wider = Level(
        "len(list_intersect(groups_l, groups_r)) > 0 AND (generic_l OR generic_r)",
        0.10,
        0.05,
        "'kinds of facility fit'",
    )
    # Clinic and health centre, road and bridge of one group are mostly two facilities.
    sibling = Level(
        "len(list_intersect(groups_l, groups_r)) > 0",
        0.025,
        0.25,
        "'related but different kinds of facility'",
    )
    # Both kinds are known and not even of one group: one entry in a hundred is miscalled so.
    other = Level("", 0.01, 0.75, "'different kinds of facility'")
    missing = "len(kinds_l) = 0 OR len(kinds_r) = 0"
    return Aspect("kind", missing, (*levels, wider, sibling), other)  # fmt: skip


def _part(
    name: str, words: str, *, same: tuple[float, float], other: tuple[float, float]
) -> Aspect:
    """Equal, overlapping (``1+2`` and ``2``) or different numbered parts; chances as (m, u)."""
    equal = Level(f"{name}_l = {name}_r", *same, f"'{words} agrees (' || {name}_l || ')'")
    some = Level(
        f"len(list_intersect(string_split({name}_l, '+'), string_split({name}_r, '+'))) > 0",
        0.5,
        0.5,
        "''",
    )
    differs = Level("", *other, f"'{words} differs (' || {name}_l || ' and ' || {name}_r || ')'")
    return Aspect(name, f"{name}_l IS NULL OR {name}_r IS NULL", (equal, some), differs)  # fmt: skip


_KM = "sqrt(pow(px_l - px_r, 2) + pow(py_l - py_r, 2) + pow(pz_l - pz_r, 2))"


def _distance() -> Aspect:
    # m: two offices pin the same site within 300 m two times in three. u: a metro of 40 km across
    # has about 1 project in 200 within 300 m of another and 1 in 60 within 1 km, but most pairs
    # that get here share a suburb's name already, so the figures are doubled.
    far = f"' (' || printf('%.1f', {_KM}) || ' km apart)'"
    levels = (
        Level(f"{_KM} <= 0.3", 0.62, 0.016, "'same place within 300 m'"),
        Level(f"{_KM} <= 1.0", 0.17, 0.028, "'same place within 1 km'"),
        Level(f"{_KM} <= 2.5", 0.08, 0.045, f"'places near one another' || {far}"),
        Level(f"{_KM} <= 5.0", 0.05, 0.08, f"'places not the same' || {far}"),
        Level(f"{_KM} <= 15.0", 0.05, 0.35, f"'places apart' || {far}"),
    )
    other = Level("", 0.03, 0.52, f"'places far apart' || {far}")
    return Aspect("place", "px_l IS NULL OR px_r IS NULL", levels, other)


def _ratio(name: str) -> str:
    # DuckDB's least() and greatest() pass over nulls, so a missing amount has to be caught here.
    return (
        f"CASE WHEN {name}_l IS NULL OR {name}_r IS NULL THEN 0 "
        f"ELSE least({name}_l, {name}_r)::DOUBLE / greatest({name}_l, {name}_r) END"
    )


_RATIO = f"greatest({_ratio('amount')}, {_ratio('total')})"
_AMOUNT_WORDS = f"'amounts differ by ' || round(100 * (1 - {_RATIO}))::INTEGER || ' %'"


def _amount() -> Aspect:
    # m: plans and budgets of one project are mostly within a third; u: amounts of projects spread
    # over three powers of ten, so 1 % agreement by chance is about 1 in 150.
    levels = (
        Level(f"{_RATIO} >= 0.999", 0.20, 0.004, "'amounts are equal'"),
        Level(f"{_RATIO} >= 0.97", 0.14, 0.012, _AMOUNT_WORDS),
        Level(f"{_RATIO} >= 0.85", 0.22, 0.05, _AMOUNT_WORDS),
        Level(f"{_RATIO} >= 0.6", 0.18, 0.11, _AMOUNT_WORDS),
        Level(f"{_RATIO} >= 0.25", 0.14, 0.24, _AMOUNT_WORDS),
        Level(f"{_RATIO} >= 0.08", 0.08, 0.26, _AMOUNT_WORDS),
    )
    missing = "(amount_l IS NULL OR amount_r IS NULL) AND (total_l IS NULL OR total_r IS NULL)"
    return Aspect("amount", missing, levels, Level("", 0.04, 0.32, _AMOUNT_WORDS))


def _years() -> Aspect:
    gap = "(greatest(first_year_l, first_year_r) - least(last_year_l, last_year_r))"
    return Aspect(
        "years", "first_year_l IS NULL OR first_year_r IS NULL",
        (
            Level(f"{gap} <= 0", 0.85, 0.60, "'years overlap'"),
            Level(f"{gap} <= 2", 0.11, 0.15, "'years ' || " + gap + " || ' apart'"),
        ),
        Level("", 0.04, 0.25, "'years ' || " + gap + " || ' apart'"),
    )  # fmt: skip


def _code() -> Aspect:
    # A telling code (five signs, three figures) given twice by one institution is one project
    # unless the number was used again: once in some thousands. A short one may be a row number.
    return Aspect(
        "code", "len(own_codes_l) + len(named_codes_l) = 0 OR len(own_codes_r) + len(named_codes_r) = 0",
        (
            bits("len(list_intersect(codes_l, codes_r)) > 0", 17.0,
                 "'same project number (' || list_min(list_intersect(own_codes_l, own_codes_r)) || ')'",
                 m=0.5),
            bits("len(list_intersect(named_codes_l, own_codes_r)) > 0 OR "
                 "len(list_intersect(own_codes_l, named_codes_r)) > 0", 14.0,
                 "'one names the other''s project number'", m=0.2),
            bits("len(list_intersect(weak_codes_l, weak_codes_r)) > 0", 2.5,
                 "'same short number'", m=0.2),
            # An institution mostly keeps a project's number, though some number afresh each year.
            Level("namespace_l = namespace_r AND code_family_l = code_family_r", 0.2, 0.9,
                  "'different project numbers of one institution'"),
        ),
        NEUTRAL,
    )  # fmt: skip


def _equal(name: str, same: tuple[float, float, str], other: tuple[float, float, str]) -> Aspect:
    """Equal or different codes; each with its chances (m, u) and its words."""
    return Aspect(
        name, f"{name}_l IS NULL OR {name}_r IS NULL",
        (Level(f"{name}_l = {name}_r", same[0], same[1], f"'{same[2]}'"),),
        Level("", other[0], other[1], f"'{other[2]}'"),
    )  # fmt: skip


def _numbers() -> Aspect:
    return Aspect(
        "numbers", "len(numbers_l) = 0 OR len(numbers_r) = 0",
        (Level("len(list_intersect(numbers_l, numbers_r)) > 0", 0.85, 0.30, "'number agrees'"),),
        Level("", 0.015, 0.70, "'number differs'"),
    )  # fmt: skip


def _wards() -> Aspect:
    return Aspect(
        "wards", "len(wards_l) = 0 OR len(wards_r) = 0",
        (Level("len(list_intersect(wards_l, wards_r)) > 0", 0.85, 0.12, "'ward agrees'"),),
        Level("", 0.15, 0.88, "'wards differ'"),
    )  # fmt: skip


def aspects(everywhere: float) -> tuple[Aspect, ...]:
    """All comparisons; ``everywhere`` is log2 of how many projects the run can hold."""
    return (
        _same_municipality(everywhere),
        _name(),
        _kind(),
        # Phases of one project are budgeted separately: another phase is another undertaking.
        _part("phase", "phase", same=(0.96, 0.35), other=(0.003, 0.65)),
        _part("extension", "extension", same=(0.95, 0.10), other=(0.008, 0.90)),
        _part("unit", "zone or unit", same=(0.93, 0.12), other=(0.02, 0.88)),
        _part("package", "package", same=(0.93, 0.25), other=(0.03, 0.75)),
        _part("erf", "erf", same=(0.95, 0.02), other=(0.02, 0.98)),
        _numbers(),
        _wards(),
        _equal(
            "action", (0.65, 0.40, "same kind of work"), (0.35, 0.60, "different kinds of work")
        ),
        _equal(
            "network",
            (0.90, 0.50, "same part of the network"),
            (0.10, 0.50, "other part of the network"),
        ),
        _equal("function", (0.80, 0.25, "same function"), (0.20, 0.75, "different functions")),
        _distance(),
        _amount(),
        _years(),
        _code(),
        # Lists name other spheres' projects, so another owner is weak evidence against.
        _equal("owner", (0.75, 0.45, "same owner"), (0.25, 0.55, "different owners")),
        _equal("parent", (0.80, 0.15, "same programme"), (0.20, 0.40, "different programmes")),
    )


def score(engine: Engine, decided: Sequence[tuple[int, int]] = ()) -> tuple[Aspect, ...]:
    """Score ``link_pairs`` on ``link_features`` into table ``link_scores``.

    The table has ``uid_l``, ``uid_r``, ``match_weight``, ``match_probability`` and, for each
    aspect, ``mw_<name>`` in bits; pairs below :data:`LEAST_PROBABILITY` are left out, but
    ``decided`` pairs (of uids, the lesser first) never are. Returns the aspects, for
    :mod:`harvester.linkage.matching.reasons`.
    """
    db: duckdb.DuckDBPyConnection = engine.connection.con
    found = db.execute("SELECT max(base_everywhere) FROM link_features").fetchone()
    everywhere = float(found[0]) if found and found[0] is not None else 5.0
    compared = aspects(everywhere)
    engine.load("link_decided", _pair_table(decided))
    db.execute("DELETE FROM link_pairs p USING link_decided d "
               "WHERE p.join_key_l = d.join_key_l AND p.join_key_r = d.join_key_r")  # fmt: skip
    _predict(db, "link_pairs", "link_scores", _settings(compared, everywhere), LEAST_PROBABILITY)
    if decided:
        _predict(db, "link_decided", "link_decided_scores", _settings(compared, everywhere), None)
        db.execute("INSERT INTO link_scores SELECT * FROM link_decided_scores")
    return compared


def _pair_table(pairs: Sequence[tuple[int, int]]) -> pa.Table:
    return pa.table({
        "join_key_l": pa.array([left for left, _ in pairs], pa.int64()),
        "join_key_r": pa.array([right for _, right in pairs], pa.int64()),
    })  # fmt: skip


def _sides(side: str) -> str:
    """The columns the name bits are made of, for one side of a pair."""
    used = (
        "uid",
        "municipality",
        "words_here",
        "words_everywhere",
        "named_here",
        "named_everywhere",
    )
    return f"SELECT {', '.join(f'{c} AS {c}_{side}' for c in used)} FROM link_features"


def _predict(
    db: duckdb.DuckDBPyConnection,
    pairs: str,
    scores: str,
    settings: SettingsCreator,
    least: float | None,
) -> None:
    """Let Splink score a table of pairs (``join_key_l``, ``join_key_r``) into another table."""
    db.execute(f"""
CREATE OR REPLACE TABLE link_weighed AS
SELECT join_key_l, join_key_r, floor({_NAME_BITS})::INTEGER AS match_key
FROM {pairs} JOIN ({_sides("l")}) ON uid_l = join_key_l JOIN ({_sides("r")}) ON uid_r = join_key_r
""")
    api = DuckDBAPI(connection=db)
    linker = Linker(
        api.register("link_features"), settings, log_level="ERROR", validate_settings=False
    )
    linker.table_management.register_blocked_pairs_for_predict(api.register("link_weighed"))
    try:
        predicted = linker.inference.predict(
            threshold_match_probability=least, warning_mode="never"
        )
    except SplinkException as error:
        message = f"scoring failed: {str(error)[-2_000:]}"
        raise EngineError(message) from error
    db.execute(f"CREATE OR REPLACE TABLE {scores} AS SELECT * FROM {predicted.physical_name}")
    linker.table_management.delete_tables_created_by_splink_from_db()


def _settings(compared: tuple[Aspect, ...], everywhere: float) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="uid",
        # One partner among all projects of the run; the municipality aspect narrows it.
        probability_two_random_records_match=1.0 / (1.0 + 2.0**everywhere),
        comparisons=[_comparison(aspect) for aspect in compared],
        blocking_rules_to_generate_predictions=[],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=True,
    )


def _comparison(aspect: Aspect) -> CustomComparison:
    levels: list[Any] = [
        CustomLevel(aspect.null, label_for_charts="missing").configure(is_null_level=True)
    ]
    levels += [
        CustomLevel(level.when, label_for_charts=f"{aspect.name} {n}").configure(
            m_probability=level.m, u_probability=level.u
        )
        for n, level in enumerate(aspect.levels)
    ]
    levels.append(
        ElseLevel().configure(m_probability=aspect.otherwise.m, u_probability=aspect.otherwise.u)
    )
    return CustomComparison(output_column_name=aspect.name, comparison_levels=levels)


__all__ = ["LEAST_PROBABILITY", "Aspect", "Level", "aspects", "score"]
