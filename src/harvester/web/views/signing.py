"""Signatures in a matter: texts laid out to be signed, and how each party signs one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from harvester.domain.errors import UserError
from harvester.processor.workflow.moves import NotAllowedError
from harvester.reports.signing.check import LARGEST, Trust
from harvester.web import confirming, downloads, labels, params
from harvester.web.actions import editions as actions
from harvester.web.actions import signatures
from harvester.web.actions.acting import Actor
from harvester.web.compacts import standing
from harvester.web.models import Edition, NegotiatedText
from harvester.web.permissions import Action, acting_for, needs
from harvester.web.texts import documents, reading, signing
from harvester.web.texts.forms import SignedFileForm
from harvester.web.views.texts import At, at

if TYPE_CHECKING:
    from django.http import HttpRequest

    from harvester.web.models import Matter

NONE = "There is no such text to be signed, or it is not for you."
NOTHING_CONFIRMS = (
    "Your account has neither a password nor a second factor here, so nothing can confirm that it "
    "is you. Add a second factor on your account's page first."
)


def edition_of(request: HttpRequest, here: At, number: int) -> Edition:
    """An edition of an address. Raises ``Http404`` for one the person may not know of."""
    rows = signing.editions_of(request.user, here.matter).filter(number=number)
    found = rows.select_related("matter").first()
    if found is None:
        raise Http404(NONE)
    return found


@needs(Action.READ_MATTER)
def listed(request: HttpRequest, number: int) -> HttpResponse:
    """What is laid out to be signed in a matter, and what can be."""
    here = at(request, number)
    return _listed(request, here)


def _listed(request: HttpRequest, here: At, *, status: int = 200, said: str = "") -> HttpResponse:
    matter = here.matter
    ready, why = [], ""
    if here.may(request, Action.FREEZE_TEXT):
        ready = [
            one for one in reading.of_matter(request.user, matter)
            if one.text.agreed and one.row.kind != documents.CLAUSES_OF_PROTOCOL
        ]  # fmt: skip
        why = _why_not(matter)
    found = []
    for edition in signing.editions_of(request.user, matter):
        signed = list(signing.signatures_of(request.user, edition))
        found.append({
            "edition": edition, "signed": [row.institution for row in signed],
            "open": [code for code in edition.parties
                     if code not in {row.institution for row in signed}],
            "stale": here.shown.whole and signing.stale(edition),
        })  # fmt: skip
    return render(request, "cases/signing.html", {
        "matter": matter, "shown": here.shown, "found": found, "ready": ready, "why": why,
        "is_protocol": matter.procedure == standing.PROTOCOL, "said": said,
        "can_lay_out": here.may(request, Action.FREEZE_TEXT),
    }, status=status)  # fmt: skip


def _why_not(matter: Matter) -> str:
    """Why the protocol's own contents cannot be laid out; empty where they can."""
    try:
        documents.protocol_document(matter)
    except UserError as error:
        return str(error)
    return ""


@needs(Action.FREEZE_TEXT)
@require_POST
def lay_out(request: HttpRequest, number: int) -> HttpResponse:
    """Freeze the protocol's contents, or an agreed text, to be signed."""
    here = at(request, number)
    wanted = params.code(request.POST, "text")
    row = None
    if wanted:
        rows = NegotiatedText.objects.filter(matter=here.matter)
        texts = {str(one.row.number): one.row for one in reading.seen_by(request.user, rows)}
        row = texts.get(wanted)
    level = row.level if row else ""
    if (wanted and row is None) or not here.may(request, Action.FREEZE_TEXT, level):
        raise Http404(NONE)
    try:
        made = actions.lay_out(Actor.of(request.user), here.matter, row)
    except UserError as error:
        return _listed(request, here, status=400, said=str(error))
    messages.success(request, f"Edition {made.number} is laid out to be signed.")
    return redirect("edition", number, made.number)


@needs(Action.READ_MATTER)
def page(request: HttpRequest, number: int, edition: int) -> HttpResponse:
    """One edition: its text and hash, who has signed, and how to."""
    here = at(request, number)
    return _page(request, here, edition_of(request, here, edition))


def _page(
    request: HttpRequest, here: At, edition: Edition, *, status: int = 200, **more: Any
) -> HttpResponse:
    signed = list(signing.signatures_of(request.user, edition))
    by_party = {row.institution: row for row in signed}
    stale = signing.stale(edition) if here.shown.whole else ""
    mine = here.party in edition.parties and here.party not in by_party
    step = "" if len(signed) == len(edition.parties) else _step_words(here, edition)
    can = mine and not stale and not step and here.may(request, Action.SIGN_TEXT, edition.level)
    return render(request, "cases/edition.html", {
        "matter": here.matter, "shown": here.shown, "edition": edition, "stale": stale,
        "parties": [(code, by_party.get(code)) for code in edition.parties],
        "signed": signed, "can_sign": can, "party": here.party,
        "seal": _seal_words() if can else None, "form": SignedFileForm() if can else None,
        "trust": {str(one): one.words for one in Trust}, "step": step,
        "acts_for": acting_for(request.user) if can else None,
    } | more, status=status)  # fmt: skip


def _seal_words() -> dict[str, Any] | None:
    """What the platform would seal with; ``None`` where it has no key it can use."""
    try:
        key = signing.seal_key()
    except UserError:
        return None
    if key is None:
        return None
    names = key.certificate.subject.native
    return {
        "subject": names.get("common_name", ""), "development": key.for_development,
    }  # fmt: skip


def _step_words(here: At, edition: Edition) -> str:
    """The state a protocol must stand at to be signed, where it does not."""
    if edition.text_id is not None or not here.shown.whole:
        return ""
    course = here.shown.course
    for step in course.procedure.steps:
        if any(paper.kind == actions.SIGNED_PAPER for paper in step.papers):
            if course.state in step.sources:
                return ""
            names = [course.procedure.state(one).name for one in step.sources]
            return f"It can be signed when the matter stands at “{' or '.join(names)}”."
    return ""


@needs(Action.SIGN_TEXT)
@require_POST
def put_in(request: HttpRequest, number: int, edition: int) -> HttpResponse:
    """Sign by a file: what is wrong with it is said, and nothing is recorded then."""
    here = at(request, number)
    found = edition_of(request, here, edition)
    if not here.may(request, Action.SIGN_TEXT, found.level):
        raise Http404(NONE)
    form = SignedFileForm(request.POST, request.FILES)
    if form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            if sent.size > LARGEST:
                raise UserError(f"the file is larger than {LARGEST // 1024 // 1024} MB.")
            signatures.put_in_file(Actor.of(request.user), found, sent.read())
        except NotAllowedError as error:
            form.add_error("file", "; ".join(error.reasons))
        except UserError as error:
            form.add_error("file", str(error).removeprefix("file: "))
        else:
            messages.success(
                request, f"The signature of {labels.institution(here.party)} is recorded."
            )
            return redirect("edition", number, edition)
    return _page(request, here, found, status=400, form=form)


@needs(Action.SIGN_TEXT)
def seal(request: HttpRequest, number: int, edition: int) -> HttpResponse:
    """Sign by the platform's seal, once the person has confirmed that it is they."""
    here = at(request, number)
    found = edition_of(request, here, edition)
    if not here.may(request, Action.SIGN_TEXT, found.level):
        raise Http404(NONE)
    by = confirming.confirmed(request)
    if not confirming.way(request):
        return _page(request, here, found, status=400, said=(NOTHING_CONFIRMS,))
    if not by:
        return redirect(
            confirming.address(request, reverse("edition_seal", args=[number, edition]))
        )
    said: tuple[str, ...] = ()
    if request.method == "POST" and params.text(request.POST, "sha256") != found.sha256:
        said = ("Read the text, and confirm the hash that stands under it.",)
    elif request.method == "POST":
        try:
            signatures.seal(Actor.of(request.user), found, confirmed=by)
        except UserError as error:
            said = getattr(error, "reasons", (str(error),))
        else:
            name = labels.institution(here.party)
            messages.success(request, f"{name} has signed by the platform's seal.")
            return redirect("edition", number, edition)
    return render(request, "cases/seal.html", {
        "matter": here.matter, "edition": found, "party": here.party, "by": by,
        "seal": _seal_words(), "said": said,
    }, status=400 if said else 200)  # fmt: skip


@needs(Action.READ_MATTER)
def plain(request: HttpRequest, number: int, edition: int) -> HttpResponse:
    """The canonical text: these bytes have the hash."""
    found = edition_of(request, at(request, number), edition)
    name = f"text-{number}-edition-{edition}.txt"
    return _file(found.canonical.encode(), "text/plain; charset=utf-8", name)


@needs(Action.READ_MATTER)
def pdf(request: HttpRequest, number: int, edition: int) -> HttpResponse:
    """The file to be signed: with the signatures given so far that the person may know of."""
    found = edition_of(request, at(request, number), edition)
    rows = list(signing.signatures_of(request.user, found))
    most = max(rows, key=lambda row: (len(row.told), row.number), default=None)
    content = bytes(most.content if most else found.pdf)
    return _file(content, "application/pdf", f"text-{number}-edition-{edition}.pdf")


@needs(Action.READ_MATTER)
def signed_pdf(request: HttpRequest, number: int, edition: int, signature: int) -> HttpResponse:
    """The file that a party signed by."""
    found = edition_of(request, at(request, number), edition)
    row = signing.signatures_of(request.user, found).filter(number=signature).first()
    if row is None:
        raise Http404(NONE)
    name = f"text-{number}-edition-{edition}-{row.institution}.pdf"
    return _file(bytes(row.content), "application/pdf", name)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = downloads.attachment(name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
