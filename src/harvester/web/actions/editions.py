"""Texts laid out to be signed, and signatures of the parties: a signed file put in, or a seal."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.reports.signing import laid_out
from harvester.reports.signing.check import Trust, check
from harvester.reports.signing.seal import seal
from harvester.web import permissions
from harvester.web.actions.acting import Actor, act
from harvester.web.matters import courses
from harvester.web.models import Edition, Matter, NegotiatedText, TextSignature
from harvester.web.rights import Action, Level
from harvester.web.texts import documents, reading, signing

if TYPE_CHECKING:
    import datetime as dt

    from harvester.reports.signing.check import Checked

SIGNED_PAPER = "signed_text"
"""Kind of paper by which a procedure asks for a signed text."""


def lay_out(
    actor: Actor, matter: Matter, text: NegotiatedText | None = None, *, reason: str = "",
    at: dt.datetime | None = None,
) -> Edition:  # fmt: skip
    """Freeze a text as it stands, to be signed; the edition of these very words where there is one.

    Raises ``UserError`` while it is not ready to be signed.
    """
    when = (at or timezone.now()).replace(microsecond=0)
    document = documents.document_of(matter, text)
    made = laid_out.pdf(document.canonical, when)
    with transaction.atomic():
        locked = Matter.objects.select_for_update().get(pk=matter.pk)
        if documents.document_of(locked, text).digest != document.digest:
            raise UserError("the text changed while it was laid out.", mend="Do it once more.")
        known = Edition.objects.filter(matter=locked, text=text, sha256=document.digest).first()
        if known is not None:
            return known
        course = courses.course_of(locked)
        level = reading.level_now(text.level if text else _for_parties(locked), course)
        on = permissions.subject_of(locked.key, level)
        with act(actor, Action.FREEZE_TEXT, locked.key, on=on, reason=reason, at=at) as note:
            last = Edition.objects.filter(matter=locked).aggregate(last=Max("number"))["last"]
            edition = Edition.objects.create(
                matter=locked, number=(last or 0) + 1, text=text, title=document.title,
                parties=[code for code, _ in document.parties], canonical=document.canonical,
                sha256=document.digest, pdf=made, level=level.value, at=when,
                person=actor.person, name=actor.name, on_behalf_of=actor.on_behalf_of,
            )  # fmt: skip
            note.payload.update({
                "edition": edition.number, "text": text.number if text else 0,
                "sha256": edition.sha256, "pdf": hashlib.sha256(made).hexdigest(),
            })  # fmt: skip
    return edition


def _for_parties(matter: Matter) -> str:
    """A text to be signed is for the parties, also where the matter itself is public."""
    return Level.PARTIES.value if matter.level == Level.PUBLIC else matter.level


def checked_file(edition: Edition, party: str, content: bytes, at: dt.datetime) -> Checked:
    """A file put in as a party's signature of an edition, looked at.

    Raises ``UserError`` with every reason why it is none: it is no PDF, was not laid out here, holds
    another text, has no signature that is not known already, one that is broken or stands in the
    field of another party, or a certificate that does not hold. That an issuer is unknown is no
    reason: it is said beside the signature.
    """
    found = check(content, signing.roots(), at, original=bytes(edition.pdf))
    wrong = list(found.faults)
    if found.canonical and found.digest != edition.sha256:
        wrong.insert(0, _whose(edition, found))
    known = {mark for row in edition.signatures.all() for mark in row.marks}
    new = [one for one in found.signatures if one.mark not in known]
    if found.signatures and not new:
        wrong.append("it holds no signature that is not recorded already")
    others = {laid_out.field_of(code) for code in edition.parties if code != party}
    for one in new:
        if one.field in others:
            wrong.append(f"{one.subject} signed in the field of another party")
        if one.trust in {Trust.OUT_OF_DATE, Trust.UNSUITED}:
            wrong.append(f"the certificate of {one.subject} is {one.trust}: {one.trust.words}")
    if wrong:
        raise UserError(
            f"this file does not sign edition {edition.number}: {'; '.join(wrong)}.",
            where="file",
            mend="Download the file here, sign it as it is, and give that.",
        )
    return found


def _whose(edition: Edition, found: Checked) -> str:
    other = Edition.objects.filter(matter=edition.matter, sha256=found.digest).first()
    if other is not None:
        return f"it signs edition {other.number}, and the text has changed since"
    return "its text is not the text that is to be signed"


def sign_with_file(
    actor: Actor, edition: Edition, content: bytes, *, at: dt.datetime | None = None
) -> TextSignature:
    """Record a signed file as the signature of the actor's institution.

    Raises ``UserError`` with the reasons of :func:`checked_file`, and where the institution is no
    party, has signed already, or the text is not as it was laid out any more.
    """
    when = at or timezone.now()
    with transaction.atomic():
        Matter.objects.select_for_update().get(pk=edition.matter_id)
        party = _party(actor, edition)
        found = checked_file(edition, party, content, when)
        return _record(
            actor, edition, party, found, content=content, way=TextSignature.FILE, at=when
        )


def seal_for(
    actor: Actor, edition: Edition, *, confirmed: str, at: dt.datetime | None = None
) -> TextSignature:
    """Seal an edition for the actor's institution, which its signatory has just confirmed.

    ``confirmed`` says by which factor. Nobody seals for another: a signature is not delegated here.
    Raises ``UserError`` for that, where nothing was confirmed, and where there is no key.
    """
    when = at or timezone.now()
    key = signing.seal_key()
    if key is None:
        raise UserError(
            "this installation has no key for seals.",
            mend="Sign the file with a certificate of your own and give it here.",
        )
    if not confirmed:
        raise UserError("confirm that it is you first.", where="confirm")
    if actor.on_behalf_of:
        raise UserError(
            "you act for somebody else; a seal is given in one's own name.",
            mend="Act for yourself again, or have the signatory do it.",
        )
    with transaction.atomic():
        Matter.objects.select_for_update().get(pk=edition.matter_id)
        party = _party(actor, edition)
        assert actor.person is not None
        person = actor.person.get_full_name() or actor.name
        made = seal(latest(edition), key, party=party, person=person, at=timezone.localtime(when),
                    reason=f"{edition.matter.key}, edition {edition.number}")  # fmt: skip
        found = checked_file(edition, party, made, when)
        return _record(
            actor,
            edition,
            party,
            found,
            content=made,
            way=TextSignature.SEAL,
            confirmed=confirmed,
            at=when,
        )


def latest(edition: Edition) -> bytes:
    """The file with the most signatures so far; as it was laid out where nobody has signed."""
    rows = list(edition.signatures.order_by("number"))
    most = max(rows, key=lambda row: (len(row.told), row.number), default=None)
    return bytes(most.content if most else edition.pdf)


def _party(actor: Actor, edition: Edition) -> str:
    """The institution that signs. Raises ``UserError`` where it may not sign this now."""
    assert actor.person is not None
    party = permissions.institution_of(actor.person)
    if party not in edition.parties:
        raise UserError("your institution is no party to this text.")
    if edition.signatures.filter(institution=party).exists():
        raise UserError(f"{party} has signed edition {edition.number}.")
    if why := signing.stale(edition):
        raise UserError(
            f"edition {edition.number} is not to be signed any more: {why}",
            mend="Lay the text out again.",
        )
    return party


def _record(
    actor: Actor, edition: Edition, party: str, found: Checked, *, content: bytes, way: str,
    at: dt.datetime, confirmed: str = "",
) -> TextSignature:  # fmt: skip
    matter = edition.matter
    level = reading.level_now(edition.level, courses.course_of(matter))
    on = permissions.subject_of(matter.key, level)
    known = {mark for row in edition.signatures.all() for mark in row.marks}
    new = [one for one in found.signatures if one.mark not in known]
    digest = hashlib.sha256(content).hexdigest()
    with act(actor, Action.SIGN_TEXT, matter.key, on=on, at=at) as note:
        row = TextSignature.objects.create(
            edition=edition, number=edition.signatures.count() + 1, institution=party, way=way,
            told=[one.told() for one in found.signatures], marks=[one.mark for one in new],
            content=content, sha256=digest, level=level.value, at=at, person=actor.person,
            name=actor.name, on_behalf_of=actor.on_behalf_of,
        )  # fmt: skip
        note.payload.update({
            "edition": edition.number, "text_sha256": edition.sha256, "file_sha256": digest,
            "institution": party, "way": way, "confirmed_by": confirmed,
            "certificates": [one.certificate for one in new],
        })  # fmt: skip
    return row


def current(matter: Matter) -> Edition | None:
    """The edition of a protocol's own contents as they stand now; ``None`` where there is none."""
    try:
        digest = documents.protocol_document(matter).digest
    except UserError:
        return None
    return Edition.objects.filter(matter=matter, text=None, sha256=digest).first()


def put_in(actor: Actor, matter: Matter, content: bytes, at: dt.datetime) -> None:
    """A signed text put in with a step of the procedure: recorded as the party's signature.

    A file that the party has signed by already is let through. Raises ``UserError`` where nothing
    was laid out to be signed, the paper is no file, or it does not sign the text.
    """
    edition = current(matter)
    if edition is None:
        raise UserError(
            "nothing is laid out to be signed as the text stands now.", where="papers",
            mend="Lay it out on the page of signatures, and sign that file.",
        )  # fmt: skip
    if not content:
        raise UserError(
            "there is no signature: words are not a signed text.", where="papers",
            mend="Give the signed PDF.",
        )  # fmt: skip
    digest = hashlib.sha256(content).hexdigest()
    assert actor.person is not None
    party = permissions.institution_of(actor.person)
    if not edition.signatures.filter(institution=party, sha256=digest).exists():
        sign_with_file(actor, edition, content, at=at)
