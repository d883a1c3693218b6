"""How two projects are compared, and what each agreement is worth.

Where the run itself tells how likely chance agreement is (how rare a word or a kind of facility is,
how many projects a municipality has) it is measured from the run, exactly and without sampling, so
the same input gives the same weights. The rest are set here, each with its reason. Every level
carries the words in which it is explained.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from harvester.linkage.matching.fieldset import NEUTRAL, Additions, Aspect, FieldSet, Level, bits
from harvester.linkage.projects import features, keys, synonyms
from harvester.linkage.projects.features import SIDE_BY_SIDE
from harvester.linkage.projects.rarity import WORD
from harvester.rules import lexicon

if TYPE_CHECKING:
    from harvester.rules.lexicon import Learned


def _same_municipality(everywhere: float) -> Aspect:
    """Fewer candidates: log2(all projects / projects of this municipality)."""
    deepest = max(5, round(everywhere))
    levels = [
        bits(f"same_municipality_l = same_municipality_r AND base_l >= {b}", max(0.0, everywhere - b),
             "'same municipality'")
        for b in range(deepest, 4, -1)
    ]  # fmt: skip
    # 1 in 1000: a wrong or older municipality happens in published lists, but rarely.
    other = Level("", 0.001, 0.9, "'different municipalities'")
    return Aspect(
        "municipality",
        "same_municipality_l IS NULL OR same_municipality_r IS NULL",
        tuple(levels),
        other,
    )


def _among(column: str, n: int, other: str = "", *, left: str = "l") -> str:
    """SQL: whether the ``n``-th of one side's list is among the other side's."""
    listed = other or column
    right = "r" if left == "l" else "l"
    most = _MOST[listed]
    return (
        f"{column}{n}_{left} IN ({', '.join(f'{listed}{k}_{right}' for k in range(1, most + 1))})"
    )


def _shared(column: str, other: str = "", *, left: str = "l") -> str:
    """SQL: whether two lists have anything in common."""
    every = range(1, _MOST[column] + 1)
    return "(" + " OR ".join(_among(column, n, other, left=left) for n in every) + ")"


_MOST = dict(SIDE_BY_SIDE.values())

# Bits of the words two names share: the rarest in full and the others at a third, because words
# of one place name come together; less what each has that the other lacks, at a half.
_SAME_TOWN = "same_municipality_l = same_municipality_r"


def _hit(n: int) -> str:
    """Information (half bits) of one side's ``n``-th word if the other side has it, else 0."""
    here = f"CASE WHEN {_among('word', n)} THEN word{n}_l // {WORD} ELSE 0 END"
    if n > _MOST["any"]:
        return f"CASE WHEN {_SAME_TOWN} THEN {here} ELSE 0 END"
    anywhere = f"CASE WHEN {_among('any', n)} THEN any{n}_l // {WORD} ELSE 0 END"
    return f"CASE WHEN {_SAME_TOWN} THEN {here} ELSE {anywhere} END"


_HITS = {f"name_hit{n}": _hit(n) for n in range(1, _MOST["word"] + 1)}
_MOST_SHARED, _ALL_SHARED = f"greatest({', '.join(_HITS)})", f"({' + '.join(_HITS)})"
_LEAST_NAMED = (
    f"CASE WHEN {_SAME_TOWN} THEN least(named_here_l, named_here_r) "
    "ELSE least(named_everywhere_l, named_everywhere_r) END"
)
# Hundredths of half bits, as whole numbers: DuckDB takes 0.65 for a decimal, which is slow.
_NAME_BITS = (
    f"CAST(65 * {_MOST_SHARED} + 35 * {_ALL_SHARED} "
    f"- 50 * least(36, greatest(0, {_LEAST_NAMED} - {_ALL_SHARED})) AS DOUBLE) / 200"
)


def _name() -> Aspect:
    levels = [
        bits(f"name_measure >= {low}", low + 1.0, _name_words(low)) for low in range(26, -12, -2)
    ]
    # Words of an account that the other name lacks are no evidence that it is another project.
    nothing = (
        "word1_l IS NULL OR word1_r IS NULL "
        "OR ((accounting_l OR accounting_r) AND name_measure < 0)"
    )
    other = bits("", -8.0, "'names share no telling word'")
    return Aspect(
        "name",
        nothing,
        tuple(levels),
        other,
        measure=_NAME_BITS,
        first=_HITS,
    )


def _name_words(low: int) -> str:
    if low >= 8:
        return "'rare words of the name agree'"
    if low >= 2:
        return "'words of the name agree in part'"
    return (
        "'only common words of the name agree'" if low >= 0 else "'names differ in telling words'"
    )


# The rarest kind that both name: its information (half bits) times 1000, and its number.
_KIND_HITS = {
    f"kind_hit{n}": f"CASE WHEN {_among('kind', n)} THEN (kind{n}_l % 64) * 1000 + kind{n}_l // 64 END"
    for n in range(1, _MOST["kind"] + 1)
}


def _kind_label() -> str:
    """SQL that names the kind both have."""
    kinds = sorted(lexicon.load().kinds.items())
    named = ", ".join(f"'{kind.label.replace(chr(39), chr(39) * 2)}'" for _, kind in kinds)
    # Picked out of a list: of eighty cases each would be tried in turn.
    return f"'same kind of facility: ' || [{named}][CAST(kind_measure % 1000 + 1 AS INTEGER)]"


def _kind() -> Aspect:
    label = _kind_label()
    levels = [bits(f"kind_measure >= {2000 * b}", b - 0.3, label) for b in range(4, 0, -1)]
    # A list that says "school" for a primary school is the same facility less exactly named.
    wider = Level(
        f"{_shared('grp')} AND (generic_l OR generic_r)",
        0.10,
        0.05,
        "'kinds of facility fit'",
    )
    # An account is a class that projects of several kinds are booked to.
    account = Level(
        "accounting_l OR accounting_r", 0.20, 0.45, "'booked to another kind of facility'"
    )
    # Clinic and health centre, road and bridge of one group are mostly two facilities.
    sibling = Level(
        _shared("grp"),
        0.025,
        0.25,
        "'related but different kinds of facility'",
    )
    # Both kinds are known and not even of one group: one entry in twenty-five is miscalled so.
    other = Level("", 0.04, 0.70, "'different kinds of facility'")
    missing = "kind1_l IS NULL OR kind1_r IS NULL"
    rarest = f"greatest({', '.join(_KIND_HITS)})"
    return Aspect(
        "kind", missing, (*levels, wider, account, sibling), other, measure=rarest, first=_KIND_HITS
    )


def _part(
    name: str,
    words: str,
    *,
    same: tuple[float, float],
    other: tuple[float, float],
    alone: tuple[float, float] = (0.5, 0.5),
) -> Aspect:
    """Equal, overlapping (``1+2`` and ``2``), one-sided or different parts; chances as (m, u).

    That only one names a part tells something where both are names as people write them: a plan
    says "Zone 8" because there are others.
    """
    article = "an" if words[0] in "aeiou" else "a"
    equal = Level(f"{name}_l = {name}_r", *same, f"'{words} agrees (' || {name}_l || ')'")
    some = Level(
        f"len(list_intersect(string_split({name}_l, '+'), string_split({name}_r, '+'))) > 0",
        0.5,
        0.5,
        "''",
    )
    one = Level(
        f"{name}_l IS NULL OR {name}_r IS NULL",
        *alone,
        f"'only one names {article} {words} (' || coalesce({name}_l, {name}_r) || ')'",
    )
    differs = Level("", *other, f"'{words} differs (' || {name}_l || ' and ' || {name}_r || ')'")
    nothing = f"({name}_l IS NULL AND {name}_r IS NULL) OR (({name}_l IS NULL OR {name}_r IS NULL) AND NOT {_BOTH_SPOKEN})"
    return Aspect(name, nothing, (equal, one, some), differs)


_BOTH_SPOKEN = "(spoken_l AND spoken_r)"


def _programme() -> Aspect:
    one = Level("programme_l <> programme_r", 0.05, 0.38, "'one is a programme, the other is not'")
    both = Level("programme_l", 0.60, 0.15, "'both are programmes'")
    return Aspect("programme", f"NOT {_BOTH_SPOKEN}", (one, both), NEUTRAL)


_KM = "sqrt(pow(px_l - px_r, 2) + pow(py_l - py_r, 2) + pow(pz_l - pz_r, 2))"


def _distance() -> Aspect:
    # m: two offices pin the same site within 300 m two times in three. u: a metro of 40 km across
    # has about 1 project in 200 within 300 m of another and 1 in 60 within 1 km, but most pairs
    # that get here share a suburb's name already, so the figures are doubled.
    far = "' (' || printf('%.1f', place_measure) || ' km apart)'"
    levels = (
        Level("place_measure <= 0.3", 0.55, 0.025, "'same place within 300 m'"),
        Level("place_measure <= 1.0", 0.17, 0.028, "'same place within 1 km'"),
        Level("place_measure <= 2.5", 0.06, 0.055, f"'places near one another' || {far}"),
        Level("place_measure <= 5.0", 0.04, 0.09, f"'places not the same' || {far}"),
        Level("place_measure <= 15.0", 0.05, 0.35, f"'places apart' || {far}"),
    )
    other = Level("", 0.03, 0.52, f"'places far apart' || {far}")
    return Aspect("place", "px_l IS NULL OR px_r IS NULL", levels, other, measure=_KM)


def _ratio(name: str) -> str:
    # DuckDB's least() and greatest() pass over nulls, so a missing amount has to be caught here.
    return (
        f"CASE WHEN {name}_l IS NULL OR {name}_r IS NULL THEN 0 "
        f"ELSE CAST(least({name}_l, {name}_r) AS DOUBLE) / greatest({name}_l, {name}_r) END"
    )


_RATIO = f"greatest({_ratio('amount')}, {_ratio('total')})"
_AMOUNT_WORDS = (
    "'amounts differ by ' || CASE WHEN amount_measure > 0.995 THEN 'less than 1 %'"
    " WHEN amount_measure < 0.005 THEN 'more than 99 %'"
    " ELSE CAST(round(100 * (1 - amount_measure)) AS INTEGER) || ' %' END"
)


def _amount() -> Aspect:
    # m: plans and budgets of one project are mostly within a third, one in five is equal; u: how
    # rare an amount is among the municipality's is measured; amounts spread over three powers of ten.
    # Amounts of two figures are near one another by their roundness: that is never worth more than
    # being equal to one that many projects have.
    equal = "'amounts are equal'"
    rare = "amount_same AND least(amount_info_l, amount_info_r) >= "
    near_round = (
        f"({_ratio('amount')} >= 0.97 AND greatest(amount_info_l, amount_info_r) < 12) "
        f"OR ({_ratio('total')} >= 0.97 AND total_round_l AND total_round_r)"
    )
    levels = (
        bits(rare + "20", 7.7, equal, m=0.1),
        bits(rare + "16", 5.7, equal, m=0.1),
        bits(rare + "12", 3.7, equal, m=0.1),
        bits(rare + "10", 2.7, equal, m=0.1),
        bits("amount_same", 1.7, equal, m=0.1),
        # Whole costs of two figures (R 24 m) are as soon shared by chance as such amounts are.
        bits("amount_measure >= 0.999 AND total_round_l AND total_round_r", 2.7, equal, m=0.1),
        Level("amount_measure >= 0.999", 0.20, 0.006, equal),
        bits(near_round, 1.7, _AMOUNT_WORDS, m=0.1),
        Level("amount_measure >= 0.97", 0.14, 0.012, _AMOUNT_WORDS),
        Level("amount_measure >= 0.85", 0.22, 0.05, _AMOUNT_WORDS),
        Level("amount_measure >= 0.6", 0.18, 0.11, _AMOUNT_WORDS),
        Level("amount_measure >= 0.25", 0.14, 0.24, _AMOUNT_WORDS),
        Level("amount_measure >= 0.08", 0.08, 0.26, _AMOUNT_WORDS),
    )
    missing = "(amount_l IS NULL OR amount_r IS NULL) AND (total_l IS NULL OR total_r IS NULL)"
    other = Level("", 0.04, 0.32, _AMOUNT_WORDS)
    same = {"amount_same": f"{_ratio('amount')} >= 0.999"}
    return Aspect("amount", missing, levels, other, measure=_RATIO, first=same)


def _years() -> Aspect:
    apart = "'years ' || years_measure || ' apart'"
    return Aspect(
        "years", "first_year_l IS NULL OR first_year_r IS NULL",
        (
            Level("years_measure <= 0", 0.85, 0.60, "'years overlap'"),
            Level("years_measure <= 2", 0.11, 0.15, apart),
        ),
        Level("", 0.04, 0.25, apart),
        measure="greatest(first_year_l, first_year_r) - least(last_year_l, last_year_r)",
    )  # fmt: skip


_OWN_SHARED = f"CASE WHEN {_among('own', 1)} THEN own_codes_l[1] ELSE own_codes_l[2] END"


def _code() -> Aspect:
    # A telling code (five signs, three figures) given twice by one institution is one project
    # unless the number was used again: once in some thousands. A short one may be a row number.
    return Aspect(
        "code", "coalesce(own1_l, named1_l) IS NULL OR coalesce(own1_r, named1_r) IS NULL",
        (
            bits(_shared("code"), 17.0, f"'same project number (' || {_OWN_SHARED} || ')'", m=0.5),
            bits(f"{_shared('named', 'own')} OR {_shared('named', 'own', left='r')}", 14.0,
                 "'one names the other''s project number'", m=0.2),
            bits(_shared("weak"), 2.5,
                 "'same short number'", m=0.2),
            # An institution mostly keeps a project's number, though some number afresh each year.
            Level("same_family_l = same_family_r", 0.2, 0.9,
                  "'different project numbers of one institution'"),
        ),
        NEUTRAL,
    )  # fmt: skip


def _equal(name: str, same: tuple[float, float, str], other: tuple[float, float, str]) -> Aspect:
    """Equal or different codes; each with its chances (m, u) and its words."""
    return Aspect(
        name, f"same_{name}_l IS NULL OR same_{name}_r IS NULL",
        (Level(f"same_{name}_l = same_{name}_r", same[0], same[1], f"'{same[2]}'"),),
        Level("", other[0], other[1], f"'{other[2]}'"),
    )  # fmt: skip


def _numbers() -> Aspect:
    return Aspect(
        "numbers", "number1_l IS NULL OR number1_r IS NULL",
        (Level(_shared("number"), 0.85, 0.30, "'number agrees'"),),
        Level("", 0.015, 0.70, "'number differs'"),
    )  # fmt: skip


def _wards() -> Aspect:
    return Aspect(
        "wards", "ward1_l IS NULL OR ward1_r IS NULL",
        (Level(_shared("ward"), 0.85, 0.12, "'ward agrees'"),),
        Level("", 0.15, 0.88, "'wards differ'"),
    )  # fmt: skip


def aspects(everywhere: float) -> tuple[Aspect, ...]:
    """All comparisons; ``everywhere`` is log2 of how many projects the run can hold."""
    return (
        _same_municipality(everywhere),
        _name(),
        _kind(),
        synonyms.aspect(),
        # Phases of one project are budgeted separately: another phase is another undertaking.
        _part("phase", "phase", same=(0.96, 0.35), other=(0.003, 0.65), alone=(0.09, 0.36)),
        _part("extension", "extension", same=(0.95, 0.10), other=(0.008, 0.90), alone=(0.12, 0.40)),
        _part("unit", "zone or unit", same=(0.93, 0.12), other=(0.02, 0.88), alone=(0.12, 0.40)),
        _programme(),
        _part("package", "package", same=(0.93, 0.25), other=(0.03, 0.75)),
        _part("erf", "erf", same=(0.95, 0.02), other=(0.02, 0.98)),
        _numbers(),
        _wards(),
        _equal(
            "action", (0.85, 0.38, "same kind of work"), (0.15, 0.62, "different kinds of work")
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


CALIBRATION = (0.65, -0.24)
"""Slope and offset from bits to honest bits: evidence of one pair is not quite independent. Learnt by
``python -m benchmarks.linkage calibration`` on training countries, invented and sample, all levels."""


def projects(learned: Learned | None = None) -> FieldSet:
    """The field set of projects, with the words that people's decisions taught."""
    statistics = (*features.STATISTICS, *keys.CROWDS, *synonyms.LEARNT)
    return FieldSet(
        name="projects",
        features=partial(features.build, learned=learned),
        keys=keys.keys,
        crowd=keys.CROWD,
        editions=keys.editions,
        aspects=aspects,
        learn=synonyms.learn,
        refine=synonyms.refine,
        members="SELECT uid, src, codes, municipality, phase, extension, unit FROM link_features",
        parts=("phase", "extension", "unit"),
        yearly=("amount", "years", "code"),
        calibration=CALIBRATION,
        additions=Additions(
            features=partial(features.extend, learned=learned),
            keys=keys.later_keys,
            marks=features.MARKS,
            statistics=statistics,
            standing=(*keys.CROWDS, *synonyms.LEARNT),
        ),
    )


PROJECTS = projects()
"""The field set of projects."""
