"""The pack as a DOCX, for those who edit in Word."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from harvester.reports.packs.word import begun, saved, table

if TYPE_CHECKING:
    from docx.document import Document as Docx


def docx(pack: dict[str, Any]) -> bytes:
    """The pack as a Word document with headings and tables; the same pack gives the same bytes."""
    book = begun(f"{pack['title']}: {pack['about']}", dt.date.fromisoformat(pack["on"]))
    book.add_heading(pack["title"], 0)
    book.add_paragraph(f"{pack['about']} · {pack['day']}")
    forum = pack["forum"]
    mark = "" if forum["verified"] else ", not verified"
    book.add_paragraph(
        f"{forum['name']} ({forum['law']}{mark}): {forum['decides']}. Members: {forum['members']}."
    )
    book.add_paragraph(pack["binding"])
    if meeting := pack.get("meeting"):
        _agenda(book, meeting)
    book.add_heading("At a glance", 1)
    table(book, ("What", "How much"), [(one["name"], one["value"]) for one in pack["headline"]])
    book.add_heading("Findings this forum can take", 1)
    for one in pack["findings"]:
        book.add_heading(f"{one['number']}. {one['title']}", 2)
        book.add_paragraph(f"{one['statement']} {one['rand']} at stake, {one['sure']} sure.")
        book.add_paragraph(f"Asked: {one['asked']} {', '.join(one['parties'])}")
        table(
            book, ("Source", "Cell", "The cell says", "Which shows"),
            [(f"{c['file']} {c['sheet']}", c["cell"], c["value"], c["says"]) for c in one["cells"]],
        )  # fmt: skip
    book.add_heading("How well plans line up", 1)
    table(
        book, ("Indicator", "Year", "Value", "Band (9 in 10)", "Bounds", "Formula"),
        [(f"{i['id']} {i['name']}", i["year"], i["text"], i["band"], i["bounds"], i["formula"]) for i in pack["indicators"]],
    )  # fmt: skip
    book.add_heading("Who has not submitted", 1)
    table(
        book, ("Who", "What", "Was due"), [(m["who"], m["what"], m["due"]) for m in pack["missing"]]
    )
    book.add_heading("What comes next", 1)
    table(
        book,
        ("By", "What", "Who", "Law"),
        [(a["day"], a["title"], a["who"], a["law"]) for a in pack["ahead"]],
    )
    book.add_heading("Sources and their age", 1)
    table(
        book, ("Publisher", "Document", "Year", "Published", "Age"),
        [(s["who"], s["what"], s["year"], s["published"], s["age"]) for s in pack["sources"]],
    )  # fmt: skip
    seal = pack["seal"]
    book.add_paragraph(f"Harvest {seal['run']}, digest {seal['digest']}; {seal['audit']}.")
    return saved(book)


def _agenda(book: Docx, meeting: dict[str, Any]) -> None:
    """The items of the meeting, and decisions past their day."""
    book.add_heading("Agenda", 1)
    book.add_paragraph(meeting["reader"])
    for item in meeting["items"]:
        book.add_heading(f"{item['number']}. {item['title']}", 2)
        book.add_paragraph(f"{item['key']} · {item['state']} · {', '.join(item['parties'])}")
        book.add_paragraph(f"Why here: {item['why']}. {item['stake']}.")
        book.add_paragraph(f"Asked: {item['asked']}")
        _positions(book, item)
        for said in item["decided"]:
            book.add_paragraph(said, style="List Bullet")
    book.add_heading("Earlier decisions past their day", 1)
    table(
        book, ("Decision", "Owed by", "Was due"),
        [(one["words"], one["owner"], one["due"]) for one in meeting["late"]],
    )  # fmt: skip


def _positions(book: Docx, item: dict[str, Any]) -> None:
    """Where the parties stand: what each did last, words on the table, commitments, papers."""
    if item["last"]:
        table(
            book, ("Party", "Did last", "On", "Said with it"),
            [(one["party"], one["step"], one["on"], one["told"]) for one in item["last"]],
        )  # fmt: skip
    for text in item["texts"]:
        book.add_paragraph(
            f"{text['kind']} “{text['title']}”, {text['rung']} rung: {text['told']}."
        )
        if text["clauses"]:
            table(
                book, ("Clause", "Words on the table", "Offered by", "Where the parties stand"),
                [(c["named"], c["words"], c["offered_by"], c["told"]) for c in text["clauses"]],
            )  # fmt: skip
    if protocol := item["protocol"]:
        book.add_paragraph(f"Protocol, version {protocol['version']}, {protocol['stands']}:")
        table(
            book, ("No", "Commitment", "Due", "Stands"),
            [(c["id"], c["words"], c["due"], c["told"]) for c in protocol["commitments"]],
        )  # fmt: skip
    if item["papers"]:
        book.add_paragraph("Papers:")
        table(
            book, ("No", "Paper", "By", "Put in", "For", "SHA-256"),
            [(p["number"], p["title"], p["by"], p["on"], p["for"], p["sha256"]) for p in item["papers"]],
        )  # fmt: skip
