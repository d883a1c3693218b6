"""Findings: the list, those that have mended, and each one with its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from harvester.web import downloads
from harvester.web.matters import grains, rows
from harvester.web.permissions import Action, may_somewhere, needs
from harvester.web.queries import lists, mended, projects, wheat
from harvester.web.views import opening
from harvester.web.views.common import over_harvest, require

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from harvester.web.harvest_store import HarvestTables, Row
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
            "mended": mended.count(tables, scope),
        },
    )


@over_harvest
def mended_list(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """Findings that are no longer there, what mended each, and what became of it."""
    page = lists.ask(mended.MENDED, tables, request.GET, scope)
    matters: dict[str, list[rows.Shown]] = {}
    for one in rows.everything(request.user, timezone.localdate()):
        matters.setdefault(one.matter.finding, []).append(one)
    for row in page.rows:
        row["papers"] = mended.papers(tables, row)
        row["became"] = matters.get(row["finding_id"], [])
    told = {"page": page, "all": mended.count(tables, scope), "causes": mended.CAUSES}
    return render(request, "mended.html", told)


@needs(Action.DOWNLOAD)
@over_harvest
def mended_download(
    request: HttpRequest, tables: HarvestTables, scope: Scope, form: str
) -> HttpResponseBase:
    """The mended findings as a file."""
    if form not in downloads.FORMATS:
        raise Http404("Lists come as csv, json or xlsx.")
    return downloads.respond(mended.MENDED, tables, request, scope, form)


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
    """One finding: what is said, how sure, on which cells it rests, who can take it.

    One that has mended keeps its address and says what mended it.
    """
    row = wheat.finding(tables, finding_id)
    gone = mended.mended(tables, finding_id) if row is None else None
    if gone is not None:
        return _mended(request, tables, gone)
    row = require(row, "This finding")
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


def _mended(request: HttpRequest, tables: HarvestTables, row: Row) -> HttpResponse:
    """A finding that is no longer there, as it last stood."""
    finding_id, project = row["finding_id"], row["undertaking_id"]
    run, cells = mended.last_shown(tables, finding_id) or ("", [])
    return render(
        request,
        "finding_mended.html",
        {
            "finding": row,
            "detector": wheat.detector(row["detector"]),
            "causes": mended.CAUSES,
            "papers": mended.papers(tables, row),
            "became": opening.became(request, finding_id),
            "undertaking": projects.project(tables, project) if project else None,
            "run": run,
            "evidence": cells,
        },
    )
