"""The programme of engagement: milestones on the calendar, and what came of each stakeholder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from harvester.domain.errors import UserError
from harvester.domain.periods import EARLIEST_YEAR, LATEST_YEAR, Calendar, FinancialYear
from harvester.processor.forums.engagement import season_begins
from harvester.rules.law import programmes as templates
from harvester.web import downloads
from harvester.web.actions import programmes as actions
from harvester.web.actions.acting import Actor
from harvester.web.forums.forms import A_DAY, area
from harvester.web.forums.programmes import told_of
from harvester.web.matters.forms import DAY
from harvester.web.models import Programme, ProgrammeAct
from harvester.web.permissions import Action, may_somewhere, needs
from harvester.web.queries.lists import Column

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

YEARS_BACK, YEARS_ON = 3, 4
COLUMNS = tuple(
    Column(name, name, "")
    for name in ("kind", "who", "what", "on", "due", "stands", "product", "followed", "meeting",
                 "matter", "why")
)  # fmt: skip


class StartForm(forms.Form):
    """Which programme, for which season; or from which day."""

    template = forms.ChoiceField(label="Programme")
    year = forms.TypedChoiceField(label="For the budgets of", coerce=int)
    starts = forms.DateField(
        label="From another day (optional)", required=False, widget=forms.DateInput(attrs=DAY),
        error_messages=A_DAY, help_text="Otherwise from 1 July of the year before.",
    )  # fmt: skip

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        now = FinancialYear.containing(today, Calendar.MUNICIPAL).start
        kwargs["initial"] = {"year": now + 1} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = [(t.id, t.name) for t in templates.load()]
        years = range(max(now - YEARS_BACK, EARLIEST_YEAR), min(now + YEARS_ON, LATEST_YEAR) + 1)
        self.fields["year"].choices = [(y, f"{y}/{(y + 1) % 100:02d}") for y in years]

    def day(self) -> dt.date:
        """The day it starts."""
        told = self.cleaned_data
        found: dt.date = told["starts"] or season_begins(told["year"])
        return found


class ActForm(forms.Form):
    """One act of a programme."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="What it is", choices=ProgrammeAct.KINDS)
    stakeholder = forms.ChoiceField(label="With whom", required=False)
    milestone = forms.ChoiceField(label="Milestone reached", required=False)
    words = forms.CharField(label="In words", max_length=actions.LONGEST_WORDS, widget=area(3),
                            error_messages={"required": "Say what."})  # fmt: skip
    on = forms.DateField(label="On", widget=forms.DateInput(attrs=DAY), error_messages=A_DAY)
    due = forms.DateField(
        label="Promised by (promises only)", required=False, widget=forms.DateInput(attrs=DAY),
        error_messages=A_DAY,
    )  # fmt: skip
    answers = forms.TypedChoiceField(
        label="What it followed (what followed only)", required=False, coerce=int, empty_value=None
    )
    meeting = forms.IntegerField(
        label="Number of the meeting (optional)", required=False, min_value=1
    )
    matter = forms.IntegerField(
        label="Number of the matter (optional)", required=False, min_value=1
    )
    public = forms.ChoiceField(
        label="Who reads it", choices=[("yes", "everyone"), ("no", "the secretariat alone")]
    )

    def __init__(
        self, programme: Programme, acts: list[ProgrammeAct], *args: Any, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.fields["stakeholder"].choices = [
            ("", "nobody in particular"),
            *((s["who"], s["who"]) for s in programme.stakeholders),
        ]
        self.fields["milestone"].choices = [
            ("", "none"),
            *((m["id"], m["title"]) for m in programme.milestones),
        ]
        self.fields["answers"].choices = [
            ("", "nothing"),
            *((a.number, f"{a.number}: {a.words[:70]}") for a in acts),
        ]


@needs(Action.READ_PROGRAMME)
def listed(request: HttpRequest) -> HttpResponse:
    """Every programme, how it stands, and for the secretariat the form that starts one."""
    today = timezone.localdate()
    keeps = may_somewhere(request.user, Action.KEEP_PROGRAMME)
    form = StartForm(request.POST or None, today=today)
    if request.method == "POST":
        if not keeps:
            raise Http404("There is nothing to start here.")
        if form.is_valid():
            try:
                made = actions.start_programme(
                    Actor.of(request.user), form.cleaned_data["template"], form.day()
                )
            except UserError as error:
                form.add_error(error.where if error.where in form.fields else None, error.what)
            else:
                messages.success(request, "The programme is started.")
                return redirect("programme", made.number)
    told = [told_of(request.user, one, today) for one in Programme.objects.all()]
    return render(request, "forums/programmes.html", {
        "told": told, "form": form, "keeps": keeps, "templates": templates.load(),
        "late": sum(one.late + one.promises_late for one in told),
    }, status=400 if form.is_bound else 200)  # fmt: skip


def _one(number: int) -> Programme:
    found = Programme.objects.filter(number=number).first()
    if found is None:
        raise Http404("There is no such programme.")
    return found


@needs(Action.READ_PROGRAMME)
def page(request: HttpRequest, number: int) -> HttpResponse:
    """One programme."""
    return _shown(request, _one(number))


def _shown(
    request: HttpRequest, programme: Programme, form: ActForm | None = None, said: str = ""
) -> HttpResponse:
    today = timezone.localdate()
    told = told_of(request.user, programme, today)
    keeps = may_somewhere(request.user, Action.KEEP_PROGRAMME)
    start = {"seen": programme.acts.count(), "on": today}
    return render(request, "forums/programme.html", {
        "told": told, "programme": programme, "keeps": keeps, "today": today,
        "said": [said] if said else [],
        "form": form or (ActForm(programme, told.acts, initial=start) if keeps else None),
    }, status=400 if form else 200)  # fmt: skip


@needs(Action.KEEP_PROGRAMME)
@require_POST
def record(request: HttpRequest, number: int) -> HttpResponse:
    """Record an act."""
    programme = _one(number)
    acts = told_of(request.user, programme, timezone.localdate()).acts
    form = ActForm(programme, acts, request.POST)
    if not form.is_valid():
        return _shown(request, programme, form)
    told = form.cleaned_data
    try:
        actions.record_act(
            Actor.of(request.user), number, kind=told["kind"], words=told["words"], on=told["on"],
            stakeholder=told["stakeholder"], milestone=told["milestone"], due=told["due"],
            answers=told["answers"], meeting=told["meeting"], matter=told["matter"],
            open_to_all=told["public"] == "yes", seen=told["seen"],
        )  # fmt: skip
    except UserError as error:
        if error.where in form.fields:
            form.add_error(error.where, error.what)
            return _shown(request, programme, form)
        form.data = form.data.copy()
        form.data["seen"] = str(programme.acts.count())
        return _shown(request, programme, form, str(error))
    messages.success(request, "Recorded.")
    return redirect("programme", number)


@needs(Action.DOWNLOAD)
def download(request: HttpRequest, number: int, form: str) -> HttpResponseBase:
    """The programme as a file: its milestones, then every act."""
    if form not in downloads.FORMATS:
        raise Http404("Lists come as csv, json or xlsx.")
    told = told_of(request.user, _one(number), timezone.localdate())
    empty = dict.fromkeys((column.name for column in COLUMNS), "")
    stones = (
        {**empty, "kind": "milestone", "who": m["who"], "what": m["title"], "due": m["on"],
         "on": m["reached"].on if m["reached"] else None, "stands": str(m["stands"]),
         "product": m["product"], "why": m["why"]}
        for m in told.milestones
    )  # fmt: skip
    acts = (
        {**empty, "kind": a.get_kind_display(), "who": a.stakeholder or a.milestone,
         "what": a.words, "on": a.on, "due": a.due, "stands": str(a.stands or ""),
         "followed": a.answers.words if a.answers else "",
         "meeting": a.meeting.key if a.meeting else "",
         "matter": a.matter.key if a.matter and a.shows_matter else ""}
        for a in told.acts
    )  # fmt: skip
    return downloads.as_file(COLUMNS, [*stones, *acts], f"programme-{number}", form)
