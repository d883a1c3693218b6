"""The lists of the processor: what waits for the person, and every matter they may know of."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from harvester.rules.law import procedures
from harvester.web import downloads, harvest_store, labels
from harvester.web.actions.reminding import undelivered
from harvester.web.forums import deciding
from harvester.web.forums.feeds import meetings_of
from harvester.web.forums.programmes import late_ones
from harvester.web.forums.standing import name_of
from harvester.web.matters import mending, rows, tasks
from harvester.web.matters.naming import procedure_name
from harvester.web.models import Escalation
from harvester.web.permissions import (
    Action,
    institution_of,
    may_somewhere,
    member,
    needs,
    visible,
)
from harvester.web.texts.waiting import waiting_for

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

MOST = 200
MOST_GONE, MOST_COMING, DAYS_GONE, DAYS_UNDELIVERED = 20, 6, 30, 14


@member
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for the signed-in person, late ones first."""
    today = timezone.localdate()
    found = tasks.tasks_of(request.user, today)
    look = []
    if may_somewhere(request.user, Action.TRIAGE):
        look = gone_without_paper(list(rows.everything(request.user, today, procedure="case")))
    told = {"tasks": found, "late": tasks.overdue(found), "look": look}
    told |= of_forums(request.user, found, today)
    told["texts"] = waiting_for(request.user, today)
    return render(request, "cases/tasks.html", told)


def of_forums(user: User, found: list[tasks.Task], today: dt.date) -> dict[str, Any]:
    """What forums add to a person's tasks: decisions owed, matters that went on because time ran out,
    meetings to come; and for the secretariat the letters that did not arrive."""
    code = institution_of(user)
    owed = deciding.decisions_of(user, today, owner=code) if code else []
    keys = [task.shown.matter.pk for task in found]
    is_staff = may_somewhere(user, Action.TRIAGE)
    mine = Q(on__gte=today - dt.timedelta(days=DAYS_GONE)) if is_staff else Q(matter__in=keys)
    gone = Escalation.objects.filter(mine).select_related("matter")
    return {
        "owed": deciding.late_first(owed),
        "gone": [(row, name_of(row.to)) for row in visible(user, Action.READ_MATTER, gone, by="matter__key").order_by("-on")[:MOST_GONE]],
        "meetings": [(m, name_of(m.forum)) for m in meetings_of(user, today) if not hasattr(m, "closed")][:MOST_COMING],
        "undelivered": undelivered(today - dt.timedelta(days=DAYS_UNDELIVERED)) if is_staff else [],
        "programmes": late_ones(user, today) if may_somewhere(user, Action.KEEP_PROGRAMME) else [],
    }  # fmt: skip


@needs(Action.READ_MATTER)
def listed(request: HttpRequest) -> HttpResponse:
    """Every case, dispute and compact this person may know of."""
    told = rows.asked(request.GET)
    known = list(rows.everything(request.user, timezone.localdate()))
    found = rows.ordered([one for one in known if told.keeps(one)], told.sort)
    return render(request, "cases/list.html", {
        "asked": told, "found": found[:MOST], "total": len(found), "all": len(known),
        "late": sum(bool(one.late) for one in known),
        "counts": {s: sum(one.stands == s for one in known) for s in rows.STANDS},
        "stands": list(rows.STANDS.items()), "offerings": list(labels.OFFERINGS.items()),
        "metros": list(labels.metros().items()), "owners": sorted({o.owner for o in known} - {""}),
        "sorts": rows.SORT_WORDS,
        "procedures": list(dict.fromkeys((p.id, procedure_name(p.id)) for p in procedures.load())),
    })  # fmt: skip


@needs(Action.DOWNLOAD)
def download(request: HttpRequest, form: str) -> HttpResponseBase:
    """The list as a file, with the filters of the address."""
    if form not in downloads.FORMATS:
        raise Http404("Lists come as csv, json or xlsx.")
    told = rows.asked(request.GET)
    found = rows.everything(request.user, timezone.localdate())
    kept = rows.ordered([one for one in found if told.keeps(one)], told.sort)
    return downloads.as_file(rows.COLUMNS, (one.row() for one in kept), "cases", form)


def gone_without_paper(found: list[rows.Shown]) -> list[tuple[rows.Shown, mending.Mended]]:
    """Cases whose finding is gone though no plan or budget shows it: a person must look."""
    tables = harvest_store.current()
    if tables is None:
        return []
    told = [(one, mending.of_case(tables, one.matter)) for one in found if one.stands == "open"]
    return [(one, mended) for one, mended in told if mended and not mended.shown_by]
