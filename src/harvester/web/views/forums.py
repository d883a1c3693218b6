"""Forums: what each may take and decide, as it sits, its meetings; the list of decisions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from harvester.domain.periods import EARLIEST_YEAR, LATEST_YEAR, Calendar
from harvester.processor.forums.bodies import bodies, body_of
from harvester.rules import forums
from harvester.rules.forums import Rung
from harvester.web import downloads, labels, params
from harvester.web.forums import agendas, deciding, months
from harvester.web.forums.standing import name_of
from harvester.web.matters import rows
from harvester.web.models import Meeting
from harvester.web.params import BadQueryError
from harvester.web.permissions import OPEN, Action, may, needs
from harvester.web.queries.lists import Column

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict

    from harvester.processor.forums.bodies import Body
    from harvester.rules.forums import Forum
    from harvester.web.forums.deciding import ShownDecision

MOST = 200
COLUMNS = tuple(
    Column(name, name, "")
    for name in ("code", "name", "law", "verified", "members", "decides", "rung", "takes", "meets",
                 "one_for_each", "next_meeting")
)  # fmt: skip
DECISION_COLUMNS = tuple(
    Column(name, name, "")
    for name in ("decision", "forum", "meeting_on", "matter", "words", "owner", "due", "stands",
                 "outcome", "referred_to", "dissent", "answer", "shown_by")
)  # fmt: skip
STANDS = {"open": "to be done", "overdue": "past its day", "done": "done", "replaced": "replaced"}


def body_or_404(code: str) -> Body:
    """The forum as it sits, of a code. Raises ``Http404`` where there is none."""
    found = body_of(code)
    if found is None:
        raise Http404("There is no such forum.")
    return found


def _chosen(query: QueryDict) -> tuple[list[Forum], dict[str, str]]:
    book = forums.load()
    words = params.words(query, "q")
    rung = params.choice(query, "rung", set(Rung))
    matter = params.choice(query, "takes", set(dict(book.matters)))
    sort = params.choice(query, "sort", {"name", "rung", "next"})
    found = [
        one for one in book
        if rung in {"", one.rung} and (not matter or matter in one.takes)
        and all(w in f"{one.code} {one.name} {one.law} {one.members} {one.decides}".lower() for w in words)
    ]  # fmt: skip
    told = {"q": " ".join(words), "rung": rung, "takes": matter, "sort": sort}
    if sort in {"name", "rung"}:
        found.sort(key=lambda one: str(getattr(one, sort)))
    if sort == "next":
        coming = next_meetings(timezone.localdate())
        far = max((m.on for m in coming.values()), default=timezone.localdate())
        found.sort(
            key=lambda f: (f.code not in coming, coming[f.code].on if f.code in coming else far)
        )
    return found, told


def next_meetings(today: dt.date) -> dict[str, Meeting]:
    """The next meeting of each forum, whichever body of it meets."""
    found: dict[str, Meeting] = {}
    for meeting in Meeting.objects.filter(on__gte=today, closed=None).order_by("on", "number"):
        found.setdefault(meeting.forum.partition(":")[0], meeting)
    return found


@needs(Action.READ)
def listed(request: HttpRequest) -> HttpResponse:
    """Every forum, what it may take and decide, and when it meets next."""
    today = timezone.localdate()
    found, told = _chosen(request.GET)
    coming = next_meetings(today)
    book = forums.load()
    late = [one for one in deciding.decisions_of(request.user, today) if one.late]
    return render(request, "forums/list.html", {
        "rows": [(one, [dict(book.matters)[m] for m in one.takes], coming.get(one.code), _of(one)) for one in found],
        "all": len(book.forums), "asked": told, "matters": book.matters, "rungs": list(Rung),
        "coming": [(m, name_of(m.forum)) for m in Meeting.objects.filter(on__gte=today, closed=None).order_by("on")[:12]],
        "late": deciding.late_first(late), "query": request.GET.urlencode(),
    })  # fmt: skip


def _of(forum: Forum) -> list[Body]:
    """The bodies of a forum that there is one of for each sector, province or metro."""
    found = [body for body in bodies() if body.forum.code == forum.code]
    return found if len(found) > 1 else []


@needs(Action.DOWNLOAD)
def download(request: HttpRequest, form: str) -> HttpResponseBase:
    """The forums as a file, with the filters of the address."""
    if form not in downloads.FORMATS:
        raise Http404("Lists come as csv, json or xlsx.")
    coming = next_meetings(timezone.localdate())
    found, _ = _chosen(request.GET)
    told = ({
        "code": one.code, "name": one.name, "law": one.law, "verified": "yes" if one.verified else "no",
        "members": one.members, "decides": one.decides, "rung": str(one.rung),
        "takes": "; ".join(one.takes), "meets": one.meets, "one_for_each": str(one.of),
        "next_meeting": coming[one.code].on if one.code in coming else None,
    } for one in found)  # fmt: skip
    return downloads.as_file(COLUMNS, told, "forums", form)


@needs(Action.READ)
def forum(request: HttpRequest, code: str) -> HttpResponse:
    """One forum: as it sits where its code says whose it is, else the list of those there are."""
    book, today = forums.load(), timezone.localdate()
    body = body_of(code)
    kind = body.forum if body else book.get(code)
    if kind is None:
        raise Http404("There is no such forum.")
    told: dict[str, Any] = {
        "forum": kind, "body": body, "today": today,
        "takes": [dict(book.matters)[one] for one in kind.takes],
        "bodies": _of(kind) if body is None else [],
        "can_call": body is not None and may(request.user, Action.KEEP_MEETING, OPEN),
    }  # fmt: skip
    if body is None:
        met = Meeting.objects.filter(forum__startswith=f"{kind.code}:").order_by("-on")[:20]
        told["meetings"] = [(one, name_of(one.forum)) for one in met]
        return render(request, "forums/forum.html", told)
    known = list(rows.everything(request.user, today))
    made = deciding.decisions_of(request.user, today, meeting__forum=body.code)
    told |= {
        "meetings": [(one, "") for one in Meeting.objects.filter(forum=body.code).select_related("closed").order_by("-on")[:40]],
        "may_go": agendas.may_go_to(body, known)[:MOST],
        "open": deciding.late_first(made), "decided": len(made),
    }  # fmt: skip
    return render(request, "forums/forum.html", told)


@needs(Action.READ)
def by_month(request: HttpRequest) -> HttpResponse:
    """The calendar of forums, a month at a time, with the two calendars of law beside them."""
    today = timezone.localdate()
    told = params.text(request.GET, "month", 7)
    try:
        first = dt.date.fromisoformat(f"{told}-01") if told else today.replace(day=1)
    except ValueError:
        raise BadQueryError("‘month’ is a month such as 2026-11.") from None
    if not EARLIEST_YEAR < first.year < LATEST_YEAR:
        raise BadQueryError("‘month’ is too far away.")
    of = params.choice(request.GET, "calendar", set(Calendar))
    month = months.month_of(request.user, first, today, Calendar(of) if of else None)
    return render(request, "forums/calendar.html", {
        "month": month, "today": today, "of": of, "calendars": list(Calendar),
    })  # fmt: skip


def _decisions(request: HttpRequest) -> tuple[list[ShownDecision], dict[str, str]]:
    stands = params.choice(request.GET, "stands", set(STANDS))
    owner = params.code(request.GET, "owner")
    words = params.words(request.GET, "q")
    found = [
        one for one in deciding.decisions_of(request.user, timezone.localdate())
        if stands in {"", one.stands} and owner in {"", one.decision.owner}
        and all(w in f"{one.decision.key} {one.decision.words} {one.forum} {one.subject}".lower() for w in words)
    ]  # fmt: skip
    found.sort(key=lambda one: (not one.late, not one.is_open, one.decision.due))
    return found, {"stands": stands, "owner": owner, "q": " ".join(words)}


@needs(Action.READ_MATTER)
def decisions(request: HttpRequest) -> HttpResponse:
    """Every decision this person may know of, those past their day first."""
    found, told = _decisions(request)
    every = deciding.decisions_of(request.user, timezone.localdate())
    owners = sorted({one.decision.owner for one in every})
    return render(request, "forums/decisions.html", {
        "found": found[:MOST], "total": len(found), "all": len(every), "asked": told,
        "late": sum(one.late for one in every), "query": request.GET.urlencode(),
        "stands": STANDS.items(), "owners": [(o, labels.institution(o)) for o in owners],
    })  # fmt: skip


@needs(Action.DOWNLOAD)
def decisions_download(request: HttpRequest, form: str) -> HttpResponseBase:
    """The decisions as a file, with the filters of the address."""
    if form not in downloads.FORMATS:
        raise Http404("Lists come as csv, json or xlsx.")
    found, _ = _decisions(request)
    return downloads.as_file(
        DECISION_COLUMNS, (_as_row(one) for one in found), "decisions-of-forums", form
    )


def _as_row(one: ShownDecision) -> dict[str, Any]:
    row = one.decision
    last = one.answers[-1] if one.answers else None
    return {
        "decision": row.key, "forum": one.forum, "meeting_on": row.meeting.on,
        "matter": row.matter.key if row.matter else "", "words": row.words, "owner": row.owner,
        "due": row.due, "stands": one.words, "outcome": row.outcome, "referred_to": one.to,
        "dissent": "; ".join(f"{d.institution}: {d.words}" for d in one.dissents),
        "answer": last.words if last else "", "shown_by": last.shown_by if last else "",
    }  # fmt: skip
