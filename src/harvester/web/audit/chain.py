"""What the audit log hashes, and how a broken log is found out: plain Python, no database.

An event is hashed in two steps. Its *seal* covers what may be confidential (reason and payload)
with a random salt; its *hash* covers everything else, the seal, and the hash of the event before.
So the chain can be checked by somebody who may not read every reason: a withheld text leaves its
seal, and the seal cannot be guessed from a short text because of the salt.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

GENESIS = "0" * 64
"""What the first event names as the hash before it."""
SEALED = ("salt", "reason", "payload")
HASHED = (
    "number",
    "at",
    "actor",
    "on_behalf_of",
    "action",
    "subject",
    "level",
    "seal",
    "previous",
)
FIELDS = (*HASHED[:-2], "reason", "payload", "salt", "seal", "previous", "hash")


@dataclass(frozen=True)
class Head:
    """Number and hash of the last event, as it is printed in packs: ``412:9f3c…``."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True)
class Fault:
    """Something wrong with the log, and the event it was found at."""

    number: int
    what: str

    def __str__(self) -> str:
        return f"event {self.number}: {self.what}"


def canonical(value: object) -> str:
    """JSON that is the same for the same value: sorted keys, no spaces, no escapes for letters."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def _sha(values: list[object]) -> str:
    return hashlib.sha256(canonical(values).encode("utf-8", "surrogatepass")).hexdigest()


def seal_of(salt: str, reason: str, payload: str) -> str:
    """The seal over what may be withheld."""
    return _sha([salt, reason, payload])


def hash_of(event: Mapping[str, object]) -> str:
    """The hash of an event from its other fields."""
    return _sha([event[name] for name in HASHED])


def faults(
    events: Iterable[Mapping[str, object]], head: Head | None = None, heads: Iterable[Head] = ()
) -> Iterator[Fault]:
    """Everything wrong with a log, each located. ``events`` come in order of number.

    ``head`` is what the log itself says its last event is; ``heads`` are heads noted elsewhere
    earlier (in packs, in the file of heads): a log rewritten as a whole still fails those.
    """
    before, expected = GENESIS, 1
    noted = {one.number: one.hash for one in heads}
    for event in events:
        number = int(str(event["number"]))
        if number < expected:
            yield Fault(number, "was put in")
            continue
        if number > expected:
            yield from _missing(expected, number - 1)
        yield from _wrong_in(event)
        if number == expected and event["previous"] != before:
            yield Fault(
                number,
                f"does not follow event {number - 1}: one of the two was put in the place of another",
            )
        noted_hash = noted.pop(number, None)
        if noted_hash not in {None, event["hash"]}:
            yield Fault(
                number, "is not the event that was noted: the log was written anew at or before it"
            )
        before, expected = str(event["hash"]), number + 1
    yield from _at_the_end(Head(expected - 1, before), head)
    gone = [number for number in noted if number >= expected]
    if gone and (head is None or head.number < max(gone)):
        yield from _missing(expected, max(gone))


def _missing(first: int, last: int) -> Iterator[Fault]:
    if first == last:
        yield Fault(first, "was removed")
    else:
        yield Fault(first, f"was removed, with every event up to {last}")


def _wrong_in(event: Mapping[str, object]) -> Iterator[Fault]:
    """What an event alone shows. A withheld text (``None``) leaves its seal to be believed."""
    number = int(str(event["number"]))
    if hash_of(event) != event["hash"]:
        yield Fault(number, "was changed")
    elif event["reason"] is not None and event["seal"] != seal_of(
        *(str(event[name]) for name in SEALED)
    ):
        yield Fault(number, "was changed in its reason or payload")


def _at_the_end(last: Head, head: Head | None) -> Iterator[Fault]:
    if head is None or head == last:
        return
    if head.number > last.number:
        yield from _missing(last.number + 1, head.number)
    elif head.number < last.number:
        yield Fault(head.number + 1, "was put in behind the head of the log")
    else:
        yield Fault(last.number, "is not what the head of the log says")
