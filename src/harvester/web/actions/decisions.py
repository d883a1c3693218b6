"""What a meeting decides, who says otherwise, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.processor.forums.bodies import body_of
from harvester.rules import institutions
from harvester.web import permissions
from harvester.web.actions.acting import Actor, act
from harvester.web.actions.matters import Presiding, take_step
from harvester.web.actions.meetings import (
    held_open,
    on_matter,
    readable_matter,
    subject_of,
    table,
)
from harvester.web.forums.standing import CASE, RETURN, TABLE, TABLED, name_of
from harvester.web.matters import courses
from harvester.web.models import Decision, DecisionAnswer, Dissent, Matter, Meeting, Party
from harvester.web.permissions import Subject
from harvester.web.rights import Action, Level

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

LONGEST_WORDS = 4_000
LONGEST_SOURCE = 300


class DecidedMeanwhileError(UserError):
    """Somebody recorded a decision on this matter since this person looked; ``since`` are those."""

    def __init__(self, since: Sequence[Decision]) -> None:
        self.since = list(since)
        super().__init__(
            "somebody recorded a decision on this while you were writing.",
            mend="Look at it; what you wrote is still here. Send it again if it stands.",
        )


def decide(
    actor: Actor,
    number: int,
    *,
    words: str,
    owner: str,
    due: dt.date,
    matter_number: int | None = None,
    outcome: str = Decision.DECIDED,
    to: str = "",
    dissents: Sequence[tuple[str, str]] = (),
    replaces: Decision | None = None,
    seen: int | None = None,
    at: dt.datetime | None = None,
) -> Decision:
    """Record what a meeting decided: words, who is to do it, until when, who said otherwise.

    On a case the steps that say the same are taken by this action: ``decided`` tables it here where it
    is still being worked, ``returned`` takes it back to its owner, ``referred`` takes it on to the
    forum ``to``. ``seen`` is how many decisions on the matter the person had read.

    Raises :class:`DecidedMeanwhileError`, ``ClosedMeetingError``, ``NotAllowedError`` for a step that
    cannot be taken, and ``UserError`` for words, an owner, a day or a forum that cannot be.
    """
    when = at or timezone.now()
    with transaction.atomic():
        meeting = held_open(number)
        if actor.person is not None:
            permissions.check(actor.person, Action.KEEP_MEETING, subject_of(meeting))
        matter = readable_matter(actor, matter_number) if matter_number is not None else None
        if matter is not None:
            Matter.objects.select_for_update().get(pk=matter.pk)
        before = Decision.objects.filter(meeting=meeting, matter=matter).order_by("id")
        if seen is not None and before.count() != seen:
            raise DecidedMeanwhileError(before[seen:])
        on = on_matter(meeting, matter)
        _check(meeting, matter, words=words, owner=owner, due=due, outcome=outcome, to=to,
               level=on.level, today=timezone.localdate(when))  # fmt: skip
        _check_dissents(dissents)
        if replaces is not None and hasattr(replaces, "replaced_by"):
            raise UserError("that decision is replaced already.", where="replaces")
        with act(actor, Action.KEEP_MEETING, meeting.key, on=on, at=when) as note:
            row = Decision.objects.create(
                meeting=meeting, matter=matter, words=words.strip(),
                owner=owner, due=due, outcome=outcome, to=to, replaces=replaces,
                level=on.level.value, by=actor.person, at=when,
            )  # fmt: skip
            for institution, said in dissents:
                Dissent.objects.create(
                    decision=row, institution=institution, words=said.strip(), by=actor.person,
                    at=when,
                )  # fmt: skip
            note.payload.update(
                {"decision": row.key, "matter": matter.key if matter else "", "words": row.words,
                 "owner": owner, "due": due.isoformat(), "outcome": outcome, "to": to,
                 "dissent": [institution for institution, _ in dissents],
                 "replaces": replaces.key if replaces else ""}
            )  # fmt: skip
        if matter is not None:
            _step(actor, meeting, matter, row, when)
    return row


def _check(
    meeting: Meeting,
    matter: Matter | None,
    *,
    words: str,
    owner: str,
    due: dt.date,
    outcome: str,
    to: str,
    level: Level,
    today: dt.date,
) -> None:
    if today < meeting.on:
        raise UserError("the day of this meeting has not come.", where="words")
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise UserError(
            f"say what was decided, in at most {LONGEST_WORDS} characters.", where="words"
        )
    if institutions.load().get(owner) is None:
        raise UserError(f"no institution {owner!r} that could do it.", where="owner")
    if due < meeting.on:
        raise UserError("it is due after the meeting.", where="due")
    if outcome not in dict(Decision.OUTCOMES):
        raise UserError("it is decided, returned or referred.", where="outcome")
    if outcome != Decision.DECIDED and matter is None:
        raise UserError("only a matter is returned or referred.", where="outcome")
    if (outcome == Decision.REFERRED) is not bool(to):
        raise UserError("say to which forum it is referred.", where="to")
    if to and (body_of(to) is None or to == meeting.forum):
        raise UserError("that is no other forum.", where="to")
    if matter is not None and level is not Level.PUBLIC:
        # Whoever owes it must know of it; to name one who does not would tell them.
        knows = Party.objects.filter(matter=matter.key, institution=owner).exists()
        if not knows:
            raise UserError("it is owed by one who knows of the matter.", where="owner")


def _check_dissents(dissents: Sequence[tuple[str, str]]) -> None:
    for institution, said in dissents:
        if institutions.load().get(institution) is None:
            raise UserError(f"no institution {institution!r}.", where="dissent_of")
        if not said.strip() or len(said) > LONGEST_WORDS:
            raise UserError("say in which words they dissent.", where="dissent")


def _step(actor: Actor, meeting: Meeting, matter: Matter, row: Decision, at: dt.datetime) -> None:
    """The steps of a case that say what the decision says."""
    if matter.procedure != CASE:
        return
    table(actor, meeting, matter, at)
    if row.outcome == Decision.DECIDED:
        return
    course = courses.course_of(Matter.objects.get(pk=matter.pk))
    if course.state != TABLED:
        raise UserError(
            "this case is not before a forum, so it cannot be taken on from here.", where="outcome",
            mend="Its owner or the secretariat tables it first.",
        )  # fmt: skip
    day = max(timezone.localdate(at), course.last_day)
    to = f"Referred to the {name_of(row.to)}: " if row.to else ""
    presiding = Presiding(meeting.forum, subject_of(meeting).seats)
    take_step(actor, matter.number, RETURN, on=day, told={"outcome": f"{to}{row.words}"},
              reason=row.key, presiding=presiding, at=at)  # fmt: skip
    if row.to:
        take_step(actor, matter.number, TABLE, on=day, told={"forum": row.to}, reason=row.key,
                  presiding=presiding, at=at)  # fmt: skip


def dissent(
    actor: Actor,
    decision: Decision,
    institution: str,
    words: str,
    *,
    at: dt.datetime | None = None,
) -> Dissent:
    """Record what an institution says against a decision, while the meeting is open."""
    when = at or timezone.now()
    _check_dissents([(institution, words)])
    with transaction.atomic():
        meeting = held_open(decision.meeting.number)
        on = on_matter(meeting, decision.matter)
        permissions.check(actor.person, Action.KEEP_MEETING, subject_of(meeting))
        with act(actor, Action.KEEP_MEETING, decision.key, on=on, at=when) as note:
            row = Dissent.objects.create(
                decision=decision, institution=institution, words=words.strip(), by=actor.person,
                at=when,
            )  # fmt: skip
            note.payload.update({"institution": institution, "words": row.words})
    return row


def owed_by(decision: Decision) -> Subject:
    """A decision as a subject of those who answer for it: the institution that owes it."""
    return Subject(Level(decision.level), frozenset({decision.owner}))


def answer_decision(
    actor: Actor,
    decision: Decision,
    *,
    done: bool,
    words: str,
    shown_by: str = "",
    payload: dict[str, object] | None = None,
    at: dt.datetime | None = None,
) -> DecisionAnswer:
    """Say what became of a decision. What is done names the paper or document that shows it.

    Raises ``UserError`` for a decision that is done or replaced, and for done without a document.
    """
    when = at or timezone.now()
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise UserError(f"say what was done, in at most {LONGEST_WORDS} characters.", where="words")
    if done and not shown_by.strip():
        raise UserError("name the paper or document that shows it.", where="shown_by")
    if len(shown_by) > LONGEST_SOURCE:
        raise UserError(f"at most {LONGEST_SOURCE} characters.", where="shown_by")
    with transaction.atomic():
        # Two who answer at once wait for each other, and the second is told it is done.
        row = Decision.objects.select_for_update().get(pk=decision.pk)
        if DecisionAnswer.objects.filter(decision=row, done=True).exists():
            raise UserError("somebody has said already that it is done.", where="words")
        if Decision.objects.filter(replaces=row).exists():
            raise UserError("a later decision stands in its place.", where="words")
        with act(actor, Action.ANSWER_DECISION, row.key, on=owed_by(row), at=when) as note:
            told = DecisionAnswer.objects.create(
                decision=row, done=done, words=words.strip(), shown_by=shown_by.strip(),
                on=timezone.localdate(when), by=actor.person, at=when,
                institution=permissions.institution_of(actor.person) if actor.person else "",
            )  # fmt: skip
            note.payload.update(
                {"done": done, "words": told.words, "shown_by": told.shown_by, **(payload or {})}
            )
    return told
