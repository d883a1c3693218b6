"""A version of a protocol as a file: DOCX to edit in Word, PDF to print and read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse

from harvester.processor.compacts.written import read
from harvester.reports import compact as papers
from harvester.web import downloads
from harvester.web.permissions import Action, needs
from harvester.web.views.compact import compact_of, version_of

if TYPE_CHECKING:
    from django.http import HttpRequest

KINDS = {
    "docx": (
        papers.docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "pdf": (papers.pdf, "application/pdf"),
}


@needs(Action.READ_MATTER)
def document(request: HttpRequest, number: int, version_number: int, form: str) -> HttpResponse:
    """One version as a file. What a person may not see is not there for them, by any address."""
    compact = compact_of(request, number)
    version = version_of(compact, version_number)
    if form not in KINDS:
        raise Http404("Protocols come as docx or pdf.")
    made, kind = KINDS[form]
    binds = compact.binding is not None and compact.binding.version == version
    stands = "in force" if binds else f"not in force; the matter stands at “{compact.shown.state}”"
    told = papers.paper(
        read(version.contents), stands, version.number, version.sha256, version.at.date()
    )
    response = HttpResponse(made(told), content_type=kind)
    name = f"protocol-{number}-version-{version.number}.{form}"
    response.headers["Content-Disposition"] = downloads.attachment(name)
    return response
