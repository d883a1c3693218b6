"""The papers of the matters on an agenda, carried in the sealed pack as its annexes."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from harvester.reports import words
from harvester.web.models import Paper

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER = "annexes"
MOST_BYTES = 100 * 1024 * 1024
"""What one pack carries; papers past it are named with their hash alone."""
LONGEST_NAME = 60
READERS = {
    "public": "everyone", "parties": "the parties", "privileged": "the parties, privileged",
}  # fmt: skip


def told(number: int, papers: Iterable[Paper], room: int) -> tuple[list[dict[str, Any]], int]:
    """Papers of an item of the agenda as a pack names them, and the room that is left, in bytes."""
    found = []
    for n, paper in enumerate(papers, start=1):
        content = content_of(paper)
        carried = len(content) <= room
        room -= len(content) if carried else 0
        found.append({
            "number": f"{number}.{n}", "reference": paper.token, "title": paper.title,
            "by": paper.added_by.get_full_name() or paper.added_by.get_username(),
            "on": words.day(paper.added_at.date()), "for": READERS[paper.level],
            "sha256": hashlib.sha256(content).hexdigest(),
            "annex": f"{FOLDER}/{number}-{n}-{_file_name(paper)}" if carried else "",
        })  # fmt: skip
    return found, room


def carried_by(pack: dict[str, Any]) -> dict[str, bytes]:
    """The papers that a pack says it carries, by their names in it."""
    names = {
        paper["reference"]: paper["annex"]
        for item in pack["meeting"]["items"]
        for paper in item["papers"]
        if paper["annex"]
    }
    rows = Paper.objects.filter(token__in=list(names)).order_by("pk").iterator(chunk_size=1)
    return {names[paper.token]: content_of(paper) for paper in rows}


def content_of(paper: Paper) -> bytes:
    """The file of a paper; the words it holds where it came without one."""
    return bytes(paper.content) if paper.file_name else paper.body.encode()


def _file_name(paper: Paper) -> str:
    """A name that every archive and file system takes."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", paper.file_name or f"{paper.title}.txt")
    return plain[-LONGEST_NAME:].strip("-.") or "paper"
