"""The log of this database checked: the chain, its head, heads noted earlier, and the triggers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db import connection

from harvester.engine.granary import Granary
from harvester.web import triggers
from harvester.web.audit import chain
from harvester.web.audit.chain import Head
from harvester.web.audit.offline import Checked
from harvester.web.models import ChainHead, Event
from harvester.web.rights import Action

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
    return Checked(seen, now, [*found, *_decisions_gone(home)])


def _decisions_gone(home: Path) -> list[str]:
    """Decisions that events speak of and the granary's log no longer holds."""
    stand = {one.decision_id for one in Granary(home).decisions.read().decisions}
    told = Event.objects.filter(action=Action.SETTLE_LINK).order_by("number")
    return [
        f"event {number}: the decision it speaks of is no longer in the log of decisions"
        for number, payload in told.values_list("number", "payload").iterator(chunk_size=BATCH)
        if json.loads(payload).get("decision") not in stand
    ]


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
