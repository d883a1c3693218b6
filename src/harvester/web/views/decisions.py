"""One decision of a forum: what it says, who says otherwise, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from harvester.domain.errors import UserError
from harvester.web.actions import decisions as actions
from harvester.web.actions.acting import Actor
from harvester.web.actions.meetings import subject_of
from harvester.web.forums import deciding
from harvester.web.forums.forms import DissentForm, DoneForm
from harvester.web.models import Paper
from harvester.web.permissions import Action, check, may, needs, visible

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from harvester.web.forums.deciding import ShownDecision


@needs(Action.READ)
def page(request: HttpRequest, token: str) -> HttpResponse:
    """One decision: what it says, who says otherwise, what became of it; and the form to answer."""
    today = timezone.localdate()
    found = deciding.decisions_of(request.user, today, token=token)
    if not found:
        raise Http404("There is no such decision, or it is not for you.")
    shown = found[0]
    may_answer = shown.is_open and may(
        request.user, Action.ANSWER_DECISION, actions.owed_by(shown.decision)
    )
    keeps = not hasattr(shown.decision.meeting, "closed") and may(
        request.user, Action.KEEP_MEETING, subject_of(shown.decision.meeting)
    )
    form = DoneForm(_papers(request, shown), request.POST or None)
    if request.method == "POST":
        check(request.user, Action.ANSWER_DECISION, actions.owed_by(shown.decision))
        if form.is_valid():
            told = form.cleaned_data
            try:
                actions.answer_decision(
                    Actor.of(request.user), shown.decision, done=told["done"] == "yes",
                    words=told["words"], shown_by=told["shown_by"],
                )  # fmt: skip
            except UserError as error:
                form.add_error(error.where if error.where in form.fields else None, error.what)
            else:
                messages.success(request, "Your answer is recorded.")
                return redirect("decision", token)
    told = {
        "shown": shown,
        "form": form,
        "may_answer": may_answer or form.is_bound,
        "dissent": DissentForm(auto_id="dissent_%s") if keeps else None,
    }
    return render(request, "forums/decision.html", told, status=400 if form.is_bound else 200)


def _papers(request: HttpRequest, shown: ShownDecision) -> list[tuple[str, str]]:
    """Papers of the matter that this person may read: what shows that a decision is done."""
    matter = shown.decision.matter
    if matter is None:
        return []
    papers = visible(request.user, Action.READ_PAPER, Paper.objects.filter(matter=matter.key))
    return list(papers.values_list("token", "title"))


@needs(Action.KEEP_MEETING)
@require_POST
def dissent(request: HttpRequest, token: str) -> HttpResponse:
    """Record a dissent beside a decision, while its meeting is open."""
    found = deciding.decisions_of(request.user, timezone.localdate(), token=token)
    if not found:
        raise Http404("There is no such decision, or it is not for you.")
    row = found[0].decision
    check(request.user, Action.KEEP_MEETING, subject_of(row.meeting))
    form = DissentForm(request.POST, auto_id="dissent_%s")
    if form.is_valid():
        try:
            actions.dissent(
                Actor.of(request.user), row, form.cleaned_data["institution"],
                form.cleaned_data["words"],
            )  # fmt: skip
        except UserError as error:
            form.add_error(error.where if error.where in form.fields else None, error.what)
        else:
            messages.success(request, "The dissent is recorded.")
            return redirect("decision", token)
    told = {"shown": found[0], "form": None, "may_answer": False, "dissent": form}
    return render(request, "forums/decision.html", told, status=400)
