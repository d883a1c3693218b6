"""The law as pages: the yearly calendar with its feed, procedures with their picture, the router."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from harvester.domain.periods import Calendar, FinancialYear, parse_year_label
from harvester.processor.adjudication import route, who_convenes
from harvester.processor.workflow.diagram import diagram
from harvester.reports.calendar_feed import feed
from harvester.rules import institutions
from harvester.rules.law import calendar as law_calendar
from harvester.rules.law import mechanisms, procedures
from harvester.web import downloads, params
from harvester.web.params import BadQueryError
from harvester.web.permissions import Action, needs

if TYPE_CHECKING:
    from django.http import HttpRequest

    from harvester.rules.law.calendar import Occasion

YEARS_BACK, YEARS_ON = 8, 3
MOST_PARTIES = 6


def _asked(request: HttpRequest) -> tuple[int, str, str]:
    """Start of the year, calendar and words that a page of the calendar is asked for."""
    year = params.text(request.GET, "year")
    start = parse_year_label(year) if year else _this_year()
    if start is None:
        raise BadQueryError("‘year’ is a financial year such as 2019/20.")
    return (
        start,
        params.choice(request.GET, "calendar", set(Calendar)),
        params.text(request.GET, "q"),
    )


def _this_year() -> int:
    return FinancialYear.containing(timezone.localdate(), Calendar.MUNICIPAL).start


def _chosen(start: int, calendar: str, words: str) -> list[Occasion]:
    found = law_calendar.occasions(start, Calendar(calendar) if calendar else None)
    sought = words.lower()
    return [
        o for o in found if sought in f"{o.rule.title} {o.rule.who} {o.rule.law.reference}".lower()
    ]


@needs(Action.READ)
def calendar(request: HttpRequest) -> HttpResponse:
    """The calendar of one year: municipal and national side by side."""
    start, of, words = _asked(request)
    found = _chosen(start, of, words)
    now = _this_year()
    years = [f"{y}/{(y + 1) % 100:02d}" for y in range(now - YEARS_BACK, now + YEARS_ON + 1)]
    months: dict[dt.date, list[Occasion]] = {}
    for occasion in found:
        months.setdefault(occasion.day.replace(day=1), []).append(occasion)
    label = f"{start}/{(start + 1) % 100:02d}"
    return render(request, "law/calendar.html", {
        "months": sorted(months.items()), "count": len(found), "year": label, "of": of, "words": words,
        "years": years if label in years else sorted([*years, label]), "calendars": list(Calendar),
        "kept": request.GET.urlencode(),
    })  # fmt: skip


@needs(Action.DOWNLOAD)
def calendar_download(request: HttpRequest, form: str) -> HttpResponse:
    """The same as an iCalendar feed, or as CSV."""
    start, of, words = _asked(request)
    found = _chosen(start, of, words)
    label = f"{start}/{(start + 1) % 100:02d}"
    if form == "ics":
        made = feed(found, f"Plans and budgets {label}", dt.date(start, 1, 1))
        response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    elif form == "csv":
        response = HttpResponse(_csv(found), content_type="text/csv; charset=utf-8")
    else:
        raise Http404("The calendar comes as ics or csv.")
    response["Content-Disposition"] = f'attachment; filename="calendar-{start}.{form}"'
    return response


def _csv(found: list[Occasion]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "event", "calendar", "who", "from", "last_day", "by_law", "in_practice",
                     "reference", "verified"])  # fmt: skip
    for o in found:
        days = [
            day.isoformat() if day else "" for day in (o.first, o.last, o.statutory, o.practice)
        ]
        texts = [downloads.safe_text(t) for t in (o.rule.title, str(o.rule.calendar), o.rule.who)]
        writer.writerow([o.id, *texts, *days, o.rule.law.reference, o.rule.law.verified])
    return out.getvalue()


@needs(Action.READ)
def procedure_list(request: HttpRequest) -> HttpResponse:
    """Every version of every procedure, and the form that asks which mechanism comes first."""
    return render(
        request, "law/procedures.html", {"procedures": procedures.load()} | _routed(request)
    )


def _routed(request: HttpRequest) -> dict[str, Any]:
    """What the router's form asks and answers; nothing where no party is named yet."""
    table, book = mechanisms.load(), institutions.load()
    answers = {
        q.fact: params.choice(request.GET, q.fact, {code for code, _ in q.answers})
        for q in table.questions
    }
    written = params.text(request.GET, "parties")
    codes = [word for word in written.replace(",", " ").split() if word][:MOST_PARTIES]
    parties, unknown = [], []
    for word in codes:
        found = book.get(word) or book.get(word.upper())
        if found:
            parties.append(found)
        else:
            unknown.append(word)
    told: dict[str, Any] = {"questions": [(q, answers[q.fact]) for q in table.questions], "written": written,
                            "unknown": unknown, "parties": parties}  # fmt: skip
    if len(parties) > 1 and not unknown:
        told["routing"] = route(parties, {fact: value for fact, value in answers.items() if value})
        told["convening"] = who_convenes(parties)
    return told


@needs(Action.READ)
def procedure(request: HttpRequest, procedure_id: str) -> HttpResponse:
    """One procedure: its picture, every step with who and what it needs, and its clocks."""
    versions = [p for p in procedures.load() if p.id == procedure_id]
    if not versions:
        raise Http404("There is no such procedure.")
    shown = versions[-1]
    return render(request, "law/procedure.html", {
        "procedure": shown, "versions": versions, "diagram": diagram(shown),
        "steps": [(step, [shown.actor(kind) for kind in step.by]) for step in shown.steps],
        "names": {state.id: state.name for state in shown.states},
    })  # fmt: skip
