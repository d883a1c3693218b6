"""A programme of engagement started from a template, and each act of it since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.processor.forums import programme as pure
from harvester.web.actions.acting import Actor, act
from harvester.web.actions.meetings import readable_matter
from harvester.web.models import ChainHead, Meeting, Programme, ProgrammeAct
from harvester.web.permissions import Subject
from harvester.web.rights import Action, Level

if TYPE_CHECKING:
    import datetime as dt

LONGEST_WORDS = 4_000


def start_programme(
    actor: Actor, template: str, on: dt.date, *, at: dt.datetime | None = None
) -> Programme:
    """Start a programme from a template on a day. Its milestones keep the days they are given now.

    Raises ``UserError`` for a template that is not known, or one started on that day already.
    """
    when = at or timezone.now()
    made = pure.start(template, on)
    with act(actor, Action.KEEP_PROGRAMME, "programme:", at=when) as note:
        # Whoever starts one waits here for whoever is starting one: numbers have no gap.
        ChainHead.objects.select_for_update().get(pk=1)
        if Programme.objects.filter(template=template, starts=on).exists():
            raise UserError("this programme was started for that day already.", where="starts")
        number = (Programme.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        row = Programme.objects.create(
            number=number, template=template, name=made.name, starts=on, by=actor.person, at=when,
            milestones=[
                {"id": m.id, "title": m.title, "on": m.on.isoformat(), "who": m.who,
                 "product": m.product, "why": m.why}
                for m in made.milestones
            ],
            stakeholders=[{"who": s.who, "forums": list(s.forums)} for s in made.stakeholders],
        )  # fmt: skip
        note.subject = row.key
        note.payload.update({"template": template, "starts": on.isoformat(), "name": row.name})
    return row


def record_act(
    actor: Actor,
    number: int,
    *,
    kind: str,
    words: str,
    on: dt.date,
    stakeholder: str = "",
    milestone: str = "",
    due: dt.date | None = None,
    answers: int | None = None,
    meeting: int | None = None,
    matter: int | None = None,
    open_to_all: bool = True,
    seen: int | None = None,
    at: dt.datetime | None = None,
) -> ProgrammeAct:
    """Record what was promised, held or said with a stakeholder, what followed, or a milestone reached.

    ``open_to_all`` has everybody read it; else only the secretariat does, and so it is where it names a
    matter that is not open to all. Raises ``UserError`` for what does not fit together.
    """
    when = at or timezone.now()
    _check_words(kind, words, on, due, timezone.localdate(when))
    with transaction.atomic():
        programme = Programme.objects.select_for_update().get(number=number)
        told = programme.acts.count()
        if seen is not None and seen != told:
            raise UserError(
                "somebody recorded an act while you were writing.",
                mend="It stands below; what you wrote is still here. Send it again if it stands.",
            )
        _check_about(programme, kind, stakeholder, milestone)
        earlier = _earlier(programme, kind, answers)
        held_at = Meeting.objects.filter(number=meeting).first() if meeting else None
        if meeting and held_at is None:
            raise UserError(f"no meeting {meeting}.", where="meeting")
        about = readable_matter(actor, matter) if matter else None
        open_matter = about is None or about.level == Level.PUBLIC.value
        level = Level.PUBLIC if open_to_all and open_matter else Level.PARTIES
        with act(actor, Action.KEEP_PROGRAMME, programme.key, on=Subject(level), at=when) as note:
            row = ProgrammeAct.objects.create(
                programme=programme, number=told + 1, stakeholder=stakeholder, milestone=milestone,
                kind=kind, words=words.strip(), on=on, due=due, answers=earlier, meeting=held_at,
                matter=about, level=level.value, by=actor.person, at=when,
            )  # fmt: skip
            note.payload.update(
                {"kind": kind, "words": row.words, "on": on.isoformat(), "with": stakeholder,
                 "milestone": milestone, "due": due.isoformat() if due else "",
                 "answers": earlier.number if earlier else None,
                 "meeting": held_at.key if held_at else "", "matter": about.key if about else ""}
            )  # fmt: skip
    return row


def _check_words(kind: str, words: str, on: dt.date, due: dt.date | None, today: dt.date) -> None:
    if kind not in dict(ProgrammeAct.KINDS):
        raise UserError("say whether it was promised, held, said, or what followed.", where="kind")
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise UserError(f"say what, in at most {LONGEST_WORDS} characters.", where="words")
    if on > today:
        raise UserError("this day has not come yet.", where="on")
    if (kind == ProgrammeAct.PROMISED) is not (due is not None):
        raise UserError("a promise, and nothing else, has a last day.", where="due")
    if due is not None and due < on:
        raise UserError("a promise is due after it is made.", where="due")


def _check_about(programme: Programme, kind: str, stakeholder: str, milestone: str) -> None:
    if kind == ProgrammeAct.DONE:
        if milestone not in {one["id"] for one in programme.milestones}:
            raise UserError("say which milestone is reached.", where="milestone")
    elif stakeholder not in {one["who"] for one in programme.stakeholders}:
        raise UserError("say with whom.", where="stakeholder")


def _earlier(programme: Programme, kind: str, answers: int | None) -> ProgrammeAct | None:
    if kind != ProgrammeAct.FOLLOWED:
        if answers:
            raise UserError("only what followed names an earlier act.", where="answers")
        return None
    found = programme.acts.filter(number=answers).first() if answers else None
    if found is None:
        raise UserError("say which act it followed.", where="answers")
    return found
