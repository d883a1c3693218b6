"""W08, W09 and W14: houses and what they need around them, schools and the land their norms ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.rules import norms
from harvester.rules.text import phrase_pattern
from harvester.wheat import words
from harvester.wheat.finding import Bench, Draft, Shown, declared, name_of, plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harvester.rules.norms import Norm

# One row per housing undertaking of its latest season in a capital list, with what is lacking
# around it. `month1` is the last month of its money; a list of one year shows no more than that,
# so a completion stated anywhere counts where it is later.
_LACKING = """
WITH ends AS (
    SELECT undertaking_id, max(year(end_date) * 12 + month(end_date) - 1) AS end_month,
           max(CASE WHEN "function" = 'housing' THEN units END) AS units,
           arg_max(entry_id, (coalesce(CASE WHEN "function" = 'housing' THEN units END, -1), entry_id))
               AS units_entry,
           bool_or(nature = 'new') AS is_new,
           bool_or(document IN ('pipeline', 'idp')) AS in_plan
    FROM fact_standing GROUP BY undertaking_id
), judged AS (
    SELECT c.*, e.units, e.units_entry, e.is_new, e.in_plan,
           CASE WHEN c.status = 'late'
                 AND h.month1 + c.months_late - greatest(h.month1, coalesce(e.end_month, h.month1))
                     > {late_months} THEN 'late'
                WHEN c.status = 'late' THEN 'satisfied' ELSE c.status END AS judged
    FROM fact_complement c JOIN fact_housing h USING (entry_id)
    JOIN ends e ON e.undertaking_id = c.undertaking_id
    WHERE c.complement IN ({complements})
    QUALIFY c.season = max(c.season) OVER (PARTITION BY c.undertaking_id)
), told AS (
SELECT undertaking_id, entry_id, min(metro) AS metro, min(owner) AS owner, min(year) AS year,
       min(name) AS name, min(amount_cents) AS amount_cents, min(probability) AS probability,
       min(units) AS units, min(units_entry) AS units_entry, bool_and(is_new) AS is_new,
       bool_and(in_plan) AS in_plan,
       list_sort(list(CASE WHEN judged = 'late' THEN complement END)) AS late,
       list_sort(list(CASE WHEN judged = 'missing' THEN complement END)) AS missing,
       bool_and(judged = 'satisfied') AS satisfied,
       bool_or(share_high > 0 AND judged = 'missing') AS unsure,
       list(near_entry ORDER BY complement) AS near
FROM judged GROUP BY undertaking_id, entry_id
)
SELECT * FROM told
QUALIFY row_number() OVER (PARTITION BY undertaking_id ORDER BY amount_cents DESC, entry_id) = 1
ORDER BY undertaking_id
"""

_STATED = """
SELECT m.undertaking_id, arg_max(s.entry_id, (e.season, s.entry_id)) AS entry_id,
       arg_max(s.words, (e.season, s.entry_id)) AS words
FROM in_bulk_stated s JOIN fact_entry e ON e.entry_id = s.entry_id
JOIN in_memberships m ON m.entry_id = s.entry_id
GROUP BY m.undertaking_id
"""


def without_bulk_services(bench: Bench) -> Iterator[Draft]:
    """W08: housing whose bulk services the plan says are lacking, or that no project brings in time."""
    labels = _labels(bulk=True)
    rows = _lacking(bench, labels)
    said = {row["undertaking_id"]: row for row in bench.facts.query(_STATED).to_pylist()}
    for row in rows:
        stated = said.get(row["undertaking_id"])
        capacity = _capacity(bench, stated["words"]) if stated else None
        late, missing = _known(row["late"]), _known(row["missing"])
        if capacity == "sufficient" or not row["in_plan"]:
            continue
        if capacity == "lacking":
            how = "its bulk services are stated to be lacking"
            sure = "W08.satisfied_percent" if row["satisfied"] else "W08.stated_percent"
        elif late or missing:
            parts = [f"{labels[one]} comes after the houses" for one in late]
            parts += [f"no project brings {labels[one]}" for one in missing]
            how = " and ".join(parts)
            sure = "W08.unstated_percent"
        else:
            continue
        yield _of_housing(
            row,
            how,
            row["probability"] * bench.thresholds.share(sure),
            stated["entry_id"] if stated and capacity else "",
            stated["words"] if stated else "",
        )


def without_facilities(bench: Bench) -> Iterator[Draft]:
    """W09: a new settlement of a size that needs a school, clinic or transport, and none in reach."""
    labels = _labels(bulk=False)
    told = norms.load()
    people = told["dwelling.people"].at(bench.as_at)
    needs = {
        "school": told["primary_school.people"].at(bench.as_at),
        "clinic": told["clinic.people"].at(bench.as_at),
    }
    if people is None:
        return
    least_units = bench.thresholds["W09.transport_units"]
    for row in _lacking(bench, labels):
        if row["units"] is None or not row["is_new"]:
            continue
        living = row["units"] * people / 1000
        lacking = [
            one
            for one in _known(row["missing"])
            if (
                row["units"] >= least_units
                if one == "transport"
                else needs.get(one) is not None and living >= needs[one]
            )
        ]
        if not lacking:
            continue
        what = ", ".join(labels[one] for one in lacking)
        units = f"{round(row['units']):,}".replace(",", " ")
        sure = bench.thresholds.share("W09.existing_percent")
        if row["unsure"]:
            sure *= bench.thresholds.share("W09.unplaced_percent")
        yield _of_housing(
            row,
            f"{units} dwellings need what no list plans within reach: {what}",
            row["probability"] * sure,
            row["units_entry"],
        )


def _lacking(bench: Bench, labels: dict[str, str]) -> list[dict[str, object]]:
    query = _LACKING.format(
        late_months=bench.thresholds["W08.late_months"],
        complements=", ".join(f"'{one}'" for one in labels),
    )
    return list(bench.facts.query(query).to_pylist())


def _labels(*, bulk: bool) -> dict[str, str]:
    """Complements that are, or are not, bulk services; a road is neither's."""
    told = norms.load().complements
    return {code: one.label for code, one in told.items() if one.bulk is bulk and code != "road"}


def _known(found: list[str | None]) -> list[str]:
    return [one for one in found or [] if one is not None]


def _capacity(bench: Bench, text: str) -> str | None:
    """What words about bulk capacity say: ``lacking``, ``sufficient``, or nothing we can read."""
    told = bench.thresholds.lists
    low = " ".join(text.lower().split())
    for meaning in ("lacking", "sufficient"):
        if any(f" {phrase} " in f" {low} " for phrase in told[f"W08.{meaning}_words"]):
            return meaning
    return None


def _of_housing(
    row: dict[str, object], how: str, sure: float, told_entry: str, stated: str = ""
) -> Draft:
    amount = row["amount_cents"]
    shown = (
        name_of(told_entry, f"bulk services as stated here: {stated}")
        if stated
        else Shown("field", "units", entry_id=told_entry, field="units")
    )
    return Draft(
        about=(row["undertaking_id"],),
        statement=f"{words.project(row['name'])}, {words.rand(amount)} in {row['year']}: {how}.",
        metro=row["metro"],
        year=row["year"],
        parties=(row["owner"], row["metro"]),
        rand=amount,
        rand_low=round(amount * sure),
        rand_high=amount,
        confidence=sure,
        undertaking_id=row["undertaking_id"],
        function="housing",
        evidence=[
            name_of(row["entry_id"], "the houses"),
            *plan_of([row["entry_id"]], "their money"),
            *([shown] if told_entry else []),
            *(name_of(entry, "in reach") for entry in sorted({e for e in row["near"] or [] if e})),
        ],
    )


# A new school that lies wholly in one area whose people and land are known. Areas of a whole
# municipality or above are no place for one school. One document may say that it is new, another
# of which level it is and a third where it lies; that it is a school all of these must say.
_SCHOOLS = """
WITH told AS (
    SELECT undertaking_id,
           min(CASE WHEN nature = 'new' THEN entry_id END) AS new_entry,
           min(CASE WHEN regexp_matches(lower(name), '{pattern}') THEN entry_id END) AS level_entry
    FROM fact_standing WHERE "function" = 'education' GROUP BY undertaking_id
), schools AS (
    SELECT s.undertaking_id, s.entry_id, s.probability FROM fact_standing s
    JOIN told t ON t.undertaking_id = s.undertaking_id
    WHERE s."function" = 'education' AND s.place_class = 'located' AND s.longitude IS NOT NULL
      AND t.new_entry IS NOT NULL AND t.level_entry IS NOT NULL
), lies AS (
    SELECT c.undertaking_id, c.entry_id, c.probability, p.area_id, a.name AS area, a.population,
           a.square_metres
    FROM schools c JOIN in_places p ON p.entry_id = c.entry_id
    JOIN in_areas a ON a.area_id = p.area_id
    WHERE a.kind NOT IN ('municipality', 'district', 'province') AND a.square_metres > 0
      AND a.population * {share} / 1000.0 / {capacity} * {site} >= {part} * a.square_metres
)
SELECT v.*, l.area, l.population, l.square_metres, l.entry_id AS place_entry, l.probability AS sure,
       t.new_entry, t.level_entry
FROM lies l JOIN fact_voice v ON v.undertaking_id = l.undertaking_id
JOIN told t ON t.undertaking_id = l.undertaking_id
QUALIFY row_number() OVER (PARTITION BY v.undertaking_id ORDER BY l.square_metres, l.area_id,
        l.entry_id) = 1
ORDER BY v.undertaking_id
"""
LEVELS = ("primary", "secondary")


def norm_not_met(bench: Bench) -> Iterator[Draft]:
    """W14: a new school where the sites its norm asks for would take too much of the land."""
    told, seen = norms.load(), set()
    for level in LEVELS:
        norm = {
            "share": told[f"population.{level}_learners"],
            "capacity": told[f"{level}_school.capacity"],
            "site": told[f"{level}_school.site"],
        }
        asked = {name: one.at(bench.as_at) for name, one in norm.items()}
        if None in asked.values():
            continue
        query = _SCHOOLS.format(
            pattern=phrase_pattern(bench.thresholds.lists[f"W14.{level}_words"]),
            part=bench.thresholds.share("W14.land_percent"),
            **asked,
        )
        for row in bench.facts.query(query).to_pylist():
            if row["undertaking_id"] not in seen:
                seen.add(row["undertaking_id"])
                yield _crowded(bench, row, level, asked, norm["site"])


def _crowded(
    bench: Bench, row: dict[str, object], level: str, asked: dict[str, int | None], site: Norm
) -> Draft:
    schools = row["population"] * asked["share"] / 1000 / asked["capacity"]
    land = schools * asked["site"] / row["square_metres"]
    here = words.paper(bench.book, row["document"], row["institution"], row["year"])
    mark = "" if site.verified else ", not verified"
    people = f"{row['population']:,}".replace(",", " ")
    amount, sure = row["amount_cents"], row["sure"]
    return Draft(
        about=(row["undertaking_id"],),
        statement=f"{words.project(row['name'])} ({here}) lies in {row['area']}, where {people} people on "
        f"{row['square_metres'] / 1e6:.1f} km² need {schools:.0f} {level} schools; sites of "
        f"{asked['site'] / 10_000:.1f} ha ({site.reference}{mark}) would take {words.percent(land)} of the land.",
        metro=row["metro"],
        year=row["year"],
        parties=(row["institution"], row["owner"], row["metro"]),
        rand=amount,
        rand_low=None if amount is None else round(amount * sure),
        rand_high=amount,
        confidence=sure,
        undertaking_id=row["undertaking_id"],
        function="education",
        people=row["population"],
        evidence=[
            name_of(row["entry_id"], f"stands in {here}"),
            *(
                name_of(row[entry], note)
                for entry, note in (("level_entry", "the level"), ("new_entry", "a new school"))
                if row[entry] != row["entry_id"]
            ),
            *(
                Shown("field", "place", entry_id=row["place_entry"], field=field)
                for field in ("latitude", "longitude")
            ),
            *plan_of(row["entries"], f"planned in {here}"),
        ],
    )


SETTLEMENT_DETECTORS = (
    declared("W08", without_bulk_services),
    declared("W09", without_facilities),
    declared("W14", norm_not_met),
)
