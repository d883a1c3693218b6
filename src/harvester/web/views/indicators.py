"""Indicators: all of them, and each with its formula, slices and parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render

from harvester.alignment.indicators import Scale
from harvester.web import downloads, labels
from harvester.web.permissions import Action, needs
from harvester.web.pictures import bands
from harvester.web.queries import indicators, lists
from harvester.web.views.common import over_harvest
from harvester.web.views.home import band_rows

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from harvester.web.harvest_store import HarvestTables, Row
    from harvester.web.scope import Scope


@over_harvest
def indicators_page(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """Every indicator with its value, band, formula and years."""
    rows = band_rows(indicators.latest(tables, scope), scope)
    history = indicators.history(tables, scope)
    for row in rows:
        row["history"] = history.get(row["id"], [])
    known = sum(row["value"] is not None for row in rows)
    drawn = bands.draw([row for row in rows if row["declared"].scale is Scale.SHARE])
    return render(request, "indicators.html", {"indicators": rows, "bands": drawn, "known": known})


def _standing(code: str) -> tuple[int, str]:
    """The country first, then metros, then other municipalities, then what names none."""
    if code == indicators.ALL:
        return 0, ""
    rank = 1 if code in labels.metros() else (3 if code == labels.UNKNOWN else 2)
    return rank, labels.place_name(code).lower()


def by_metro(slices: list[Row]) -> tuple[list[str], list[tuple[str, list[Row | None]]]]:
    """Slices as a table: years across; the country, the metros and then other municipalities down."""
    years = sorted({row["year"] for row in slices})
    metros = sorted({row["metro"] for row in slices}, key=_standing)
    at = {(row["metro"], row["year"]): row for row in slices}
    return years, [(metro, [at.get((metro, year)) for year in years]) for metro in metros]


_CUTS = {"province": "Province", "owner": "Institution", "fund": "Fund"}


def by_cut(rows: list[Row]) -> list[Row]:
    """Slices by province, institution and fund, each with the words for it."""
    for row in rows:
        row["dimension_label"] = _CUTS[row["dimension"]]
        fund = row["dimension"] == "fund"
        row["label"] = labels.words("grant" if fund else "institution", row["code"])
    return rows


@over_harvest
def indicator(
    request: HttpRequest, tables: HarvestTables, scope: Scope, indicator_id: str
) -> HttpResponse:
    """One indicator: value, band, formula, trend, every metro and year, and its parts."""
    declared = indicators.declared(indicator_id)
    if declared is None:
        raise Http404(f"There is no indicator {indicator_id[:20]}.")
    latest = indicators.latest(tables, scope).get(indicator_id)
    year = latest["year"] if latest else ""
    years, table = by_metro(indicators.slices(tables, indicator_id, scope))
    page = lists.ask(indicators.parts(indicator_id), tables, request.GET, scope)
    return render(
        request,
        "indicator.html",
        {
            "declared": declared,
            "latest": latest,
            "years": years,
            "table": table,
            "page": page,
            "cuts": by_cut(
                indicators.cuts(tables, indicator_id, scope.metro or indicators.ALL, year)
            ),
            "trend": bands.trend(
                indicators.history(tables, scope).get(indicator_id, []), declared.scale
            ),
            "spheres": indicators.by_sphere(
                tables, indicator_id, scope.metro or indicators.ALL, year
            ),
        },
    )


@needs(Action.DOWNLOAD)
@over_harvest
def download(
    request: HttpRequest, tables: HarvestTables, scope: Scope, indicator_id: str, form: str
) -> HttpResponseBase:
    """The parts of an indicator as a file."""
    if form not in downloads.FORMATS or indicators.declared(indicator_id) is None:
        raise Http404("Lists come as csv, json or xlsx.")
    return downloads.respond(indicators.parts(indicator_id), tables, request, scope, form)
