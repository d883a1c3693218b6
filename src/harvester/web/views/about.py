"""What this is, how it can be reached by everyone, and a person's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from harvester.web.permissions import RIGHTS, Action, Role, needs, roles_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def rights_table() -> list[tuple[str, list[bool]]]:
    """The table of rights: each role with yes or no for each action."""
    return [(role.label, [action in RIGHTS[role] for action in Action]) for role in Role]


@needs(Action.READ)
def about(request: HttpRequest) -> HttpResponse:
    """What it is and is not, its words, and who may do what."""
    return render(
        request,
        "about.html",
        {"rights": rights_table(), "actions": [action.label for action in Action]},
    )


@needs(Action.READ)
def accessibility(request: HttpRequest) -> HttpResponse:
    """How pages are made so that everyone can use them, and what is known not to be right yet."""
    return render(request, "accessibility.html")


def account(request: HttpRequest) -> HttpResponse:
    """The signed-in person's own account: roles, rights, uploads."""
    held = [role for role in Role if role in roles_of(request.user)]
    rights = [action.label for action in Action if any(action in RIGHTS[r] for r in held)]
    return render(
        request,
        "account.html",
        {"roles": held, "rights": rights, "uploads": request.user.uploads.all()[:20]},
    )
