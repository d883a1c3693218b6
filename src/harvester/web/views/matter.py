"""One matter: where it stands, what it rests on, whose turn it is; and the forms that move it on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from harvester.domain.errors import UserError
from harvester.processor.workflow.diagram import diagram
from harvester.processor.workflow.moves import Move, NotAllowedError, moves
from harvester.web import harvest_store, params
from harvester.web.actions import answers
from harvester.web.actions.acting import Actor
from harvester.web.actions.matters import OvertakenError, take_step
from harvester.web.actions.papers import name_parties
from harvester.web.actions.verdicts import judge_protocol
from harvester.web.compacts import standing, telling
from harvester.web.compacts.promises import compacts
from harvester.web.forums.of_matter import before_forums
from harvester.web.matters import courses, mending, people, rows
from harvester.web.matters.facts import FACT_WORDS, in_words, person_name
from harvester.web.matters.forms import LinkForm, SeatForm, StepForm
from harvester.web.matters.naming import procedure_name
from harvester.web.models import Matter, Paper, Party
from harvester.web.permissions import Action, Level, check, may, needs, subject_of, visible
from harvester.web.queries import wheat
from harvester.web.rights import Role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from harvester.rules.law.procedures import Step
    from harvester.web.matters.rows import Shown
    from harvester.web.models import MatterStep

NONE = "There is no such matter, or it is not for you."
SECRET_FACTS = frozenset({"contact", "reported_by"})
"""Of a report: for those who triage."""
HIDDEN_FACTS = frozenset({"cells", "cells_in_all", "statement", "marked", "evidence", "parties"})


@dataclass(frozen=True)
class Turn:
    """A move that this person has, with its form; ``said`` is what went wrong with it."""

    move: Move
    form: StepForm
    said: tuple[str, ...] = ()


def one(request: HttpRequest, number: int) -> Matter:
    """A matter among those this person may know of. Raises ``Http404`` for every other number."""
    found = visible(
        request.user, Action.READ_MATTER, Matter.objects.filter(number=number), by="key"
    )
    matter = courses.with_steps(found.select_related("parent")).first()
    if matter is None:
        raise Http404(NONE)
    return matter


@needs(Action.READ_MATTER)
def page(request: HttpRequest, number: int) -> HttpResponse:
    """A matter as this person may know of it."""
    matter = one(request, number)
    return _shown(request, matter)


def _shown(
    request: HttpRequest, matter: Matter, turn: Turn | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    today = timezone.localdate()
    shown = rows.shown(request.user, matter, today)
    course = shown.course
    turns, closed = _turns(request, shown, turn)
    level = courses.level_of(matter, courses.course_of(matter))
    subject = subject_of(matter.key, level)
    papers = visible(request.user, Action.READ_PAPER, Paper.objects.filter(matter=matter.key))
    told: dict[str, Any] = {
        "matter": matter, "shown": shown, "course": course, "procedure": course.procedure,
        "name": procedure_name(matter.procedure), "diagram": diagram(course.procedure),
        "stepper": _stepper(shown), "turns": turns, "closed": closed,
        "facts": _facts(request, shown), "thread": _thread(request, matter, shown),
        "papers": papers.defer("content").select_related("added_by"),
        "parties": matter.parties, "today": today, "level": level,
        "others": _others(matter), "children": _children(request, matter),
        "forums": before_forums(request.user, shown, today),
        "owner": person_name(shown.owner), "delegate": person_name(str(course.facts.get("delegate", ""))),
        "can_ask": matter.procedure == "case" and not course.is_over and shown.whole
        and may(request.user, Action.ASK_BY_LINK, subject),
        "can_seat": "facilitator" in dict(course.procedure.actors)
        and may(request.user, Action.NAME_PARTIES, subject),
        "can_open": may(request.user, Action.OPEN_MATTER, subject_of(matter.key, Level(matter.level))),
        "link_form": LinkForm(matter.parties), "seat_form": SeatForm(auto_id="seat_%s"),
    }  # fmt: skip
    if matter.procedure == "case":
        told |= _evidence(matter)
    if matter.procedure == standing.PROTOCOL:
        told |= _commitments(request, shown)
    return render(request, "cases/matter.html", told | more, status=status)


def _turns(request: HttpRequest, shown: Shown, tried: Turn | None) -> tuple[list[Turn], list[Move]]:
    """The moves that are open to this person, each with its form, and those that are not."""
    if not shown.whole or not request.user.is_authenticated:
        return [], [m for m in _all_moves(request, shown) if shown.whole]
    found, closed = [], []
    level = courses.level_of(shown.matter, shown.course)
    allowed = may(request.user, Action.STEP_MATTER, subject_of(shown.matter.key, level))
    for move in _all_moves(request, shown):
        if tried is not None and move.step.id == tried.move.step.id:
            found.append(replace(tried, move=move))
        elif move.open and allowed:
            form = StepForm(
                request.user, shown.matter, shown.course, move.step, today=timezone.localdate()
            )
            found.append(Turn(move, form))
        else:
            closed.append(move)
    return found, closed


def _all_moves(request: HttpRequest, shown: Shown) -> tuple[Move, ...]:
    seats = people.seats_of(shown.matter.key)
    actor = people.actor_for(request.user, shown.course, seats)
    return moves(shown.course, actor, max(timezone.localdate(), shown.course.last_day))


def _stepper(shown: Shown) -> list[dict[str, Any]]:
    """Every state in the order of the procedure: passed, present, or to come."""
    passed = set(shown.course.passed)
    now = shown.course.state
    return [
        {"state": state, "now": state.id == now, "passed": state.id in passed and state.id != now}
        for state in shown.course.procedure.states
    ]


def _facts(request: HttpRequest, shown: Shown) -> list[tuple[str, Any]]:
    """What is known, in words; what was asked is called as the procedure calls it."""
    names = {a.fact: a.name for step in shown.course.procedure.steps for a in step.asks}
    names |= dict(shown.course.procedure.worked_out)
    secret = may(request.user, Action.TRIAGE, subject_of(shown.matter.key, Level.PARTIES))
    told = []
    for fact, value in shown.course.facts.items():
        if fact in HIDDEN_FACTS or fact in names or (fact in SECRET_FACTS and not secret):
            continue
        label = FACT_WORDS.get(fact, fact.replace("_", " ").capitalize())
        told.append((label, fact, in_words(fact, value)))
    return told


def _thread(request: HttpRequest, matter: Matter, shown: Shown) -> list[dict[str, Any]]:
    """The steps this person may read, in order, each with its answers and the papers they may read."""
    readable = visible(request.user, Action.READ_PAPER, Paper.objects.filter(matter=matter.key))
    titles = {paper.token: paper for paper in readable.defer("content", "body")}
    found = []
    worked = dict(shown.course.procedure.worked_out)
    steps = list(matter.steps.all())[: len(shown.course.taken)]
    for row, taken in zip(steps, shown.course.taken, strict=True):
        step = shown.course.procedure.step(taken.step)
        assert step is not None, taken.step
        names = worked | {asked.fact: asked.name for asked in step.asks}
        found.append(
            {
                "row": row, "step": step, "taken": taken, "reason": taken.reason,
                "who": person_name(taken.person), "by": shown.course.procedure.actor(taken.kind),
                "told": [(names.get(f, f), in_words(f, v)) for f, v in taken.told.items()],
                "papers": [titles[p.reference] for p in taken.papers if p.reference in titles],
                "withheld": not shown.whole and row.number == len(shown.course.taken),
            }
        )  # fmt: skip
    return found


def _others(matter: Matter) -> list[str]:
    """Institutions that may know of it and are no party: those a step is or was for."""
    known = Party.objects.filter(matter=matter.key).values_list("institution", flat=True)
    return sorted(set(known) - set(matter.parties))


def _children(request: HttpRequest, matter: Matter) -> list[Shown]:
    return list(rows.everything(request.user, timezone.localdate(), parent=matter))


def _evidence(matter: Matter) -> dict[str, Any]:
    """The finding as the harvest in service has it: still there, gone, and what shows it."""
    tables = harvest_store.current()
    if tables is None or not matter.finding:
        return {}
    return {
        "run_now": tables.run,
        "finding_now": wheat.finding(tables, matter.finding),
        "cells_now": wheat.evidence(tables, matter.finding),
        "mended": mending.of_case(tables, matter),
    }


def _commitments(request: HttpRequest, shown: Shown) -> dict[str, Any]:
    """The contents of a protocol in short: which version, and how each commitment stands."""
    tables = harvest_store.current()
    made = next(iter(compacts(request.user, timezone.localdate(), [shown])), None)
    if made is None:
        return {}
    return {
        "compact": made, "promises": telling.told_of(request.user, made, tables),
        "run": tables.run if tables else "",
    }  # fmt: skip


@needs(Action.STEP_MATTER)
@require_POST
def step(request: HttpRequest, number: int) -> HttpResponse:
    """Take one step. What was typed comes back with whatever stands in the way."""
    matter = one(request, number)
    shown = rows.shown(request.user, matter, timezone.localdate())
    law = shown.course.procedure.step(params.code(request.POST, "step"))
    if law is None or not shown.whole:
        raise Http404(NONE)
    form = StepForm(request.user, matter, shown.course, law, today=timezone.localdate(),
                    data=request.POST, files=request.FILES)  # fmt: skip
    found = [m for m in _all_moves(request, shown) if m.step.id == law.id]
    turn = Turn(found[0], form) if found else None
    said: tuple[str, ...] = ()
    since: list[MatterStep] = []
    if form.is_valid():
        told = form.cleaned_data
        try:
            take_step(Actor.of(request.user), number, law.id, on=told["on"], seen=told["seen"],
                      told=form.told(), papers=form.papers(), reason=told["reason"])  # fmt: skip
        except OvertakenError as error:
            since, said = error.since, (str(error),)
        except NotAllowedError as error:
            said = error.reasons
        except UserError as error:
            said = (str(error),)
        else:
            if matter.procedure == standing.PROTOCOL and (tables := harvest_store.current()):
                # What comes into force is judged at once, not only by the next harvest.
                judge_protocol(tables, matter)
            messages.success(request, f"Done: {law.name}.")
            return redirect(f"{reverse('matter', args=[number])}#thread")
    if since:
        # The next sending says that the person has seen what was done.
        form.data = form.data.copy()
        form.data["seen"] = str(since[-1].number)
    matter = one(request, number)
    names = {row.pk: shown.course.procedure.step(row.step) for row in since}
    overtaken = [(row, names[row.pk], person_name(row.on_behalf_of or row.name)) for row in since]
    tried = replace(turn, said=said) if turn else None
    gone = None if _still(request, matter, law.id) else Turn(_gone(law), form, said)
    return _shown(request, matter, tried or gone, 400, overtaken=overtaken, gone=gone, said=said)


def _still(request: HttpRequest, matter: Matter, step_id: str) -> bool:
    """Whether the step leads on from where the matter stands now."""
    shown = rows.shown(request.user, matter, timezone.localdate())
    return any(move.step.id == step_id for move in _all_moves(request, shown))


def _gone(law: Step) -> Move:
    """A move that was there when the person began to write."""
    return Move(law, ("the matter stands elsewhere now",))


@needs(Action.ASK_BY_LINK)
@require_POST
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Make a link for an official without an account. It is shown once."""
    matter = one(request, number)
    form = LinkForm(matter.parties, request.POST)
    if not form.is_valid():
        return _shown(request, matter, status=400, link_form=form)
    told = form.cleaned_data
    link = answers.make_link(
        Actor.of(request.user), matter, institution=told["institution"], name=told["name"],
        question=told["question"],
    )  # fmt: skip
    address = request.build_absolute_uri(reverse("answer", args=[answers.signed(link)]))
    return _shown(request, matter, made_link=link, made_address=address)


@needs(Action.NAME_PARTIES)
@require_POST
def seat(request: HttpRequest, number: int) -> HttpResponse:
    """Give a facilitator their seat."""
    matter = one(request, number)
    check(request.user, Action.NAME_PARTIES, subject_of(matter.key, Level(matter.level)))
    form = SeatForm(request.POST, auto_id="seat_%s")
    person = None
    if form.is_valid():
        named = form.cleaned_data["person"]
        people_found = get_user_model().objects.filter(username=named, is_active=True)
        person = people_found.filter(appointment__role=Role.FACILITATOR.value).first()
        if person is None:
            form.add_error("person", "No facilitator signs in with that name.")
    if person is None:
        return _shown(request, matter, status=400, seat_form=form)
    name_parties(
        Actor.of(request.user), matter.key, [], [person], reason=form.cleaned_data["reason"]
    )
    messages.success(
        request, f"{person.get_full_name() or person.get_username()} has a seat at it."
    )
    return redirect("matter", number)
