"""One clause of a negotiated text: its rounds, the redline of any two versions, and a party's word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from harvester.domain.errors import UserError
from harvester.processor.negotiation.text import redline
from harvester.web import labels, params
from harvester.web.actions import texts as actions
from harvester.web.actions.acting import Actor
from harvester.web.permissions import Action, needs
from harvester.web.texts import reading
from harvester.web.texts.forms import OfferForm, SayForm, StrikeForm
from harvester.web.views import texts
from harvester.web.views.texts import NONE, At, at, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse, QueryDict

    from harvester.processor.negotiation.text import Clause, Version
    from harvester.web.texts.reading import Shown


def _clause(shown: Shown, clause: str) -> Clause:
    try:
        return shown.text.clause(clause)
    except UserError as error:
        raise Http404(NONE) from error


@needs(Action.READ_MATTER)
def page(request: HttpRequest, number: int, text: int, clause: str) -> HttpResponse:
    """One clause; ``from`` and ``to`` in the address are the versions that are compared."""
    here = at(request, number)
    shown = text_of(request, here, text)
    return _page(request, here, shown, _clause(shown, clause))


def _page(
    request: HttpRequest, here: At, shown: Shown, clause: Clause, *, status: int = 200, **more: Any
) -> HttpResponse:
    party = reading.party_of(request.user, shown)
    can = bool(party) and here.may(request, Action.NEGOTIATE_TEXT, shown.row.level)
    now = clause.current[-1]
    before, after = _compared(request.GET, clause)
    row = next(one for one in texts.grid(shown) if one["clause"].id == clause.id)
    said = clause.stand_of(party, now.number) if party else None
    forms: dict[str, Any] = {}
    if can:
        forms["offer_form"] = OfferForm(
            auto_id="offer_%s", initial={"answers": now.number, "words": _last_words(clause)}
        )
    if can and not clause.crossed and not now.struck:
        forms["strike_form"] = StrikeForm(auto_id="strike_%s", initial={"answers": now.number})
    if can and not clause.crossed:
        forms["say_form"] = SayForm(
            auto_id="say_%s",
            initial={"version": now.number, "dissent": said.dissent if said else ""},
        )
    return render(request, "cases/clause.html", {
        "place": here, "matter": here.matter, "shown": shown, "text": shown.text, "clause": clause,
        "party": party, "row": row, "now": now, "speaks": can,
        "offers": _offers(clause), "seen": ",".join(str(v.number) for v in clause.current),
        "rounds": [(m, version) for m, version in shown.done if m.clause == clause.id],
        "before": before, "after": after,
        "pieces": redline(before.words, after.words) if before else (),
        "waits": can and clause.awaits(party), "agreed": clause.agreed(shown.text.parties),
    } | forms | more, status=status)  # fmt: skip


def _last_words(clause: Clause) -> str:
    """The words to start other words from: of the last version that did not strike the clause."""
    return next(v.words for v in reversed(clause.versions) if not v.struck)


def _offers(clause: Clause) -> list[dict[str, Any]]:
    """The versions that stand, each with what it changes in the one it answers."""
    found = []
    for version in clause.current:
        base = clause.version(version.answers[0]) if version.answers else None
        found.append({
            "version": version, "base": base,
            "pieces": redline(base.words, version.words) if base else (),
        })  # fmt: skip
    return found


def _compared(query: QueryDict, clause: Clause) -> tuple[Version | None, Version]:
    """The two versions the address names; else the last and the one it answers."""
    known = {str(version.number) for version in clause.versions}
    after = clause.version(int(params.choice(query, "to", known, str(clause.current[-1].number))))
    first = str(after.answers[0]) if after.answers else ""
    told = params.choice(query, "from", known, first)
    return (clause.version(int(told)) if told else None), after


def _asked(
    request: HttpRequest, number: int, text: int, clause: str
) -> tuple[At, Shown, Clause]:  # fmt: skip
    """What a form is for. Raises ``Http404`` where the person may not negotiate it."""
    here = at(request, number)
    shown = text_of(request, here, text)
    if not here.may(request, Action.NEGOTIATE_TEXT, shown.row.level):
        raise Http404(NONE)
    return here, shown, _clause(shown, clause)


@needs(Action.NEGOTIATE_TEXT)
@require_POST
def offer(request: HttpRequest, number: int, text: int, clause: str) -> HttpResponse:
    """Offer other words. Where somebody was quicker both stand, and this person is told so."""
    return _answer(request, (number, text, clause), name="offer", form_of=OfferForm,
                   act=actions.offer, said="Your words are offered.")  # fmt: skip


@needs(Action.NEGOTIATE_TEXT)
@require_POST
def strike(request: HttpRequest, number: int, text: int, clause: str) -> HttpResponse:
    """Offer to strike the clause, which every party then accepts or answers."""
    return _answer(request, (number, text, clause), name="strike", form_of=StrikeForm,
                   act=actions.strike,
                   said="Your offer to strike the clause is put to every party.")  # fmt: skip


def _answer(
    request: HttpRequest,
    address: tuple[int, int, str],
    *,
    name: str,
    form_of: type[Form],
    act: Callable[..., actions.Done],
    said: str,
) -> HttpResponse:
    """Answer a version by the form of this name; the page again where it cannot be."""
    here, shown, found = _asked(request, *address)
    form = form_of(request.POST, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            done = act(Actor.of(request.user), shown.row, found.id, **form.cleaned_data)
        except UserError as error:
            form.add_error(None, str(error).removeprefix(f"{found.id}: "))
        else:
            _tell(request, done, said)
            return redirect("text_clause", *address)
    return _page(request, here, shown, found, status=400, **{f"{name}_form": form})


def _tell(request: HttpRequest, done: actions.Done, said: str) -> None:
    """That an offer is made, and whether it crossed another."""
    if not done.rivals:
        messages.success(request, said)
        return
    others = ", ".join(dict.fromkeys(labels.institution(rival.party) for rival in done.rivals))
    messages.warning(
        request,
        f"While you were writing, {others} offered something else for the same version. "
        "Nothing is lost: both offers stand side by side below. Choose one, or wait for "
        "another party to.",
    )


@needs(Action.NEGOTIATE_TEXT)
@require_POST
def say(request: HttpRequest, number: int, text: int, clause: str) -> HttpResponse:
    """Say whether the person's institution accepts a version."""
    here, shown, found = _asked(request, number, text, clause)
    form = SayForm(request.POST, auto_id="say_%s")
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.say(
                Actor.of(request.user), shown.row, clause, version=told["version"],
                accepts=told["accepts"] == "yes", dissent=told["dissent"],
            )  # fmt: skip
        except UserError as error:
            form.add_error(None, str(error).removeprefix(f"{clause}: "))
            here, shown, found = _asked(request, number, text, clause)
            # The words changed: what is sent next is of those on the page now.
            form.data = form.data.copy()
            form.data["version"] = str(found.current[-1].number)
        else:
            messages.success(request, "Your institution's word is recorded.")
            return redirect("text_clause", number, text, clause)
    return _page(request, here, shown, found, status=400, say_form=form)


@needs(Action.NEGOTIATE_TEXT)
@require_POST
def bridge(request: HttpRequest, number: int, text: int, clause: str) -> HttpResponse:
    """Offer words between crossed offers, in answer to all of them."""
    here, shown, found = _asked(request, number, text, clause)
    form = OfferForm(request.POST, auto_id="offer_%s")
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.bridge(
                Actor.of(request.user), shown.row, clause, words=told["words"],
                seen=_seen(request, found), reason=told["reason"],
            )  # fmt: skip
        except UserError as error:
            form.add_error(None, str(error).removeprefix(f"{clause}: "))
            here, shown, found = _asked(request, number, text, clause)
        else:
            messages.success(request, "Your words are put to every party.")
            return redirect("text_clause", number, text, clause)
    return _page(request, here, shown, found, status=400, offer_form=form)


def _seen(request: HttpRequest, clause: Clause) -> list[int]:
    """The offers that the person had before them."""
    known = {str(version.number) for version in clause.versions}
    return [int(one) for one in params.text(request.POST, "seen").split(",") if one in known]


@needs(Action.NEGOTIATE_TEXT)
@require_POST
def choose(request: HttpRequest, number: int, text: int, clause: str) -> HttpResponse:
    """Bring crossed offers together on the words of one."""
    here, shown, found = _asked(request, number, text, clause)
    known = {str(version.number) for version in found.versions}
    version = params.choice(request.POST, "version", known)
    if not version:
        raise Http404(NONE)
    try:
        actions.choose(
            Actor.of(request.user),
            shown.row,
            clause,
            version=int(version),
            seen=_seen(request, found),
        )
    except UserError as error:
        here, shown, found = _asked(request, number, text, clause)
        return _page(request, here, shown, found, status=400, said=str(error))
    messages.success(request, f"The words of version {version} are put to every party.")
    return redirect("text_clause", number, text, clause)
