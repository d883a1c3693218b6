"""What is to be signed in a matter: a protocol with its contents, or a text that was agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.domain.errors import UserError
from harvester.processor.compacts.protocol import missing_contents
from harvester.processor.compacts.wording import sections
from harvester.processor.negotiation.canonical import Document, Section, agreed_document
from harvester.web import labels
from harvester.web.compacts import standing
from harvester.web.models import NegotiatedText
from harvester.web.texts import reading

if TYPE_CHECKING:
    from harvester.web.models import Matter

CLAUSES_OF_PROTOCOL = "protocol"
"""Kind of a negotiated text that is signed with its protocol."""
SAID_ELSEWHERE = frozenset({"title", "parties"})
"""Sections of the contents that the head of a document says."""


def protocol_text(matter: Matter) -> tuple[Section, ...]:
    """The contents of a protocol as clauses, in the order of section 35(3) of the IGRFA.

    They are the latest version of its contents, in the sentences its own page shows. Raises
    ``UserError`` while nothing is written, or a content that the law asks for is not there.
    """
    version = standing.latest(matter)
    if version is None:
        raise UserError(
            "the contents of the protocol are not written.",
            mend="Write them on its own page first.",
        )
    protocol = standing.contents_of(matter, version)
    if missing := missing_contents(protocol):
        what = "; ".join(f"{one.content.name} ({one.why})" for one in missing)
        raise UserError(f"contents that the protocol must have are not there: {what}.")
    said = [
        one for one in sections(protocol) if one.lines and one.field not in SAID_ELSEWHERE
    ]  # fmt: skip
    return tuple(
        Section(str(n), one.heading, "\n".join(one.lines)) for n, one in enumerate(said, start=1)
    )


def protocol_document(matter: Matter) -> Document:
    """A protocol as it is to be signed: its contents, then clauses negotiated for it.

    Raises ``UserError`` for another procedure, while a content is not stated, and while a clause
    negotiated for it is open.
    """
    if matter.procedure != standing.PROTOCOL:
        raise UserError("this matter is no protocol: lay out one of its agreed texts.")
    told, dissents = list(protocol_text(matter)), []
    for row in NegotiatedText.objects.filter(matter=matter, kind=CLAUSES_OF_PROTOCOL):
        made = text_document(row)
        first = len(told)
        told += [
            Section(str(first + n), one.heading, one.words)
            for n, one in enumerate(made.sections, start=1)
        ]
        numbers = {one.id: str(first + n) for n, one in enumerate(made.sections, start=1)}
        dissents += [type(d)(numbers[d.section], d.party, d.words) for d in made.dissents]
    parties = tuple((code, labels.institution(code)) for code in matter.parties)
    title = standing.contents_of(matter, standing.latest(matter)).title
    return Document(title, matter.key, parties, tuple(told), tuple(dissents))


def text_document(row: NegotiatedText) -> Document:
    """An agreed text as it is to be signed. Raises ``UserError`` while a clause is open."""
    text = reading.text_of(row, row.moves.order_by("number"))
    return agreed_document(text, row.matter.key, labels.institution)


def document_of(matter: Matter, row: NegotiatedText | None) -> Document:
    """The protocol's own contents, or an agreed text of the matter."""
    return protocol_document(matter) if row is None else text_document(row)
