"""The first page: the mechanism and the state of the harvest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from harvester.alignment.indicators import INDICATORS, Scale
from harvester.web.forums import summary as forums_summary
from harvester.web.matters import summary as summary_of
from harvester.web.pictures import bands
from harvester.web.queries import indicators, mended, overview, submissions, wheat
from harvester.web.views.common import over_harvest

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from harvester.web.harvest_store import HarvestTables, Row
    from harvester.web.scope import Scope

MOST = 6


def band_rows(values: dict[str, Row], scope: Scope) -> list[dict[str, Any]]:
    """Declared indicators with their values, for the picture and its table."""
    rows = []
    for one in INDICATORS:
        value = values.get(one.id)
        address = reverse("indicator", args=[one.id])
        rows.append(
            {
                "id": one.id,
                "label": one.name,
                "declared": one,
                "href": f"{address}?{scope.query}" if scope.query else address,
                "value": value["value"] if value else None,
                "low": value["low"] if value else None,
                "high": value["high"] if value else None,
                "bound_low": value["bound_low"] if value else None,
                "bound_high": value["bound_high"] if value else None,
                "year": value["year"] if value else "",
                "items": value["items"] if value else 0,
                "note": value["year"] if value and value["value"] is not None else "",
            }
        )
    return rows


@over_harvest
def home(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """The mechanism, the indicators with their bands, what is most at stake, who is silent."""
    everything = band_rows(indicators.latest(tables, scope), scope)
    rows = [row for row in everything if row["declared"].family == row["id"]]
    summary = wheat.summary(tables, scope)
    stakes = [row["rand_cents"] for row in summary if row["rand_cents"] is not None]
    return render(
        request,
        "home.html",
        {
            "totals": overview.totals(tables, scope),
            "institutions": overview.institutions(tables, scope),
            "by_sphere": overview.by_sphere(tables, scope),
            "bands": bands.draw([row for row in rows if row["declared"].scale is Scale.SHARE]),
            "indicators": rows,
            "findings": sum(row["n"] for row in summary),
            "serious": sum(row["high"] for row in summary),
            "at_stake": sum(stakes) if stakes else None,
            "kinds": len(summary),
            "mended": mended.count(tables, scope),
            "most_at_stake": wheat.most_at_stake(tables, scope, MOST),
            "processor": summary_of.processor(request.user, scope),
            "forums": forums_summary.forums(request.user, timezone.localdate()),
            "missing": submissions.missing(tables, scope, MOST + 2),
        },
    )
