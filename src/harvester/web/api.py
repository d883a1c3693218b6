"""The API: statements, certificates and the benchmark as JSON, described by an OpenAPI document.

Money is whole cents, under names that end in ``_cents``; ``null`` is unknown, never nought. Whoever
may read the pages may read this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import JsonResponse
from ninja import NinjaAPI, Query, Schema
from pydantic import Field

import harvester
from harvester.domain.errors import UserError
from harvester.domain.periods import Calendar, FinancialYear, parse_year_label
from harvester.reports.statements import dora, scopes
from harvester.reports.statements.files import to_json
from harvester.reports.tables import municipality
from harvester.web import harvest_store
from harvester.web.permissions import Action, may
from harvester.web.queries import statements as query

if TYPE_CHECKING:
    from django.http import HttpRequest

    from harvester.reports.statements import Statement
    from harvester.web.harvest_store import HarvestTables

MOST_ROWS = 1_000


class LawOut(Schema):
    """A rule a statement answers to."""

    reference: str
    says: str
    verified: bool


class ColumnOut(Schema):
    """One column: its name in the rows, its words, and text, rand, share, number, whole or measure
    (in the scale its row names)."""

    name: str
    label: str
    kind: Literal["text", "rand", "share", "number", "whole", "measure"]


class TableOut(Schema):
    """One table; rows and totals by the names of its columns."""

    name: str
    title: str
    note: str
    columns: list[ColumnOut]
    rows: list[dict[str, Any]]
    totals: list[dict[str, Any]]


class StatementOut(Schema):
    """A statement: a finding in a sentence, the law, tables, what it was made from and what is not known."""

    kind: str
    title: str
    metro: str = Field(description="Code of the place or institution; empty: the country")
    year: str
    finding: str
    verdict: str
    law: list[LawOut]
    used: list[str]
    missing: list[str]
    tables: list[TableOut]
    harvest: dict[str, Any]


class SpatialRows(Schema):
    """One page of rows of the spatial budget; total = located + allocable + unlocated."""

    count: int
    finding: str
    rows: list[dict[str, Any]]


class Fault(Schema):
    """What is wrong with a question, and how to mend it."""

    detail: str


def _reader(request: HttpRequest) -> bool:
    return may(request.user, Action.READ)


api = NinjaAPI(
    title="Combined Harvester",
    version=harvester.__version__,
    description=__doc__,
    docs_url=None,
    urls_namespace="api",
    auth=_reader,
)
"""No page of its own documents it: such pages fetch scripts from elsewhere."""

Metro = Annotated[
    str, Query(description="Municipality code or name, such as BUF; empty: the country")
]
Season = Annotated[str, Query(description="Season of the papers, 2018/19; empty: the latest")]
Year = Annotated[str, Query(description="Municipal year, 2018/19; empty: all, or most is known of")]
FAULTS = {400: Fault, 404: Fault}


@api.exception_handler(UserError)
def _mend(request: HttpRequest, error: UserError) -> JsonResponse:
    return JsonResponse({"detail": str(error)}, status=400)


class NothingYetError(UserError):
    """Raised while no harvest is in service."""


@api.exception_handler(NothingYetError)
def _nothing_yet(request: HttpRequest, error: NothingYetError) -> JsonResponse:
    return JsonResponse({"detail": str(error)}, status=404)


def _tables() -> HarvestTables:
    tables = harvest_store.current()
    if tables is None:
        raise NothingYetError("there is no harvest yet.", mend="Give files and run one.")
    return tables


def _label(text: str) -> str:
    """A financial year as tables write it."""
    start = parse_year_label(text) if text else None
    if text and start is None:
        raise UserError(f"{text!r} is not a financial year.", where="year", mend="Write 2018/19.")
    return FinancialYear(start, Calendar.MUNICIPAL).label if start is not None else ""


def _told(made: list[Statement]) -> list[dict[str, Any]]:
    return [to_json(one) for one in made]


@api.get(
    "/statements/spatial", response={200: StatementOut, **FAULTS}, summary="Spatial budget: sums"
)
def spatial_sums(
    request: HttpRequest, metro: Metro = "", year: Year = "",
    basis: Annotated[str, Query(description="own, or one kind of document")] = "",
    layer: Annotated[str, Query(description="Layer of areas; empty: municipalities")] = "",
) -> dict[str, Any]:  # fmt: skip
    """Every rand of every sphere, by sphere, fund, function, area, year and owner."""
    tables, label = _tables(), _label(year)
    of = query.asked(tables, municipality(metro) or "", (label, label), basis=basis, layer=layer)
    return to_json(query.spatial_budget(tables, of, rows=False))


@api.get(
    "/statements/spatial/rows",
    response={200: SpatialRows, **FAULTS},
    summary="Spatial budget: rows",
)
def spatial_rows(  # noqa: PLR0917 - each is a part of the question
    request: HttpRequest, metro: Metro = "", year: Year = "", basis: str = "", layer: str = "",
    sphere: str = "", grant: str = "", function: str = "", area_id: str = "", owner: str = "",
    sort: Annotated[str, Query(description="A column; -total downwards")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 100, offset: Annotated[int, Query(ge=0)] = 0,
) -> dict[str, Any]:  # fmt: skip
    """Rows by sphere, owner, function, fund, area, year and paper, filtered, sorted, page by page."""
    tables, label = _tables(), _label(year)
    filters = {
        "sphere": sphere, "grant": grant, "function": function, "area_id": area_id, "owner": owner,
    }  # fmt: skip
    code = municipality(metro) or ""
    of = query.asked(tables, code, (label, label), basis=basis, layer=layer, filters=filters)
    rows, count = query.spatial_rows(tables, of, sort, limit, offset)
    sums = ("total", "located", "allocable", "unlocated")
    named = [{f"{k}_cents" if k in sums else k: v for k, v in row.items()} for row in rows]
    finding = query.spatial_budget(tables, of, rows=False).finding
    return {"count": count, "finding": finding, "rows": named}


@api.get("/statements/{kind}", response={200: list[StatementOut], **FAULTS}, summary="Statements")
def statements(
    request: HttpRequest, kind: Literal["dora-s14", "cef"], metro: Metro = "", year: Season = "",
    basis: Annotated[str, Query(description="dora-s14: pipeline, budget; cef: budget, idp, pipeline")] = "",
) -> list[dict[str, Any]]:  # fmt: skip
    """Grants per integration zone (DoRA s14), or capital to poor and non-poor households (CEF).

    Of one municipality, or one for each that has plan money.
    """
    tables, label, code = _tables(), _label(year), municipality(metro) or ""
    if code:
        return _told([query.of_metro(tables, kind, code, label, basis)])
    return _told(
        query.of_country(tables, kind, query.metros(tables, only=kind == dora.KIND), label)
    )


@api.get("/cascade", response={200: StatementOut, **FAULTS}, summary="Vertical cascade")
def cascade(
    request: HttpRequest,
    metro: Annotated[str, Query(description="Municipality code or name, such as BUF")],
    year: Season = "",
) -> dict[str, Any]:
    """From national outcome to budget line: targets, undertakings rung by rung, gaps, crosswalk."""
    return to_json(query.cascade(_tables(), municipality(metro) or "", _label(year)))


@api.get(
    "/certificates/{kind}", response={200: list[StatementOut], **FAULTS}, summary="Certificates"
)
def certificates(
    request: HttpRequest, kind: Literal["metro", "institution", "province"],
    code: Annotated[str, Query(description="One scope by its code; empty: all of the kind")] = "",
    year: Year = "",
) -> list[dict[str, Any]]:  # fmt: skip
    """Score, grade, what would change them, and chances of ranks; unknown is never bad."""
    found = query.certificate(_tables(), kind, _label(year))
    if code and code not in found:
        raise UserError(f"the harvest measures nothing of {code}.", where="code")
    return _told([found[code]] if code else list(found.values()))


@api.get("/benchmark", response={200: StatementOut, **FAULTS}, summary="Benchmark of the metros")
def benchmark(request: HttpRequest, year: Year = "") -> dict[str, Any]:
    """Metros side by side on every indicator, with spread, trend and sureness of rank."""
    return to_json(query.benchmark(_tables(), scopes.METRO, _label(year)))


LAYERS = {200: list[dict[str, Any]], **FAULTS}


@api.get("/layers", response=LAYERS, summary="Layers of areas the spatial budget can be asked in")
def layers(request: HttpRequest, metro: Metro = "") -> list[dict[str, Any]]:
    """Each with its kind, how many areas it has, and whether its boundaries are illustrative."""
    tables = _tables()
    return [dict(row) for row in query.layers(tables, municipality(metro) or "")]
