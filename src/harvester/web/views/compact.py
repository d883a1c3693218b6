"""A protocol's contents: read, written, compared, downloaded; and what parties say to its verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from harvester.domain.errors import UserError
from harvester.processor.compacts.changes import changes
from harvester.processor.compacts.protocol import missing_contents, unbound
from harvester.processor.compacts.wording import contribution, sections
from harvester.processor.compacts.written import read
from harvester.rules.law import contents as contents_law
from harvester.web import harvest_store
from harvester.web.actions.acting import Actor
from harvester.web.actions.compacts import (
    WrittenSinceError,
    contest,
    replace_commitment,
    save_version,
)
from harvester.web.actions.verdicts import judge_protocol
from harvester.web.compacts import editing, fields, found, standing, telling
from harvester.web.compacts.forms import ContestForm, ReplaceForm
from harvester.web.compacts.promises import Compact, compacts
from harvester.web.matters import courses, rows
from harvester.web.models import Replacement
from harvester.web.permissions import Action, check, institution_of, needs, subject_of
from harvester.web.queries import projects
from harvester.web.views.matter import one as matter_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from harvester.processor.compacts.protocol import Protocol
    from harvester.web.compacts.editing import Draft
    from harvester.web.models import CompactVersion

NONE = "There is no such protocol, or it is not for you."
MOST_FOUND = 12


def compact_of(request: HttpRequest, number: int) -> Compact:
    """A protocol among those this person may know of. Raises ``Http404`` for every other number."""
    matter = matter_of(request, number)
    if matter.procedure != standing.PROTOCOL:
        raise Http404(NONE)
    today = timezone.localdate()
    made = compacts(request.user, today, [rows.shown(request.user, matter, today)])
    if not made:
        raise Http404(NONE)
    return made[0]


def version_of(compact: Compact, number: int) -> CompactVersion:
    """One version among those this person may know of. Raises ``Http404`` for every other."""
    told = next((one for one in compact.versions if one.number == number), None)
    if told is None:
        raise Http404(NONE)
    return told


def lacks(compact: Compact, protocol: Protocol) -> dict[str, Any]:
    """What stands in the way of signing: contents missing, checks open, money bound to no line."""
    course = compact.shown.course
    day = standing.agreed_on(course) or timezone.localdate()
    return {
        "missing": missing_contents(protocol),
        "checks": standing.checks_of(compact.shown.matter, protocol, day),
        "unbound": [contribution(one) for one in unbound(protocol)],
        "contents_law": contents_law.load(),
    }


@needs(Action.READ_MATTER)
def page(request: HttpRequest, number: int) -> HttpResponse:
    """The contents that bind, else the latest; what they lack; how each commitment stands."""
    return _shown(request, compact_of(request, number))


def _shown(request: HttpRequest, compact: Compact, status: int = 200, **more: Any) -> HttpResponse:
    tables = harvest_store.current()
    told = {
        "compact": compact, "matter": compact.shown.matter, "shown": compact.shown,
        "wording": sections(compact.contents) if compact.version else (),
        "newer": compact.versions[-1] if compact.versions and compact.is_draft is False
        and compact.versions[-1] != compact.version else None,
        "told": telling.told_of(request.user, compact, tables), "run": tables.run if tables else "",
        "can_write": telling.may_here(request.user, compact, Action.WRITE_COMPACT),
        "closed": standing.closed_because(compact.shown.course),
        "my_institution": institution_of(request.user),
        "money": sum(p.commitment.amount_cents or 0 for p in compact.promises),
        "kept": sum(p.code == "kept" for p in compact.promises),
        "bad": sum(p.code in {"overdue", "broken"} for p in compact.promises),
        **lacks(compact, compact.contents),
    }  # fmt: skip
    return render(request, "cases/compact.html", told | more, status=status)


@needs(Action.READ_MATTER)
def version(request: HttpRequest, number: int, version_number: int) -> HttpResponse:
    """One version as it was written, and what it changed."""
    compact = compact_of(request, number)
    told = version_of(compact, version_number)
    protocol = read(told.contents)
    before = next((v for v in compact.versions if v.number == version_number - 1), None)
    return render(request, "cases/compact_version.html", {
        "compact": compact, "matter": compact.shown.matter, "version": told, "before": before,
        "wording": sections(protocol),
        "changes": changes(read(before.contents), protocol) if before else (),
        "binds": compact.binding is not None and compact.binding.version == told,
        **lacks(compact, protocol),
    })  # fmt: skip


@needs(Action.WRITE_COMPACT)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """The editor. Rows are added and removed, and projects looked up, by sending the form."""
    compact = compact_of(request, number)
    matter, course = compact.shown.matter, compact.shown.course
    check(
        request.user, Action.WRITE_COMPACT, subject_of(matter.key, courses.level_of(matter, course))
    )
    latest = compact.versions[-1] if compact.versions else None
    if request.method != "POST":
        draft = editing.draft_of(standing.contents_of(matter, latest))
        return _editor(request, compact, draft, latest.number if latest else 0)
    draft = editing.typed(request.POST)
    seen = _number(request.POST.get("seen", ""))
    what, _, where = request.POST.get("do", "save").partition(":")
    if what == "save":
        return _save(request, compact, draft, seen)
    if what == "together":
        return _together(request, compact, draft, seen, _number(where))
    looked: dict[int, list[dict[str, Any]]] = {}
    section, _, at = where.partition(":")
    if what == "add":
        editing.add(draft, section)
    elif what == "remove" and at.isdigit():
        editing.remove(draft, section, int(at))
    elif what == "find" and section.isdigit():
        looked = _look_up(draft, int(section), matter.metro)
    draft.errors.clear()
    return _editor(request, compact, draft, seen, looked=looked)


def _number(told: str) -> int:
    return int(told) if told.isascii() and told.isdigit() and len(told) < 7 else 0


def _look_up(draft: Draft, at: int, metro: str) -> dict[int, list[dict[str, Any]]]:
    """Projects of the harvest whose name has the words typed in a row, those of the metro first."""
    tables = harvest_store.current()
    rows_typed = draft.rows["commitments"]
    if tables is None or at >= len(rows_typed):
        return {}
    return {at: projects.named(tables, rows_typed[at]["undertaking"], metro, MOST_FOUND)}


def _save(request: HttpRequest, compact: Compact, draft: Draft, seen: int) -> HttpResponse:
    matter = compact.shown.matter
    tables = harvest_store.current()
    numbers = [
        int(one.id[1:])
        for version in compact.versions
        for one in read(version.contents).commitments
        if one.id[1:].isdigit()
    ]
    protocol = editing.protocol_of(
        draft, tuple(matter.parties), max(numbers, default=0) + 1,
        lambda named: tables is None or bool(found.ids_of(tables, named)),
    )  # fmt: skip
    if protocol is None:
        return _editor(request, compact, draft, seen, status=400)
    try:
        made = save_version(Actor.of(request.user), matter.number, protocol, seen=seen,
                            reason=request.POST.get("reason", ""))  # fmt: skip
    except WrittenSinceError as error:
        return _overtaken(request, compact, draft, protocol, error=error, seen=seen)
    except UserError as error:
        return _editor(request, compact, draft, seen, status=400, said=str(error))
    messages.success(request, f"Version {made.number} is kept.")
    return redirect("compact", matter.number)


def _overtaken(
    request: HttpRequest,
    compact: Compact,
    draft: Draft,
    mine: Protocol,
    *,
    error: WrittenSinceError,
    seen: int,
) -> HttpResponse:
    """Both are shown: what the other changed since this person looked, and how theirs differs."""
    theirs = read(error.latest.contents)
    base = next((v for v in compact.versions if v.number == seen), None)
    before = read(base.contents) if base else standing.contents_of(compact.shown.matter, None)
    return _editor(
        request, compact, draft, error.latest.number, status=409, said=str(error),
        overtaken={"latest": error.latest, "base": seen, "theirs": changes(before, theirs),
                   "mine": changes(theirs, mine)},
    )  # fmt: skip


def _together(
    request: HttpRequest, compact: Compact, draft: Draft, seen: int, base: int
) -> HttpResponse:
    """The version somebody else wrote, with what this person changed put in; not kept yet."""
    told = {v.number: editing.draft_of(read(v.contents)) for v in compact.versions}
    told[0] = editing.draft_of(standing.contents_of(compact.shown.matter, None))
    if seen not in told or base not in told:
        raise Http404(NONE)
    made, both = editing.brought_together(told[base], draft, told[seen])
    return _editor(request, compact, made, seen, brought=seen, both=both)


def _editor(
    request: HttpRequest,
    compact: Compact,
    draft: Draft,
    seen: int,
    *,
    status: int = 200,
    looked: dict[int, list[dict[str, Any]]] | None = None,
    **more: Any,
) -> HttpResponse:
    matter = compact.shown.matter
    latest = compact.versions[-1] if compact.versions else None
    parties = tuple(matter.parties)
    told = {
        "compact": compact, "matter": matter, "draft": draft, "seen": seen,
        "blocks": fields.blocks(draft, parties, looked or {}),
        "closed": standing.closed_because(compact.shown.course),
        "reason": request.POST.get("reason", ""), "errors": len(draft.errors),
        **lacks(compact, standing.contents_of(matter, latest)),
    }  # fmt: skip
    return render(request, "cases/compact_edit.html", told | more, status=status)


@needs(Action.CONTEST_VERDICT)
@require_POST
def contest_page(request: HttpRequest, number: int, verdict_number: int) -> HttpResponse:
    """Put a party's word beside a verdict."""
    compact = compact_of(request, number)
    verdict = next(
        (v for one in compact.promises for v in one.verdicts if v.number == verdict_number), None
    )
    if verdict is None:
        raise Http404(NONE)
    form = ContestForm(request.POST, request.FILES)
    said = ""
    if form.is_valid():
        try:
            contest(Actor.of(request.user), verdict, reason=form.cleaned_data["reason"],
                    paper=form.paper())  # fmt: skip
        except UserError as error:
            said = str(error)
        else:
            messages.success(request, "Your word stands beside the verdict.")
            return redirect(f"{reverse('compact', args=[number])}#{verdict.commitment}")
    return _shown(request, compact, 400, tried=verdict.commitment, tried_contest=form, said=said)


@needs(Action.REPLACE_COMMITMENT)
@require_POST
def replace_page(request: HttpRequest, number: int, commitment: str) -> HttpResponse:
    """Say what replaced a commitment, or join what another party said; judged at once when all have."""
    compact = compact_of(request, number)
    if commitment not in {one.commitment.id for one in compact.promises}:
        raise Http404(NONE)
    told = request.POST.get("confirms", "")
    first = Replacement.objects.filter(matter=compact.shown.matter, pk=_number(told)).first()
    if told and first is None:
        raise Http404(NONE)
    form = ReplaceForm(request.POST)
    said = ""
    if first is not None or form.is_valid():
        try:
            replace_commitment(
                Actor.of(request.user), number, commitment, confirms=first,
                by="" if first else form.cleaned_data["by"],
                reason="" if first else form.cleaned_data["reason"],
            )  # fmt: skip
        except UserError as error:
            said = str(error)
        else:
            tables = harvest_store.current()
            if tables is not None:
                judge_protocol(tables, compact.shown.matter)
            messages.success(request, "It is on record.")
            return redirect(f"{reverse('compact', args=[number])}#{commitment}")
    return _shown(request, compact, 400, tried=commitment, tried_replace=form, said=said)
