"""A protocol as a paper: DOCX for those who edit in Word, PDF to be printed and read."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from harvester.domain.money import format_rand
from harvester.processor.compacts.wording import name, sections, span
from harvester.reports.packs.word import begun, saved, table

if TYPE_CHECKING:
    from harvester.processor.compacts.protocol import Commitment, Protocol

TEMPLATE = Path(__file__).parent / "templates" / "compact.typ"
HEADS = ("No.", "Who", "Promises to", "Must land in", "Year", "Amount", "Project")
KIND = "Implementation protocol (Intergovernmental Relations Framework Act 13 of 2005, section 35)"


def paper(
    protocol: Protocol, stands: str, version: int, sha256: str, on: dt.date
) -> dict[str, Any]:
    """What the paper says, as plain values.

    ``stands`` says in words where the protocol stands, ``on`` the day the version was written.
    """
    return {
        "kind": KIND, "title": protocol.title, "stands": stands, "version": version,
        "sha256": sha256, "on": on.isoformat(), "day": f"{on:%-d %B %Y}",
        "parties": [name(code) for code in protocol.parties],
        "sections": [
            {"heading": one.heading, "lines": list(one.lines), "field": one.field,
             "law": _law(one.law.reference, verified=one.law.verified) if one.law else ""}
            for one in sections(protocol)
            if one.field not in {"title", "parties"}
        ],
        "heads": list(HEADS),
        "commitments": [_row(one) for one in protocol.commitments],
    }  # fmt: skip


def _law(reference: str, *, verified: bool) -> str:
    return reference if verified else f"{reference} (not verified)"


def _row(one: Commitment) -> list[str]:
    amount = format_rand(one.amount_cents) if one.amount_cents else "none named"
    return [
        one.id, name(one.party), one.action, one.document.label, span(one.year), amount,
        " ".join(part for part in (one.undertaking, one.place) if part) or "none on record",
    ]  # fmt: skip


def docx(told: dict[str, Any]) -> bytes:
    """The paper as a Word document; the same paper gives the same bytes."""
    book = begun(told["title"], dt.date.fromisoformat(told["on"]))
    book.add_heading(told["title"], 0)
    book.add_paragraph(f"{told['kind']}. Between {', '.join(told['parties'])}.")
    book.add_paragraph(f"Version {told['version']} of {told['day']}: {told['stands']}.")
    for section in told["sections"]:
        book.add_heading(section["heading"], 1)
        if section["law"]:
            book.add_paragraph(section["law"])
        if section["field"] == "commitments":
            table(book, told["heads"], told["commitments"])
            continue
        for line in section["lines"] or ["Nothing is said yet."]:
            book.add_paragraph(line, style="List Bullet" if len(section["lines"]) > 1 else None)
    book.add_paragraph(f"SHA-256 of the contents: {told['sha256']}")
    return saved(book)


def pdf(told: dict[str, Any]) -> bytes:
    """The paper as a PDF, set by Typst; the same paper gives the same bytes."""
    day = dt.datetime.combine(dt.date.fromisoformat(told["on"]), dt.time(), dt.UTC)
    made: bytes = typst.compile(
        TEMPLATE.read_bytes(), format="pdf", ignore_system_fonts=True,
        timestamp=int(day.timestamp()),
        sys_inputs={"paper": json.dumps(told, ensure_ascii=False)},
    )  # fmt: skip
    return made
