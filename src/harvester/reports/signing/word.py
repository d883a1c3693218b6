"""A negotiated text as a Word document, for those who edit in Word."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docx import Document
from docx.shared import Pt

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Clause:
    """One clause: its heading, the words that stand (several where offers crossed), how each party
    stands to them, and dissent recorded beside them."""

    heading: str
    words: Sequence[tuple[str, str]]
    positions: Sequence[tuple[str, str]]
    dissents: Sequence[tuple[str, str]]


def docx(title: str, about: str, clauses: Sequence[Clause], at: dt.datetime) -> bytes:
    """The document, dated with the last move."""
    book = Document()
    book.styles["Normal"].font.size = Pt(11)
    told = book.core_properties
    told.author, told.title = "Combined Harvester", title
    told.created = told.modified = at.replace(tzinfo=None, microsecond=0)
    told.revision = 1
    book.add_heading(title, 0)
    book.add_paragraph(about)
    for one in clauses:
        book.add_heading(one.heading, 1)
        for label, words in one.words:
            if len(one.words) > 1:
                book.add_paragraph(label, style="Intense Quote")
            for part in words.split("\n\n"):
                book.add_paragraph(part)
        table = book.add_table(rows=0, cols=2)
        table.style = "Light Grid Accent 1"
        for party, position in one.positions:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = party, position
        for party, dissent in one.dissents:
            book.add_paragraph(f"Dissent of {party}: {dissent}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
