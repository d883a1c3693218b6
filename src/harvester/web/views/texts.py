"""Negotiated texts: the list of a matter's, one text clause by clause, and its downloads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from harvester.domain.errors import UserError
from harvester.processor.negotiation.canonical import agreed_document
from harvester.processor.negotiation.moves import Kind
from harvester.processor.negotiation.text import Rung
from harvester.reports.signing import word
from harvester.web import downloads, labels, params
from harvester.web.actions import texts as actions
from harvester.web.actions.acting import Actor
from harvester.web.matters import courses, rows
from harvester.web.models import Party
from harvester.web.models.texts import KINDS
from harvester.web.permissions import Action, Level, institution_of, may, needs, subject_of
from harvester.web.queries.lists import Column
from harvester.web.texts import reading
from harvester.web.texts.forms import OpenForm, ProposeForm, ReferForm
from harvester.web.views import matter as matters

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from harvester.web.matters.rows import Shown as ShownMatter
    from harvester.web.models import Matter
    from harvester.web.texts.reading import Shown

NONE = "There is no such text, or it is not for you."
COLUMNS = (
    Column("number", "Text", ""), Column("title", "Title", ""), Column("kind", "Kind", ""),
    Column("stands", "Stands", ""), Column("rung", "Rung", ""), Column("clauses", "Clauses", ""),
    Column("agreed", "Clauses agreed", ""), Column("crossed", "Offers crossed", ""),
    Column("waiting", "Waiting for you", ""), Column("parties", "Parties", ""),
    Column("last", "Last move", ""),
)  # fmt: skip
ROUNDS = (
    Column("number", "Move", ""), Column("at", "When", ""), Column("who", "Who", ""),
    Column("party", "Party", ""), Column("rung", "Rung", ""), Column("what", "What", ""),
    Column("clause", "Clause", ""), Column("heading", "Heading", ""),
    Column("answers", "Version answered or judged", ""), Column("version", "Version made", ""),
    Column("words", "Words or dissent", ""), Column("reason", "Reason", ""),
)  # fmt: skip
SORTS = {"number": "number", "title": "title", "-last": "last move first", "stands": "stands"}
OTHER = {Rung.TECHNICAL: Rung.POLITICAL, Rung.POLITICAL: Rung.TECHNICAL}


@dataclass(frozen=True)
class At:
    """Where a person is: the matter as they may know of it, and what they may do to texts in it."""

    shown: ShownMatter
    party: str
    level: Level

    @property
    def matter(self) -> Matter:
        """The matter itself."""
        return self.shown.matter

    def may(self, request: HttpRequest, action: Action, text_level: str = "") -> bool:
        """Whether the person may do this to a text of this level, or to a new one, now."""
        if not self.shown.whole or self.shown.course.is_over:
            return False
        level = reading.level_now(text_level or self.level, self.shown.course)
        return may(request.user, action, subject_of(self.matter.key, level))


def at(request: HttpRequest, number: int) -> At:
    """The matter of an address. Raises ``Http404`` for one the person may not know of."""
    matter = matters.one(request, number)
    shown = rows.shown(request.user, matter, timezone.localdate())
    level = courses.level_of(matter, courses.course_of(matter))
    level = Level.PARTIES if level is Level.PUBLIC else level
    return At(shown, institution_of(request.user), level)


def text_of(request: HttpRequest, here: At, number: int) -> Shown:
    """A text of an address. Raises ``Http404`` for one the person may not know of."""
    found = reading.one(request.user, here.matter, number)
    if found is None:
        raise Http404(NONE)
    return found


def row_of(shown: Shown, party: str) -> dict[str, Any]:
    """The values of :data:`COLUMNS`."""
    clauses = shown.text.clauses
    return {
        "number": shown.row.number, "title": shown.row.title, "kind": KINDS[shown.row.kind],
        "stands": reading.STANDS[shown.stands], "rung": str(shown.text.rung),
        "clauses": len(clauses), "agreed": len(clauses) - len(shown.text.open_clauses),
        "crossed": sum(clause.crossed for clause in clauses),
        "waiting": len(shown.waits_for(party)), "parties": ",".join(shown.text.parties),
        "last": timezone.localtime(shown.moves[-1].at).date() if shown.moves else None,
    }  # fmt: skip


def _asked(request: HttpRequest, here: At) -> tuple[list[Shown], dict[str, Any]]:
    """The texts that the address asks for, sorted as it asks."""
    found = reading.of_matter(request.user, here.matter)
    words = params.words(request.GET, "q")
    stands = params.choice(request.GET, "stands", set(reading.STANDS))
    sort = params.choice(request.GET, "sort", set(SORTS), "number")
    kept = [
        one for one in found
        if all(word in one.row.title.lower() for word in words) and stands in {"", one.stands}
    ]  # fmt: skip
    name = sort.removeprefix("-")
    kept.sort(key=lambda one: str(row_of(one, "")[name] or ""), reverse=sort.startswith("-"))
    if name == "number":
        kept.sort(key=lambda one: one.row.number)
    return kept, {"q": " ".join(words), "stands": stands, "sort": sort, "all": len(found)}


@needs(Action.READ_MATTER)
def listed(request: HttpRequest, number: int) -> HttpResponse:
    """The texts of a matter, and the form that opens one."""
    here = at(request, number)
    can_open = here.may(request, Action.OPEN_TEXT)
    form = None
    if can_open:
        codes = sorted(
            Party.objects.filter(matter=here.matter.key).values_list("institution", flat=True),
            key=lambda code: (code not in here.matter.parties, labels.institution(code)),
        )
        told = request.POST if request.method == "POST" else None
        form = OpenForm(
            codes, here.matter.parties, told, public=here.matter.level == Level.PUBLIC.value
        )
        if told is not None and form.is_valid():
            try:
                made = actions.open_text(Actor.of(request.user), number, **form.cleaned_data)
            except UserError as error:
                form.add_error(None, error.what)
            else:
                messages.success(request, f"“{made.title}” is open. Propose its first clause.")
                return redirect("text", number, made.number)
    elif request.method == "POST":
        raise Http404(NONE)
    found, asked = _asked(request, here)
    return render(
        request, "cases/texts.html",
        {
            "matter": here.matter, "shown": here.shown, "asked": asked, "form": form,
            "found": [(one, row_of(one, here.party)) for one in found],
            "stands": list(reading.STANDS.items()), "sorts": list(SORTS.items()),
            "query": request.GET.urlencode(),
        },
        status=400 if form is not None and form.errors else 200,
    )  # fmt: skip


@needs(Action.READ_MATTER)
def download(request: HttpRequest, number: int, form: str) -> HttpResponseBase:
    """The list as a file."""
    here = at(request, number)
    if form not in downloads.FORMATS:
        raise Http404("Lists come as csv, json or xlsx.")
    found, _ = _asked(request, here)
    return downloads.as_file(
        COLUMNS, (row_of(one, here.party) for one in found), f"texts-{number}", form
    )


@needs(Action.READ_MATTER)
def page(request: HttpRequest, number: int, text: int) -> HttpResponse:
    """One text, clause by clause."""
    here = at(request, number)
    return _page(request, here, text_of(request, here, text))


def _page(
    request: HttpRequest, here: At, shown: Shown, *, status: int = 200, **more: Any
) -> HttpResponse:
    party = reading.party_of(request.user, shown)
    can = bool(party) and here.may(request, Action.NEGOTIATE_TEXT, shown.row.level)
    refers = here.may(request, Action.REFER_TEXT, shown.row.level)
    waits = [clause.id for clause in shown.waits_for(party)] if can else []
    document = None
    if shown.text.agreed:
        document = agreed_document(shown.text, here.matter.key, labels.institution)
    return render(request, "cases/text.html", {
        "place": here, "matter": here.matter, "shown": shown, "text": shown.text, "party": party,
        "kind": KINDS[shown.row.kind], "grid": grid(shown), "waits": waits,
        "crossed": [clause.id for clause in shown.text.clauses if clause.crossed],
        "agreed": len(shown.text.clauses) - len(shown.text.open_clauses),
        "rounds": list(reversed(shown.done)), "document": document,
        "propose_form": ProposeForm(auto_id="propose_%s") if can else None,
        "refer_form": ReferForm(auto_id="refer_%s") if refers else None,
        "other_rung": OTHER[shown.text.rung],
        "can_lay_out": here.may(request, Action.FREEZE_TEXT, shown.row.level),
    } | more, status=status)  # fmt: skip


def grid(shown: Shown) -> list[dict[str, Any]]:
    """Clause by clause, how each party stands to the words that stand now."""
    found = []
    for clause in shown.text.clauses:
        words = clause.current[-1]
        cells = [
            (code, None if clause.crossed else clause.position(code, words.number))
            for code in shown.text.parties
        ]
        agreed = clause.agreed(shown.text.parties)
        found.append({
            "clause": clause, "version": words, "cells": cells, "agreed": agreed is not None,
            "dissents": clause.dissents(words.number),
        })  # fmt: skip
    return found


@needs(Action.NEGOTIATE_TEXT)
@require_POST
def propose(request: HttpRequest, number: int, text: int) -> HttpResponse:
    """Put a new clause to the parties."""
    here = at(request, number)
    shown = text_of(request, here, text)
    if not here.may(request, Action.NEGOTIATE_TEXT, shown.row.level):
        raise Http404(NONE)
    form = ProposeForm(request.POST, auto_id="propose_%s")
    if form.is_valid():
        try:
            done = actions.propose(Actor.of(request.user), shown.row, **form.cleaned_data)
        except UserError as error:
            form.add_error(None, error.what)
        else:
            messages.success(request, f"Clause {done.row.clause} is proposed.")
            return redirect("text", number, text)
    return _page(request, here, shown, status=400, propose_form=form)


@needs(Action.REFER_TEXT)
@require_POST
def refer(request: HttpRequest, number: int, text: int) -> HttpResponse:
    """Send the text to the other rung."""
    here = at(request, number)
    shown = text_of(request, here, text)
    if not here.may(request, Action.REFER_TEXT, shown.row.level):
        raise Http404(NONE)
    form = ReferForm(request.POST, auto_id="refer_%s")
    wanted = Rung(params.choice(request.POST, "rung", {str(one) for one in Rung}, "political"))
    if form.is_valid():
        try:
            actions.refer(Actor.of(request.user), shown.row, rung=wanted, **form.cleaned_data)
        except UserError as error:
            form.add_error(None, error.what)
        else:
            messages.success(request, f"The text is at the {wanted} rung now.")
            return redirect("text", number, text)
    return _page(request, here, shown, status=400, refer_form=form)


@needs(Action.READ_MATTER)
def rounds(request: HttpRequest, number: int, text: int, form: str) -> HttpResponseBase:
    """Every move as a file."""
    shown = text_of(request, at(request, number), text)
    if form not in downloads.FORMATS:
        raise Http404("Rounds come as csv, json or xlsx.")
    made = (
        {
            "number": row.number, "at": timezone.localtime(row.at).isoformat(timespec="seconds"),
            "who": row.name + (f" for {row.on_behalf_of}" if row.on_behalf_of else ""),
            "party": row.institution, "rung": row.rung, "what": Kind(row.kind).done,
            "clause": row.clause, "heading": row.heading, "answers": row.version or None,
            "version": version if row.kind in reading.MAKES else None, "words": row.words,
            "reason": row.reason,
        }
        for row, version in shown.done
    )  # fmt: skip
    return downloads.as_file(ROUNDS, made, f"rounds-{number}-{text}", form)


@needs(Action.READ_MATTER)
def as_docx(request: HttpRequest, number: int, text: int) -> HttpResponse:
    """The text as a Word document: words that stand, positions, dissent."""
    here = at(request, number)
    shown = text_of(request, here, text)
    clauses = [
        word.Clause(
            f"{one['clause'].id}. {one['clause'].heading}",
            [
                (f"Version {v.number}, offered by {labels.institution(v.party)}", v.shown)
                for v in one["clause"].current
            ],
            [
                (labels.institution(code), str(position or "offers crossed"))
                for code, position in one["cells"]
            ],
            [(labels.institution(said.party), said.dissent) for said in one["dissents"]],
        )
        for one in grid(shown)
    ]  # fmt: skip
    stands = f"{reading.STANDS[shown.stands]}, {shown.text.rung} rung"
    made = word.docx(
        shown.row.title, f"{here.matter.key} · {stands}", clauses, shown.moves[-1].at
        if shown.moves else shown.row.at,
    )  # fmt: skip
    return _file(made, word.TYPE, f"text-{number}-{text}.docx")


@needs(Action.READ_MATTER)
def as_plain(request: HttpRequest, number: int, text: int) -> HttpResponse:
    """The agreed text in its canonical form."""
    here = at(request, number)
    shown = text_of(request, here, text)
    if not shown.text.agreed:
        raise Http404("The text is not agreed yet.")
    made = agreed_document(shown.text, here.matter.key, labels.institution).canonical
    return _file(made.encode(), "text/plain; charset=utf-8", f"text-{number}-{text}.txt")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = downloads.attachment(name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
