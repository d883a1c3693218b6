"""The audit log for those who may read it: filter, download, check."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from harvester.web import downloads, harvest_store, params
from harvester.web.audit import chain, checking, offline
from harvester.web.models import Event
from harvester.web.permissions import Action, needs, standing_of
from harvester.web.rights import Happening, Level, Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict

PER_PAGE = 50
FORMATS = ("csv", "jsonl")
WORDS = {one.value: one.label for one in (*Action, *Happening)}
WITHHELD = ("reason", "payload", "salt")


def chosen(query: QueryDict) -> tuple[dict[str, str], QuerySet[Event]]:
    """What was asked for, checked, and the events that answer it. Raises for a day that cannot be."""
    told = {
        "actor": params.text(query, "actor"),
        "action": params.choice(query, "action", WORDS),
        "subject": params.text(query, "subject"),
        "from": _day(query, "from"),
        "to": _day(query, "to"),
    }
    found = Event.objects.all()
    if told["actor"]:
        found = found.filter(actor__icontains=told["actor"])
    if told["action"]:
        found = found.filter(action=told["action"])
    if told["subject"]:
        found = found.filter(subject__icontains=told["subject"])
    if told["from"]:
        found = found.filter(at__gte=told["from"])
    if told["to"]:
        # The day itself is in: its instants sort before its name with a later letter.
        found = found.filter(at__lt=f"{told['to']}U")
    return told, found


def _day(query: QueryDict, name: str) -> str:
    value = params.text(query, name, longest=10)
    if not value:
        return ""
    try:
        return timezone.datetime.strptime(value, "%Y-%m-%d").date().isoformat()
    except ValueError:
        raise params.BadQueryError(f"‘{name}’ must be a day such as 2018-10-23.") from None


def readable(request: HttpRequest) -> frozenset[str]:
    """Confidentialities whose reasons and payloads this person may read in the log."""
    standing = standing_of(request.user)
    return frozenset(
        level.value for level in Level if standing.reach(Action.READ_AUDIT, level) is Reach.ALL
    )


def withheld(event: dict[str, Any], levels: frozenset[str]) -> dict[str, Any]:
    """The event, without what this person may not read; its seal stays, so that the chain holds."""
    if event["level"] in levels:
        return event
    return {**event, **dict.fromkeys(WITHHELD)}


def particulars(payload: str) -> list[tuple[str, str]]:
    """What an event tells besides, in words: name and value, the empty ones left out."""
    told = json.loads(payload)
    return [
        (name.replace("_", " "), "" if value is True else _in_words(value))
        for name, value in told.items()
        if value not in ("", [], None, False)
    ]


def _in_words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@needs(Action.READ_AUDIT)
def log(request: HttpRequest) -> HttpResponse:
    """The log, latest first."""
    return _shown(request, None)


def _shown(request: HttpRequest, checked: offline.Checked | None) -> HttpResponse:
    told, found = chosen(request.GET)
    total = found.count()
    pages = max(1, math.ceil(total / PER_PAGE))
    number = params.page_number(request.GET)
    if number > pages:
        raise params.BadQueryError(f"There are {pages} pages; page {number} does not exist.")
    levels = readable(request)
    rows = [
        {
            **withheld(one, levels),
            "words": WORDS.get(one["action"], one["action"]),
            "particulars": particulars(one["payload"]) if one["level"] in levels else [],
        }
        for one in found.values(*chain.FIELDS)[(number - 1) * PER_PAGE : number * PER_PAGE]
    ]
    noted = checking.noted(harvest_store.home())
    return render(
        request,
        "audit.html",
        {
            "rows": rows,
            "told": told,
            "actions": sorted(WORDS.items(), key=lambda pair: pair[1]),
            "total": total,
            "all": Event.objects.count() if any(told.values()) else total,
            "page": number,
            "pages": pages,
            "query": urlencode({k: v for k, v in told.items() if v}),
            "head": checking.head(),
            "noted": noted[-1] if noted else None,
            "checked": checked,
        },
    )


@needs(Action.READ_AUDIT)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Walk the whole log now and say what was found; with a head from a pack, held against it."""
    also = []
    if told := request.POST.get("head", "").strip():
        also = [offline.head_told(told)]
    checked = checking.check(harvest_store.home(), also)
    return _shown(request, checked)


@needs(Action.READ_AUDIT)
def download(request: HttpRequest, form: str) -> HttpResponseBase:
    """The log as a file: CSV as filtered; JSON lines always whole, for checking it offline."""
    if form not in FORMATS:
        raise Http404("The log comes as csv or jsonl.")
    levels = readable(request)
    if form == "jsonl":
        lines = (chain.canonical(withheld(one, levels)) + "\n" for one in checking.rows())
        response = StreamingHttpResponse(lines, content_type="application/x-ndjson")
    else:
        _, found = chosen(request.GET)
        rows = found.order_by("number").values(*chain.FIELDS).iterator(chunk_size=2_000)
        pieces = _csv(withheld(one, levels) for one in rows)
        response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="audit.{form}"'
    return response


def _csv(events: Iterator[dict[str, Any]]) -> Iterator[str]:
    held = io.StringIO()
    writer = csv.writer(held)
    held.write("\ufeff")
    writer.writerow(chain.FIELDS)
    for event in events:
        values = [event[name] for name in chain.FIELDS]
        writer.writerow([downloads.safe_text(v) if isinstance(v, str) else v for v in values])
        yield held.getvalue()
        held.seek(0)
        held.truncate()
    yield held.getvalue()
