"""Where the money goes: sums out of the spatial budget and the undertakings, no new figures.

Documents overlap: one project may stand in a pipeline, an IDP and a budget, and each paper repeats
the one before it. Sums over the spatial budget are therefore of the latest paper of each publisher
and kind, kept by document and never added across; what counts each project once comes from the
undertakings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harvester.domain.documents import Document
from harvester.reports import words

if TYPE_CHECKING:
    from harvester.reports.view import Books

PLAN = "phase IN ('planned', 'budget', 'gazetted')"
"""Plan money: what is planned, budgeted or gazetted, not what was spent."""

MUNICIPAL_LAYER = """(
  SELECT coalesce(min(layer) FILTER (WHERE kind = 'municipality'), 'municipality') FROM areas
)"""
"""The layer of municipalities: every rand of the harvest once."""

_MONEY = f"""(
  SELECT * FROM spatial_budget
  WHERE {PLAN} AND ($metro = '' OR metro = $metro) AND latest
)"""

_CLASSES = f"""
SELECT document, place_class, sum(amount_cents)::BIGINT AS cents FROM {_MONEY}
WHERE layer = {MUNICIPAL_LAYER} AND document <> 'allocations'
GROUP BY document, place_class ORDER BY document, place_class
"""

_YEARS = f"""
SELECT document, year, sum(amount_cents)::BIGINT AS cents FROM {_MONEY}
WHERE layer = {MUNICIPAL_LAYER} GROUP BY document, year ORDER BY year, document
"""

_AREAS = f"""
SELECT b.layer, b.area_id, coalesce(a.name, '') AS name, b.document,
  coalesce(bool_or(a.priority), false) AS priority,
  coalesce(bool_or(a.illustrative), false) AS illustrative,
  sum(b.amount_cents)::BIGINT AS cents
FROM {_MONEY} b LEFT JOIN (SELECT DISTINCT ON (area_id) * FROM areas ORDER BY area_id) a
  USING (area_id)
WHERE b.area_id <> '' AND b.document <> 'allocations'
  AND ($metro = '' OR b.layer <> {MUNICIPAL_LAYER})
GROUP BY b.layer, b.area_id, coalesce(a.name, ''), b.document
ORDER BY b.layer, b.area_id, b.document
"""

_NO_AREA = f"""
SELECT layer, document, sum(amount_cents)::BIGINT AS cents FROM {_MONEY}
WHERE area_id = '' AND document <> 'allocations' GROUP BY layer, document ORDER BY layer, document
"""

_GROUPED = """
SELECT {by} AS code, count(*) AS undertakings, sum(amount_cents)::BIGINT AS cents,
  count(*) FILTER (WHERE amount_cents IS NULL) AS without_amount
FROM undertakings WHERE $metro = '' OR metro = $metro
GROUP BY {by} ORDER BY cents DESC NULLS LAST, code
"""

_HEADLINE = """
SELECT count(*) AS undertakings, count(DISTINCT owner) FILTER (WHERE owner <> 'unknown') AS owners,
  sum(amount_cents)::BIGINT AS cents, min(first_year) AS first, max(last_year) AS last,
  sum(amount_cents) FILTER (WHERE place_class IN ('located', 'multi_ward', 'network'))::BIGINT
    AS placed,
  sum(amount_cents) FILTER (WHERE place_class IN ('city_wide', 'administrative'))::BIGINT AS wide,
  sum(amount_cents) FILTER (WHERE place_class = 'unknown')::BIGINT AS nowhere,
  count(*) FILTER (WHERE amount_cents IS NULL) AS without_amount
FROM undertakings WHERE $metro = '' OR metro = $metro
"""


def headline(books: Books, metro: str) -> dict[str, Any]:
    """Projects, owners, years and plan money in scope, each project once."""
    return books.rows(_HEADLINE, metro=metro)[0]


def by_place_class(books: Books, metro: str) -> list[dict[str, Any]]:
    """One row for each document (all projects once in the first): ``cents`` by place class."""
    once = {r["code"]: r["cents"] or 0 for r in _grouped(books, metro, "place_class")}
    documents: dict[str, dict[str, int]] = {}
    for row in books.rows(_CLASSES, metro=metro):
        documents.setdefault(row["document"], {})[row["place_class"]] = row["cents"]
    return [
        _class_row("Each project once", once, once=True),
        *(
            _class_row(words.document(code), documents[code], once=False)
            for code in _in_order(documents)
        ),
    ]


def _class_row(label: str, cents: dict[str, int], *, once: bool) -> dict[str, Any]:
    ordered = {name: cents.get(name, 0) for name in words.PLACE_CLASSES}
    return {"label": label, "cents": ordered, "total": sum(ordered.values()), "once": once}


def by_year(books: Books, metro: str) -> dict[str, Any]:
    """``documents`` (columns) and ``rows`` by municipal year; ``unknown`` years last."""
    found = books.rows(_YEARS, metro=metro)
    return _crossed(found, "year", lambda row: {"label": row["year"]})


def by_area(books: Books, metro: str) -> list[dict[str, Any]]:
    """One table for each layer, areas with most money in any one document first.

    ``nowhere`` of a layer is the money in none of its areas, by document.
    """
    found = books.rows(_AREAS, metro=metro)
    outside = books.rows(_NO_AREA, metro=metro)
    layers = []
    for layer in sorted({row["layer"] for row in found}):
        mine = [row for row in found if row["layer"] == layer]
        table = _crossed(mine, "area_id", _area_words)
        table["rows"].sort(key=lambda r: (-max(r["cents"].values()), r["label"]))
        table["layer"] = layer.replace("_", " ").replace("-", " ")
        table["illustrative"] = any(row["illustrative"] for row in mine)
        table["nowhere"] = {r["document"]: r["cents"] for r in outside if r["layer"] == layer}
        layers.append(table)
    return layers


def grouped(books: Books, metro: str) -> dict[str, list[dict[str, Any]]]:
    """Undertakings and their plan money by sphere, function and owner, each project once."""
    tables = {
        "sphere": _grouped(books, metro, "sphere"),
        "function": _grouped(books, metro, '"function"'),
        "owner": _grouped(books, metro, "owner"),
    }
    for row in tables["sphere"]:
        row["label"], row["sphere"] = words.SPHERES.get(row["code"], row["code"]), row["code"]
    for row in tables["function"]:
        row["label"] = words.function(row["code"])
    for row in tables["owner"]:
        row["label"], row["sphere"] = words.institution(row["code"]), words.sphere_of(row["code"])
    return tables


def _grouped(books: Books, metro: str, by: str) -> list[dict[str, Any]]:
    return books.rows(_GROUPED.format(by=by), metro=metro)


def _area_words(row: dict[str, Any]) -> dict[str, Any]:
    code = row["area_id"].partition(":")[2]
    return {"label": row["name"] or words.institution(code), "priority": row["priority"]}


def _crossed(found: list[dict[str, Any]], by: str, describe: Any) -> dict[str, Any]:
    """Sums with ``by`` down and documents across."""
    rows: dict[str, dict[str, Any]] = {}
    for row in found:
        mine = rows.setdefault(row[by], {**describe(row), "cents": {}})
        mine["cents"][row["document"]] = row["cents"]
    documents = _in_order({row["document"] for row in found})
    return {"documents": documents, "rows": list(rows.values())}


def _in_order(documents: Any) -> list[str]:
    order = {document.value: n for n, document in enumerate(Document)}
    return sorted(documents, key=lambda code: (order.get(code, len(order)), code))
