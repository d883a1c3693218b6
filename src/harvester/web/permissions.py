"""Questions to the table of rights: may this person do this, and which rows may they see?

The table is :mod:`harvester.web.rights`. Pages, actions, lists, counts, downloads, file names and
JSON addresses ask here and nowhere else. What a person may not see does not exist for them: lists
are filtered before they are counted, and a thing asked for by its reference is looked up among what
they may see, so that *forbidden* and *not there* are one answer, with one wording and one query.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q

from harvester.rules import institutions
from harvester.web.rights import NOBODY, Action, Level, Reach, Role, reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponseBase


@dataclass(frozen=True)
class Subject:
    """What a right is asked about: how confidential it is, and whose.

    ``parties`` are codes of institutions, ``seats`` primary keys of persons.
    """

    level: Level = Level.PUBLIC
    parties: frozenset[str] = frozenset()
    seats: frozenset[int] = frozenset()


OPEN = Subject()
"""Anything that is nobody's own: a page, the harvest."""


@dataclass(frozen=True)
class Standing:
    """What the table is asked with: role, sphere and institution, and who it is in person."""

    role: Role = Role.PUBLIC
    institution: str = ""
    sphere: str = NOBODY
    person: int | None = None

    def reach(self, action: Action, level: Level = Level.PUBLIC) -> Reach:
        """How far this action reaches at this confidentiality."""
        return reach(self.role, self.sphere, action, level)

    def owns(self, subject: Subject) -> bool:
        """Whether the subject is this institution's, or this person has a seat at it."""
        return (bool(self.institution) and self.institution in subject.parties) or (
            self.person is not None and self.person in subject.seats
        )


def acting_for(user: AbstractBaseUser | AnonymousUser) -> User | None:
    """The person on whose behalf this one acts in this request; set by the middleware."""
    return getattr(user, "acting_for", None)


def standing_of(user: AbstractBaseUser | AnonymousUser) -> Standing:
    """Who a person is for the table; found once for each request.

    A delegate has the role and institution of whom they act for, but only their own seats. Where a
    second factor is required, a person without one is the public until they have it.
    """
    known = getattr(user, "_standing", None)
    if known is None:
        known = user._standing = _standing(user)
    return known


def _standing(user: AbstractBaseUser | AnonymousUser) -> Standing:
    from harvester.web.models import Appointment

    if not user.is_authenticated or not user.is_active or lacks_factor(user):
        return Standing()
    speaks_as = acting_for(user) or user
    held = Appointment.objects.filter(person=speaks_as).first()
    if held is None:
        return Standing()
    found = institutions.load().get(held.institution)
    sphere = found.sphere.value if found else NOBODY
    return Standing(Role(held.role), held.institution, sphere, user.pk)


def lacks_factor(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether a second factor is required of this person and is not there.

    Signing in through the institution's own provider counts: the factor is asked for there.
    """
    if not settings.SECOND_FACTOR_REQUIRED or getattr(user, "signed_in_elsewhere", False):
        return False
    from allauth.mfa.utils import is_mfa_enabled

    return not is_mfa_enabled(user)


def may(user: AbstractBaseUser | AnonymousUser, action: Action, subject: Subject = OPEN) -> bool:
    """Whether this person may do this to that."""
    standing = standing_of(user)
    far = standing.reach(action, subject.level)
    return far is Reach.ALL or (far is Reach.OWN and standing.owns(subject))


def may_somewhere(user: AbstractBaseUser | AnonymousUser, action: Action) -> bool:
    """Whether there is anything at all this person may do this to; for menus."""
    standing = standing_of(user)
    return any(standing.reach(action, level) is not Reach.NONE for level in Level)


def check(user: AbstractBaseUser | AnonymousUser, action: Action, subject: Subject = OPEN) -> None:
    """Raise ``PermissionDenied`` unless this person may do this to that."""
    if not may(user, action, subject):
        raise PermissionDenied(f"Your account may not {action.label}.")


def visible(
    user: AbstractBaseUser | AnonymousUser,
    action: Action,
    rows: QuerySet,
    by: str = "matter",
) -> QuerySet:
    """The rows with ``level`` that this person may do this to; ``by`` names the matter's key.

    Every list, count, search and download of such rows begins here.
    """
    from harvester.web.models import Party, Seat

    standing = standing_of(user)
    reaches = {level: standing.reach(action, level) for level in Level}
    whole = [level.value for level, far in reaches.items() if far is Reach.ALL]
    own = [level.value for level, far in reaches.items() if far is Reach.OWN]
    chosen = Q(level__in=whole)
    if own:
        party = Party.objects.filter(institution=standing.institution).exclude(institution="")
        seat = Seat.objects.filter(person_id=standing.person)
        name = f"{by}__in"
        mine = Q(**{name: party.values("matter")}) | Q(**{name: seat.values("matter")})
        chosen |= Q(level__in=own) & mine
    return rows.filter(chosen)


def subject_of(matter: str, level: Level) -> Subject:
    """A matter as a subject: its parties and those who have a seat."""
    from harvester.web.models import Party, Seat

    parties = Party.objects.filter(matter=matter).values_list("institution", flat=True)
    seats = Seat.objects.filter(matter=matter).values_list("person_id", flat=True)
    return Subject(level, frozenset(parties), frozenset(seats))


def institution_of(user: AbstractBaseUser | AnonymousUser) -> str:
    """Code of the institution a person speaks for; empty for those who speak for none."""
    return standing_of(user).institution


def rows_as_subject(rows: Iterable[Mapping[str, object]]) -> Subject:
    """Entries of a harvest as a subject: who published or owns them, and the municipality."""
    return Subject(
        parties=frozenset(
            str(row[name])
            for row in rows
            for name in ("institution", "owner", "metro")
            if row[name]
        )
    )


def rights_of(user: AbstractBaseUser | AnonymousUser) -> dict[str, bool]:
    """Every action and whether this person may do it to anything, for templates: ``can.upload``."""
    return {action.value: may_somewhere(user, action) for action in Action}


def needs(action: Action) -> Callable[..., Callable[..., HttpResponseBase]]:
    """Guard a view: sign in first where nobody is signed in, else refuse with the 403 page.

    Views of what is somebody's own pass whoever has the right to something of theirs, and ask about
    the thing itself when they have it.
    """

    def guard(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if may_somewhere(request.user, action):
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            raise PermissionDenied(f"Your account may not {action.label}.")

        guarded.__name__ = view.__name__
        guarded.__doc__ = view.__doc__
        guarded.action = action
        return guarded

    return guard


def member(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Guard a view of a person's own account: whoever is signed in, second factor or not."""

    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return redirect_to_login(request.get_full_path())

    guarded.__name__ = view.__name__
    guarded.__doc__ = view.__doc__
    guarded.action = None
    return guarded


__all__ = [
    "OPEN",
    "Action",
    "Level",
    "Role",
    "Standing",
    "Subject",
    "acting_for",
    "check",
    "institution_of",
    "lacks_factor",
    "may",
    "may_somewhere",
    "member",
    "needs",
    "rights_of",
    "rows_as_subject",
    "standing_of",
    "subject_of",
    "visible",
]
