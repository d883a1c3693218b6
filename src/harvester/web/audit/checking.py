"""The log of this database checked: the chain, its head, heads noted earlier, and the triggers."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from django.db import connection

from harvester.domain.errors import HarvesterError
from harvester.engine.granary import Granary
from harvester.web import triggers
from harvester.web.audit import chain, texts
from harvester.web.audit.chain import Head
from harvester.web.audit.offline import Checked
from harvester.web.matters import courses
from harvester.web.models import ChainHead, CompactVersion, Event, Matter, Party
from harvester.web.rights import Action, Happening

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator
    from pathlib import Path

HEADS_FILE = "audit-heads.jsonl"
BATCH = 2_000


def head() -> Head:
    """The head of the log now, as packs print it."""
    row = ChainHead.objects.filter(pk=1).first()
    return Head(row.number, row.hash) if row else Head(0, chain.GENESIS)


def rows() -> Iterator[dict[str, object]]:
    """Every event in order, a batch at a time."""
    yield from Event.objects.order_by("number").values(*chain.FIELDS).iterator(chunk_size=BATCH)


def noted(home: Path) -> list[Head]:
    """Heads noted in the home folder by earlier checks: on another disk than the database, perhaps."""
    path = home / HEADS_FILE
    if not path.exists():
        return []
    told = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [Head(int(one["number"]), str(one["hash"])) for one in told]


def check(home: Path, also: Iterable[Head] = ()) -> Checked:
    """Walk the whole log. ``also`` are heads that somebody holds, from a pack say.

    The head is read first: events written during the walk are behind it, and are no fault.
    """
    now = head()
    seen = 0

    def counted() -> Iterator[dict[str, object]]:
        nonlocal seen
        for event in rows():
            number = int(str(event["number"]))
            if number > now.number and _is_since(now):
                return
            seen += 1
            yield event

    found = [str(fault) for fault in chain.faults(counted(), now, [*noted(home), *also])]
    found += [
        f"the database no longer refuses changes: trigger {name} is missing"
        for name in triggers.missing(connection)
    ]
    wrong = [*_decisions_gone(home), *_matters_wrong(), *_contents_wrong(), *texts.wrong()]
    return Checked(seen, now, [*found, *wrong])


def _decisions_gone(home: Path) -> list[str]:
    """Decisions that events speak of and the granary's log no longer holds."""
    stand = {one.decision_id for one in Granary(home).decisions.read().decisions}
    told = Event.objects.filter(action=Action.SETTLE_LINK).order_by("number")
    return [
        f"event {number}: the decision it speaks of is no longer in the log of decisions"
        for number, payload in told.values_list("number", "payload").iterator(chunk_size=BATCH)
        if json.loads(payload).get("decision") not in stand
    ]


def _matters_wrong() -> Iterator[str]:
    """Matters whose record does not hold together, or does not agree with the log.

    Each matter is replayed from its steps; each step must have its event, and each event its step.
    What seems wrong is looked at once more, for somebody may have acted while it was read.
    """
    if Matter._meta.db_table not in connection.introspection.table_names():
        return
    told = _steps_told()
    keys = set(told)
    for matter in courses.with_steps(Matter.objects.all()).iterator(chunk_size=BATCH):
        keys.discard(matter.key)
        numbers = [step.number for step in matter.steps.all()]
        if numbers != told.get(matter.key, []):
            now = list(matter.steps.order_by("number").values_list("number", flat=True))
            if now != _steps_told(matter.key).get(matter.key, []):
                yield f"matter {matter.key}: its steps are not those the log speaks of"
        parties = set(Party.objects.filter(matter=matter.key).values_list("institution", flat=True))
        if not set(matter.parties) <= parties:
            yield f"matter {matter.key}: a party to it is not among those who may know of it"
        try:
            _ = courses.course_of(matter).state
        except (HarvesterError, AssertionError) as error:
            yield f"matter {matter.key}: cannot be replayed: {error}"
    gone = keys - set(Matter.objects.filter(key__in=keys).values_list("key", flat=True))
    yield from (f"matter {key}: the log speaks of it, and it is gone" for key in sorted(gone))


def _contents_wrong() -> Iterator[str]:
    """Versions of protocols that are gone, or are not the contents the log speaks of."""
    if CompactVersion._meta.db_table not in connection.introspection.table_names():
        return
    events = Event.objects.filter(action=Action.WRITE_COMPACT).order_by("number")
    for number, subject, payload in events.values_list("number", "subject", "payload"):
        told = json.loads(payload)
        row = CompactVersion.objects.filter(matter__key=subject, number=told["version"]).first()
        kept = hashlib.sha256(row.contents.encode()).hexdigest() if row else ""
        if kept != told["sha256"]:
            what = "is gone" if row is None else "is not what was written then"
            yield f"event {number}: version {told['version']} of {subject} {what}"


def _steps_told(key: str = "") -> dict[str, list[int]]:
    """Numbers of the steps that events speak of, by matter; of one matter when it is named."""
    events = Event.objects.filter(action__in=[Action.STEP_MATTER, Happening.STEPPED])
    events = events.filter(subject=key) if key else events
    found: dict[str, list[int]] = {}
    for subject, payload in events.order_by("number").values_list("subject", "payload"):
        found.setdefault(subject, []).append(int(json.loads(payload).get("number", 0)))
    return found


def _is_since(then: Head) -> bool:
    """Whether the log has honestly moved on since: the head now is further."""
    return head().number > then.number


def note(home: Path, checked: Checked, at: dt.datetime) -> None:
    """Note a head that was found sound, so that a log written anew later is found out."""
    if checked.faults or any(one == checked.head for one in noted(home)):
        return
    told = {"at": at.isoformat(), "number": checked.head.number, "hash": checked.head.hash}
    with (home / HEADS_FILE).open("a", encoding="utf-8") as stream:
        stream.write(chain.canonical(told) + "\n")
