"""A canonical text laid out as PDF, from nothing but the text and the moment: so that anybody with
this program can lay it out again and see that the pages of a signed file are those of its text.

The PDF holds the text as an attachment and its hash among its keywords.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst
from pyhanko.pdf_utils.generic import ArrayObject, NameObject, NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from harvester.domain.errors import UserError
from harvester.processor.negotiation.canonical import FIRST_LINE, INDENT, digest_of

TEMPLATE = Path(__file__).parent.parent / "templates" / "text.typ"
ATTACHED = "canonical.txt"
KEYWORD, LAYOUT = "sha256:", "layout:"
FORM = 1
"""The form of the layout: another template is another number, and old files say theirs."""
MILLIMETRE = 72 / 25.4
PAGE_HEIGHT, LEFT, TOP = 297, 20, 48
BOX_WIDTH, BOX_HEIGHT, COLUMN, ROW = 80, 24, 90, 34
"""Where the parties' boxes stand on the last page, in millimetres; the template uses the same."""
MOST_BOXES = 12
SIGNED_AND_APPEND_ONLY = 3
REVISIONS = 2
"""Revisions of a file as it is laid out: the pages, and the empty fields of the parties."""


@dataclass(frozen=True)
class Part:
    """A heading of a canonical text and the lines set in under it."""

    heading: str
    lines: tuple[str, ...]


def parts_of(canonical: str) -> tuple[dict[str, str], tuple[Part, ...]]:
    """Title and matter of a canonical text, and its parts: the parties, clauses, dissent.

    Raises ``UserError`` for a text that is not in the canonical form this program writes.
    """
    lines = canonical.split("\n")
    if lines[0] != FIRST_LINE or not canonical.endswith("\n"):
        raise UserError("this is no canonical text of a form that this program knows.")
    head = dict(line.partition(": ")[::2] for line in lines[1:3])
    parts: list[tuple[str, list[str]]] = []
    for line in lines[3:]:
        if line.startswith(INDENT) and parts:
            parts[-1][1].append(line.removeprefix(INDENT))
        elif line or not parts:
            parts.append((line, []))
        else:
            parts[-1][1].append("")
    return head, tuple(Part(heading, _trimmed(told)) for heading, told in parts)


def _trimmed(lines: list[str]) -> tuple[str, ...]:
    while lines and not lines[-1]:
        lines.pop()
    return tuple(lines)


def layout() -> str:
    """What decides the bytes of a file beside its text: the form of the layout and who sets it."""
    return f"{FORM} typst {version('typst')}"


def parties_of(canonical: str) -> tuple[tuple[str, str], ...]:
    """Code and name of each party of a canonical text, in order."""
    _, parts = parts_of(canonical)
    pairs = (line.partition(": ") for line in parts[0].lines)
    return tuple((code, name) for code, _, name in pairs)


def pdf(canonical: str, at: dt.datetime) -> bytes:
    """The PDF of a canonical text, laid out at a moment (whole seconds); tagged for readers.

    The same text and moment give the same bytes. Raises ``UserError`` for another form of text.
    """
    head, parts = parts_of(canonical)
    parties = [{"code": code, "name": name} for code, name in parties_of(canonical)]
    told: dict[str, Any] = {
        "title": head["Title"], "matter": head["Matter"], "digest": digest_of(canonical),
        "canonical": canonical, "layout": layout(), "parties": parties, "boxes": parties[:MOST_BOXES],
        "parts": [
            {"heading": one.heading, "paragraphs": _paragraphs(one.lines)} for one in parts[1:]
        ],
        "day": f"{at.astimezone(dt.UTC):%d %b %Y}".lstrip("0"),
        "place": {"left": LEFT, "top": TOP, "width": BOX_WIDTH, "height": BOX_HEIGHT,
                  "column": COLUMN, "row": ROW},
    }  # fmt: skip
    made: bytes = typst.compile(
        TEMPLATE.read_bytes(), format="pdf", ignore_system_fonts=True, timestamp=int(at.timestamp()),
        sys_inputs={"text": json.dumps(told, ensure_ascii=False)},
    )  # fmt: skip
    return _with_fields(made, canonical)


class _Exact(IncrementalPdfFileWriter):
    """A writer that leaves identifier and dates alone, so that the same text gives the same bytes."""

    @classmethod
    def _handle_id(cls, prev: Any) -> ArrayObject:
        held: ArrayObject = prev.trailer["/ID"]
        return held

    def _update_meta(self) -> None:
        """Nothing: the pages keep the moment they were laid out."""


def _with_fields(pages: bytes, canonical: str) -> bytes:
    """The file with an empty field for each party: whoever signs signs in one, and adds nothing else."""
    out = io.BytesIO(pages)
    writer = _Exact(out)
    for code, _ in parties_of(canonical):
        box = box_of(canonical, code)
        append_signature_field(
            writer, SigFieldSpec(field_of(code), on_page=-1 if box else 0, box=box)
        )
    # What a first signature would set is set now, so that signing changes nothing but its own field.
    form = writer.root["/AcroForm"]
    form[NameObject("/SigFlags")] = NumberObject(SIGNED_AND_APPEND_ONLY)
    writer.update_container(form)
    writer.write_in_place()
    return out.getvalue()


def field_of(party: str) -> str:
    """Name of the field a party signs in."""
    return f"Party-{party}"


def _paragraphs(lines: tuple[str, ...]) -> list[str]:
    return [part.strip("\n") for part in "\n".join(lines).split("\n\n") if part.strip()]


def box_of(canonical: str, party: str) -> tuple[int, int, int, int] | None:
    """Where a party signs on the last page, in points from its lower left; ``None`` past the boxes."""
    codes = [code for code, _ in parties_of(canonical)][:MOST_BOXES]
    if party not in codes:
        return None
    n = codes.index(party)
    left = LEFT + (n % 2) * COLUMN
    top = PAGE_HEIGHT - TOP - (n // 2) * ROW
    corners = (left, top - BOX_HEIGHT, left + BOX_WIDTH, top)
    x1, y1, x2, y2 = (round(corner * MILLIMETRE) for corner in corners)
    return x1, y1, x2, y2
