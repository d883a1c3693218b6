"""Which papers of a season stand, and the plan money they hold, by area.

A season is the financial year a paper is about. Of several versions of one paper the furthest
stage stands, and of that the latest dated; lists of many owners are sorted out owner by owner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harvester.domain.periods import Calendar, FinancialYear, Month, parse_year_label
from harvester.domain.places import PlaceClass
from harvester.reports.money import MUNICIPAL_LAYER, PLAN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harvester.reports.statements.source import Source

LOCATED = (PlaceClass.LOCATED, PlaceClass.MULTI_WARD, PlaceClass.NETWORK)
"""Classes of money that has a place: a point, line or area, several wards, or a network."""

ALLOCABLE = (PlaceClass.CITY_WIDE,)
"""Money that belongs to the whole municipality: it can be viewed by population, never located."""

_STANDING = f"""
WITH said AS (
  SELECT DISTINCT b.submission_id, b.document, b.owner, s.financial_year, s.published_on, s.stage,
    s.file, s.institution,
    CASE WHEN b.document IN ('pipeline', 'idp', 'budget', 'in_year') OR b.owner = 'unknown'
         THEN CASE WHEN s.institution = 'unknown' THEN b.submission_id ELSE s.institution END
         ELSE b.owner END AS speaker
  FROM spatial_budget b JOIN submissions s USING (submission_id)
  WHERE b.metro = $metro AND s.financial_year = $year AND {PLAN}
),
ranked AS (
  SELECT *, rank() OVER (
    PARTITION BY document, speaker
    ORDER BY CASE stage WHEN 'draft' THEN 1 WHEN 'tabled' THEN 2 WHEN 'adopted' THEN 3
                        WHEN 'adjusted' THEN 4 WHEN 'in_year' THEN 5 WHEN 'audited' THEN 6
                        ELSE 0 END DESC, published_on DESC NULLS LAST) AS place
  FROM said
),
standing AS (SELECT * FROM ranked WHERE place = 1)
"""

_PAPERS = f"""{_STANDING}
SELECT DISTINCT submission_id, document, institution, file, stage, published_on FROM standing
ORDER BY document, institution, file, submission_id
"""

_MONEY = f"""{_STANDING}
SELECT b.document, b.sphere, b.owner, b."function", b."grant", b.area_id, b.place_class, b.year,
  sum(b.amount_cents)::BIGINT AS cents
FROM spatial_budget b JOIN standing USING (submission_id, document, owner)
WHERE b.metro = $metro AND b.layer = $layer AND {PLAN}
GROUP BY ALL ORDER BY ALL
"""

_SPENT = """
SELECT b.document, b."grant", b.area_id, b.place_class, b.year, sum(b.amount_cents)::BIGINT AS cents
FROM spatial_budget b
WHERE b.metro = $metro AND b.layer = $layer AND b.phase = 'actual' AND b.latest
GROUP BY ALL ORDER BY ALL
"""

_SEASONS = f"""
SELECT DISTINCT s.financial_year AS year, b.document
FROM spatial_budget b JOIN submissions s USING (submission_id)
WHERE ($metro = '' OR b.metro = $metro) AND s.financial_year <> 'unknown' AND {PLAN}
"""

_MONTHS = """
SELECT DISTINCT submission_id, calendar, year, period_start, period_end FROM lines
WHERE list_contains($papers, submission_id) AND phase IN ('planned', 'budget', 'gazetted')
"""

_METROS = f"""
SELECT DISTINCT metro FROM spatial_budget WHERE metro <> 'unknown' AND {PLAN} ORDER BY metro
"""


@dataclass(frozen=True)
class Season:
    """The papers of one municipality and season that stand, as rows of :data:`_PAPERS`."""

    metro: str
    year: str
    papers: list[dict[str, Any]]

    def of(self, documents: Iterable[str]) -> list[dict[str, Any]]:
        """Those of some kinds of document."""
        wanted = set(documents)
        return [paper for paper in self.papers if paper["document"] in wanted]

    @property
    def documents(self) -> set[str]:
        """The kinds of document that were read."""
        return {paper["document"] for paper in self.papers}


def municipal_layer(source: Source) -> str:
    """The layer of municipalities: in it every class is the entry's own."""
    return str(source.rows(f"SELECT {MUNICIPAL_LAYER} AS layer")[0]["layer"])


def metros_of(source: Source) -> list[str]:
    """Municipalities that any plan money names."""
    return [row["metro"] for row in source.rows(_METROS)]


def seasons_of(source: Source, metro: str) -> list[str]:
    """Seasons whose papers hold plan money of a municipality (empty: of any), latest first."""
    return sorted({row["year"] for row in source.rows(_SEASONS, metro=metro)}, reverse=True)


def latest_year(source: Source, metro: str, documents: Iterable[str]) -> str:
    """The latest season in which one of ``documents`` was read for ``metro``; else the latest of
    any; empty when nothing was."""
    rows = source.rows(_SEASONS, metro=metro)
    wanted = set(documents)
    told = [row["year"] for row in rows if row["document"] in wanted]
    return max(told or [row["year"] for row in rows], default="")


def season(source: Source, metro: str, year: str) -> Season:
    """The papers about ``year`` that hold plan money for ``metro``."""
    return Season(metro, year, source.rows(_PAPERS, metro=metro, year=year))


def money(source: Source, metro: str, year: str, layer: str) -> list[dict[str, Any]]:
    """Plan money of the standing papers in a layer, by document, sphere, owner, function, grant,
    area (empty: in none), place class and municipal year; it sums to the papers' lines."""
    return source.rows(_MONEY, metro=metro, year=year, layer=layer)


def spent(source: Source, metro: str, layer: str) -> list[dict[str, Any]]:
    """What was spent, by document, grant, area, place class and municipal year, each year from the
    latest paper that tells it."""
    return source.rows(_SPENT, metro=metro, layer=layer)


def whole_years(source: Source, papers: list[dict[str, Any]]) -> set[str]:
    """Municipal years of which the papers speak of every month, one kind of document as another.

    A national list of one year has nine months of one municipal year and three of the one before:
    such years are never set beside whole ones.
    """
    listed = [paper["submission_id"] for paper in papers]
    kind_of = {paper["submission_id"]: paper["document"] for paper in papers}
    months: dict[str, set[int]] = {}
    for row in source.rows(_MONTHS, papers=listed):
        months.setdefault(kind_of[row["submission_id"]], set()).update(_months(row))
    if not months:
        return set()
    wholes = [_wholes(told) for told in months.values()]
    return set.intersection(*wholes)


def _months(row: dict[str, Any]) -> range:
    start, end = row["period_start"], row["period_end"]
    if start and end and start <= end:
        return range(Month.of(start).index, Month.of(end).index + 1)
    year = parse_year_label(row["year"])
    if year is None:
        return range(0)
    told = FinancialYear(year, Calendar(row["calendar"])).months
    return range(told[0].index, told[-1].index + 1)


def _wholes(months: set[int]) -> set[str]:
    """Labels of the municipal years all of whose months are among ``months``."""
    found = set()
    for start in sorted({(month - 6) // 12 for month in months}):
        year = FinancialYear(start, Calendar.MUNICIPAL)
        if all(month.index in months for month in year.months):
            found.add(year.label)
    return found
