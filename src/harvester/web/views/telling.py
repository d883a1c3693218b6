"""How a person is told: calendar feeds, reminders and their choice, replies through a letter's link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from harvester.domain.errors import UserError
from harvester.processor.workflow.moves import NotAllowedError
from harvester.web.actions import telling as actions
from harvester.web.actions.acting import Actor
from harvester.web.actions.answers import SpentLinkError, WrongLinkError
from harvester.web.actions.matters import LONGEST_TEXT
from harvester.web.forums import deciding, feeds
from harvester.web.forums.forms import DoneForm, area
from harvester.web.models import Decision, Feed, Reminder, ReminderChoice
from harvester.web.permissions import Action, needs

if TYPE_CHECKING:
    from django.http import HttpRequest

    from harvester.web.models import ReplyLink

MOST_LETTERS = 10


class ChoiceForm(forms.Form):
    """How often one is written to."""

    how = forms.ChoiceField(label="Write to me", choices=ReminderChoice.CHOICES)


class ReplyForm(forms.Form):
    """An answer for a party to a case."""

    words = forms.CharField(
        label="Your answer", max_length=LONGEST_TEXT, widget=area(6),
        error_messages={"required": "Write an answer."},
    )  # fmt: skip


@needs(Action.BE_TOLD)
def page(request: HttpRequest) -> HttpResponse:
    """A person's feeds, how often they are written to, and the letters that went out."""
    return _shown(request)


def _shown(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    person = request.user
    choice = ReminderChoice.objects.filter(person=person).first()
    how = choice.how if choice else ReminderChoice.DAILY
    letters = Reminder.objects.filter(person=person).prefetch_related("outcomes")[:MOST_LETTERS]
    told = {
        "feeds": Feed.objects.filter(person=person, ended_at=None), "how": how,
        "form": ChoiceForm(initial={"how": how}), "letters": letters,
        "words": dict(ReminderChoice.CHOICES)[how],
    }  # fmt: skip
    return render(request, "account/telling.html", told | more, status=status)


@needs(Action.BE_TOLD)
@require_POST
def make_feed(request: HttpRequest) -> HttpResponse:
    """Make a feed. Its address is shown once."""
    try:
        secret = actions.make_feed(Actor.of(request.user), request.user)
    except UserError as error:
        return _shown(request, 400, said=str(error))
    return _shown(request, address=f"{settings.SITE_ADDRESS}{reverse('feed', args=[secret])}")


@needs(Action.BE_TOLD)
@require_POST
def end_feed(request: HttpRequest, feed_id: int) -> HttpResponse:
    """Revoke a feed."""
    if not actions.end_feed(Actor.of(request.user), request.user, feed_id):
        raise Http404("You have no such feed.")
    messages.success(request, "Revoked: its address leads nowhere from now on.")
    return redirect("telling")


@needs(Action.BE_TOLD)
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Choose how often one is written to."""
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        return _shown(request, 400, form=form)
    actions.choose_reminders(Actor.of(request.user), request.user, form.cleaned_data["how"])
    messages.success(request, "Your choice is recorded.")
    return redirect("telling")


@needs(Action.READ)
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The feed of an address, for a calendar program: whoever holds it is that person, for this alone."""
    person = actions.person_of_feed(secret)
    if person is None:
        raise Http404("There is no such feed.")
    made = feeds.ics(person, timezone.localdate())
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@needs(Action.READ)
def reply(request: HttpRequest, signed: str) -> HttpResponse:
    """The page of a letter's link: what is asked, and a form that works once."""
    today = timezone.localdate()
    try:
        link = actions.opened(signed, today)
    except WrongLinkError as error:
        raise Http404(str(error)) from error
    except SpentLinkError as error:
        return render(request, "cases/answer_over.html", {"why": str(error)}, status=410)
    sent = request.POST or None
    form = DoneForm((), sent) if link.decision else ReplyForm(sent)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.reply(
                signed, words=told["words"], done=told.get("done", "yes") == "yes",
                shown_by=told.get("shown_by", ""),
            )  # fmt: skip
        except SpentLinkError as error:
            over = {"why": str(error), "typed": told["words"]}
            return render(request, "cases/answer_over.html", over, status=410)
        except NotAllowedError as error:
            form.add_error(None, f"It takes no answer now: {'; '.join(error.reasons)}.")
        except UserError as error:
            form.add_error(error.where if error.where in form.fields else None, error.what)
        else:
            return render(request, "forums/replied.html", {"link": link})
    told = {"link": link, "form": form, "decision": _decision(link)}
    return render(request, "forums/reply.html", told, status=400 if form.is_bound else 200)


def _decision(link: ReplyLink) -> deciding.ShownDecision | None:
    if link.decision_id is None:
        return None
    rows = deciding.with_all(Decision.objects.filter(pk=link.decision_id))
    return deciding.shown(rows, timezone.localdate())[0]
