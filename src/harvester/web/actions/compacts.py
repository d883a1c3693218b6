"""What parties put on record in a compact: versions of its contents, contested verdicts, replacements."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.processor.compacts.written import written
from harvester.web import permissions
from harvester.web.actions.acting import Actor, act
from harvester.web.actions.papers import add_paper
from harvester.web.compacts import standing
from harvester.web.matters import courses
from harvester.web.models import (
    CommitmentVerdict,
    CompactVersion,
    Matter,
    Replacement,
    VerdictContest,
)
from harvester.web.permissions import standing_of
from harvester.web.rights import Action, Level

if TYPE_CHECKING:
    import datetime as dt

    from harvester.processor.compacts.protocol import Protocol
    from harvester.web.actions.matters import NewPaper

LONGEST_CONTENTS = 500_000
LONGEST_SAYING = 2_000
LONGEST_BY = 500


class WrittenSinceError(UserError):
    """Somebody wrote a version since this person looked; ``latest`` is it."""

    def __init__(self, latest: CompactVersion) -> None:
        self.latest = latest
        super().__init__(
            f"version {latest.number} was written while you were writing.",
            mend="What you wrote is still here; look at both and send it again if it stands.",
        )


def save_version(
    actor: Actor,
    number: int,
    protocol: Protocol,
    *,
    seen: int,
    reason: str = "",
    at: dt.datetime | None = None,
) -> CompactVersion:
    """Keep the contents of a protocol as its next version; the latest itself where nothing changed.

    ``seen`` is the number of the version the person had before them (0: none). The matter's row is
    locked, so that of two who write at once the second is told: :class:`WrittenSinceError`. Raises
    ``UserError`` where contents may not be written now or name parties that are not the matter's,
    ``PermissionDenied``.
    """
    when = at or timezone.now()
    text = written(protocol)
    with transaction.atomic():
        matter = Matter.objects.select_for_update().get(number=number, procedure=standing.PROTOCOL)
        course = courses.course_of(matter)
        level = courses.level_of(matter, course)
        permissions.check(_person(actor), Action.WRITE_COMPACT, _subject(matter, level))
        if why := standing.closed_because(course):
            raise UserError(f"{why}.")
        latest = standing.latest(matter)
        if latest is not None and latest.number != seen:
            raise WrittenSinceError(latest)
        if latest is not None and latest.contents == text:
            return latest
        _check_contents(matter, protocol, text)
        with act(
            actor,
            Action.WRITE_COMPACT,
            matter.key,
            on=_subject(matter, level),
            reason=reason,
            at=when,
        ) as note:
            made = CompactVersion.objects.create(
                matter=matter, number=(latest.number if latest else 0) + 1, contents=text,
                sha256=hashlib.sha256(text.encode()).hexdigest(), steps=len(course.taken),
                **_said(actor, reason, level, when),
            )  # fmt: skip
            note.payload.update({"version": made.number, "sha256": made.sha256})
    return made


def _check_contents(matter: Matter, protocol: Protocol, text: str) -> None:
    """Refuse contents that are not this matter's, or that nobody could keep apart."""
    if protocol.parties != tuple(matter.parties):
        raise UserError("the parties of a protocol are those of its matter.", where="parties")
    if len(text) > LONGEST_CONTENTS:
        raise UserError("the contents are too long to be kept.", mend="Put annexes in as papers.")
    ids = [one.id for one in protocol.commitments]
    if len(set(ids)) < len(ids) or not all(ids):
        raise UserError("every commitment needs a number of its own.", where="commitments")
    parties = [
        one.party for one in (*protocol.roles, *protocol.contributions, *protocol.commitments)
    ]
    unknown = sorted(set(parties) - set(matter.parties))
    if unknown:
        raise UserError(f"{unknown[0] or 'nobody'} is no party to this protocol.", where="parties")


def contest(
    actor: Actor,
    verdict: CommitmentVerdict,
    *,
    reason: str,
    paper: NewPaper | None = None,
    at: dt.datetime | None = None,
) -> VerdictContest:
    """Put a party's word beside a verdict, perhaps with a paper; the verdict stands as it is.

    Raises ``UserError`` without a reason or for somebody of no party, ``PermissionDenied``.
    """
    when = at or timezone.now()
    _check_said(reason, LONGEST_SAYING, "Say why.")
    matter, level = verdict.matter, Level(verdict.level)
    said = _said(actor, reason, level, when)
    _check_party(matter, said["institution"])
    subject = _subject(matter, level)
    with transaction.atomic():
        kept = None
        if paper is not None:
            kept = add_paper(
                _person(actor), matter.key, level, paper.title, body=paper.body,
                file_name=paper.file_name, content=paper.content, at=when,
            )  # fmt: skip
        with act(
            actor, Action.CONTEST_VERDICT, matter.key, on=subject, reason=reason, at=when
        ) as note:
            made = VerdictContest.objects.create(verdict=verdict, paper=kept, **said)
            note.payload.update(
                {"verdict": verdict.number, "commitment": verdict.commitment,
                 "paper": kept.token if kept else ""}
            )  # fmt: skip
    return made


def replace_commitment(
    actor: Actor,
    number: int,
    commitment: str,
    *,
    by: str,
    confirms: Replacement | None = None,
    reason: str = "",
    at: dt.datetime | None = None,
) -> Replacement:
    """Say, for a party, what replaced a commitment; or join (``confirms``) what another party said.

    It takes effect when every party has said it. Raises ``UserError`` for a commitment that is not
    in force, one's own word said twice, no words, ``PermissionDenied``.
    """
    when = at or timezone.now()
    with transaction.atomic():
        matter = Matter.objects.select_for_update().get(number=number, procedure=standing.PROTOCOL)
        course = courses.course_of(matter)
        level = courses.level_of(matter, course)
        binding = standing.binds(course, list(matter.versions.all()))
        known = {one.id for one in binding.contents.commitments} if binding else set()
        if commitment not in known:
            raise UserError(f"no commitment {commitment!r} is in force.", where="commitment")
        said = _said(actor, reason, level, when)
        _check_party(matter, said["institution"])
        if confirms is not None:
            first = confirms.confirms or confirms
            if (first.matter_id, first.commitment) != (matter.pk, commitment):
                raise UserError("that was said of another commitment.", where="confirms")
            if said["institution"] in parties_behind(first):
                raise UserError("your institution has said so already.", where="confirms")
            by, confirms = first.by, first
        _check_said(by, LONGEST_BY, "Say what replaced it.")
        with act(
            actor, Action.REPLACE_COMMITMENT, matter.key, on=_subject(matter, level), reason=reason,
            at=when,
        ) as note:  # fmt: skip
            made = Replacement.objects.create(
                matter=matter, commitment=commitment, by=by.strip(), confirms=confirms, **said
            )
            note.payload.update(
                {"commitment": commitment, "by": made.by, "replacement": made.pk,
                 "confirms": confirms.pk if confirms else None}
            )  # fmt: skip
    return made


def parties_behind(first: Replacement) -> set[str]:
    """Institutions that have said what a first saying says."""
    return {first.institution, *(one.institution for one in first.confirmed_by.all())}


def _said(actor: Actor, reason: str, level: Level, at: dt.datetime) -> dict[str, Any]:
    person = _person(actor)
    return {
        "person": person, "name": actor.name, "on_behalf_of": actor.on_behalf_of,
        "institution": standing_of(person).institution, "at": at, "reason": reason.strip(),
        "level": level.value,
    }  # fmt: skip


def _person(actor: Actor) -> Any:
    if actor.person is None:
        raise UserError("this is for somebody with an account.")
    return actor.person


def _subject(matter: Matter, level: Level) -> permissions.Subject:
    return permissions.subject_of(matter.key, level)


def _check_party(matter: Matter, institution: str) -> None:
    if institution not in matter.parties:
        raise UserError("this is for the parties, and you speak for none.")


def _check_said(text: str, longest: int, mend: str) -> None:
    if not text.strip():
        raise UserError("nothing is said.", mend=mend)
    if len(text) > longest:
        raise UserError(f"at most {longest} characters, please.")
