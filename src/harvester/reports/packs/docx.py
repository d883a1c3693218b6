"""The pack as a DOCX, for those who edit in Word."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.shared import Pt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as Docx


def docx(pack: dict[str, Any]) -> bytes:
    """The pack as a Word document with headings and tables; the same pack gives the same bytes."""
    book = Document()
    book.styles["Normal"].font.size = Pt(10)
    day = dt.datetime.combine(dt.date.fromisoformat(pack["on"]), dt.time())
    told = book.core_properties
    told.author, told.title = "Combined Harvester", f"{pack['title']}: {pack['about']}"
    told.created = told.modified = day
    told.revision = 1
    book.add_heading(pack["title"], 0)
    book.add_paragraph(f"{pack['about']} · {pack['day']}")
    forum = pack["forum"]
    mark = "" if forum["verified"] else ", not verified"
    book.add_paragraph(
        f"{forum['name']} ({forum['law']}{mark}): {forum['decides']}. Members: {forum['members']}."
    )
    book.add_paragraph(pack["binding"])
    book.add_heading("At a glance", 1)
    _table(book, ("What", "How much"), [(one["name"], one["value"]) for one in pack["headline"]])
    book.add_heading("Decisions asked", 1)
    for one in pack["findings"]:
        book.add_heading(f"{one['number']}. {one['title']}", 2)
        book.add_paragraph(f"{one['statement']} {one['rand']} at stake, {one['sure']} sure.")
        book.add_paragraph(f"Asked: {one['asked']} {', '.join(one['parties'])}")
        _table(
            book, ("Source", "Cell", "The cell says", "Which shows"),
            [(f"{c['file']} {c['sheet']}", c["cell"], c["value"], c["says"]) for c in one["cells"]],
        )  # fmt: skip
    book.add_heading("How well plans line up", 1)
    _table(
        book, ("Indicator", "Year", "Value", "Band", "Formula"),
        [(f"{i['id']} {i['name']}", i["year"], i["text"], i["band"], i["formula"]) for i in pack["indicators"]],
    )  # fmt: skip
    book.add_heading("Who has not submitted", 1)
    _table(
        book, ("Who", "What", "Was due"), [(m["who"], m["what"], m["due"]) for m in pack["missing"]]
    )
    book.add_heading("What comes next", 1)
    _table(
        book,
        ("By", "What", "Who", "Law"),
        [(a["day"], a["title"], a["who"], a["law"]) for a in pack["ahead"]],
    )
    book.add_heading("Sources and their age", 1)
    _table(
        book, ("Publisher", "Document", "Year", "Published", "Age"),
        [(s["who"], s["what"], s["year"], s["published"], s["age"]) for s in pack["sources"]],
    )  # fmt: skip
    seal = pack["seal"]
    book.add_paragraph(f"Harvest {seal['run']}, digest {seal['digest']}; {seal['audit']}.")
    out = io.BytesIO()
    book.save(out)
    return _same_dates(out.getvalue())


def _table(book: Docx, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        book.add_paragraph("None.")
        return
    table = book.add_table(rows=1, cols=len(heads))
    table.style = "Light Grid Accent 1"
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = str(text)


def _same_dates(made: bytes) -> bytes:
    """The same archive with every member dated alike, so that bytes depend on the pack alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(member, before.read(name))
    return out.getvalue()
