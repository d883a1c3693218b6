"""Who may do what: one table, asked by pages, actions, downloads and templates alike.

A role is a Django group of the same name; a person may hold several. Anonymous people are
``public``. Everything a harvest holds was published by an institution, so everyone may read it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from django.http import HttpRequest, HttpResponseBase


class Role(StrEnum):
    """The people of PRODUCT section 2."""

    SECRETARIAT = "secretariat"
    PLANNER = "planner"
    OFFICIAL = "official"
    FACILITATOR = "facilitator"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        """Who that is, in words."""
        return _LABELS[self]


_LABELS = {
    Role.SECRETARIAT: "Working-group secretariat",
    Role.PLANNER: "Metro planner or budget officer",
    Role.OFFICIAL: "Provincial, national or entity official",
    Role.FACILITATOR: "Facilitator or adjudicator",
    Role.ANALYST: "Treasury analyst",
    Role.AUDITOR: "Auditor",
    Role.PUBLIC: "Anyone, without an account",
}


class Action(StrEnum):
    """What can be done."""

    READ = "read"  # every page over the harvest
    DOWNLOAD = "download"  # every list as a file
    UPLOAD = "upload"  # give files
    RUN_HARVEST = "run_harvest"  # put a new harvest in service
    READ_UPLOAD_LOG = "read_upload_log"  # who gave which file, when
    DECIDE_LINKS = "decide_links"  # on rows of one's own institution or metro
    DECIDE_ANY_LINK = "decide_any_link"  # on every row

    @property
    def label(self) -> str:
        """What that is, in words."""
        return _ACTIONS[self]


_ACTIONS = {
    Action.READ: "read every page",
    Action.DOWNLOAD: "download every list",
    Action.UPLOAD: "give files",
    Action.RUN_HARVEST: "run a harvest",
    Action.READ_UPLOAD_LOG: "see who gave which file",
    Action.DECIDE_LINKS: "settle links of your own institution",
    Action.DECIDE_ANY_LINK: "settle every link",
}

_READERS = frozenset({Action.READ, Action.DOWNLOAD})

RIGHTS: dict[Role, frozenset[Action]] = {
    Role.SECRETARIAT: frozenset(Action),
    Role.PLANNER: _READERS | {Action.UPLOAD, Action.DECIDE_LINKS},
    Role.OFFICIAL: _READERS | {Action.UPLOAD, Action.DECIDE_LINKS},
    Role.FACILITATOR: _READERS,
    Role.ANALYST: _READERS | {Action.UPLOAD},
    Role.AUDITOR: _READERS | {Action.READ_UPLOAD_LOG},
    Role.PUBLIC: _READERS,
}
"""The table. A right that is not written here does not exist."""


def roles_of(user: AbstractBaseUser | AnonymousUser) -> frozenset[Role]:
    """Roles a person holds; everyone is also ``public``. Asked once per request."""
    known = getattr(user, "_harvester_roles", None)
    if known is None:
        held = set()
        if user.is_authenticated and user.is_active:
            names = set(user.groups.values_list("name", flat=True))
            held = {role for role in Role if role.value in names}
        known = frozenset(held | {Role.PUBLIC})
        user._harvester_roles = known
    return known


def may(user: AbstractBaseUser | AnonymousUser, action: Action) -> bool:
    """Whether this person may do this; the question templates ask too."""
    return any(action in RIGHTS[role] for role in roles_of(user))


OF_INSTITUTION = "institution:"
"""A group whose name begins so says for which institution its members speak."""


def institution_of(user: AbstractBaseUser | AnonymousUser) -> str:
    """Code of the institution a person speaks for; empty for the secretariat and for nobody's."""
    if not user.is_authenticated or may(user, Action.DECIDE_ANY_LINK):
        return ""
    names = user.groups.filter(name__startswith=OF_INSTITUTION).order_by("name")
    found = names.values_list("name", flat=True).first()
    return (found or "").removeprefix(OF_INSTITUTION)


def may_decide(
    user: AbstractBaseUser | AnonymousUser, rows: Iterable[Mapping[str, object]]
) -> bool:
    """Whether this person may settle the link between these entries.

    The secretariat may on all; others where a row is published or owned by their institution, or
    lies in their municipality.
    """
    if may(user, Action.DECIDE_ANY_LINK):
        return True
    mine = institution_of(user) if may(user, Action.DECIDE_LINKS) else ""
    return bool(mine) and any(
        mine in {row["institution"], row["owner"], row["metro"]} for row in rows
    )


def rights_of(user: AbstractBaseUser | AnonymousUser) -> dict[str, bool]:
    """Every action and whether this person may do it, for templates: ``can.upload``."""
    return {action.value: may(user, action) for action in Action}


def needs(action: Action) -> Callable[..., Callable[..., HttpResponseBase]]:
    """Guard a view: sign in first where nobody is signed in, else refuse with the 403 page."""

    def guard(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if may(request.user, action):
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            raise PermissionDenied(f"Your account may not {action.label}.")

        guarded.__name__ = view.__name__
        guarded.__doc__ = view.__doc__
        guarded.action = action
        return guarded

    return guard
