"""How matters begin: triage of a finding, a dispute or compact opened, an issue reported; and the
answer of an official without an account."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.processor.adjudication import route, who_convenes
from harvester.processor.workflow.course import Course
from harvester.processor.workflow.moves import NotAllowedError
from harvester.rules import institutions
from harvester.rules.law import mechanisms, procedures
from harvester.web import harvest_store, params
from harvester.web.actions import answers, reports
from harvester.web.actions.acting import Actor
from harvester.web.actions.matters import open_matter, standing_for, take_step
from harvester.web.matters import courses, grains, people, rows
from harvester.web.matters.forms import AnswerForm, ReportForm, StepForm
from harvester.web.matters.naming import OFFERING_OF, procedure_name
from harvester.web.models import Matter
from harvester.web.params import BadQueryError
from harvester.web.permissions import Action, Level, Subject, may, needs
from harvester.web.views.matter import one as matter_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

TRIAGE = ("admit", "snooze", "decline", "merge")
MOST_PARTIES = 8


def triage_forms(
    request: HttpRequest, finding: dict[str, Any], bound: StepForm | None = None
) -> list[StepForm]:
    """The four things the secretariat can do with a finding, each a form."""
    today = timezone.localdate()
    matter, course = _grain(finding)
    made = []
    for step_id in TRIAGE:
        step = course.procedure.step(step_id)
        assert step is not None, step_id
        if bound is not None and bound.law.id == step_id:
            made.append(bound)
            continue
        form = StepForm(request.user, matter, course, step, today=today)
        if "told_offering" in form.fields:
            form.initial["told_offering"] = finding["known"].get("suggested_offering")
        made.append(form)
    return made


def _grain(finding: dict[str, Any]) -> tuple[Matter, Course]:
    """The grain that a finding would become; nothing is written."""
    today = timezone.localdate()
    begun = procedures.in_force("case", today)
    matter = Matter(procedure="case", level=Level.PUBLIC.value, parties=finding["parties"])
    return matter, Course(begun, today, tuple(finding["parties"]), dict(finding["known"]))


@needs(Action.TRIAGE)
def triage(request: HttpRequest) -> HttpResponse:
    """Make a finding a grain and triage it in one go: both stand or neither."""
    tables = harvest_store.current()
    finding_id = params.text(
        request.POST if request.method == "POST" else request.GET, "finding", 300
    )
    if tables is None:
        raise Http404("There is no harvest in service.")
    try:
        finding = grains.of_finding(tables, finding_id)
    except UserError as error:
        raise Http404(str(error)) from error
    standing = standing_for(finding_id, "case")
    if standing is not None:
        return redirect("matter", standing.number)
    bound, said = None, ()
    if request.method == "POST":
        matter, course = _grain(finding)
        law = course.procedure.step(params.choice(request.POST, "step", set(TRIAGE)))
        if law is None:
            raise Http404("Choose what to do with the finding.")
        bound = StepForm(
            request.user, matter, course, law, today=timezone.localdate(), data=request.POST
        )
        if bound.is_valid():
            try:
                made = _triaged(request, finding, bound)
            except NotAllowedError as error:
                said = error.reasons
            except UserError as error:
                said = (str(error),)
            else:
                messages.success(request, f"{made.key}: {law.name}.")
                return redirect("matter", made.number)
    return render(
        request,
        "cases/triage.html",
        {
            "finding": finding,
            "forms": triage_forms(request, finding, bound),
            "bound": bound,
            "said": said,
        },
        status=400 if bound else 200,
    )


def _triaged(request: HttpRequest, finding: dict[str, Any], form: StepForm) -> Matter:
    actor = Actor.of(request.user)
    told = form.cleaned_data
    with transaction.atomic():
        matter = open_matter(actor, "case", opened=told["on"], level=Level.PUBLIC, **finding)
        take_step(actor, matter.number, form.law.id, on=told["on"], seen=0, told=form.told(),
                  reason=told["reason"])  # fmt: skip
    return matter


@needs(Action.OPEN_MATTER)
def begin(request: HttpRequest) -> HttpResponse:
    """Open a dispute or a compact, under a case or by itself: the router says which comes first.

    The page is asked with what is known so far; it shows the way and, once that is sure, a button.
    """
    source = request.POST if request.method == "POST" else request.GET
    told = _begun(request, source)
    if request.method == "POST" and told["ready"]:
        parent = told["parent"]
        try:
            made = open_matter(
                Actor.of(request.user), told["chosen"], title=told["title"],
                parties=[p.code for p in told["parties"]], known=told["known"],
                opened=told["opened"], level=Level.PARTIES, parent=parent,
                finding="", metro=told["metro"], reason=params.text(source, "reason", 2000),
            )  # fmt: skip
        except UserError as error:
            return render(request, "cases/open.html", told | {"said": str(error)}, status=400)
        messages.success(request, f"{made.key} is open.")
        return redirect("matter", made.number)
    return render(request, "cases/open.html", told, status=400 if request.method == "POST" else 200)


def _begun(request: HttpRequest, source: Any) -> dict[str, Any]:
    """What is known of a matter that is to be opened, and whether it can be."""
    table = mechanisms.load()
    parent = _parent(request, source)
    written = params.text(source, "parties", 200)
    if not written and parent is not None and "parties" not in source:
        written = " ".join(parent.parties)
    parties, unknown = _parties(written)
    wanted = params.choice(source, "procedure", {*OFFERING_OF, "route"}, "route")
    answers_told = {
        q.fact: params.choice(source, q.fact, {code for code, _ in q.answers})
        for q in table.questions
    }
    told: dict[str, Any] = {
        "parent": parent, "written": written, "parties": parties, "unknown": unknown,
        "title": params.text(source, "title"), "wanted": wanted, "known": {}, "chosen": "",
        "opened": _opened(source), "asked": "parties" in source, "today": timezone.localdate(),
        "questions": [(q, answers_told[q.fact]) for q in table.questions],
        "choices": [(p, procedure_name(p)) for p in OFFERING_OF], "ready": False,
        "metro": parent.metro if parent else _metro(parties), "mine": _is_mine(request, parties),
    }  # fmt: skip
    if len(parties) < 2 or unknown:
        return told
    mechanism = ""
    if wanted == "route":
        routing = route(parties, {fact: value for fact, value in answers_told.items() if value})
        told |= {"routing": routing, "convening": who_convenes(parties)}
        chosen = routing.first.procedure if routing.first else ""
        mechanism = routing.first.id if routing.first else ""
    else:
        chosen = wanted
    if chosen:
        told["chosen"], told["name"] = chosen, procedure_name(chosen)
        told["known"] = dict(people.routing_facts(chosen, parties, mechanism))
        told["ready"] = bool(told["title"]) and told["mine"]
    return told


def _parent(request: HttpRequest, source: Any) -> Matter | None:
    told = params.text(source, "parent", 12)
    if not told:
        return None
    if not told.isascii() or not told.isdigit():
        raise Http404("There is no such case.")
    return matter_of(request, int(told))


def _opened(source: Any) -> dt.date:
    """The day the matter began: today, or an earlier one for a matter that is under way."""
    today = timezone.localdate()
    told = params.text(source, "opened", 10)
    try:
        day = dt.date.fromisoformat(told) if told else today
    except ValueError:
        raise BadQueryError("‘opened’ is a day such as 2019-01-31.") from None
    if day > today:
        raise BadQueryError("‘opened’ is a day that has not come yet.")
    return day


def _parties(written: str) -> tuple[list[Any], list[str]]:
    """Institutions by code or name, and the words nobody answers to."""
    book = institutions.load()
    found, unknown = [], []
    for word in [w for w in written.replace(",", " ").split() if w][:MOST_PARTIES]:
        one = book.get(word) or book.get(word.upper())
        if one is None:
            unknown.append(word)
        elif one not in found:
            found.append(one)
    return found, unknown


def _metro(parties: list[Any]) -> str:
    return next((party.code for party in parties if party.metro), "")


def _is_mine(request: HttpRequest, parties: list[Any]) -> bool:
    """Whether this person may open a matter between these."""
    codes = frozenset(party.code for party in parties)
    return may(request.user, Action.OPEN_MATTER, Subject(Level.PARTIES, codes))


@needs(Action.REPORT)
def report(request: HttpRequest) -> HttpResponse:
    """The form by which anyone reports an issue."""
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            reports.count_attempt(get_adapter().get_client_ip(request))
            book = institutions.load()
            named = told["institution"].strip()
            code = "" if not named else named if book.get(named) else book.resolve(named) or named
            made = reports.report(**{**told, "institution": code})
        except reports.TooManyError as error:
            form.add_error(None, str(error))
            return render(request, "cases/report.html", {"form": form}, status=429)
        except UserError as error:
            form.add_error(error.where if error.where in form.fields else None, error.what)
        else:
            return render(request, "cases/reported.html", {"key": made.key})
    return render(
        request, "cases/report.html", {"form": form}, status=400 if form.is_bound else 200
    )


@needs(Action.REPORT)
def answer(request: HttpRequest, signed: str) -> HttpResponse:
    """The page of a signed link: the case, the question, and a form that works once."""
    today = timezone.localdate()
    try:
        link = answers.opened(signed, today)
    except answers.WrongLinkError as error:
        raise Http404(str(error)) from error
    except answers.SpentLinkError as error:
        return render(request, "cases/answer_over.html", {"why": str(error)}, status=410)
    form = AnswerForm(request.POST or None, initial={"name": link.name})
    matter = courses.with_steps(Matter.objects.filter(pk=link.matter_id)).get()
    if request.method == "POST" and form.is_valid():
        try:
            answers.answer_by_link(signed, **form.cleaned_data)
        except answers.SpentLinkError as error:
            told = {"why": str(error), "typed": form.cleaned_data["answer"]}
            return render(request, "cases/answer_over.html", told, status=410)
        except NotAllowedError as error:
            form.add_error(None, f"The case takes no answer now: {'; '.join(error.reasons)}.")
        except UserError as error:
            form.add_error(error.where if error.where in form.fields else None, error.what)
        else:
            return render(request, "cases/answered.html", {"matter": matter})
    told = {"link": link, "form": form, "matter": matter, "course": courses.course_of(matter)}
    return render(request, "cases/answer.html", told, status=400 if form.is_bound else 200)


def became(request: HttpRequest, finding_id: str) -> list[rows.Shown]:
    """What became of a finding: every matter that began with it and this person may know of."""
    return list(rows.everything(request.user, timezone.localdate(), finding=finding_id))
