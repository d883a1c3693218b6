"""Small published files, made for a test: real layouts, as little as shows the point."""

from __future__ import annotations

import struct
import zipfile
from typing import TYPE_CHECKING

import xlsxwriter

from harvester.sources import registry
from harvester.sources.reading import Reading, ReadOptions, SourceFile
from harvester.sources.tables.workbook import column_letter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SA36_TITLE = (
    "Eastern Cape: Buffalo City(BUF) - Table SA36 Detailed Capital Budget (projects) "
    "(Figures Finalised as at 2020/03/31)"
)
SC36_TITLE = (
    "Eastern Cape: Buffalo City(BUF) - Table SC36 Detailed Capital Budget and Actuals (projects) "
    "for period ending (M09) 31 March 2020"
)
CAPITAL_HEADINGS = [
    "\nFunction", "\nProject Decription", "\nProject Number", "\nType", "\nMTSF Service Outcome",
    "\nIUDF", "\nOwn Strategic Objectives", "\nAsset Class", "\nAsset Sub-Class",
    "\nWard Location", "\nGPS Longitude", "\nGPS Latitude",
]  # fmt: skip
SA36_HEADINGS = [
    *CAPITAL_HEADINGS, "Audited Outcome\n2017/18", "Full Year Forecast\n2018/19",
    "Budget year\n2019/20", "Budget year\n2020/21", "Budget year\n2021/22",
]  # fmt: skip
_MONTHS = ["July", "Aug", "Sept", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "June"]
SC36_HEADINGS = [
    *CAPITAL_HEADINGS, "Audited Outcome\n2018/19", "Original Budget\n2019/20",
    "Adjusted Budget\n2019/20",
    *(
        heading
        for i, month in enumerate(_MONTHS, 1)
        for heading in (
            f"M{i:02d} {month} Actual\n2019/20",
            *([f"Q{i // 3} {month} Actual\n2019/20"] if i % 3 == 0 else []),
        )
    ),
    "YTD Actual\n2019/20",
]  # fmt: skip


def project(number: int = 1, *amounts: object, **cells: object) -> list[object]:
    """A good row of a capital table; ``cells`` replace cells by their place from 0 (``c9=...``)."""
    row: list[object] = [
        "Roads", f"Upgrade of Road {number}", f"PC002003005_{number:05d}", "New",
        "An efficient, effective and development-oriented public service", "Growth", "Grow",
        "Roads Infrastructure", "Roads", "Coastal", 27.9, -33.0,
    ]  # fmt: skip
    for place, value in cells.items():
        row[int(place[1:])] = value
    return [*row, *(amounts or (None, None, 500_000))]


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    """A workbook; ``None`` cells are left out."""
    book = xlsxwriter.Workbook(str(path), {"nan_inf_to_errors": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is not None:
                    sheet.write(r, c, value)
    book.close()
    return path


def sa36(path: Path, rows: Sequence[Sequence[object]], *, sheet: str = "BUF", title: str = SA36_TITLE,
         headings: Sequence[str] = SA36_HEADINGS) -> Path:  # fmt: skip
    """An SA36 workbook of one sheet."""
    return workbook(path, {sheet: [[title], ["R thousands"], headings, *rows]})


def sc36(path: Path, rows: Sequence[Sequence[object]], *, title: str = SC36_TITLE) -> Path:
    """An SC36 workbook of one sheet."""
    return workbook(path, {"BUF": [[title], ["R thousands"], SC36_HEADINGS, *rows]})


def spending(**cells: float | str | None) -> list[object]:
    """The amount cells of an SC36 row, by the first word of their heading (``M01``, ``Q1``)."""
    return [cells.get(h.split()[0]) for h in SC36_HEADINGS[len(CAPITAL_HEADINGS) :]]


def read(path: Path, **options: str) -> Reading:
    """Read a file the way the command does."""
    return registry.read(SourceFile.at(path), ReadOptions(**options))


def problems(reading: Reading, code: str) -> list[dict[str, object]]:
    """The problems of one kind."""
    return [p for p in reading.problems.to_pylist() if p["code"] == code]


def codes(reading: Reading) -> set[str]:
    """The kinds of problem there are."""
    return set(reading.problems.column("code").to_pylist())


def amounts(reading: Reading) -> list[tuple[str, int, str, str]]:
    """(cell, cents, year, phase) of every line."""
    return [
        (line["cell"], line["amount_cents"], line["year"], line["phase"])
        for line in reading.lines.to_pylist()
    ]


def edited(source: Path, target: Path, edit: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a zipped file with its parts edited; a part edited to ``None`` is left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = edit(part.filename, old.read(part))
            if content is not None:
                new.writestr(part.filename, content)
    return target


def ods(path: Path, rows: str, manifest: str = "") -> Path:
    """The least an OpenDocument spreadsheet can be, with one sheet of the given rows."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces} office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="BUF">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", f"<manifest:manifest>{manifest}</manifest:manifest>"
        )
        archive.writestr("content.xml", content)
    return path


def with_blank_rows(path: Path, rows: int, columns: int) -> Path:
    """A workbook with one filled cell and then formatted rows that hold nothing."""
    good = workbook(path.with_suffix(".good.xlsx"), {"A": [["x"]]})
    cells = "".join(f'<c r="{column_letter(c)}#" s="1"/>' for c in range(columns))
    row = f'<row r="#">{cells}</row>'.encode()
    blanks = b"".join(row.replace(b"#", b"%d" % r) for r in range(2, rows + 2))
    first = b'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'

    def fill(name: str, content: bytes) -> bytes:
        if "sheet1.xml" not in name:
            return content
        start = content.index(b"<sheetData>") + len(b"<sheetData>")
        return content[:start] + first + blanks + b"</sheetData></worksheet>"

    return edited(good, path, fill)


def ods_row(cells: Sequence[object]) -> str:
    """One row of an OpenDocument sheet."""
    made = []
    for cell in cells:
        if cell is None:
            made.append("<table:table-cell/>")
        elif isinstance(cell, str):
            made.append(
                f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
                "</table:table-cell>",
            )
        else:
            made.append(f'<table:table-cell office:value-type="float" office:value="{cell}"/>')
    return f"<table:table-row>{''.join(made)}</table:table-row>"


def locked_workbook(path: Path) -> Path:
    """What Excel writes when a workbook is saved with a password: a compound file whose directory
    names ``EncryptedPackage`` instead of a zip."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HH", header, 24, 0x3E, 3)
    names = "".join(n.ljust(32, "\0") for n in ("Root Entry", "EncryptionInfo", "EncryptedPackage"))
    path.write_bytes(bytes(header) + names.encode("utf-16-le") + bytes(512))
    return path
