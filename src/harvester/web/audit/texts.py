"""Negotiated texts, editions and signatures held against the log, which has a hash of each."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from django.db import connection

from harvester.domain.errors import HarvesterError
from harvester.processor.negotiation.canonical import digest_of
from harvester.web.actions.texts import move_seal, text_seal
from harvester.web.models import Edition, Event, NegotiatedText, TextSignature
from harvester.web.rights import Action
from harvester.web.texts import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH = 500


def wrong() -> list[str]:
    """Rows that do not say what the log says of them, and rows the log speaks of that are gone.

    What seems wrong is looked at once more, for somebody may have acted while it was read.
    """
    if NegotiatedText._meta.db_table not in connection.introspection.table_names():
        return []
    found = list(_wrong())
    again = set(_wrong()) if found else set()
    return [fault for fault in found if fault in again]


def _wrong() -> Iterator[str]:
    told = _told()
    found = dict(_held())
    for name in sorted(told.keys() | found.keys()):
        if name not in found:
            yield f"{name}: the log speaks of it, and it is gone"
        elif name not in told:
            yield f"{name}: the log does not speak of it"
        elif told[name] != found[name]:
            yield f"{name}: it does not say what the log says of it"
    for row in NegotiatedText.objects.prefetch_related("moves").iterator(chunk_size=BATCH):
        try:
            reading.text_of(row, sorted(row.moves.all(), key=lambda move: move.number))
        except HarvesterError as error:
            yield f"text {row.matter_id}/{row.number}: cannot be replayed: {error}"


def _told() -> dict[str, str]:
    """What events say, by the name of the row."""
    found = {}
    actions = [Action.OPEN_TEXT, Action.NEGOTIATE_TEXT, Action.REFER_TEXT, Action.FREEZE_TEXT,
               Action.SIGN_TEXT]  # fmt: skip
    events = Event.objects.filter(action__in=actions).order_by("number")
    for key, action, payload in events.values_list("subject", "action", "payload"):
        said = json.loads(payload)
        if action == Action.OPEN_TEXT:
            found[f"text {key}/{said['text']}"] = said["seal"]
        elif action == Action.FREEZE_TEXT:
            found[f"edition {key}/{said['edition']}"] = f"{said['sha256']} {said['pdf']}"
        elif action == Action.SIGN_TEXT:
            name = f"signature {key}/{said['edition']}/{said['institution']}"
            found[name] = said["file_sha256"]
        else:
            found[f"move {key}/{said['text']}/{said['move']}"] = said["seal"]
    return found


def _held() -> Iterator[tuple[str, str]]:
    """What the rows say, in the same words."""
    texts = NegotiatedText.objects.select_related("matter").prefetch_related("moves")
    for row in texts.iterator(chunk_size=BATCH):
        yield f"text {row.matter.key}/{row.number}", text_seal(row)
        for move in row.moves.all():
            yield f"move {row.matter.key}/{row.number}/{move.number}", move_seal(move)
    for one in Edition.objects.select_related("matter").iterator(chunk_size=50):
        pdf = hashlib.sha256(bytes(one.pdf)).hexdigest()
        yield f"edition {one.matter.key}/{one.number}", f"{digest_of(one.canonical)} {pdf}"
    signatures = TextSignature.objects.select_related("edition__matter")
    for signed in signatures.iterator(chunk_size=50):
        name = f"{signed.edition.matter.key}/{signed.edition.number}/{signed.institution}"
        yield f"signature {name}", hashlib.sha256(bytes(signed.content)).hexdigest()
