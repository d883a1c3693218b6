"""W19: what crosses into a neighbour that knows nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.rules import norms
from harvester.wheat import words
from harvester.wheat.finding import (
    Bench,
    Draft,
    Shown,
    absent_from,
    declared,
    name_of,
    plan_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# A row of a network that has shares in areas of its own municipality and of another, whose plan or
# budget of the season was read. Its counterpart: a row of the neighbour that names the same
# undertaking, or one of the same function in reach of any of its points. A lone point over the
# line is no crossing: published points are not so exact.
_CROSSING = """
WITH shares AS (
    SELECT DISTINCT s.entry_id, s.undertaking_id, s.metro, s.season, s."function", s.longitude,
           s.latitude, s.points, s.probability, a.metro AS there
    FROM fact_standing s
    JOIN in_places p ON p.entry_id = s.entry_id AND p.weight > 0
    JOIN in_areas a ON a.area_id = p.area_id
    WHERE s."function" IN ({networks}) AND s.metro <> 'unknown' AND a.metro <> 'unknown'
      AND a.kind NOT IN ('municipality', 'district', 'province')
), crossing AS (
    SELECT x.*, r.submissions AS searched, r.document AS read_document
    FROM shares x
    JOIN (SELECT DISTINCT entry_id FROM shares WHERE there = metro) own USING (entry_id)
    JOIN (
        SELECT metro, season, min(document) AS document,
               list_sort(flatten(list(submissions))) AS submissions
        FROM fact_read WHERE document IN ('pipeline', 'idp', 'budget') GROUP BY metro, season
    ) r ON r.metro = x.there AND r.season = x.season
    WHERE x.there <> x.metro
), dots AS (
    SELECT entry_id, there, season, "function", longitude, latitude FROM crossing
    WHERE longitude IS NOT NULL
    UNION ALL
    SELECT entry_id, there, season, "function",
           TRY_CAST(split_part(pair, ' ', 1) AS DOUBLE) AS longitude,
           TRY_CAST(split_part(pair, ' ', 2) AS DOUBLE) AS latitude
    FROM (SELECT *, unnest(string_split(points, ';')) AS pair FROM crossing WHERE points <> '')
), near AS (
    SELECT DISTINCT d.entry_id, d.there
    FROM dots d JOIN fact_standing o ON o.metro = d.there AND o.season = d.season
         AND o."function" = d."function" AND o.longitude IS NOT NULL
    WHERE 2 * 6371008.8 * asin(sqrt(
              pow(sin(radians(o.latitude - d.latitude) / 2), 2)
              + cos(radians(d.latitude)) * cos(radians(o.latitude))
              * pow(sin(radians(o.longitude - d.longitude) / 2), 2))) <= {reach}
), named AS (
    SELECT DISTINCT undertaking_id, institution FROM fact_stood
), almost AS (
    SELECT n.undertaking_id, s.institution, max(n.probability) AS probability
    FROM fact_almost n JOIN fact_submission s USING (submission_id)
    GROUP BY n.undertaking_id, s.institution
)
SELECT v.*, x.there, x.entry_id AS place_entry, x.searched, x.probability AS sure,
       coalesce(a.probability, 0.0) AS almost, x."function"
FROM crossing x
JOIN fact_voice v ON v.undertaking_id = x.undertaking_id
LEFT JOIN almost a ON a.undertaking_id = x.undertaking_id AND a.institution = x.there
ANTI JOIN named n ON n.undertaking_id = x.undertaking_id AND n.institution = x.there
ANTI JOIN near c ON c.entry_id = x.entry_id AND c.there = x.there
QUALIFY row_number() OVER (PARTITION BY x.undertaking_id, x.there
        ORDER BY x.season DESC, x.entry_id) = 1
ORDER BY x.undertaking_id, x.there
"""


def no_counterpart(bench: Bench) -> Iterator[Draft]:
    """W19: a network project that crosses into a neighbour whose documents show no counterpart."""
    told = norms.load()
    query = _CROSSING.format(
        networks=", ".join(f"'{function}'" for function in told.networks),
        reach=told["boundary.counterpart"].latest,
    )
    for row in bench.facts.query(query).to_pylist():
        here = words.paper(bench.book, row["document"], row["institution"], row["year"])
        there = words.municipality(bench.book, row["there"])
        sure = row["sure"] * (1 - row["almost"])
        amount = row["amount_cents"]
        yield Draft(
            about=(row["undertaking_id"], row["there"]),
            statement=f"{words.project(row['name'])}, {words.rand(amount)} in {here}, crosses into {there}, whose "
            f"plans and budget of {row['year']} show no counterpart.",
            metro=row["metro"],
            year=row["year"],
            parties=(row["metro"], row["there"], row["owner"]),
            rand=amount,
            rand_low=None if amount is None else round(amount * sure),
            rand_high=amount,
            confidence=sure,
            undertaking_id=row["undertaking_id"],
            function=row["function"],
            evidence=[
                name_of(row["entry_id"], f"stands in {here}"),
                Shown("field", "where it runs", entry_id=row["place_entry"], field="points"),
                *plan_of(row["entries"], f"planned in {here}"),
                *absent_from(row["searched"], f"no counterpart in the documents of {there}"),
            ],
        )


BOUNDARY_DETECTORS = (declared("W19", no_counterpart),)
