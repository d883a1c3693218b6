"""Accounts: appointed by the operator, delegates named by the person, sessions ended."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q

from harvester.domain.errors import UserError
from harvester.rules import institutions
from harvester.web.actions.acting import act
from harvester.web.models import Appointment, Delegation
from harvester.web.permissions import Subject
from harvester.web.rights import NOBODY, Action, Happening, Role

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import User

    from harvester.web.actions.acting import Actor

LONGEST_DELEGATION = 366
"""Days. Longer than a year is an appointment, which the operator makes."""


def myself(person: User) -> Subject:
    """A person's own account, as a subject."""
    return Subject(seats=frozenset({person.pk}))


def appoint(
    actor: Actor,
    *,
    username: str,
    email: str,
    name: str,
    role: Role,
    institution: str = "",
    password: str = "",
    reason: str = "",
    at: dt.datetime | None = None,
) -> User:
    """Make or renew one account with exactly one role, speaking for one institution or none.

    Nothing is recorded where everything stands so already.

    Without a password the account is for signing in through the institution's provider, and a
    password it had stays. Only the operator calls this. Raises ``UserError`` when a person of this
    role cannot speak for this institution, or the e-mail is somebody else's.
    """
    _check_institution(role, institution)
    people = get_user_model().objects
    first, _, last = name.partition(" ")
    if email and people.filter(email__iexact=email).exclude(username=username).exists():
        raise UserError(f"{email} belongs to another account.", where="email")
    told = {"email": email, "first_name": first, "last_name": last, "is_active": True}
    with act(actor, Happening.APPOINTED, f"person:{username}", reason=reason, at=at) as note:
        known = people.filter(username=username).first()
        held = Appointment.objects.filter(person=known, role=role.value, institution=institution)
        new_password = bool(password) and not (known and known.check_password(password))
        stands = all(getattr(known, field, None) == value for field, value in told.items())
        note.nothing = bool(known) and stands and not new_password and held.exists()
        note.payload.update(
            {
                "new_account": known is None,
                "new_password": new_password,
                "name": name,
                "role": role.value,
                "institution": institution,
            }
        )
        person, _ = people.update_or_create(username=username, defaults=told)
        if new_password or known is None:
            # Without a password nobody signs in by one.
            person.set_password(password or None)
            person.save(update_fields=["password"])
        Appointment.objects.update_or_create(
            person=person, defaults={"role": role.value, "institution": institution}
        )
    return person


def retire(actor: Actor, person: User, *, reason: str, at: dt.datetime | None = None) -> None:
    """Switch an account off: its sessions end, it signs in no more, what it did stays. By the operator."""
    with act(actor, Happening.RETIRED, f"person:{person.get_username()}", reason=reason, at=at):
        person.is_active = False
        person.save(update_fields=["is_active"])
        _sign_out_everywhere(person)


def reset_factors(
    actor: Actor, person: User, *, reason: str, at: dt.datetime | None = None
) -> None:
    """Take every second factor off an account whose owner lost them all. By the operator.

    The password stays, and every session ends.
    """
    from allauth.mfa.models import Authenticator

    subject = f"person:{person.get_username()}"
    with act(actor, Happening.FACTORS_RESET, subject, reason=reason, at=at) as note:
        factors = Authenticator.objects.filter(user=person)
        note.payload["kinds"] = sorted(factors.values_list("type", flat=True))
        factors.delete()
        _sign_out_everywhere(person)


def _sign_out_everywhere(person: User) -> None:
    from allauth.usersessions.models import UserSession

    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for session in UserSession.objects.filter(user=person):
        store.delete(session.session_key)


def _check_institution(role: Role, institution: str) -> None:
    found = institutions.load().get(institution) if institution else None
    if institution and found is None:
        raise UserError(f"no institution has the code {institution!r}.", where="institution")
    sphere = found.sphere.value if found else NOBODY
    if sphere not in role.spheres:
        allowed = ", ".join(sorted(s or "nobody" for s in role.spheres))
        raise UserError(
            f"a {role.value} speaks for: {allowed}; not for {institution or 'nobody'}.",
            where="institution",
            mend="Name the institution by its code, such as ETH or KZN-HS.",
        )


def name_delegate(
    actor: Actor,
    principal: User,
    delegate: User,
    *,
    first_day: dt.date,
    last_day: dt.date,
    reason: str,
    at: dt.datetime | None = None,
) -> Delegation:
    """Say who may act for a person, from which day to which.

    A delegate speaks for the same institution; where there is none, holds the same role: so what is
    confidential to a party stays with it. Raises ``UserError`` for anybody else, for days that
    cannot be, and where no reason is given.
    """
    if principal.pk == delegate.pk:
        raise UserError("you cannot be your own delegate.", where="delegate")
    if not _alike(principal, delegate):
        raise UserError(
            "that person does not speak for your institution.",
            where="delegate",
            mend="Name somebody of your own institution and role.",
        )
    days = (last_day - first_day).days
    if not 0 <= days <= LONGEST_DELEGATION:
        raise UserError(
            "the last day is before the first, or more than a year after it.", where="last_day"
        )
    if not reason.strip():
        raise UserError("say why.", where="reason", mend="Leave, for example.")
    subject = f"person:{principal.get_username()}"
    with act(
        actor, Action.NAME_DELEGATE, subject, on=myself(principal), reason=reason, at=at
    ) as note:
        made = Delegation.objects.create(
            principal=principal,
            delegate=delegate,
            first_day=first_day,
            last_day=last_day,
            reason=reason[:300],
        )
        note.payload.update(
            {
                "delegate": delegate.get_username(),
                "first_day": first_day.isoformat(),
                "last_day": last_day.isoformat(),
            }
        )
    return made


def _alike(one: User, other: User) -> bool:
    a, b = (Appointment.objects.filter(person=person).first() for person in (one, other))
    if a is None or b is None or not other.is_active:
        return False
    return a.institution == b.institution if a.institution else a.role == b.role


def end_delegation(
    actor: Actor, delegation: Delegation, today: dt.date, *, at: dt.datetime | None = None
) -> None:
    """End a delegation before its last day: from today the delegate may not act any more."""
    principal = delegation.principal
    subject = f"person:{principal.get_username()}"
    with act(actor, Action.NAME_DELEGATE, subject, on=myself(principal), at=at) as note:
        delegation.ended = today
        delegation.save(update_fields=["ended"])
        note.payload.update({"ended": delegation.delegate.get_username()})


def principals_of(person: User, today: dt.date) -> list[User]:
    """Those for whom a person may act today."""
    in_force = Delegation.objects.filter(
        Q(ended__isnull=True) | Q(ended__gt=today),
        delegate=person,
        first_day__lte=today,
        last_day__gte=today,
        principal__is_active=True,
    ).select_related("principal")
    return list(
        {d.principal_id: d.principal for d in in_force if _alike(d.principal, person)}.values()
    )


def begin_acting_for(
    actor: Actor, person: User, principal: User | None, *, at: dt.datetime | None = None
) -> None:
    """Note that from here on a person acts for another (or, with ``None``, for themselves again)."""
    with act(
        actor, Action.ACT_FOR, f"person:{person.get_username()}", on=myself(person), at=at
    ) as note:
        note.payload["for"] = principal.get_username() if principal else ""


def end_session(
    actor: Actor, person: User, session_id: int, *, at: dt.datetime | None = None
) -> bool:
    """Sign a person out on one device; ``False`` when they have no such session."""
    from allauth.usersessions.models import UserSession

    session = UserSession.objects.filter(user=person, pk=session_id).first()
    if session is None:
        return False
    with act(
        actor, Action.END_SESSION, f"person:{person.get_username()}", on=myself(person), at=at
    ) as note:
        note.payload["began"] = session.created_at.isoformat()
        import_module(settings.SESSION_ENGINE).SessionStore().delete(session.session_key)
        session.delete()
    return True
