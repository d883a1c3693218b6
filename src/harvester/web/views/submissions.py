"""Submissions: the list, who was expected to give what, and each with its problems and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render

from harvester.web import downloads, labels, params
from harvester.web.permissions import Action, needs
from harvester.web.queries import lists, submissions
from harvester.web.views.common import over_harvest, require

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from harvester.web.harvest_store import HarvestTables, Row
    from harvester.web.scope import Scope


@over_harvest
def submissions_page(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """The list of submissions, with who has not given what was due."""
    return render(
        request,
        "submissions.html",
        {
            "page": lists.ask(submissions.SUBMISSIONS, tables, request.GET, scope),
            "missing": submissions.missing(tables, scope, 12),
            "expected": submissions.expected(tables, scope),
        },
    )


OWN = ""


def matrix(rows: list[Row]) -> tuple[list[str], list[dict[str, object]]]:
    """Expectations as a table: metros across; institution, document and year down."""
    metros = sorted({row["metro"] for row in rows}, key=labels.place_name)
    lines: dict[tuple[str, str, str], dict[str, object]] = {}
    for row in rows:
        # A metro's own documents share lines, or the table would be a diagonal.
        who = OWN if row["institution"] == row["metro"] else row["institution"]
        key = (who, row["document"], row["year"])
        line = lines.setdefault(
            key,
            {
                "institution": key[0],
                "document": key[1],
                "year": key[2],
                "at": {},
                "due_on": row["due_on"],
            },
        )
        line["at"][row["metro"]] = {**row, "first_received": row["received"].partition(",")[0]}
    made = []
    for _, line in sorted(lines.items()):
        line["cells"] = [line["at"].get(metro) for metro in metros]
        made.append(line)
    return metros, made


@over_harvest
def coverage(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """Who was expected to give what for which metro, and what came."""
    document = params.choice(request.GET, "document", {code for code, _ in labels.DOCUMENTS})
    metros, rows = matrix(submissions.coverage(tables, scope, document))
    return render(
        request,
        "coverage.html",
        {
            "metros": metros,
            "rows": rows,
            "document": document,
            "documents": labels.DOCUMENTS,
            "expected": submissions.expected(tables, scope),
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
    return downloads.respond(submissions.SUBMISSIONS, tables, request, scope, form)


@needs(Action.DOWNLOAD)
@over_harvest
def problems_download(
    request: HttpRequest, tables: HarvestTables, scope: Scope, form: str
) -> HttpResponseBase:
    """Problems of the harvest, of one submission where ``submission`` is given."""
    if form not in downloads.FORMATS:
        raise Http404("Lists come as csv, json or xlsx.")
    wanted = params.code(request.GET, "submission")
    listing = submissions.of_one(submissions.PROBLEMS, wanted) if wanted else submissions.PROBLEMS
    return downloads.respond(listing, tables, request, scope, form)


@over_harvest
def submission(
    request: HttpRequest, tables: HarvestTables, scope: Scope, submission_id: str
) -> HttpResponse:
    """One submission: what it is, its columns, its problems and its rows."""
    row = require(submissions.submission(tables, submission_id), "This submission")
    show = params.choice(request.GET, "show", {"problems", "rows"}, "problems")
    listing = submissions.PROBLEMS if show == "problems" else submissions.ENTRIES
    page = lists.ask(submissions.of_one(listing, submission_id), tables, request.GET, scope)
    page.extra_pairs = {"show": show}
    return render(
        request,
        "submission.html",
        {
            "submission": row,
            "show": show,
            "page": page,
            "counts": submissions.problem_counts(tables, submission_id),
            "columns": submissions.columns_of(tables, submission_id),
        },
    )
