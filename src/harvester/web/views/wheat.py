"""Findings: the list and each one with its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render

from harvester.web import downloads
from harvester.web.matters import grains
from harvester.web.permissions import Action, may_somewhere, needs
from harvester.web.queries import lists, projects, wheat
from harvester.web.views import opening
from harvester.web.views.common import over_harvest, require

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from harvester.web.harvest_store import HarvestTables
    from harvester.web.scope import Scope


@over_harvest
def findings(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """The list of findings."""
    page = lists.ask(wheat.FINDINGS, tables, request.GET, scope)
    summary = wheat.summary(tables, scope)
    titles = {row["detector"]: wheat.detector_title(row["detector"]) for row in summary}
    stakes = [row["rand_cents"] for row in summary if row["rand_cents"] is not None]
    return render(
        request,
        "findings.html",
        {
            "page": page,
            "summary": summary,
            "titles": titles,
            "all": sum(row["n"] for row in summary),
            "at_stake": sum(stakes) if stakes else None,
        },
    )


@needs(Action.DOWNLOAD)
@over_harvest
def download(
    request: HttpRequest, tables: HarvestTables, scope: Scope, form: str
) -> HttpResponseBase:
    """The list as a file."""
    if form not in downloads.FORMATS:
        raise Http404("Lists come as csv, json or xlsx.")
    return downloads.respond(wheat.FINDINGS, tables, request, scope, form)


@over_harvest
def finding(
    request: HttpRequest, tables: HarvestTables, scope: Scope, finding_id: str
) -> HttpResponse:
    """One finding: what is said, how sure, on which cells it rests, who can take it."""
    row = require(wheat.finding(tables, finding_id), "This finding")
    became = opening.became(request, finding_id)
    to_triage = may_somewhere(request.user, Action.TRIAGE) and not any(
        one.matter.procedure == "case" and one.stands != "over" for one in became
    )
    grain = grains.of_finding(tables, finding_id) if to_triage else None
    undertaking = None
    if row["undertaking_id"]:
        undertaking = projects.project(tables, row["undertaking_id"])
    return render(
        request,
        "finding.html",
        {
            "finding": row,
            "evidence": wheat.evidence(tables, finding_id),
            "detector": wheat.detector(row["detector"]),
            "undertaking": undertaking,
            "forum": wheat.forum(row["forum"]),
            "became": became,
            "triage": grain,
            "triage_forms": opening.triage_forms(request, grain) if grain else [],
        },
    )
