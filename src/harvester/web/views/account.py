"""A person's own account: who they are here, their second factor, delegates, and sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from harvester.domain.errors import UserError
from harvester.web import permissions
from harvester.web.actions import people
from harvester.web.actions.acting import Actor
from harvester.web.forms import DelegateForm
from harvester.web.middleware import ACTING_FOR, SEEN_AT
from harvester.web.models import Appointment, Delegation
from harvester.web.permissions import Action, member
from harvester.web.rights import Level, Reach

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse


def rights_in_words(standing: permissions.Standing) -> list[tuple[str, str]]:
    """Each action a person has, and to what."""
    told = []
    for action in Action:
        far = {level: standing.reach(action, level) for level in Level}
        if all(one is Reach.NONE for one in far.values()):
            continue
        own = [level.value for level in Level if far[level] is Reach.OWN]
        whole = far[Level.PUBLIC] is Reach.ALL and not own
        told.append((action.label, "" if whole or len(set(far.values())) == 1 else _of(far)))
    return told


def _of(far: dict[Level, Reach]) -> str:
    words = {Reach.ALL: "every {} one", Reach.OWN: "{} ones of your own matters"}
    parts = [words[one].format(level.value) for level, one in far.items() if one in words]
    return ", ".join(parts) if len(parts) > 1 else ""


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Windows", "Windows"), ("Mac OS", "a Mac"), ("Linux", "Linux"))  # fmt: skip


def device(agent: str) -> str:
    """Browser and system in words; as the browser said it where neither is known."""
    browser = next((word for sign, word in BROWSERS if sign in agent), "")
    system = next((word for sign, word in SYSTEMS if sign in agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or agent[:70] or "unknown device"


def sessions_of(request: HttpRequest) -> list[dict[str, Any]]:
    """Where this person is signed in, this session first, and when each was last used."""
    found = []
    for session in UserSession.objects.filter(user=request.user):
        held = session._session_store(session.session_key)
        if not held.exists(session.session_key):
            continue
        seen = held.get(SEEN_AT)
        found.append(
            {
                "id": session.pk,
                "began": session.created_at,
                "seen": timezone.datetime.fromtimestamp(seen, timezone.get_current_timezone())
                if seen
                else session.created_at,
                "ip": session.ip,
                "device": device(session.user_agent),
                "here": session.session_key == request.session.session_key,
            }
        )
    return sorted(found, key=lambda one: (not one["here"], -one["seen"].timestamp()))


def _shown(request: HttpRequest, form: DelegateForm) -> HttpResponse:
    person: User = request.user
    today = timezone.localdate()
    factors = Authenticator.objects.filter(user=person)
    return render(
        request,
        "account.html",
        {
            "appointment": Appointment.objects.filter(person=person).first(),
            "rights": rights_in_words(permissions.standing_of(person)),
            "lacks_factor": permissions.lacks_factor(person),
            "required": settings.SECOND_FACTOR_REQUIRED,
            "factors": [f for f in factors if f.type != Authenticator.Type.RECOVERY_CODES],
            "codes": next(
                (
                    len(f.wrap().get_unused_codes())
                    for f in factors
                    if f.type == Authenticator.Type.RECOVERY_CODES
                ),
                None,
            ),
            "sessions": sessions_of(request),
            "idle": settings.SESSION_IDLE_SECONDS // 60,
            "life": settings.SESSION_COOKIE_AGE // 3600,
            "delegations": _standing_delegations(person, today),
            "principals": people.principals_of(person, today),
            "acting": permissions.acting_for(person),
            "form": form,
            "uploads": person.uploads.all()[:20],
        },
        status=400 if form.is_bound else 200,
    )


def _standing_delegations(person: User, today: Any) -> list[Delegation]:
    made = Delegation.objects.filter(principal=person, last_day__gte=today, ended__isnull=True)
    return list(made.select_related("delegate"))


@member
def account(request: HttpRequest) -> HttpResponse:
    """The signed-in person's own account."""
    return _shown(request, DelegateForm(initial={"first_day": timezone.localdate()}))


@member
@require_POST
def delegate(request: HttpRequest) -> HttpResponse:
    """Name a delegate. Nobody names one on behalf of another."""
    if permissions.acting_for(request.user):
        raise PermissionDenied("Only they themselves can name a delegate.")
    form = DelegateForm(request.POST)
    if not form.is_valid():
        return _shown(request, form)
    told = form.cleaned_data
    named = get_user_model().objects.filter(username=told["delegate"]).first()
    try:
        if named is None:
            # The same words whether there is such an account or not.
            raise UserError("that person does not speak for your institution.", where="delegate")
        people.name_delegate(
            Actor.of(request.user),
            request.user,
            named,
            first_day=told["first_day"],
            last_day=told["last_day"],
            reason=told["reason"],
        )
    except UserError as error:
        form.add_error(error.where if error.where in form.fields else None, error.what)
        return _shown(request, form)
    messages.info(request, f"{named.get_full_name() or named.get_username()} may act for you then.")
    return redirect("account")


@member
@require_POST
def end(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """End a delegation of one's own early."""
    found = Delegation.objects.filter(
        pk=delegation_id, principal=request.user, ended__isnull=True
    ).first()
    if found is None:
        raise Http404("You have named no such delegate.")
    people.end_delegation(Actor.of(request.user), found, timezone.localdate())
    messages.info(request, "Ended: from today they may not act for you.")
    return redirect("account")


@member
@require_POST
def acting(request: HttpRequest) -> HttpResponse:
    """Begin or stop acting for somebody who named this person."""
    told = request.POST.get("for", "")
    principals = {str(p.pk): p for p in people.principals_of(request.user, timezone.localdate())}
    if told and told not in principals:
        raise PermissionDenied("Nobody of that name has named you.")
    principal = principals.get(told)
    people.begin_acting_for(
        Actor(request.user.get_username(), "", request.user), request.user, principal
    )
    if principal is None:
        request.session.pop(ACTING_FOR, None)
        messages.info(request, "You act for yourself again.")
    else:
        request.session[ACTING_FOR] = principal.pk
        name = principal.get_full_name() or principal.get_username()
        messages.info(request, f"You act for {name} now; the log says so of everything you do.")
    return redirect("account")


@member
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out on another device."""
    if not people.end_session(Actor.of(request.user), request.user, session_id):
        raise Http404("You have no such session.")
    messages.info(request, "That device is signed out.")
    return redirect("account")
