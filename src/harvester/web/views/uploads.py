"""Giving files, seeing what was read of them, and putting a new harvest in service."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from harvester.rules import institutions
from harvester.web import downloads, harvest_job, harvest_store
from harvester.web.forms import UploadForm
from harvester.web.models import HarvestJob, Upload
from harvester.web.permissions import Action, needs
from harvester.web.queries import lists, submissions
from harvester.web.scope import Scope
from harvester.web.uploading import take

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

MOST_RECORDS = 200
MINE = 20
WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".txt"}


@needs(Action.UPLOAD)
def upload(request: HttpRequest) -> HttpResponse:
    """The form; and what became of each file that was sent."""
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if sent and form.is_valid():
        records = [take(request.user, one, form.options()) for one in form.cleaned_data["files"]]
        if len(records) == 1:
            return redirect("upload_result", sha256=records[0].sha256)
        _tell(request, records)
        return redirect("upload")
    return render(
        request,
        "upload.html",
        {
            "form": form,
            "mine": request.user.uploads.all()[:MINE],
            "institutions": [one.name for one in institutions.load().all],
            "waiting": _waiting(),
        },
        status=400 if form.is_bound else 200,
    )


def _tell(request: HttpRequest, records: list[Upload]) -> None:
    read = [record for record in records if record.outcome == Upload.READ]
    if len(read) == len(records):
        words = f"All {len(read)} files are read."
    else:
        words = f"{len(read)} of {len(records)} files are read, the rest refused; see below."
    messages.info(request, words)


def _waiting() -> int:
    """Files given that the harvest in service does not hold yet."""
    tables = harvest_store.current()
    given = {stored.sha256 for stored in harvest_store.granary().readings()}
    harvested = set(tables.harvest.manifest.get("inputs", {}).get("files", [])) if tables else set()
    return len(given - harvested)


def _record(sha256: str) -> Upload | None:
    return Upload.objects.filter(sha256=sha256).select_related("person").first()


@needs(Action.UPLOAD)
def result(request: HttpRequest, sha256: str) -> HttpResponse:
    """What was read of one file, with every problem; or why nothing could be read."""
    record = _record(sha256)
    if record is not None and record.outcome == Upload.REFUSED:
        return render(request, "upload_refused.html", {"record": record})
    tables = harvest_store.reading(sha256)
    if tables is None:
        raise Http404("No file with this hash has been given.")
    page = lists.ask(submissions.PROBLEMS, tables, request.GET, Scope())
    parts = tables.rows("SELECT * FROM submissions ORDER BY submission_id")
    return render(
        request,
        "upload_result.html",
        {
            "sha256": sha256,
            "record": record,
            "page": page,
            "parts": parts,
            "file": tables.stored.original.name,
            "annotates": can_annotate(tables.stored.original),
            "totals": _totals(tables, parts),
            "waiting": _waiting(),
        },
    )


def _totals(tables: harvest_store.ReadingTables, parts: list[dict[str, Any]]) -> dict[str, int]:
    counts = tables.rows("SELECT severity, count(*) AS n FROM problems GROUP BY severity")
    told = {row["severity"]: row["n"] for row in counts}
    areas = tables.value("SELECT count(*) FROM areas")
    return {
        **{
            name: sum(part[name] for part in parts)
            for name in ("entries", "lines", "rejected_rows")
        },
        **{name: told.get(name, 0) for name in ("error", "warning", "note")},
        "areas": areas,
    }


def can_annotate(path: Path) -> bool:
    """Whether the file is a workbook that can be given back with its problems written in."""
    return path.suffix.lower() in WORKBOOKS


def _read_or_404(sha256: str) -> harvest_store.ReadingTables:
    tables = harvest_store.reading(sha256)
    if tables is None:
        raise Http404("No file with this hash has been given.")
    return tables


@needs(Action.UPLOAD)
def annotated(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """The sender's own workbook with each problem as a comment, and a sheet of problems."""
    # Only here: it brings openpyxl with it, which no other page needs.
    from harvester.sources.annotate import annotate

    tables = _read_or_404(sha256)
    original = tables.stored.original
    if not can_annotate(original):
        raise Http404("Only workbooks can be given back with comments; download the list instead.")
    ending = ".xlsm" if original.suffix.lower() == ".xlsm" else ".xlsx"
    with tempfile.TemporaryDirectory(prefix="harvester-annotated-") as folder:
        target = Path(folder) / f"{original.stem}-annotated{ending}"
        annotate(original, tables.stored.table("problems"), target)
        # The open file outlives its folder's entry; the response closes it.
        return FileResponse(target.open("rb"), as_attachment=True, filename=target.name)


@needs(Action.UPLOAD)
def problems(request: HttpRequest, sha256: str, form: str) -> HttpResponseBase:
    """The problems of one file as a file."""
    tables = _read_or_404(sha256)
    if form not in downloads.FORMATS:
        raise Http404("Lists come as csv, json or xlsx.")
    name = f"{tables.stored.original.stem}-problems"
    return downloads.respond(submissions.PROBLEMS, tables, request, Scope(), form, name=name)


@needs(Action.READ_UPLOAD_LOG)
def log(request: HttpRequest) -> HttpResponse:
    """Who gave which file, when, and what became of it; records are never changed."""
    records = Upload.objects.select_related("person")[:MOST_RECORDS]
    return render(request, "upload_log.html", {"records": records, "most": MOST_RECORDS})


@needs(Action.RUN_HARVEST)
@require_POST
def start_harvest(request: HttpRequest) -> HttpResponse:
    """Start a harvest, or go to the one under way."""
    return redirect("harvest_job", job_id=harvest_job.start(request.user).pk)


@needs(Action.RUN_HARVEST)
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far a harvest is; the page asks again by itself until it is over."""
    found = get_object_or_404(HarvestJob.objects.select_related("person"), pk=job_id)
    response = render(request, "harvest_job.html", {"job": found})
    if not found.is_over:
        response.headers["Refresh"] = "2"
    return response
