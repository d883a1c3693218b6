"""A pack as one archive whose files are sealed, and the check of such an archive without a network.

``pack.json`` is what the pack says; PDF, XLSX and DOCX show it; ``annexes/`` are the papers of the
items, for a reader who may read them; ``seal.json`` holds the hash of each file, the digest of the
harvest and the head of the audit log. Whoever has the archive alone can see that its files belong
together; whoever has the store too, that the harvest says what the pack says.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from harvester.domain.errors import UserError
from harvester.reports import words
from harvester.reports.packs.docx import docx
from harvester.reports.packs.gather import forum_of, gather
from harvester.reports.packs.pdf import pdf
from harvester.reports.packs.xlsx import xlsx
from harvester.reports.view import Books
from harvester.rules import forums

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from harvester.reports.view import HarvestView

SEAL, SAID = "seal.json", "pack.json"
NO_AUDIT = "no audit log in this store"
SHOWN_OF_HASH = 16
LARGEST = 200 * 1024 * 1024
"""A pack is never larger; what says so is refused before it is opened."""


def said(
    harvest: HarvestView,
    *,
    forum: str,
    metro: str,
    on: dt.date,
    audit_head: str = "",
    meeting: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Everything a pack says. ``meeting`` is what the reader may know of the meeting itself: its
    ``name``, the ``items`` of its agenda with where their parties stand, and ``late`` decisions; it
    is told, not gathered.

    Raises ``UserError`` for an unknown forum.
    """
    if forum_of(forum) is None:
        known = ", ".join(forums.load().codes)
        raise UserError(f"no forum {forum!r}.", where="FORUM", mend=f"One of {known}.")
    return _said(harvest, forum, metro, on, audit_head=audit_head, meeting=meeting)


def rendered(pack: dict[str, Any], form: str) -> bytes:
    """A pack as ``pdf``, ``xlsx`` or ``docx``."""
    return {"pdf": pdf, "xlsx": xlsx, "docx": docx}[form](pack)


def sealed(
    pack: dict[str, Any], annexes: Mapping[str, bytes] = MappingProxyType({})
) -> tuple[bytes, dict[str, Any]]:
    """A pack as one sealed archive, and its seal; the same pack gives the same bytes.

    ``annexes`` are the papers it carries, by their names in the archive.
    """
    files = {
        SAID: _canonical(pack),
        **{f"pack.{form}": rendered(pack, form) for form in ("pdf", "xlsx", "docx")},
        **annexes,
    }
    seal = {
        **pack["seal"], "forum": pack["forum"]["code"], "metro": pack["metro"], "on": pack["on"],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in {SEAL: _canonical(seal), **files}.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return out.getvalue(), seal


def check(path: Path, harvest_of: Callable[[str], HarvestView | None] | None = None) -> list[str]:
    """What is wrong with a pack, in words; nothing where it holds.

    ``harvest_of`` gives the harvest of a run where the store is at hand: then what the pack says is
    gathered again and compared. Raises ``UserError`` for a file that is no pack.
    """
    content = _opened(path)
    seal = json.loads(content[SEAL])
    faults = [
        f"{name} is not what was sealed"
        for name, sealed in sorted(seal["files"].items())
        if name in content and hashlib.sha256(content[name]).hexdigest() != sealed
    ]
    faults += [f"{name} is missing" for name in sorted(set(seal["files"]) - set(content))]
    faults += [f"{name} was added" for name in sorted(set(content) - {SEAL, *seal["files"]})]
    if SAID in content:
        faults += _differs_from_seal(json.loads(content[SAID]), seal)
    harvest = harvest_of(seal["run"]) if harvest_of else None
    if harvest is not None:
        faults += _differs_from_store(content.get(SAID, b""), seal, harvest)
    return faults


def seal_of(path: Path) -> dict[str, Any]:
    """The seal of a pack. Raises ``UserError`` for a file that is no pack."""
    told: dict[str, Any] = json.loads(_opened(path)[SEAL])
    return told


def _differs_from_seal(pack: dict[str, Any], seal: dict[str, Any]) -> list[str]:
    return [
        f"{SAID} and {SEAL} differ in {name}"
        for name, value in pack["seal"].items()
        if seal.get(name) != value
    ]


def _differs_from_store(said: bytes, seal: dict[str, Any], harvest: HarvestView) -> list[str]:
    if harvest.manifest["digest"] != seal["digest"]:
        return [
            (
                f"harvest {seal['run']} of this store has another digest: the pack is of another store, "
                "or was changed"
            )
        ]
    on = dt.date.fromisoformat(seal["on"])
    # What was said of the meeting itself is no harvest's: it is held against the seal alone.
    meeting = json.loads(said).get("meeting") if said else None
    again = _canonical(
        _said(
            harvest,
            seal["forum"],
            seal["metro"],
            on,
            audit_head=seal["audit_head"],
            meeting=meeting,
        )
    )
    return [] if again == said else [f"harvest {seal['run']} does not say what the pack says"]


def _said(
    harvest: HarvestView,
    forum: str,
    metro: str,
    on: dt.date,
    *,
    audit_head: str,
    meeting: dict[str, Any] | None = None,
) -> dict[str, Any]:
    found = forum_of(forum)
    assert found is not None
    books = Books(harvest)
    try:
        pack = gather(books, found, metro, on)
    finally:
        books.close()
    pack["day"] = words.day(on)
    if meeting is not None:
        pack["meeting"] = meeting
        pack["title"] = f"Pack for the {meeting['name']}"
    number, _, told = audit_head.partition(":")
    pack["seal"]["audit_head"] = audit_head
    pack["seal"]["audit"] = f"audit head {number}:{told[:SHOWN_OF_HASH]}" if told else NO_AUDIT
    return pack


def _canonical(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _opened(path: Path) -> dict[str, bytes]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    except (OSError, zipfile.BadZipFile) as error:
        raise UserError(
            "this is no pack.", where=str(path), mend="Give the .zip as it was made."
        ) from error
    with archive:
        if sum(member.file_size for member in archive.infolist()) > LARGEST:
            raise UserError("this is larger than any pack.", where=str(path))
        if SEAL not in archive.namelist():
            raise UserError(f"this is no pack: it has no {SEAL}.", where=str(path))
        try:
            content = {name: archive.read(name) for name in archive.namelist()}
            json.loads(content[SEAL])["files"]
        except (zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
            raise UserError("this pack is damaged.", where=str(path)) from error
    return content
