"""The spatial budget: every rand of every sphere by fund, function, area and municipal year.

Papers overlap, so each owner's money of each year is taken from one kind of document: a
municipality's own from its capital budget, else its IDP, else its pipeline; another owner's from
its own sphere's list. What the same owners say elsewhere is left out, and told. Total = located +
allocable + unlocated, to the cent, in every row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from harvester.domain.documents import Document
from harvester.domain.errors import UserError
from harvester.domain.money import format_rand_short
from harvester.domain.periods import parse_year_label
from harvester.reports import words
from harvester.reports.money import PLAN
from harvester.reports.statements.papers import ALLOCABLE, LOCATED, municipal_layer
from harvester.reports.statements.source import harvest_words
from harvester.reports.statements.statement import Column, Row, Statement, Table, total_of
from harvester.rules import codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harvester.reports.statements.source import Source

KIND = "spatial"
BASIS_OWN = "own"
BASES = (
    BASIS_OWN, Document.BUDGET.value, Document.IDP.value, Document.PIPELINE.value,
    Document.PROVINCIAL_PROJECTS.value, Document.NATIONAL_PROJECTS.value,
    Document.AGENCY_PROJECTS.value, Document.INFRASTRUCTURE_PLAN.value,
)  # fmt: skip
"""Each owner's own paper, or one kind of document alone."""

BY = ("sphere", "grant", "function", "area_id", "year", "owner")
FILTERS = ("sphere", "grant", "function", "area_id", "year", "owner")
_SUMS = ["total", "located", "allocable", "unlocated"]


def _listed(classes: tuple[Any, ...]) -> str:
    return ", ".join(f"'{one}'" for one in classes)


_BETWEEN = """(
  $first || $last = '' OR (year <> 'unknown' AND year >= $first AND ($last = '' OR year <= $last))
)"""
"""Money that states no year is in no single year."""

_YEARLESS = f"""
SELECT sum(amount_cents)::BIGINT AS cents FROM spatial_budget
WHERE layer = $layer AND latest AND {PLAN} AND document <> 'allocations' AND year = 'unknown'
  AND ($metro = '' OR metro = $metro)
"""

# A document of another sphere says little of a municipality's own money, and the metro's plans say
# what others are asked to do, not what they budget: those are never counted here.
MONEY = f"""
WITH spoken AS (
  SELECT b.*, b.document IN ('budget', 'idp', 'pipeline') AS municipal,
    CASE WHEN b.document IN ('budget', 'idp', 'pipeline') THEN 'municipal'
         WHEN b.owner = 'unknown' THEN b.document ELSE b.owner END AS payer,
    CASE
      WHEN b.document = 'budget' THEN 1 WHEN b.document = 'idp' THEN 2
      WHEN b.document = 'pipeline' THEN 3
      WHEN b.sphere = 'provincial' AND b.document = 'provincial_projects' THEN 1
      WHEN b.sphere = 'national' AND b.document = 'national_projects' THEN 1
      WHEN b.sphere = 'entity' AND b.document = 'agency_projects' THEN 1
      WHEN b.document = 'provincial_projects' THEN 2 WHEN b.document = 'national_projects' THEN 3
      WHEN b.document = 'agency_projects' THEN 4 ELSE 5 END AS preference
  FROM spatial_budget b
  WHERE b.layer = $layer AND b.latest AND {PLAN} AND b.document NOT IN ('allocations', 'in_year')
    AND ($metro = '' OR b.metro = $metro)
),
ours AS (
  SELECT * FROM spoken
  WHERE CASE WHEN $basis <> 'own' THEN document = $basis
             WHEN municipal THEN sphere IN ('local', 'unknown')
             ELSE sphere <> 'local' OR owner <> metro END
),
chosen AS (
  SELECT * FROM ours
  QUALIFY $basis <> 'own'
       OR preference = min(preference) OVER (PARTITION BY metro, payer, year)
)
SELECT metro, sphere, owner, "function", "grant", area_id, year, document, entries,
  amount_cents AS total,
  CASE WHEN place_class IN ({_listed(LOCATED)}) THEN amount_cents ELSE 0 END AS located,
  CASE WHEN place_class IN ({_listed(ALLOCABLE)}) THEN amount_cents ELSE 0 END AS allocable,
  CASE WHEN place_class IN ({_listed(LOCATED)}, {_listed(ALLOCABLE)}) THEN 0 ELSE amount_cents
  END AS unlocated
FROM chosen
WHERE {_BETWEEN}
"""
"""One row for each rand-carrying group; ``$layer``, ``$metro``, ``$basis``, ``$first``, ``$last``."""

_GROUPED = f"""
SELECT "{{by}}" AS key, {", ".join(f"sum({name})::BIGINT AS {name}" for name in _SUMS)}
FROM ({MONEY}) WHERE {{where}}
GROUP BY 1 ORDER BY total DESC, key
"""

_ROWS = f"""
SELECT metro, sphere, owner, "function", "grant", area_id, year, document,
  {", ".join(f"sum({name})::BIGINT AS {name}" for name in _SUMS)}
FROM ({MONEY}) WHERE {{where}} GROUP BY ALL
ORDER BY {{order}} {{page}}
"""
_ORDER = 'metro, sphere, owner, "function", "grant", area_id, year, document'
SORTS = ("metro", *FILTERS, "document", *_SUMS)
"""Columns rows can be sorted by."""

_LEFT_OUT = f"""
SELECT document, sum(amount_cents)::BIGINT AS total FROM spatial_budget
WHERE layer = $layer AND latest AND {PLAN} AND document <> 'allocations'
  AND ($metro = '' OR metro = $metro)
  AND {_BETWEEN}
GROUP BY document ORDER BY document
"""

_LAYERS = """
SELECT layer, min(kind) AS kind, count(*) AS areas, bool_or(illustrative) AS illustrative
FROM areas WHERE $metro = '' OR metro = $metro OR kind = 'municipality' GROUP BY layer
ORDER BY min(kind) = 'municipality' DESC, layer
"""


def layers(source: Source, metro: str) -> list[Row]:
    """Layers money of ``metro`` can be shown in, municipalities first."""
    return source.rows(_LAYERS, metro=metro)


@dataclass(frozen=True)
class Asked:
    """What of the spatial budget is asked for, checked by :func:`asked`."""

    metro: str
    first: str
    last: str
    basis: str
    layer: str
    filters: tuple[tuple[str, str], ...]

    @property
    def values(self) -> dict[str, object]:
        """Values of the queries, by name."""
        told: dict[str, object] = {
            "metro": self.metro, "layer": self.layer, "basis": self.basis, "first": self.first,
            "last": self.last,
        }  # fmt: skip
        return told | {f"f_{name}": value for name, value in self.filters}

    @property
    def where(self) -> str:
        """The condition of the filters; names are those of :data:`FILTERS`."""
        return " AND ".join(f'"{name}" = $f_{name}' for name, _ in self.filters) or "true"

    @property
    def years(self) -> str:
        """The years in a word; empty for all."""
        if self.first == self.last or not self.last:
            return self.first
        return f"{self.first} to {self.last}" if self.first else f"up to {self.last}"


def asked(
    source: Source, metro: str = "", first: str = "", last: str = "", *, basis: str = "",
    layer: str = "", filters: Mapping[str, str] | None = None,
) -> Asked:  # fmt: skip
    """A question to the spatial budget: of a municipality or (empty) the country; municipal years
    ``first`` to ``last`` (empty: no bound); ``basis`` one of :data:`BASES`; ``filters`` by
    :data:`FILTERS`.

    Raises ``UserError`` for a basis, layer or filter that there is not.
    """
    told = {name: value for name, value in (filters or {}).items() if value}
    basis = basis or BASIS_OWN
    _check(source, metro, basis, layer, told)
    chosen = layer or municipal_layer(source)
    return Asked(metro, first, last, basis, chosen, tuple(sorted(told.items())))


def spatial(source: Source, of: Asked, *, rows: bool = True) -> Statement:
    """The spatial budget; ``rows`` whether every row is wanted, not only the sums.

    ``verdict`` is always ``total``.
    """
    names = area_names(source, of.layer)
    sums = {by: _grouped(source, by, of, names) for by in BY}
    whole = total_of(sums["sphere"], _SUMS, key="Everything")
    tables = [_table(by, sums[by], whole) for by in BY]
    if rows:
        tables.append(_rows_table(rows_of(source, of), names))
    tables.append(_left_out(source, of))
    own = of.basis == BASIS_OWN
    return Statement(
        kind=KIND,
        title="Spatial budget by sphere, fund, function, area and year",
        metro=of.metro, year=of.years, finding=_finding(of, whole), verdict="total", law=[],
        used=[f"Layer {of.layer}.", _OWN if own else f"{words.document(of.basis)} alone."],
        missing=_missing(source, of), tables=tables, harvest=harvest_words(source),
    )  # fmt: skip


def rows_of(
    source: Source, of: Asked, sort: str = "", limit: int = 0, offset: int = 0
) -> list[Row]:
    """Rows of the spatial budget, each with its sums; ``sort`` a column (``-total`` downwards).

    Without ``limit`` all of them. Raises ``UserError`` for a column that is not there.
    """
    name, way = sort.removeprefix("-"), "DESC" if sort.startswith("-") else "ASC"
    if name and name not in SORTS:
        raise UserError(f"rows cannot be sorted by {name!r}.", mend=f"One of {', '.join(SORTS)}.")
    order = f'"{name}" {way}, {_ORDER}' if name else _ORDER
    page = "LIMIT $limit OFFSET $offset" if limit else ""
    query = _ROWS.format(where=of.where, order=order, page=page)
    return source.rows(query, **of.values, limit=limit, offset=offset)


def count_of(source: Source, of: Asked) -> int:
    """How many rows there are."""
    query = _ROWS.format(where=of.where, order="metro", page="")
    return int(source.rows(f"SELECT count(*) AS n FROM ({query})", **of.values)[0]["n"])


def options_of(source: Source, of: Asked, by: str) -> list[tuple[str, str]]:
    """Codes of one of :data:`BY` with their words, for a choice; filters do not narrow it."""
    bare = replace(of, filters=())
    rows = _grouped(source, by, bare, area_names(source, of.layer))
    return sorted(((row["key"], row["name"]) for row in rows if row["key"]), key=lambda o: o[1])


_OWN = (
    "Each owner's money of each year is taken from one kind of document: a municipality's own from "
    "its capital budget, else its IDP, else its pipeline; another owner's from its own sphere's "
    "list first. Of each publisher the latest paper that speaks of the year."
)


def _missing(source: Source, of: Asked) -> list[str]:
    """Money that states no year, where years are chosen."""
    if not of.first and not of.last:
        return []
    cents = source.rows(_YEARLESS, **of.values)[0]["cents"]
    return (
        [f"{format_rand_short(cents)} in the papers states no year and is left out."]
        if cents
        else []
    )


def _check(source: Source, metro: str, basis: str, layer: str, told: Mapping[str, str]) -> None:
    if basis not in BASES:
        known = ", ".join(BASES)
        raise UserError(f"{basis!r} is no basis.", where="--basis", mend=f"One of {known}.")
    wrong = sorted(set(told) - set(FILTERS))
    if wrong:
        known = ", ".join(FILTERS)
        raise UserError(f"{wrong[0]!r} is no filter.", where="--filter", mend=f"One of {known}.")
    known_layers = [row["layer"] for row in layers(source, metro)]
    if layer and layer not in known_layers and layer != municipal_layer(source):
        raise UserError(
            f"{layer!r} is no layer of areas here.", where="--layer",
            mend=f"One of {', '.join(known_layers)}.",
        )  # fmt: skip


def area_names(source: Source, layer: str) -> dict[str, str]:
    """Name of each area of a layer."""
    rows = source.rows("SELECT area_id, name, code FROM areas WHERE layer = $layer", layer=layer)
    return {row["area_id"]: row["name"] or row["code"] or row["area_id"] for row in rows}


def worded(by: str, code: str, areas: Mapping[str, str]) -> str:
    """A code of one of :data:`BY` in words."""
    if by == "area_id":
        return areas.get(code, words.institution(code.partition(":")[2])) if code else "In no area"
    if by == "sphere":
        return words.SPHERES.get(code, code)
    if by == "owner":
        return words.institution(code)
    if by == "function":
        return words.function(code)
    return codes.load("grants").label(code) if by == "grant" else code


def _grouped(source: Source, by: str, of: Asked, areas: Mapping[str, str]) -> list[Row]:
    found = source.rows(_GROUPED.format(by=by, where=of.where), **of.values)
    for row in found:
        row["name"] = worded(by, row["key"], areas)
    if by == "year":
        found.sort(key=lambda row: (parse_year_label(row["key"]) is None, row["key"]))
    return found


_TITLES = {
    "sphere": "Sphere", "grant": "Fund", "function": "Function", "area_id": "Area",
    "year": "Municipal year", "owner": "Owner",
}  # fmt: skip
_MONEY_COLUMNS = (
    Column("total", "Total", "rand"), Column("located", "Located", "rand"),
    Column("allocable", "City-wide, allocable", "rand"),
    Column("unlocated", "Unlocated", "rand"),
)  # fmt: skip
_RECONCILES = (
    "Total = located + allocable + unlocated, to the cent. Allocable is city-wide money, which can "
    "be viewed by population but is never counted as located; unlocated is administrative money "
    "and money that says nowhere."
)


def _table(by: str, rows: list[Row], whole: Row) -> Table:
    return Table(
        by, f"By {_TITLES[by].lower()}",
        (Column("name", _TITLES[by]), Column("key", "Code"), *_MONEY_COLUMNS),
        rows, [{**whole, "name": "Everything", "key": ""}] if rows else [], _RECONCILES,
    )  # fmt: skip


def _rows_table(rows: list[Row], areas: Mapping[str, str]) -> Table:
    for row in rows:
        row["area"] = worded("area_id", row["area_id"], areas)
    return Table(
        "rows", "Every row: sphere, fund, function, area and year",
        (
            Column("metro", "Municipality"), Column("sphere", "Sphere"), Column("owner", "Owner"),
            Column("function", "Function"), Column("grant", "Fund"), Column("area", "Area"),
            Column("area_id", "Area id"), Column("year", "Municipal year"),
            Column("document", "Document"), *_MONEY_COLUMNS,
        ),
        rows, [total_of(rows, _SUMS, metro="Everything")] if rows else [], _RECONCILES,
    )  # fmt: skip


def _left_out(source: Source, of: Asked) -> Table:
    """Plan money of each kind of document, and what of it stands in the statement."""
    rows = source.rows(_LEFT_OUT, **of.values)
    bare = replace(of, filters=())
    counted = {row["key"]: row["total"] for row in _grouped(source, "document", bare, {})}
    for row in rows:
        row["counted"] = counted.get(row["document"], 0)
        row["left_out"] = row["total"] - row["counted"]
        row["document"] = words.document(row["document"])
    title = "What each kind of document says, and what was counted"
    return Table(
        "documents", f"{title} (before filters)" if of.filters else title,
        (
            Column("document", "Document"), Column("total", "It says", "rand"),
            Column("counted", "Counted here", "rand"),
            Column("left_out", "Left out: said elsewhere", "rand"),
        ),
        rows, [total_of(rows, ["total", "counted", "left_out"], document="Everything")] if rows else [],
        "Documents repeat each other: the first column must not be added up as money.",
    )  # fmt: skip


def _finding(of: Asked, whole: Row) -> str:
    place = words.institution(of.metro) if of.metro else "South Africa"
    when = of.years or "all years"
    if whole["total"] is None:
        return f"{place}, {when}: no planned money was read"
    parts = {name: format_rand_short(whole[name]) for name in _SUMS}
    return (
        f"{place}, {when}: {parts['total']} planned, of it {parts['located']} located, "
        f"{parts['allocable']} city-wide and {parts['unlocated']} unlocated"
    )
