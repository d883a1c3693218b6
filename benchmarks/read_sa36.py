"""Reading SA36 workbooks: ours into the granary, the field's way into its tables."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import xlsxwriter

from benchmarks.measure import machine, measured
from harvester.intake import ingest

METROS = {
    "BUF": "Eastern Cape: Buffalo City", "NMA": "Eastern Cape: Nelson Mandela Bay",
    "MAN": "Free State: Mangaung", "EKU": "Gauteng: City of Ekurhuleni",
    "JHB": "Gauteng: City of Johannesburg", "TSH": "Gauteng: City of Tshwane",
    "ETH": "Kwazulu-Natal: eThekwini", "CPT": "Western Cape: Cape Town",
}  # fmt: skip
HEADER = (
    "\nFunction", "\nProject Decription", "\nProject Number", "\nType", "\nMTSF Service Outcome",
    "\nIUDF", "\nOwn Strategic Objectives", "\nAsset Class", "\nAsset Sub-Class", "\nWard Location",
    "\nGPS Longitude", "\nGPS Latitude", "Audited Outcome\n2017/18", "Full Year Forecast\n2018/19",
    "Budget year\n2019/20", "Budget year\n2020/21", "Budget year\n2021/22",
)  # fmt: skip
WORKS = ("RDS ROADS", "WAT BULK MAINS", "SAN PUMP STATION", "ELE SUBSTATION", "COM HALLS")
TARGET = 50


def write_workbooks(folder: Path, projects: int) -> None:
    """Eight workbooks in the real layout, ``projects`` rows together, five amounts a row."""
    chance = random.Random(2019)
    each = projects // len(METROS)
    for code, name in METROS.items():
        book = xlsxwriter.Workbook(folder / f"{code}.xlsx", {"constant_memory": True})
        sheet = book.add_worksheet(code)
        title = f"{name}({code}) - Table SA36 Detailed Capital Budget (projects)"
        sheet.write_string(0, 0, f"{title} (Figures Finalised as at 2020/03/31)")
        sheet.write_string(1, 0, "R thousands")
        sheet.write_row(2, 0, HEADER)
        for n in range(each):
            sheet.write_row(3 + n, 0, project_row(chance, code, n))
        sheet.write_string(each + 4, 0, "References")
        book.close()


def project_row(chance: random.Random, code: str, n: int) -> list[object]:
    """One project as metros publish them: code-speak, GPS ``0``, amounts as numbers or text."""
    amounts: list[object] = [chance.randrange(10_000, 90_000_000) for _ in range(5)]
    amounts[chance.randrange(5)] = str(amounts[0])
    return [
        "Roads", f"P-CIN {chance.choice(WORKS)} {code} {n}", f"PC001002006001_{n:05d}", "New",
        "A responsive and accountable local government", "Growth",
        "OWN MUNICIPAL STRATEGIC OBJECTIVE", "Roads Infrastructure", "Roads",
        "Whole of the Metro", "0", "0", *amounts,
    ]  # fmt: skip


def ours(folder: str) -> dict[str, int]:
    """Read every workbook of a folder into a fresh granary."""
    with tempfile.TemporaryDirectory() as home:
        done = ingest(Path(home), [Path(folder)])
        rows = [row for result in done for row in result.submissions()]
    return {
        "projects": sum(row["entries"] for row in rows),
        "amounts": sum(row["lines"] for row in rows),
    }


def main(projects: int) -> None:
    """Print ours, the peer and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        write_workbooks(Path(folder), projects)
        mine = measured("benchmarks.read_sa36", "ours", folder)
        peer = measured("benchmarks.field_loader", "load", folder)
    if mine.result != peer.result:
        raise RuntimeError(f"not the same work: ours {mine.result}, the peer {peer.result}")
    rows = [
        ("", "seconds", "projects/s", "peak MB"),
        *(
            (
                name,
                f"{m.seconds:.2f}",
                f"{m.result['projects'] / m.seconds:,.0f}",
                f"{m.peak_mb:.0f}",
            )
            for name, m in (("ours", mine), ("openpyxl + ORM", peer))
        ),
    ]
    print(
        f"Read SA36: {projects} projects in 8 workbooks, {mine.result['amounts']} amounts ({machine()})"
    )
    for name, *figures in rows:
        print(f"  {name:<16}" + "".join(f"{figure:>14}" for figure in figures))
    faster = peer.seconds / mine.seconds
    print(
        f"  ours is {faster:.0f} x as fast (wanted: {TARGET}), with {mine.peak_mb / peer.peak_mb:.2f} of its memory\n"
    )
