"""Papers: every list, count, search, file and download begins with what the person may see.

A paper that is there and may not be seen and one that is not there are one answer: the same page,
found out by the same question to the database.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render

from harvester.web import downloads, params
from harvester.web.models import Paper
from harvester.web.permissions import Action, needs, visible

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

MOST = 200
COLUMNS = ("token", "matter", "level", "title", "file_name", "added_by__username", "added_at")


def mine(request: HttpRequest) -> QuerySet[Paper]:
    """Papers this person may see, as searched for; the content is fetched for none of them."""
    found = visible(request.user, Action.READ_PAPER, Paper.objects.all())
    if matter := params.text(request.GET, "matter"):
        found = found.filter(matter=matter)
    for word in params.words(request.GET, "q"):
        found = found.filter(
            Q(title__icontains=word) | Q(body__icontains=word) | Q(file_name__icontains=word)
        )
    return found.defer("content")


def one(request: HttpRequest, token: str) -> Paper:
    """A paper among those this person may see. Raises ``Http404`` for every other reference."""
    found = (
        visible(request.user, Action.READ_PAPER, Paper.objects.filter(token=token))
        .select_related("added_by")
        .first()
    )
    if found is None:
        raise Http404("There is no such paper, or it is not for you.")
    return found


@needs(Action.READ_PAPER)
def listed(request: HttpRequest) -> HttpResponse:
    """The papers, latest first, and how many."""
    found = mine(request)
    return render(
        request,
        "papers.html",
        {
            "papers": found.select_related("added_by")[:MOST],
            "total": found.count(),
            "q": params.text(request.GET, "q"),
            "matter": params.text(request.GET, "matter"),
        },
    )


@needs(Action.READ_PAPER)
def paper(request: HttpRequest, token: str) -> HttpResponse:
    """One paper."""
    return render(request, "paper.html", {"paper": one(request, token)})


@needs(Action.READ_PAPER)
def file(request: HttpRequest, token: str) -> HttpResponse:
    """The file of a paper; its name is told with it and nowhere in the address."""
    found = one(request, token)
    if not found.file_name:
        raise Http404("There is no such paper, or it is not for you.")
    response = HttpResponse(bytes(found.content), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = downloads.attachment(found.file_name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@needs(Action.READ_PAPER)
def as_json(request: HttpRequest, token: str) -> HttpResponse:
    """One paper for another system."""
    found = one(request, token)
    told = {name: getattr(found, name) for name in ("token", "matter", "level", "title", "body")}
    return JsonResponse(
        {
            **told,
            "file_name": found.file_name,
            "added_by": found.added_by.get_username(),
            "added_at": found.added_at.isoformat(),
        },
        headers={"Cache-Control": "private, no-store"},
    )


@needs(Action.DOWNLOAD)
def download(request: HttpRequest, form: str) -> HttpResponse:
    """The list as a file."""
    if form not in {"csv", "json"}:
        raise Http404("Papers are listed as csv or json.")
    rows: list[dict[str, Any]] = list(mine(request).values(*COLUMNS))
    if form == "json":
        return JsonResponse({"total": len(rows), "papers": rows})
    held = io.StringIO()
    held.write("\ufeff")
    writer = csv.writer(held)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([downloads.safe_text(str(row[name])) for name in COLUMNS])
    response = HttpResponse(held.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = downloads.attachment("papers.csv")
    return response
