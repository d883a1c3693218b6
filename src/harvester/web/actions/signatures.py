"""A party signs: its signature, and the step of the procedure that asks for it, together or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.web.actions import editions
from harvester.web.actions.matters import NewPaper, take_step
from harvester.web.matters import courses

if TYPE_CHECKING:
    import datetime as dt

    from harvester.web.actions.acting import Actor
    from harvester.web.models import Edition, TextSignature


def put_in_file(
    actor: Actor, edition: Edition, content: bytes, *, at: dt.datetime | None = None
) -> TextSignature:
    """Sign by a file. Raises ``UserError`` and ``NotAllowedError`` with what stands in the way."""
    when = at or timezone.now()
    with transaction.atomic():
        made = editions.sign_with_file(actor, edition, content, at=when)
        _step(actor, edition, made, when)
    return made


def seal(
    actor: Actor, edition: Edition, *, confirmed: str, at: dt.datetime | None = None
) -> TextSignature:
    """Sign by the platform's seal. Raises ``UserError`` and ``NotAllowedError``."""
    when = at or timezone.now()
    with transaction.atomic():
        made = editions.seal_for(actor, edition, confirmed=confirmed, at=when)
        _step(actor, edition, made, when)
    return made


def _step(actor: Actor, edition: Edition, made: TextSignature, at: dt.datetime) -> None:
    """Take the step that asks for the signed paper, where the edition is the procedure's own."""
    if edition.text_id is not None:
        return
    matter = edition.matter
    course = courses.course_of(matter)
    wanted = [
        step for step in course.procedure.steps
        if any(kind.kind == editions.SIGNED_PAPER for kind in step.papers)
    ]  # fmt: skip
    if not wanted:
        raise UserError(f"nothing is signed in a {matter.procedure}.")
    paper = NewPaper(
        editions.SIGNED_PAPER, f"Signed text, edition {edition.number}, {made.institution}",
        body=f"SHA-256 of the text: {edition.sha256}",
        file_name=f"{matter.procedure}-{matter.number}-edition-{edition.number}-{made.institution}.pdf",
        content=bytes(made.content),
    )  # fmt: skip
    on = max(timezone.localdate(at), course.last_day)
    take_step(actor, matter.number, wanted[0].id, on=on, papers=[paper], at=at)
