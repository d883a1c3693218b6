"""The map and its table: areas by rand, located undertakings, and each area."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from harvester.domain.places import AreaKind
from harvester.web import downloads, labels, params
from harvester.web.permissions import Action, needs
from harvester.web.pictures import choropleth
from harvester.web.queries import areas as query
from harvester.web.queries import lists
from harvester.web.templatetags.harvester import short_rand
from harvester.web.views.common import over_harvest, require

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase, QueryDict

    from harvester.web.harvest_store import HarvestTables, Row
    from harvester.web.scope import Scope

MOST_ROWS = 300
MOST_ENTRIES = 100


def choose(
    tables: HarvestTables, told: QueryDict, scope: Scope
) -> tuple[list[Row], str, str, list[str]]:
    """Layers, the layer and document chosen (or the likeliest), documents that have money in it.

    Of the whole country the likeliest areas are municipalities, of one metro those inside it:
    a zone of a few kilometres cannot be seen on a map of the country.
    """
    layers = query.layers(tables)
    known = [row["layer"] for row in layers]
    wide = [row["layer"] for row in layers if row["kind"] == AreaKind.MUNICIPALITY]
    likely = next((name for name in known if (name in wide) is not bool(scope.metro)), "")
    likely = likely or (known[0] if known else "")
    layer = params.choice(told, "layer", known, likely)
    documents = query.documents_with_money(tables, layer) if layer else []
    document = params.choice(
        told, "document", {code for code, _ in labels.DOCUMENTS}, documents[0] if documents else ""
    )
    return layers, layer, document, documents


@over_harvest
def overview(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """Areas of a layer shaded by rand of one document, with the table twin."""
    layers, layer, document, documents = choose(tables, request.GET, scope)
    rows = query.money_by_area(tables, layer, document, scope) if layer else []
    known = [row["cents"] for row in rows if row["cents"] is not None]
    shades = choropleth.classify(known)
    outside = query.outside_areas(tables, layer, document, scope) if layer else []
    shown = [
        {**row, "shade": choropleth.shade_of(row["cents"], shades)} for row in rows[:MOST_ROWS]
    ]
    return render(
        request,
        "map.html",
        {
            "layers": layers,
            "layer": layer,
            "document": document,
            "documents": [(code, labels.document(code)) for code in documents],
            "rows": shown,
            "areas": len(rows),
            "with_money": len(known),
            "cents": sum(known),
            "shades": shades,
            "outside": outside,
            "outside_cents": sum(row["cents"] or 0 for row in outside),
            "illustrative": any(row["illustrative"] for row in rows),
            "told": _told(layer, document, scope),
            "outline": _outline(layers, layer, scope),
        },
    )


def _told(layer: str, document: str, scope: Scope) -> str:
    """What the picture and the map ask for, as the query of an address."""
    pairs = {**scope.pairs, "layer": layer, "document": document}
    return urlencode({name: value for name, value in pairs.items() if value}, safe="/")


def _outline(layers: list[Row], layer: str, scope: Scope) -> str:
    """The query that gets the municipalities' own boundaries; empty where they are shown anyway."""
    own = [row["layer"] for row in layers if row["kind"] == AreaKind.MUNICIPALITY]
    return "" if not own or layer in own else _told(own[0], "", scope)


def _simple(tables: HarvestTables, layer: str, metro: str) -> list[tuple[str, Any]]:
    """Simplified shapes of a layer, made once per harvest."""

    def make() -> list[tuple[str, Any]]:
        rows = query.shapes(tables, layer, metro)
        return choropleth.simplified([(row["area_id"], row["geometry"]) for row in rows])

    return tables.remember(("shapes", layer, metro), make)


def _kept(
    tables: HarvestTables, key: tuple[object, ...], make: Callable[[], str], kind: str
) -> HttpResponse:
    """A body made once per harvest. Browsers ask again after an hour: a harvest may have come."""
    response = HttpResponse(tables.remember(key, make), content_type=kind)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _shaded(
    tables: HarvestTables, layer: str, document: str, scope: Scope
) -> tuple[list[tuple[Any, Row]], list[choropleth.Shade]]:
    """Shapes of a layer with their rand, and the classes of shade."""
    money = {row["area_id"]: row for row in query.money_by_area(tables, layer, document, scope)}
    shades = choropleth.classify([r["cents"] for r in money.values() if r["cents"] is not None])
    shapes = _simple(tables, layer, scope.metro)
    return [(shape, money[area_id]) for area_id, shape in shapes if area_id in money], shades


@over_harvest
def areas_json(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """Shapes with their rand, as GeoJSON for the map."""
    _, layer, document, _ = choose(tables, request.GET, scope)

    def make() -> str:
        shapes, shades = _shaded(tables, layer, document, scope)
        features = [choropleth.feature(s, _properties(row, shades, scope)) for s, row in shapes]
        return json.dumps({"type": "FeatureCollection", "features": features})

    return _kept(tables, ("areas.json", layer, document, scope), make, "application/geo+json")


def _properties(row: Row, shades: list[choropleth.Shade], scope: Scope) -> dict[str, Any]:
    address = reverse("area", args=[row["area_id"]])
    shade = choropleth.shade_of(row["cents"], shades)
    return {
        "name": row["name"] or row["code"] or row["area_id"],
        "rand": "no money named" if row["cents"] is None else short_rand(row["cents"]),
        "shade": -1 if shade is None else shade,
        "href": f"{address}?{scope.query}" if scope.query else address,
    }


@over_harvest
def points_json(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """Located undertakings: each one, or squares of them where there are many."""

    def make() -> str:
        rows, count = query.points(tables, scope)
        return json.dumps({"count": count, "points": [_point(row, scope) for row in rows]})

    return _kept(tables, ("points.json", scope), make, "application/json")


def _point(row: Row, scope: Scope) -> dict[str, Any]:
    told = {
        "at": [round(row["latitude"], 5), round(row["longitude"], 5)],
        "rand": short_rand(row["cents"]),
    }
    if "undertaking_id" in row:
        address = reverse("project", args=[row["undertaking_id"]])
        tail = f"?{scope.query}" if scope.query else ""
        return {
            **told,
            "n": 1,
            "name": row["name"],
            "sphere": row["sphere"],
            "href": address + tail,
        }
    west, south, size = row["west"], row["south"], row["size"]
    box = f"{west:.5f},{south:.5f},{west + size:.5f},{south + size:.5f}"
    more = f"&{scope.query}" if scope.query else ""
    return {
        **told,
        "n": row["n"],
        "name": f"{row['n']} projects",
        "sphere": "",
        "href": f"{reverse('projects')}?box={box}{more}",
    }


@over_harvest
def picture(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """The map as one SVG drawing, for pages without JavaScript and for print."""
    _, layer, document, _ = choose(tables, request.GET, scope)

    def make() -> str:
        shapes, shades = _shaded(tables, layer, document, scope)
        plane = choropleth.Plane.over([shape for shape, _ in shapes]) if shapes else None
        drawn = [
            {
                "path": plane.path(shape),
                "shade": choropleth.shade_of(row["cents"], shades),
                "name": row["name"],
                "cents": row["cents"],
            }
            for shape, row in shapes
        ]
        height = plane.height if plane else 120
        told = {"areas": drawn, "width": choropleth.SVG_WIDTH, "height": height}
        return render_to_string("pictures/choropleth.svg", told)

    return _kept(tables, ("picture.svg", layer, document, scope), make, "image/svg+xml")


@over_harvest
def areas(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """Every area as a list."""
    return render(
        request, "areas.html", {"page": lists.ask(query.AREAS, tables, request.GET, scope)}
    )


@needs(Action.DOWNLOAD)
@over_harvest
def download(
    request: HttpRequest, tables: HarvestTables, scope: Scope, form: str
) -> HttpResponseBase:
    """The list as a file."""
    if form not in downloads.FORMATS:
        raise Http404("Lists come as csv, json or xlsx.")
    return downloads.respond(query.AREAS, tables, request, scope, form)


@over_harvest
def area(request: HttpRequest, tables: HarvestTables, scope: Scope, area_id: str) -> HttpResponse:
    """One area: its rand by document, year and sphere, and the rows placed in it."""
    row = require(query.area(tables, area_id), "This area")
    return render(
        request,
        "area.html",
        {
            "area": row,
            "budget": query.budget_of(tables, area_id, scope),
            "entries": query.entries_in(tables, area_id, MOST_ENTRIES),
            "most": MOST_ENTRIES,
        },
    )
