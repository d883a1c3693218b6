"""The list of commitments: what was promised, by whom, and whether it was kept."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from harvester.web import downloads, labels
from harvester.web.compacts import listing
from harvester.web.compacts.promises import STANDS, compacts
from harvester.web.permissions import Action, needs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

MOST = 200


@needs(Action.READ_MATTER)
def listed(request: HttpRequest) -> HttpResponse:
    """Every commitment of the protocols this person may know of."""
    told = listing.asked(request.GET)
    known = listing.promises(compacts(request.user, timezone.localdate()))
    found = listing.ordered([one for one in known if told.keeps(one)], told.sort)
    parties = sorted({(labels.institution(p.commitment.party), p.commitment.party) for p in known})
    return render(request, "cases/commitments.html", {
        "asked": told, "found": found[:MOST], "total": len(found), "all": len(known),
        "counts": Counter(one.code for one in known), "stands": list(STANDS.items()),
        "parties": [(code, name) for name, code in parties],
        "years": sorted({one.commitment.year.label for one in known}),
        "metros": [(code, name) for code, name in labels.metros().items()
                   if any(one.matter.metro == code for one in known)],
        "verdicts": list(labels.COMMITMENT_VERDICTS.items()), "sorts": listing.SORT_WORDS,
    })  # fmt: skip


@needs(Action.DOWNLOAD)
def download(request: HttpRequest, form: str) -> HttpResponseBase:
    """The list as a file, with the filters of the address."""
    if form not in downloads.FORMATS:
        raise Http404("Lists come as csv, json or xlsx.")
    told = listing.asked(request.GET)
    known = listing.promises(compacts(request.user, timezone.localdate()))
    kept = listing.ordered([one for one in known if told.keeps(one)], told.sort)
    return downloads.as_file(listing.COLUMNS, (listing.row(p) for p in kept), "commitments", form)
