"""Links by which an official without an account answers once, and what they answer."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core import signing
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.web import permissions
from harvester.web.actions.acting import Actor, act
from harvester.web.actions.matters import LONGEST_TEXT, take_step
from harvester.web.matters import courses
from harvester.web.models import AnswerLink, Matter
from harvester.web.rights import Action

if TYPE_CHECKING:
    from harvester.web.models import MatterStep

SALT = "harvester.answer-link"
DAYS = 14
"""How long a link can be used. Policy of the working group."""
LONGEST_DAYS = 60
STEP = "answer"


class SpentLinkError(UserError):
    """A link that was used, or whose last day has passed."""


class WrongLinkError(UserError):
    """An address that is no link of ours: cut off, or changed."""


def make_link(
    actor: Actor,
    matter: Matter,
    *,
    institution: str,
    name: str,
    question: str,
    days: int = DAYS,
    at: dt.datetime | None = None,
) -> AnswerLink:
    """Ask an official of a party by a link. Raises ``UserError`` unless the matter takes answers.

    The event names who is asked and by whom; the address itself is nowhere kept.
    """
    when = at or timezone.now()
    course = courses.course_of(matter)
    if institution not in course.parties:
        raise UserError(f"{institution!r} is not a party to {matter.key}.", where="institution")
    if course.procedure.step(STEP) is None or course.privileged:
        raise UserError("this matter takes no answers by a link.", where="institution")
    if not name.strip() or not question.strip():
        raise UserError("say who is asked, and what.", where="question")
    if not 1 <= days <= LONGEST_DAYS:
        raise UserError(f"a link lasts 1 to {LONGEST_DAYS} days.", where="days")
    subject = permissions.subject_of(matter.key, courses.level_of(matter, course))
    with act(actor, Action.ASK_BY_LINK, matter.key, on=subject, at=when) as note:
        link = AnswerLink(
            matter=matter, institution=institution, name=name.strip()[:120],
            question=question.strip()[:1000], made_by=actor.person, made_at=when,
            last_day=timezone.localdate(when) + dt.timedelta(days=days),
        )  # fmt: skip
        link.save()
        note.payload.update(
            {"institution": institution, "name": link.name, "question": link.question,
             "last_day": link.last_day.isoformat(), "link": link.pk}
        )  # fmt: skip
    return link


def signed(link: AnswerLink) -> str:
    """The part of the address that only we can have written."""
    return signing.dumps(link.token, salt=SALT)


def opened(text: str, today: dt.date) -> AnswerLink:
    """The link of an address, still to be used.

    Raises :class:`WrongLinkError` for an address that was changed, :class:`SpentLinkError` for a
    link that was used or whose last day has passed.
    """
    try:
        token = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        raise WrongLinkError("this address is not whole.", mend="Copy all of it.") from None
    link = AnswerLink.objects.filter(token=str(token)).select_related("matter").first()
    if link is None:
        raise WrongLinkError("this address is not known here.")
    if hasattr(link, "spent_by"):
        raise SpentLinkError("an answer was given through this link already.")
    if today > link.last_day:
        raise SpentLinkError(f"this link could be used up to {link.last_day:%d %b %Y}.")
    return link


def answer_by_link(
    text: str, *, answer: str, name: str, at: dt.datetime | None = None
) -> MatterStep:
    """Answer through a link, which is then spent: the row of the step holds it, and only one can.

    Raises the errors of :func:`opened` and of ``take_step``, and ``UserError`` for no answer.
    """
    when = at or timezone.now()
    today = timezone.localdate(when)
    if not answer.strip() or len(answer) > LONGEST_TEXT:
        raise UserError(f"write an answer of at most {LONGEST_TEXT} characters.", where="answer")
    if not name.strip():
        raise UserError("say who you are.", where="name")
    link = opened(text, today)
    told = {"answer": answer.strip()}
    # Whoever else uses the link now waits at the matter's row, and then finds it spent.
    return take_step(
        Actor.guest(f"{name.strip()} ({link.institution})"), link.matter.number, STEP,
        on=today, told=told, link=link, at=when,
    )  # fmt: skip
