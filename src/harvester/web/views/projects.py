"""Undertakings: the list, each with its landing ladder, and single entries with their cells."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.linkage.identity import ids
from harvester.web import downloads
from harvester.web.compacts import promises
from harvester.web.permissions import Action, needs
from harvester.web.pictures import ladder
from harvester.web.queries import lists, overview, projects
from harvester.web.queries.fields import fields_of
from harvester.web.views.common import over_harvest, require

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from harvester.web.harvest_store import HarvestTables, Row
    from harvester.web.scope import Scope


MOST_JOINED, MOST_APART = 6, 3


@over_harvest
def projects_page(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """The list of undertakings."""
    page = lists.ask(projects.PROJECTS, tables, request.GET, scope)
    return render(
        request, "projects.html", {"page": page, "totals": overview.totals(tables, scope)}
    )


@needs(Action.DOWNLOAD)
@over_harvest
def download(
    request: HttpRequest, tables: HarvestTables, scope: Scope, form: str
) -> HttpResponseBase:
    """The list as a file."""
    if form not in downloads.FORMATS:
        raise Http404("Lists come as csv, json or xlsx.")
    return downloads.respond(projects.PROJECTS, tables, request, scope, form)


def as_at(tables: HarvestTables) -> dt.date | None:
    """The day the harvest was judged at."""
    told = overview.as_at(tables)
    return dt.date.fromisoformat(told) if told else None


def reasons_of(link: Row) -> list[dict[str, Any]]:
    """Why two entries may be one project, strongest first; empty where nothing was kept."""
    try:
        told = json.loads(link["reasons"] or "[]")
    except json.JSONDecodeError:
        return []
    found = [r for r in told if isinstance(r, dict) and "reason" in r]
    return sorted(found, key=lambda r: -abs(r.get("weight") or 0))


def links_worth_showing(links: list[Row]) -> list[Row]:
    """The surest pairs that are joined, and the surest that are not: the rest is one click away."""
    joined = [link for link in links if link["joined"]]
    apart = [link for link in links if not link["joined"]]
    return joined[:MOST_JOINED] + apart[:MOST_APART]


@over_harvest
def project(
    request: HttpRequest, tables: HarvestTables, scope: Scope, undertaking_id: str
) -> HttpResponse:
    """One undertaking: its landing ladder, findings, links and entries; an earlier id leads on."""
    row = projects.project(tables, undertaking_id)
    if row is None:
        return _elsewhere(request, tables, undertaking_id)
    entries = projects.members(tables, undertaking_id)
    entry_ids = [entry["entry_id"] for entry in entries]
    lines = projects.lines_of(tables, entry_ids)
    by_id = {entry["entry_id"]: entry for entry in entries}
    lines.sort(key=lambda x: (ladder.group_of(by_id[x["entry_id"]], x), x["entry_id"], x["cell"]))
    cells = projects.cells_of(tables, sorted({entry["submission_id"] for entry in entries}))
    links = [{**link, "why": reasons_of(link)} for link in projects.links_of(tables, entry_ids)]
    shown = links_worth_showing(links)
    return render(
        request,
        "project.html",
        {
            "project": row,
            "ladder": ladder.draw(entries, lines, as_at(tables)),
            "lines": [{**line, "entry": by_id[line["entry_id"]]} for line in lines],
            "entries": [{**entry, "fields": fields_of(entry, cells)} for entry in entries],
            "more_entries": max(0, row["entries"] - len(entries)),
            "links": links,
            "links_shown": shown,
            "links_more": [link for link in links if link not in shown],
            "findings": projects.findings_of(tables, undertaking_id, entry_ids),
            "related": [
                {**other, "why": reasons_of(other)}
                for other in projects.related_to(tables, undertaking_id)
            ],
            "parted": projects.parted_into(tables, undertaking_id),
            "promises": promises.of_project(request.user, undertaking_id, timezone.localdate()),
            "was": _earlier(tables, request.GET.get("was", "")),
        },
    )


def _elsewhere(request: HttpRequest, tables: HarvestTables, undertaking_id: str) -> HttpResponse:
    """Where an id that no project bears now leads: to its one successor, or to what is told of it."""
    try:
        told = projects.where_to(tables, undertaking_id)
    except UserError as error:
        raise Http404(str(error)) from error
    told = require(told, "This project")
    if len(told.living) == 1:
        query = request.GET.copy()
        query["was"] = undertaking_id
        return redirect(f"{reverse('project', args=[told.living[0]])}?{query.urlencode()}")
    shown = {"told": told, "now": [projects.project(tables, one) for one in told.living]}
    return render(request, "earlier_id.html", shown, status=200 if told.living else 410)


def _earlier(tables: HarvestTables, undertaking_id: str) -> str:
    """In words, which earlier id brought a person to this page; empty for none."""
    if not undertaking_id or not ids.is_valid(undertaking_id):
        return ""
    told = projects.where_to(tables, undertaking_id)
    return told.sentence if told else ""


@over_harvest
def entry(request: HttpRequest, tables: HarvestTables, scope: Scope, entry_id: str) -> HttpResponse:
    """One row of a file: every field and amount with its cell, and the figures it feeds."""
    row = require(projects.entry(tables, entry_id), "This row")
    cells = projects.cells_of(tables, [row["submission_id"]])
    return render(
        request,
        "entry.html",
        {
            "entry": row,
            "fields": fields_of(row, cells),
            "lines": projects.lines_of(tables, [entry_id]),
            "problems": projects.problems_on(tables, row["submission_id"], row["row"]),
            "fed": projects.figures_fed(tables, entry_id),
            "findings": projects.findings_of(tables, "", [entry_id]),
        },
    )
