"""What every Word document of ours shares: tables, and bytes that depend on what it says alone."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING

from docx import Document
from docx.shared import Pt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as Docx


def begun(title: str, on: dt.date) -> Docx:
    """An empty document in our style, with its title and day among its properties."""
    book = Document()
    book.styles["Normal"].font.size = Pt(10)
    told = book.core_properties
    told.author, told.title = "Combined Harvester", title
    told.created = told.modified = dt.datetime.combine(on, dt.time())
    told.revision = 1
    return book


def table(book: Docx, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table with a row of heads; ``None.`` where there is no row."""
    if not rows:
        book.add_paragraph("None.")
        return
    made = book.add_table(rows=1, cols=len(heads))
    made.style = "Light Grid Accent 1"
    for cell, head in zip(made.rows[0].cells, heads, strict=True):
        cell.text = head
    for row in rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = str(text)


def saved(book: Docx) -> bytes:
    """The document's bytes, with every member dated alike, so that they depend on what it says."""
    held = io.BytesIO()
    book.save(held)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(held.getvalue())) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(member, before.read(name))
    return out.getvalue()
