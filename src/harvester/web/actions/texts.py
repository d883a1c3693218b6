"""Negotiated texts opened, and what parties do to them. Offers at once both stand."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.processor.negotiation.moves import Kind, apply
from harvester.web import permissions
from harvester.web.actions.acting import Actor, act, instant
from harvester.web.actions.matters import LONGEST_TEXT, LONGEST_TITLE
from harvester.web.matters import courses
from harvester.web.models import Matter, NegotiatedText, Party, TextMove
from harvester.web.models.texts import KINDS
from harvester.web.rights import Action, Level, Role
from harvester.web.texts import reading

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from harvester.processor.negotiation.text import Clause, Rung, Version
    from harvester.processor.workflow.course import Course

LONGEST_WORDS = 20_000
MOST_CLAUSES = 200
FIELDS = ("number", "kind", "rung", "institution", "clause", "heading", "version", "words", "reason",
          "name", "on_behalf_of", "level")  # fmt: skip


class TextMovedError(UserError):
    """Somebody offered more since this person looked, so that a choice would pass over it unseen."""


@dataclass(frozen=True)
class Done:
    """A move that was made. ``rivals`` are offers of others to the same version: they crossed."""

    row: TextMove
    rivals: tuple[Version, ...] = ()


def open_text(
    actor: Actor,
    matter_number: int,
    *,
    kind: str,
    title: str,
    parties: Sequence[str],
    reason: str = "",
    public: bool = False,
    at: dt.datetime | None = None,
) -> NegotiatedText:
    """Open a text in a matter, between institutions that may know of the matter.

    It is for the parties unless it is opened to all, and privileged where the matter is. Raises
    ``UserError`` for a matter that is over, fewer than two parties, or one that is not at the matter.
    """
    when = at or timezone.now()
    codes = list(dict.fromkeys(parties))
    if kind not in KINDS:
        raise UserError(f"{kind!r} is no kind of text.", where="kind")
    if not title.strip() or len(title.strip()) > LONGEST_TITLE:
        raise UserError(f"give a title of at most {LONGEST_TITLE} characters.", where="title")
    with transaction.atomic():
        matter = Matter.objects.select_for_update().get(number=matter_number)
        course = courses.course_of(matter)
        _check_going(course)
        at_it = set(Party.objects.filter(matter=matter.key).values_list("institution", flat=True))
        if len(codes) < 2 or not set(codes) <= at_it:
            raise UserError(
                "a text is negotiated between two or more institutions of the matter.",
                where="parties",
            )
        level = Level.PUBLIC if public and matter.level == Level.PUBLIC else Level.PARTIES
        level = reading.level_now(level, course)
        on = permissions.subject_of(matter.key, level)
        with act(actor, Action.OPEN_TEXT, matter.key, on=on, reason=reason, at=when) as note:
            last = NegotiatedText.objects.filter(matter=matter).aggregate(last=Max("number"))
            row = NegotiatedText.objects.create(
                matter=matter, number=(last["last"] or 0) + 1, kind=kind, title=title.strip(),
                parties=codes, level=level.value, reason=reason.strip(), at=when,
                person=actor.person, name=actor.name, on_behalf_of=actor.on_behalf_of,
            )  # fmt: skip
            note.payload.update({"text": row.number, "seal": text_seal(row)})
    return row


def propose(
    actor: Actor, text: NegotiatedText, *, heading: str, words: str, reason: str = "",
    at: dt.datetime | None = None,
) -> Done:  # fmt: skip
    """Put a new clause to the parties. Clauses are numbered in the order they are proposed."""
    if not heading.strip() or len(heading.strip()) > LONGEST_TITLE:
        raise UserError(f"give a heading of at most {LONGEST_TITLE} characters.", where="heading")
    return _move(actor, text, Kind.PROPOSE, heading=heading.strip(), words=words, reason=reason,
                 at=at)  # fmt: skip


def offer(
    actor: Actor, text: NegotiatedText, clause: str, *, answers: int, words: str,
    reason: str = "", at: dt.datetime | None = None,
) -> Done:  # fmt: skip
    """Offer other words for the version a person had before them.

    Where somebody answered that version in the meantime both stand, and the answer says so.
    """
    return _move(actor, text, Kind.OFFER, clause=clause, version=answers, words=words,
                 reason=reason, at=at)  # fmt: skip


def strike(
    actor: Actor, text: NegotiatedText, clause: str, *, answers: int, reason: str,
    at: dt.datetime | None = None,
) -> Done:  # fmt: skip
    """Offer to strike a clause, in answer to the version a person had before them; as :func:`offer`."""
    return _move(actor, text, Kind.STRIKE, clause=clause, version=answers, reason=reason, at=at)


def choose(
    actor: Actor, text: NegotiatedText, clause: str, *, version: int, seen: Sequence[int],
    reason: str = "", at: dt.datetime | None = None,
) -> Done:  # fmt: skip
    """Bring crossed offers together on the words of one. ``seen`` are those the person had before
    them. Raises :class:`TextMovedError` where another was offered since."""
    return _move(actor, text, Kind.CHOOSE, clause=clause, version=version, reason=reason,
                 seen=seen, at=at)  # fmt: skip


def bridge(
    actor: Actor, text: NegotiatedText, clause: str, *, words: str, seen: Sequence[int],
    reason: str = "", at: dt.datetime | None = None,
) -> Done:  # fmt: skip
    """Offer words between crossed offers, in answer to all of them. ``seen`` as in :func:`choose`."""
    return _move(actor, text, Kind.BRIDGE, clause=clause, words=words, reason=reason, seen=seen,
                 at=at)  # fmt: skip


def say(
    actor: Actor, text: NegotiatedText, clause: str, *, version: int, accepts: bool,
    dissent: str = "", at: dt.datetime | None = None,
) -> Done:  # fmt: skip
    """Say whether an institution accepts a version, with its dissent where it has one."""
    kind = Kind.ACCEPT if accepts else Kind.DECLINE
    if len(dissent) > LONGEST_TEXT:
        raise UserError(f"at most {LONGEST_TEXT} characters.", where="dissent")
    return _move(actor, text, kind, clause=clause, version=version, words=dissent.strip(), at=at)


def refer(
    actor: Actor, text: NegotiatedText, *, rung: Rung, reason: str, at: dt.datetime | None = None
) -> Done:
    """Send a text to the other rung, for a reason that is kept."""
    return _move(actor, text, Kind.REFER, rung=rung, reason=reason, at=at)


def _move(
    actor: Actor,
    text: NegotiatedText,
    kind: Kind,
    *,
    clause: str = "",
    heading: str = "",
    version: int = 0,
    words: str = "",
    reason: str = "",
    rung: Rung | None = None,
    seen: Sequence[int] | None = None,
    at: dt.datetime | None = None,
) -> Done:
    """Make one move. The matter's row is locked and the text replayed, so moves follow each other."""
    when = at or timezone.now()
    if len(words) > LONGEST_WORDS:
        raise UserError(f"a clause has at most {LONGEST_WORDS} characters.", where="words")
    with transaction.atomic():
        matter = Matter.objects.select_for_update().get(pk=text.matter_id)
        course = courses.course_of(matter)
        _check_going(course)
        done = list(text.moves.order_by("number"))
        before = reading.text_of(text, done)
        if kind is Kind.PROPOSE:
            if len(before.clauses) >= MOST_CLAUSES:
                raise UserError(f"a text has at most {MOST_CLAUSES} clauses.")
            clause = str(len(before.clauses) + 1)
        if seen is not None:
            _check_seen(before.clause(clause), seen)
        row = TextMove(
            text=text, number=len(done) + 1, kind=kind.value, rung=(rung or before.rung).value,
            institution=_speaks_for(actor, text, kind), clause=clause, heading=heading,
            version=version, words=words.strip(), reason=reason.strip(), at=when,
            level=reading.level_now(text.level, course).value, person=actor.person,
            name=actor.name, on_behalf_of=actor.on_behalf_of,
        )  # fmt: skip
        after = apply(before, reading.move_of(row))
        on = permissions.subject_of(matter.key, Level(row.level))
        right = Action.REFER_TEXT if kind is Kind.REFER else Action.NEGOTIATE_TEXT
        with act(actor, right, matter.key, on=on, reason=reason, at=when) as note:
            row.save()
            note.payload.update({
                "text": text.number, "move": row.number, "kind": row.kind, "clause": clause,
                "version": version, "seal": move_seal(row),
            })  # fmt: skip
    if kind not in {Kind.OFFER, Kind.STRIKE}:
        return Done(row)
    others = after.clause(clause).versions[:-1]
    return Done(
        row, tuple(v for v in others if version in v.answers and v.party != row.institution)
    )


def _check_going(course: Course) -> None:
    if course.is_over:
        raise UserError("this matter is over: nothing is negotiated in it any more.")


def _check_seen(clause: Clause, seen: Sequence[int]) -> None:
    if {one.number for one in clause.current} != set(seen):
        raise TextMovedError(
            "the offers are not those you saw: somebody acted since.",
            mend="Look at what stands now, and choose again.",
        )


def _speaks_for(actor: Actor, text: NegotiatedText, kind: Kind) -> str:
    """The party that acts. Only the secretariat sends a text to the other rung as no party."""
    assert actor.person is not None
    code = permissions.institution_of(actor.person)
    if code in text.parties:
        return code
    if kind is Kind.REFER and permissions.standing_of(actor.person).role is Role.SECRETARIAT:
        return ""
    raise UserError("your institution is no party to this text.")


def text_seal(row: NegotiatedText) -> str:
    """Hash of the head of a text, as the log holds it."""
    told = {name: getattr(row, name) for name in ("number", "kind", "title", "parties", "level")}
    return _hash(told)


def move_seal(row: TextMove) -> str:
    """Hash of all a move says, as the log holds it."""
    told = {name: getattr(row, name) for name in FIELDS}
    return _hash(told | {"at": instant(row.at)})


def _hash(told: dict[str, object]) -> str:
    words = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()
