"""Certificates of alignment, and the benchmark of those of one kind side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from harvester.alignment.indicators import Scale
from harvester.reports.statements import scopes
from harvester.web import downloads, labels, params
from harvester.web.permissions import Action, needs
from harvester.web.pictures import bands, sparks
from harvester.web.queries import indicators
from harvester.web.queries import statements as query
from harvester.web.views.common import over_harvest

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from harvester.reports.statements import Statement
    from harvester.reports.statements.statement import Column
    from harvester.web.harvest_store import HarvestTables
    from harvester.web.scope import Scope

KINDS = {scopes.METRO: "Metros", scopes.INSTITUTION: "Institutions", scopes.PROVINCE: "Provinces"}
OVERALL = "score"
FIGURES = ("value", "low", "high", "bound_low", "bound_high")


def _year(request: HttpRequest, tables: HarvestTables, kind: str) -> tuple[str, list[str]]:
    """The year asked for (empty: the one most is known of), and those there are."""
    years = query.measured_years(tables, kind)
    return params.choice(request.GET, "year", years), years


def _name(code: str) -> str:
    return labels.place_name(code) if labels.is_municipality(code) else labels.institution(code)


def _address(name: str, scope: Scope, *args: str, **told: str) -> str:
    pairs = {**scope.pairs, **told}
    tail = urlencode({k: v for k, v in pairs.items() if v}, safe="/")
    return f"{reverse(name, args=args)}?{tail}" if tail else reverse(name, args=args)


@over_harvest
def overview(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """Scores, grades and ranks of one kind, drawn and as a table."""
    kind = params.choice(request.GET, "kind", KINDS, scopes.METRO)
    year, years = _year(request, tables, kind)
    one = query.benchmark(tables, kind, year)
    scores = one.table("scores")
    rows = scores.rows if scores else []
    for row in rows:
        row["href"] = _address("certificate", scope, kind, row["code"], year=year)
    return render(
        request,
        "certificates.html",
        {
            "one": one, "kind": kind, "kinds": KINDS, "year": year, "years": years, "rows": rows,
            "bands": bands.draw([_drawn(row) for row in rows[:40]]),
        },
    )  # fmt: skip


def _drawn(row: dict[str, Any]) -> dict[str, object]:
    """A scope as a row of the picture: its score with band, and its grade."""
    grade = row["grade"] if row["rank"] is not None else "no grade"
    note = grade if row["rank"] is None else f"{grade} · rank {row['rank']}"
    told = {name: row[name] for name in ("low", "high", "bound_low", "bound_high")}
    return {
        "label": _name(row["code"]), "href": row.get("href", ""), "value": row["score"], **told,
        "note": note,
    }  # fmt: skip


def _certificate(tables: HarvestTables, kind: str, code: str, year: str) -> Statement:
    if kind not in KINDS:
        raise Http404(f"There are no certificates of {kind[:20]}.")
    found = query.certificate(tables, kind, year).get(code)
    if found is None:
        raise Http404(f"The harvest in service measures nothing of {_name(code[:40])}.")
    return found


@over_harvest
def certificate(
    request: HttpRequest, tables: HarvestTables, scope: Scope, kind: str, code: str
) -> HttpResponse:
    """One certificate: score, what it is made of, what would change grade and rank."""
    year, years = _year(request, tables, kind if kind in KINDS else scopes.METRO)
    one = _certificate(tables, kind, code, year)
    made_of = one.table("indicators")
    drawn = [
        {
            "label": f"{row['indicator']} {row['name']}",
            "href": _indicator_address(row["indicator"], scope),
            **{name: row[name] for name in FIGURES},
            "note": f"weight {row['weight']}",
        }
        for row in (made_of.rows if made_of else [])
    ]  # fmt: skip
    others = list(query.certificate(tables, kind, year))
    return render(
        request,
        "certificate.html",
        {
            "one": one, "kind": kind, "kinds": KINDS, "code": code, "year": year, "years": years,
            "name": _name(code), "bands": bands.draw(drawn),
            "others": sorted(((other, _name(other)) for other in others), key=lambda o: o[1].lower()),
        },
    )  # fmt: skip


def _indicator_address(indicator: str, scope: Scope) -> str:
    known = indicators.declared(indicator)
    return _address("indicator", scope, indicator) if known else ""


@needs(Action.DOWNLOAD)
@over_harvest
def download(
    request: HttpRequest, tables: HarvestTables, scope: Scope, *, kind: str, code: str, form: str
) -> HttpResponseBase:
    """A certificate as a file."""
    year, _ = _year(request, tables, kind if kind in KINDS else scopes.METRO)
    one = _certificate(tables, kind, code, year)
    return downloads.statements(
        [one], form, f"certificate-{code}", params.code(request.GET, "table")
    )


@over_harvest
def benchmark(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """Metros side by side: every indicator with spread; one drawn with its bands, ranks, years."""
    year, years = _year(request, tables, scopes.METRO)
    one = query.benchmark(tables, scopes.METRO, year)
    known = {row["indicator"]: row["name"] for row in _rows(one, "side_by_side")}
    chosen = params.choice(request.GET, "indicator", known, "V2" if "V2" in known else "")
    values = [row for row in _rows(one, "values") if row["indicator"] == chosen]
    values.sort(key=lambda row: (row["rank"] is None, row["rank"], row["name"]))
    scale = Scale(values[0]["scale"]) if values else Scale.SHARE
    top = 1.0 if scale is Scale.SHARE else _greatest(values)
    drawn = [_beside(row, scale, top, scope, year) for row in values]
    trend = one.table("trend")
    trend_years = [c for c in trend.columns if c.name[:1].isdigit()] if trend else []
    history = [row for row in _rows(one, "trend") if row["indicator"] == chosen]
    most = top if scale is Scale.SHARE else _greatest_of_years(history, trend_years)
    history = [
        {
            **row,
            "spark": sparks.draw(
                [
                    (c.name, _part(row.get(c.name), most), scale.say(row.get(c.name)))
                    for c in trend_years
                ]
            ),
        }
        for row in history
    ]
    return render(
        request,
        "benchmark.html",
        {
            "one": one, "year": year, "years": years, "indicator": chosen, "known": known,
            "declared": indicators.declared(chosen), "values": values, "bands": bands.draw(drawn),
            "trend": history,
            "trend_years": trend_years,
        },
    )  # fmt: skip


def _greatest(rows: list[dict[str, Any]]) -> float:
    """The greatest figure of some rows, as the end of a picture's scale."""
    told = [row[name] for row in rows for name in ("value", "high") if row[name] is not None]
    return max(told, default=0.0) or 1.0


def _greatest_of_years(rows: list[dict[str, Any]], years: list[Column]) -> float:
    told = [row[c.name] for row in rows for c in years if row.get(c.name) is not None]
    return max(told, default=0.0) or 1.0


def _part(value: float | None, top: float) -> float | None:
    return None if value is None else value / top


def _beside(
    row: dict[str, Any], scale: Scale, top: float, scope: Scope, year: str
) -> dict[str, object]:
    """A metro as a row of the picture of one indicator, drawn up to ``top``."""
    return {
        "label": _name(row["code"]),
        "href": _address("certificate", scope, scopes.METRO, row["code"], year=year),
        **{name: _part(row[name], top) for name in FIGURES},
        "text": scale.say(row["value"]),
        # Words of another scale are longer, and the rank stands in the table beside.
        "note": f"rank {row['rank']} of {row['of']}"
        if row["rank"] and scale is Scale.SHARE
        else "",
    }


def _rows(one: Statement, name: str) -> list[dict[str, Any]]:
    table = one.table(name)
    return table.rows if table else []


@needs(Action.DOWNLOAD)
@over_harvest
def benchmark_download(
    request: HttpRequest, tables: HarvestTables, scope: Scope, form: str
) -> HttpResponseBase:
    """The benchmark as a file."""
    kind = params.choice(request.GET, "kind", KINDS, scopes.METRO)
    year, _ = _year(request, tables, kind)
    one = query.benchmark(tables, kind, year)
    return downloads.statements(
        [one], form, f"benchmark-{kind}s", params.code(request.GET, "table")
    )
