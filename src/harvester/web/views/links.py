"""Links to settle: the queue, two rows side by side with a form, and every decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from harvester.engine.decision_log import Verdict
from harvester.web import downloads, harvest_store, params, permissions
from harvester.web.actions.acting import Actor
from harvester.web.actions.settling import settle_link
from harvester.web.forms import DecisionForm
from harvester.web.permissions import Action, needs
from harvester.web.queries import lists, projects, review
from harvester.web.queries.fields import fields_of
from harvester.web.views.common import over_harvest, require
from harvester.web.views.projects import reasons_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from harvester.engine.decision_log import Decision
    from harvester.web.harvest_store import HarvestTables, Row
    from harvester.web.scope import Scope


@over_harvest
def queue(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """Links to settle, most valuable first."""
    page = lists.ask(review.QUEUE, tables, request.GET, scope)
    told = review.at_stake(tables, scope)
    left_off = tables.harvest.manifest.get("review_left_off", 0)
    return render(
        request,
        "links.html",
        {"page": page, "told": told, "left_off": left_off, "waiting": len(_fresh(tables))},
    )


@needs(Action.DOWNLOAD)
@over_harvest
def download(
    request: HttpRequest, tables: HarvestTables, scope: Scope, form: str
) -> HttpResponseBase:
    """The queue as a file."""
    if form not in downloads.FORMATS:
        raise Http404("Lists come as csv, json or xlsx.")
    return downloads.respond(review.QUEUE, tables, request, scope, form)


def _fresh(tables: HarvestTables) -> list[Decision]:
    """Decisions written down since the harvest in service was made, latest first."""
    logged = harvest_store.granary().decisions.read().decisions
    if not logged:
        return []
    held = tables.remember(
        "decisions held",
        lambda: {r["decision_id"] for r in tables.rows("SELECT decision_id FROM decisions")},
    )
    return [one for one in reversed(logged) if one.decision_id not in held]


@over_harvest
def decisions(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """Every decision: standing, superseded, contradicted, waiting; and those not harvested yet."""
    page = lists.ask(review.DECISIONS, tables, request.GET, scope)
    return render(request, "link_decisions.html", {"page": page, "fresh": _fresh(tables)})


@needs(Action.DOWNLOAD)
@over_harvest
def decisions_download(
    request: HttpRequest, tables: HarvestTables, scope: Scope, form: str
) -> HttpResponseBase:
    """Decisions as a file."""
    if form not in downloads.FORMATS:
        raise Http404("Lists come as csv, json or xlsx.")
    return downloads.respond(review.DECISIONS, tables, request, scope, form)


@over_harvest
def pair(request: HttpRequest, tables: HarvestTables, scope: Scope) -> HttpResponse:
    """Two rows side by side (``a`` and ``b`` of the address), and what people say of them."""
    ids = sorted(params.code(request.GET, name) for name in ("a", "b"))
    rows = [require(projects.entry(tables, entry_id), "This row") for entry_id in ids]
    if ids[0] == ids[1] or any(row["undertaking_id"] is None for row in rows):
        raise Http404("Links stand between two different project rows.")
    allowed = permissions.may(request.user, Action.SETTLE_LINK, permissions.rows_as_subject(rows))
    form = DecisionForm(request.POST) if request.method == "POST" else DecisionForm()
    if request.method == "POST":
        if not allowed:
            raise PermissionDenied("Your account may not settle this link.")
        if form.is_valid():
            return _written(request, tables, scope, rows, form.cleaned_data)
    link = review.link(tables, *ids)
    fresh = [one for one in _fresh(tables) if [one.entry_a, one.entry_b] == ids]
    return render(
        request,
        "link_pair.html",
        {
            "rows": rows,
            "link": link,
            "why": _with_bars(reasons_of(link)) if link else [],
            "fields": _side_by_side(tables, rows),
            "findings": _findings(tables, rows),
            "said": review.decisions_on(tables, *ids),
            "fresh": fresh,
            "form": form,
            "verdicts": [(str(one), one.label) for one in Verdict],
            "allowed": allowed,
            "next": review.following(tables, scope, *ids, _decided(tables)),
        },
        status=400 if form.is_bound else 200,
    )


def _decided(tables: HarvestTables) -> set[tuple[str, str]]:
    return {(one.entry_a, one.entry_b) for one in _fresh(tables)}


def _written(
    request: HttpRequest, tables: HarvestTables, scope: Scope, rows: list[Row], told: dict[str, Any]
) -> HttpResponse:
    """Write the decision down and go on to the next pair."""
    ids = [row["entry_id"] for row in rows]
    made = settle_link(
        Actor.of(request.user),
        harvest_store.granary(),
        tables.harvest,
        (ids[0], ids[1]),
        verdict=told["verdict"],
        reason=told["reason"],
        name=request.user.get_username(),
        institution=permissions.institution_of(request.user),
        on=permissions.rows_as_subject(rows),
    )
    messages.info(
        request,
        f"Written down: {Verdict(made.verdict).label}. The next harvest applies it; "
        "decide again to change it.",
    )
    onward = review.following(tables, scope, *ids, _decided(tables))
    if onward is None:
        return redirect("links")
    pairs = {"a": onward["entry_a"], "b": onward["entry_b"], **scope.pairs}
    return redirect(f"{reverse('link_pair')}?{urlencode(pairs)}")


def _with_bars(reasons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each reason with its weight as a share of the heaviest, in whole hundredths."""
    most = max((abs(r.get("weight") or 0) for r in reasons), default=0) or 1
    return [{**r, "bar": round(abs(r.get("weight") or 0) / most * 100)} for r in reasons]


def _side_by_side(tables: HarvestTables, rows: list[Row]) -> list[dict[str, Any]]:
    """Fields of both rows, in the order of the first; marked where they differ."""
    cells = projects.cells_of(tables, sorted({row["submission_id"] for row in rows}))
    a, b = ({f.label: f for f in fields_of(row, cells)} for row in rows)
    found = []
    for label in dict.fromkeys([*a, *b]):
        one, other = a.get(label), b.get(label)
        differs = one is None or other is None or one.value != other.value
        found.append({"label": label, "sides": (one, other), "differs": differs})
    return found


def _findings(tables: HarvestTables, rows: list[Row]) -> list[Row]:
    found = {}
    for row in rows:
        for finding in projects.findings_of(tables, row["undertaking_id"], [row["entry_id"]]):
            found[finding["finding_id"]] = finding
    return list(found.values())
