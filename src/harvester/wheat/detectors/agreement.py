"""W06, W07, W10, W12: documents that name the same project and say different things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.wheat import words
from harvester.wheat.finding import Bench, Draft, Shown, declared, name_of, plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIDES = ", ".join(
    f"{side}.{column} AS {column.strip(chr(34))}_{side}"
    for side in "ab"
    for column in (
        "document",
        "institution",
        "entry_id",
        "entries",
        "owner",
        "sphere",
        '"grant"',
        "year",
        "ladder",
    )
)


def _named(chosen: str) -> str:
    """SQL of pairs with what stands on either side. ``chosen``: SQL of the pairs of ``fact_pair_of``, picked
    out of all before anything is laid beside them."""
    return f"""
SELECT p.undertaking_id, p.season, p.sure, p.month0, p.month1, p.first_a, p.first_b,
       p.own_first_a, p.own_first_b, {_SIDES}, m.amount_a, m.amount_b,
       u.name, coalesce(u.metro, 'unknown') AS metro, coalesce(u."function", 'unknown')
       AS "function"
FROM ({chosen}) p
JOIN fact_appearance a ON a.entry_id = p.a
JOIN fact_appearance b ON b.entry_id = p.b
JOIN in_undertakings u ON u.undertaking_id = p.undertaking_id
LEFT JOIN fact_pair_amounts m ON m.a = p.a AND m.b = p.b
"""


def _of_amounts(condition: str) -> str:
    """SQL of the pairs whose amounts meet a condition."""
    return (
        "SELECT p.* FROM fact_pair_of p "
        f"SEMI JOIN (SELECT a, b FROM fact_pair_amounts WHERE {condition}) m USING (a, b)"
    )


# The pair of documents that lies furthest apart speaks for the undertaking.
_FURTHEST = """
SELECT * FROM fact_pair_of
WHERE own_first_a IS NOT NULL AND own_first_b IS NOT NULL AND abs(first_a - first_b) > {months}
QUALIFY rank() OVER (PARTITION BY undertaking_id, season ORDER BY abs(first_a - first_b) DESC) = 1
"""
_YEARS = f"""
SELECT *, abs(first_a - first_b) AS apart FROM ({_named(_FURTHEST)})
QUALIFY row_number() OVER (PARTITION BY undertaking_id, season ORDER BY apart DESC, sure DESC,
        document_a, document_b, institution_a, institution_b) = 1
ORDER BY undertaking_id, season
"""


def years_disagree(bench: Bench) -> Iterator[Draft]:
    """W06: first plan months of one undertaking more than a year apart between documents."""
    for row in bench.facts.query(_YEARS.format(months=bench.thresholds["W06.months"])).to_pylist():
        a, b = _papers(bench, row)
        first_a, first_b = words.month(row["first_a"]), words.month(row["first_b"])
        yield _about_pair(
            row,
            statement=f"{words.project(row['name'])} begins in {first_a} in {a} and in {first_b} in {b}: "
            f"{row['apart']} months apart.",
            rand=_greatest(row),
            confidence=row["sure"],
            notes=(f"begins {first_a}: {a}", f"begins {first_b}: {b}"),
        )


# A whole that one document names and the other has in parts is joined to one of them at most: its
# amounts are no disagreement.
# Documents that speak about the same money: the rungs of one municipality's ladder, a metro's plan
# and the owner's own list, or two lists of one owner. Two institutions' own budgets may share a
# project's cost, which is no disagreement; equal ones are W10's.
_SAME_MONEY = """
    (ladder_a AND ladder_b AND institution_a = institution_b)
 OR (ladder_a AND NOT ladder_b AND document_a IN ('pipeline', 'idp') AND owner_a = owner_b)
 OR (NOT ladder_a AND NOT ladder_b AND owner_a = owner_b)
"""

_DIFFER = """
amount_a > 0 AND amount_b > 0 AND abs(amount_a - amount_b) >= {floor}
AND abs(amount_a - amount_b) * 100 > {percent} * greatest(amount_a, amount_b)::HUGEINT
"""
_AMOUNTS = f"""
SELECT *, abs(amount_a - amount_b) AS apart FROM ({_named(_of_amounts(_DIFFER))})
ANTI JOIN (SELECT undertaking_id FROM fact_kin WHERE role = 'whole') USING (undertaking_id)
WHERE {_SAME_MONEY}
QUALIFY row_number() OVER (PARTITION BY undertaking_id, season ORDER BY apart DESC, sure DESC,
        document_a, document_b, institution_a, institution_b) = 1
ORDER BY undertaking_id, season
"""


def amounts_disagree(bench: Bench) -> Iterator[Draft]:
    """W07: amounts of one undertaking differ over the months both documents cover."""
    query = _AMOUNTS.format(
        floor=bench.thresholds.cents("W07.floor_rand"),
        percent=bench.thresholds["W07.difference_percent"],
    )
    for row in bench.facts.query(query).to_pylist():
        a, b = _papers(bench, row)
        months = f"{words.month(row['month0'])} to {words.month(row['month1'])}"
        yield _about_pair(
            row,
            statement=f"{words.project(row['name'])} has {words.rand(row['amount_a'])} in {a} and "
            f"{words.rand(row['amount_b'])} in {b} for the months {months}: "
            f"{words.rand(row['apart'])} apart.",
            rand=row["apart"],
            confidence=row["sure"],
            notes=(f"amount in {a}", f"amount in {b}"),
        )


# Two owners of different spheres budget the same full amount in the same months, and neither is
# the department that transfers the grant from which the other pays. Two municipalities cannot
# budget for one place.
_EQUAL = """
least(amount_a, amount_b) >= {floor}
AND least(amount_a, amount_b)::HUGEINT * 100 >= {percent} * greatest(amount_a, amount_b)::HUGEINT
"""
_DOUBLE = f"""
SELECT * FROM ({_named(_of_amounts(_EQUAL))})
WHERE document_a IN ('budget', 'provincial_projects', 'national_projects', 'agency_projects')
  AND document_b IN ('budget', 'provincial_projects', 'national_projects', 'agency_projects')
  AND owner_a <> 'unknown' AND owner_b <> 'unknown' AND owner_a <> owner_b
  AND NOT (ladder_a AND ladder_b)
QUALIFY row_number() OVER (PARTITION BY undertaking_id, season ORDER BY
        least(amount_a, amount_b) DESC, sure DESC, document_a, document_b, institution_a,
        institution_b) = 1
ORDER BY undertaking_id, season
"""


def funded_twice(bench: Bench) -> Iterator[Draft]:
    """W10: two institutions each budget the full amount of one undertaking in the same months."""
    query = _DOUBLE.format(
        floor=bench.thresholds.cents("W10.floor_rand"),
        percent=bench.thresholds["W10.same_amount_percent"],
    )
    for row in bench.facts.query(query).to_pylist():
        if _is_transfer(bench, row):
            continue
        a, b = _papers(bench, row)
        same = row["grant_a"] == row["grant_b"] and bench.givers(row["grant_a"], "")
        from_grant = f", both from the {bench.grants.label(row['grant_a'])}" if same else ""
        rand = min(row["amount_a"], row["amount_b"])
        yield _about_pair(
            row,
            statement=f"{words.project(row['name'])} may be funded twice: {words.rand(row['amount_a'])} in {a} "
            f"and {words.rand(row['amount_b'])} in {b} for the same months{from_grant}.",
            rand=rand,
            confidence=row["sure"],
            notes=(f"budgeted in {a}", f"budgeted in {b}"),
        )


def _is_transfer(bench: Bench, row: dict[str, object]) -> bool:
    """Whether one side transfers the grant the other spends: the same money, shown twice."""
    for mine, other in (("a", "b"), ("b", "a")):
        givers = bench.givers(row[f"grant_{mine}"], row[f"sphere_{mine}"])
        if givers & {row[f"owner_{other}"], row[f"institution_{other}"], row[f"sphere_{other}"]}:
            return True
    return False


# One point per publisher and document, from its latest season; the pair furthest apart speaks.
_PLACES = """
WITH latest AS (
    SELECT s.*, u.name AS undertaking, coalesce(u.metro, 'unknown') AS undertaking_place,
           coalesce(u."function", 'unknown') AS undertaking_function
    FROM fact_standing s JOIN in_undertakings u USING (undertaking_id)
    WHERE s.kind = 'project' AND s.document <> 'in_year'
    QUALIFY row_number() OVER (PARTITION BY s.undertaking_id, s.document, s.institution
            ORDER BY s.season DESC, s.longitude IS NULL, s.row, s.entry_id) = 1
), pair AS (
    SELECT a.undertaking_id, a.undertaking AS name, a.undertaking_place AS metro,
           a.undertaking_function AS function, greatest(a.season, b.season) AS season,
           a.document AS document_a, b.document AS document_b,
           a.institution AS institution_a, b.institution AS institution_b,
           a.year AS year_a, b.year AS year_b, a.entry_id AS entry_id_a, b.entry_id AS entry_id_b,
           [a.entry_id] AS entries_a, [b.entry_id] AS entries_b,
           a.owner AS owner_a, b.owner AS owner_b, a.amount_cents AS amount_a,
           b.amount_cents AS amount_b, least(a.probability, b.probability) AS sure,
           a.zone_text AS zone_a, b.zone_text AS zone_b,
           a.stated_metro AS place_a, b.stated_metro AS place_b,
           CASE WHEN a.place_class = 'located' AND b.place_class = 'located' THEN
               2 * 6371008.8 * asin(sqrt(
                   pow(sin(radians(b.latitude - a.latitude) / 2), 2)
                   + cos(radians(a.latitude)) * cos(radians(b.latitude))
                   * pow(sin(radians(b.longitude - a.longitude) / 2), 2))) END AS metres
    FROM latest a JOIN latest b ON a.undertaking_id = b.undertaking_id
         AND (a.document, a.institution) < (b.document, b.institution)
         AND (NOT (a.ladder AND b.ladder) OR a.institution = b.institution)
)
SELECT * FROM (
    SELECT *, place_a <> place_b AND place_a <> 'unknown' AND place_b <> 'unknown' AS other_place,
           trim(zone_a) <> '' AND trim(zone_b) <> '' AND lower(trim(zone_a)) <> lower(trim(zone_b))
           AS other_zone
    FROM pair)
WHERE metres > {metres} OR other_place OR other_zone
ORDER BY undertaking_id, metres DESC NULLS LAST, other_place DESC, document_a, document_b,
         institution_a, institution_b
"""


def places_disagree(bench: Bench) -> Iterator[Draft]:
    """W12: points of one undertaking far apart, or in other municipalities or zones."""
    limit = bench.thresholds["W12.metres"]
    seen = set()
    for row in bench.facts.query(_PLACES.format(metres=limit)).to_pylist():
        found = None if row["undertaking_id"] in seen else _place_words(bench, row, limit)
        if found is None:
            continue
        seen.add(row["undertaking_id"])
        how, fields, sure = found
        a, b = _papers(bench, row)
        draft = _about_pair(
            row,
            statement=f"{words.project(row['name'])} is not in the same place in {a} and in {b}: {how}.",
            rand=_greatest(row),
            confidence=row["sure"] * sure,
            notes=(f"named in {a}", f"named in {b}"),
            year="",
            shown=[
                Shown("field", f"place in {paper}", entry_id=row[f"entry_id_{side}"], field=field)
                for side, paper in (("a", a), ("b", b))
                for field in fields
            ],
        )
        yield draft


def _place_words(
    bench: Bench, row: dict[str, object], limit: int
) -> tuple[str, tuple[str, ...], float] | None:
    """How two places differ, which cells show it, and how sure that is; ``None``: they do not."""
    if row["metres"] is not None and row["metres"] > limit:
        return f"{row['metres'] / 1000:.1f} km apart", ("latitude", "longitude"), 1.0
    if row["other_place"]:
        names = [words.municipality(bench.book, row[f"place_{side}"]) for side in "ab"]
        return f"{names[0]} and {names[1]}", ("municipality_text",), 1.0
    if _same_zone(row["zone_a"], row["zone_b"]):
        return None
    how = f"zones {words.project(row['zone_a'])} and {words.project(row['zone_b'])}"
    return how, ("zone_text",), bench.thresholds["W12.zone_percent"] / 100


_ZONE_FILLERS = frozenset(
    {"integration", "zone", "iz", "hub", "urban", "precinct", "corridor", "node", "the", "area"}
)


def _same_zone(one: str, other: str) -> bool:
    """Whether the telling words of one zone's name are all in the other's."""
    telling = [
        set("".join(c if c.isalnum() else " " for c in text.lower()).split()) - _ZONE_FILLERS
        for text in (one, other)
    ]
    return telling[0] <= telling[1] or telling[1] <= telling[0]


def _papers(bench: Bench, row: dict[str, object]) -> tuple[str, str]:
    a, b = (
        words.paper(bench.book, row[f"document_{s}"], row[f"institution_{s}"], row[f"year_{s}"])
        for s in "ab"
    )
    return a, b


def _greatest(row: dict[str, object]) -> int | None:
    known = [row[f"amount_{s}"] for s in "ab" if row[f"amount_{s}"] is not None]
    return max(known, default=None)


def _about_pair(
    row: dict[str, object],
    *,
    statement: str,
    rand: int | None,
    confidence: float,
    notes: tuple[str, str],
    year: str | None = None,
    shown: list[Shown] | None = None,
) -> Draft:
    """A finding about two documents: both parties, both names, both sides' cells."""
    label = words.season(row["season"])
    about = (row["undertaking_id"],) if year == "" else (row["undertaking_id"], label)
    money = (
        []
        if shown is not None
        else [
            s
            for side, note in zip("ab", notes, strict=True)
            for s in plan_of(row[f"entries_{side}"], note)
        ]
    )
    return Draft(
        about=about,
        statement=statement,
        metro=row["metro"],
        year=label,
        parties=tuple(row[f"{what}_{s}"] for s in "ab" for what in ("institution", "owner")),
        rand=rand,
        rand_low=None if rand is None else round(rand * confidence),
        rand_high=rand,
        confidence=confidence,
        undertaking_id=row["undertaking_id"],
        function=row["function"],
        evidence=[
            *(
                name_of(row[f"entry_id_{side}"], note)
                for side, note in zip("ab", notes, strict=True)
            ),
            *money,
            *(shown or []),
        ],
    )


AGREEMENT_DETECTORS = (
    declared("W06", years_disagree),
    declared("W07", amounts_disagree),
    declared("W10", funded_twice),
    declared("W12", places_disagree),
)
