"""What this is, who may do what, and how it can be reached by everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from harvester.web.permissions import Action, Role, needs
from harvester.web.rights import TABLE, Level, Reach

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


REACHES = {Reach.ALL: "all", Reach.OWN: "own", Reach.NONE: "–"}


def rights_table() -> list[dict[str, object]]:
    """The table of rights line by line, in words: who, speaking for whom, does what, to what."""
    lines = [line.split("|") for line in TABLE.strip().splitlines()[1:]]
    return [
        {
            "who": _who(cells[0].strip()),
            "speaks_for": cells[1].strip(),
            "does": Action(cells[2].strip()).label,
            "reach": [REACHES[Reach(cell.strip())] for cell in cells[3:]],
        }
        for cells in lines
    ]


def _who(text: str) -> str:
    if text in {"everyone", "members"}:
        return {"everyone": "Everyone", "members": "Everyone with an account"}[text]
    return ", ".join(Role(word.strip()).label for word in text.split(","))


@needs(Action.READ)
def about(request: HttpRequest) -> HttpResponse:
    """What it is and is not, its words, and who may do what."""
    return render(
        request,
        "about.html",
        {"rights": rights_table(), "levels": [level.value for level in Level]},
    )


@needs(Action.READ)
def accessibility(request: HttpRequest) -> HttpResponse:
    """How pages are made so that everyone can use them, and what is known not to be right yet."""
    return render(request, "accessibility.html")
