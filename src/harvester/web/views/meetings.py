"""One meeting: its agenda for whoever reads, what is decided, who is there, minutes and pack."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from harvester.domain.errors import UserError
from harvester.processor.workflow.moves import NotAllowedError
from harvester.reports import packs
from harvester.web import downloads, harvest_store
from harvester.web.actions import decisions as deciding_actions
from harvester.web.actions import meetings as actions
from harvester.web.actions.acting import Actor
from harvester.web.actions.decisions import DecidedMeanwhileError
from harvester.web.forums import agendas, annexes, deciding, packing, positions
from harvester.web.forums.forms import (
    AgendaForm,
    AttendanceForm,
    CallForm,
    CloseForm,
    DecideForm,
)
from harvester.web.forums.positions import Positions
from harvester.web.forums.standing import can_be_tabled
from harvester.web.matters import rows as matter_rows
from harvester.web.models import Attendance, Decision, Meeting
from harvester.web.permissions import OPEN, Action, check, may, needs

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest

    from harvester.web.forums.agendas import Line
    from harvester.web.forums.deciding import ShownDecision

NONE = "There is no such meeting."


@dataclass(frozen=True)
class Tried:
    """A form that somebody sent and that did not go through: which, for which item, and why."""

    what: str
    item: int | None
    form: forms.Form
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """An item of the agenda: what was decided on it here, the forms to go on, where parties stand."""

    line: Line
    decisions: list[ShownDecision]
    decide: DecideForm | None
    off: bool
    said: tuple[str, ...] = ()
    stands: Positions = field(default_factory=Positions)


def one(number: int) -> Meeting:
    """The meeting of a number. Raises ``Http404`` where there is none."""
    found = Meeting.objects.filter(number=number).select_related("chair", "called_by").first()
    if found is None:
        raise Http404(NONE)
    return found


@needs(Action.READ)
def page(request: HttpRequest, number: int) -> HttpResponse:
    """A meeting as this person may know it."""
    return _shown(request, one(number))


def _shown(
    request: HttpRequest, meeting: Meeting, tried: Tried | None = None, **more: Any
) -> HttpResponse:
    today = timezone.localdate()
    body = agendas.body_at(meeting)
    agenda = agendas.agenda_of(request.user, meeting, today)
    closed = getattr(meeting, "closed", None)
    keeps = closed is None and may(request.user, Action.KEEP_MEETING, actions.subject_of(meeting))
    made = deciding.decisions_of(request.user, today, meeting=meeting)
    earlier = deciding.decisions_of(
        request.user, meeting.on, meeting__forum=meeting.forum, meeting__on__lt=meeting.on
    )
    late = [one for one in deciding.late_first(earlier) if one.late]
    began = today >= meeting.on
    where = positions.of_matters(request.user, [line.shown for line in agenda.lines], today)
    rows = [
        replace(
            _row(request, meeting, line, made, tried, keeps=keeps, began=began),
            stands=where[line.shown.matter.pk],
        )
        for line in agenda.lines
    ]
    on_agenda = {row.line.shown.matter.pk for row in rows}
    told: dict[str, Any] = {
        "meeting": meeting, "body": body, "closed": closed, "keeps": keeps, "began": began,
        "rows": rows, "off": agenda.off, "today": today,
        "pressing": sum(line.press <= 1 for line in agenda.lines),
        "late": [(d, _again(meeting, d, tried, keeps=keeps and began)) for d in late],
        "general": [d for d in made if d.decision.matter_id not in on_agenda],
        "made": made, "attendance": attendance(meeting),
        "may_see_names": request.user.is_authenticated,
        "call_off": CloseForm(initial={"held": "yes" if began else "no"}, auto_id="close_%s"),
        "attend": _tried(tried, "attend") or AttendanceForm(auto_id="attend_%s"),
        "put": _tried(tried, "agenda") or AgendaForm(_could(request, on_agenda), auto_id="put_%s"),
        "decide": _tried(tried, "general") or DecideForm(meeting, None, initial={"seen": _count(meeting)}),
        "close": _tried(tried, "close"), "said": tried.said if tried and tried.item is None else (),
    }  # fmt: skip
    told["close"] = told["close"] or told["call_off"]
    return render(request, "forums/meeting.html", told | more, status=400 if tried else 200)


def _could(request: HttpRequest, on_agenda: set[int]) -> list[tuple[int, str]]:
    """Matters this person may put on an agenda, those that are not on it."""
    known = matter_rows.everything(request.user, timezone.localdate())
    return [
        (one.matter.number, f"{one.matter.key}: {one.matter.title}"[:90])
        for one in known
        if can_be_tabled(one) and one.matter.pk not in on_agenda
    ]


def _tried(tried: Tried | None, what: str) -> forms.Form | None:
    return tried.form if tried is not None and tried.what == what and tried.item is None else None


def _row(
    request: HttpRequest,
    meeting: Meeting,
    line: Line,
    made: list[ShownDecision],
    tried: Tried | None,
    *,
    keeps: bool,
    began: bool,
) -> Row:
    matter = line.shown.matter
    here = [one for one in made if one.decision.matter_id == matter.pk]
    mine = tried is not None and tried.item == matter.number
    decide = None
    if keeps and began:
        decide = DecideForm(
            meeting, line.shown, initial={"matter": matter.number, "seen": len(here)},
            earlier=_earlier(request, matter.pk),
        )  # fmt: skip
    if mine and tried is not None and tried.what == "decide":
        decide = tried.form
    said = tried.said if mine and tried is not None else ()
    return Row(line, here, decide, keeps, said)


def _again(
    meeting: Meeting, late: ShownDecision, tried: Tried | None, *, keeps: bool
) -> DecideForm | None:
    """The form by which a meeting decides anew what was not done."""
    row = late.decision
    if not keeps or row.matter_id is not None:
        return None
    name = f"again{row.pk}"
    start = {"replaces": row.pk, "words": row.words, "owner": row.owner, "seen": _count(meeting)}
    return DecideForm(meeting, None, initial=start, prefix_id=name)


def _earlier(request: HttpRequest, matter: int) -> list[tuple[int, str]]:
    """Decisions on a matter that are still to be done, which a new one may stand in place of."""
    found = deciding.decisions_of(request.user, timezone.localdate(), matter_id=matter)
    return [(one.decision.pk, one.decision.words[:80]) for one in found if one.is_open]


def _count(meeting: Meeting) -> int:
    return Decision.objects.filter(meeting=meeting, matter=None).count()


def attendance(meeting: Meeting) -> list[Attendance]:
    """The latest note of each name, those present first."""
    latest = {(row.name, row.institution): row for row in meeting.attendance.all()}
    return sorted(latest.values(), key=lambda row: (not row.present, row.name))


@needs(Action.KEEP_MEETING)
def call(request: HttpRequest, code: str) -> HttpResponse:
    """Call a meeting of a forum."""
    from harvester.web.views.forums import body_or_404

    body = body_or_404(code)
    check(request.user, Action.KEEP_MEETING, OPEN)
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        chair = get_user_model().objects.filter(username=told["chair"]).first()
        try:
            made = actions.call_meeting(
                Actor.of(request.user), body.code, told["on"], following=told["following"],
                venue=told["venue"], metro=told["metro"], chair=chair,
            )  # fmt: skip
        except UserError as error:
            form.add_error(error.where if error.where in form.fields else None, error.what)
        else:
            messages.success(request, "The meeting is called.")
            return redirect("meeting", made.number)
    told = {"form": form, "body": body}
    return render(request, "forums/call.html", told, status=400 if form.is_bound else 200)


@needs(Action.KEEP_MEETING)
@require_POST
def agenda(request: HttpRequest, number: int) -> HttpResponse:
    """Put a matter on the agenda, or take it off."""
    meeting = _kept(request, number)
    form = AgendaForm(_could(request, set()), request.POST, auto_id="put_%s")
    said: tuple[str, ...] = ()
    if form.is_valid():
        told = form.cleaned_data
        put_on = told["put_on"] != "no"
        try:
            actions.change_agenda(
                Actor.of(request.user), number, told["matter"], put_on=put_on, reason=told["reason"]
            )
        except NotAllowedError as error:
            said = error.reasons
        except UserError as error:
            said = (str(error),)
        else:
            messages.success(request, "Put on the agenda." if put_on else "Taken off the agenda.")
            return redirect(f"{reverse('meeting', args=[number])}#agenda")
    return _shown(request, meeting, Tried("agenda", None, form, said))


@needs(Action.KEEP_MEETING)
@require_POST
def attend(request: HttpRequest, number: int) -> HttpResponse:
    """Note who is there."""
    meeting = _kept(request, number)
    form = AttendanceForm(request.POST, auto_id="attend_%s")
    said: tuple[str, ...] = ()
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.note_attendance(
                Actor.of(request.user), number, name=told["name"], institution=told["institution"],
                capacity=told["capacity"], present=told["present"] == "yes",
            )  # fmt: skip
        except UserError as error:
            said = (str(error),)
        else:
            return redirect(f"{reverse('meeting', args=[number])}#attendance")
    return _shown(request, meeting, Tried("attend", None, form, said))


@needs(Action.KEEP_MEETING)
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Record a decision. What was typed comes back with whatever stands in the way."""
    meeting = _kept(request, number)
    item = _number(request.POST.get("matter", ""))
    lines = agendas.agenda_of(request.user, meeting, timezone.localdate()).lines
    shown = next((line.shown for line in lines if line.shown.matter.number == item), None)
    if item is not None and shown is None:
        raise Http404("There is no such item on this agenda.")
    earlier = _earlier(request, shown.matter.pk) if shown else ()
    form = DecideForm(meeting, shown, request.POST, earlier=earlier)
    tried = Tried("decide" if shown else "general", item, form)
    if not form.is_valid():
        return _shown(request, meeting, tried)
    told = form.cleaned_data
    replaces = None
    if told["replaces"]:
        replaces = deciding.readable(request.user).filter(pk=told["replaces"]).first()
    try:
        deciding_actions.decide(
            Actor.of(request.user), number, matter_number=item, words=told["words"],
            owner=told["owner"], due=told["due"], outcome=told.get("outcome") or Decision.DECIDED,
            to=told.get("to", ""), dissents=form.dissents(), replaces=replaces, seen=told["seen"],
        )  # fmt: skip
    except DecidedMeanwhileError as error:
        form.data = form.data.copy()
        form.data["seen"] = str((told["seen"] or 0) + len(error.since))
        return _shown(request, meeting, Tried(tried.what, item, form, (str(error),)),
                      since=deciding.shown(deciding.with_all(Decision.objects.filter(pk__in=[d.pk for d in error.since])), timezone.localdate()))  # fmt: skip
    except NotAllowedError as error:
        return _shown(request, meeting, Tried(tried.what, item, form, error.reasons))
    except UserError as error:
        return _shown(request, meeting, Tried(tried.what, item, form, (str(error),)))
    messages.success(request, "The decision is recorded.")
    return redirect(
        f"{reverse('meeting', args=[number])}#{f'item-{item}' if item else 'decisions'}"
    )


@needs(Action.KEEP_MEETING)
@require_POST
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Fix the minutes, or call the meeting off."""
    meeting = _kept(request, number)
    form = CloseForm(request.POST, auto_id="close_%s")
    said: tuple[str, ...] = ()
    if form.is_valid():
        held = form.cleaned_data["held"] == "yes"
        try:
            actions.close_meeting(
                Actor.of(request.user), number, held=held, words=form.cleaned_data["words"]
            )
        except UserError as error:
            said = (str(error),)
        else:
            messages.success(request, "Minutes fixed." if held else "Called off.")
            return redirect("meeting", number)
    return _shown(request, meeting, Tried("close", None, form, said))


def _kept(request: HttpRequest, number: int) -> Meeting:
    """A meeting that this person keeps."""
    meeting = one(number)
    check(request.user, Action.KEEP_MEETING, actions.subject_of(meeting))
    return meeting


def _number(told: str) -> int | None:
    return int(told[:9]) if told.isascii() and told.isdigit() else None


KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}


@needs(Action.DOWNLOAD)
def pack(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """The pack of a meeting, with the items this person may know of."""
    meeting, tables = one(number), harvest_store.current()
    if form not in KINDS or tables is None:
        raise Http404("Packs come as pdf, xlsx, docx and zip, once there is a harvest in service.")
    said = packing.pack_of(request.user, meeting, tables.harvest, timezone.localdate())
    if form == "zip":
        content = packs.sealed(said, annexes.carried_by(said))[0]
    else:
        content = packs.rendered(said, form)
    response = HttpResponse(content, content_type=KINDS[form])
    name = f"pack-{meeting.forum.replace(':', '-')}-{meeting.on}.{form}"
    response["Content-Disposition"] = downloads.attachment(name)
    return response
