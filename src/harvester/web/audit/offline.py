"""A log checked without any database: what an auditor does at their own desk."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvester.domain.errors import UserError
from harvester.web.audit import chain
from harvester.web.audit.chain import Head

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True)
class Checked:
    """What a check found: how many events, the head, and every fault."""

    events: int
    head: Head
    faults: list[str] = field(default_factory=list)


def head_told(text: str) -> Head:
    """A head as somebody wrote it down: ``412:9f3c…``, whole. Raises ``UserError`` for anything else."""
    number, _, told = text.strip().partition(":")
    if not number.isascii() or not number.isdigit() or re.fullmatch(r"[0-9a-f]{64}", told) is None:
        raise UserError(
            f"{text[:80]!r} is not a head of the log.",
            where="head",
            mend="It is a number, a colon and 64 characters, as the pack prints it.",
        )
    return Head(int(number), told)


def check_file(path: Path, heads: Iterable[str] = ()) -> Checked:
    """Check a downloaded log (JSON lines) without any database. Raises ``UserError`` if it is none."""
    events = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1):
        if not line:
            continue
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        if not isinstance(event, dict) or set(event) != set(chain.FIELDS):
            raise UserError("is not an event of a log.", where=f"{path.name}, line {number}")
        events.append(event)
    last = events[-1] if events else {"number": 0, "hash": chain.GENESIS}
    found = [str(fault) for fault in chain.faults(events, heads=[head_told(one) for one in heads])]
    return Checked(len(events), Head(int(last["number"]), str(last["hash"])), found)
