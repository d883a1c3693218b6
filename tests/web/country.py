"""A small harvest, and one of any size, written in the tables' own schemas for the pages to show."""

# fmt: off
# One row a line reads as the table it is; a line for every value would be six hundred.
from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import shapely

from harvester.engine import schema
from harvester.engine.granary import Granary
from tests.links import tables_of

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from harvester.engine.granary import Harvest

AS_AT = "2018-10-12"
METROS = ("BUF", "NMA", "MAN", "EKU", "JHB", "TSH", "ETH", "CPT")
MOST_QUESTIONS = 16
"""What a page may ask of a harvest; a project looks its tables up one by one."""
HOSTILE = "<script>alert('x')</script> & =HYPERLINK(\"http://x\")"
CORNUBIA = "U-0001"
SUBMISSIONS = {
    # id: file, sheet, document, institution, year, calendar, stage, published
    "aaaa:0": ("ETH-BEPP-2017.xlsx", "Pipeline", "pipeline", "ETH", "2017/18", "municipal", "adopted", (2017, 5, 31)),
    "bbbb:0": ("ETH-IDP-2018.xlsx", "Projects", "idp", "ETH", "2018/19", "municipal", "adopted", (2018, 5, 30)),
    "cccc:0": ("SA36-2018.xlsx", "ETH", "budget", "ETH", "2018/19", "municipal", "adopted", (2018, 6, 1)),
    "dddd:0": ("SC36-2018-M03.xlsx", "ETH", "in_year", "ETH", "2018/19", "municipal", "in_year", (2018, 10, 12)),
    "eeee:0": ("IRM-KZN-2018.csv", "", "provincial_projects", "KZN-HS", "2018/19", "national", "adopted", (2018, 3, 6)),
    "ffff:0": ("zones.geojson", "", "areas", "ETH", "unknown", "municipal", "unknown", None),
}

MERGED, SPLIT, WITHDRAWN = "ZA-ETH-00000001-8", "ZA-ETH-00000002-6", "ZA-ETH-00000003-4"


def _entry(entry_id: str, name: str, undertaking: str, **more: object) -> dict[str, object]:
    submission, _, row = entry_id.rpartition(":")
    file = SUBMISSIONS[submission]
    told: dict[str, object] = {
        "entry_id": entry_id, "submission_id": submission, "sheet": file[1], "row": int(row),
        "kind": "project", "name": name, "document": file[2], "institution": file[3],
        "publication_year": file[4], "stage": file[6], "owner": file[3], "sphere": "local",
        "metro": "ETH", "province": "KZN", "function": "housing", "asset_class": "unknown",
        "nature": "new", "outcome_mtsf": "unknown", "outcome_iudf": "unknown", "grant": "unknown",
        "status": "unknown", "place_class": "located", "extras": "{}", "source_code": f"P-{row}",
        "amount_cents": 120_000_000_00, "first_year": 2018, "last_year": 2019,
        "function_text": "Housing", "municipality_text": "eThekwini",
    }
    return {**told, **more, "_undertaking": undertaking}


def _entries() -> list[dict[str, object]]:
    return [
        _entry("aaaa:0:41", "Cornubia integrated housing, phase 2", CORNUBIA, amount_cents=270_000_000_00,
               end_date=dt.date(2020, 3, 31)),
        _entry("bbbb:0:12", "Cornubia phase 2 housing", CORNUBIA, amount_cents=230_000_000_00),
        _entry("cccc:0:118", "P-CIN HSG CORNUBIA PH 2", CORNUBIA, amount_cents=230_000_000_00,
               longitude=31.07, latitude=-29.70),
        _entry("dddd:0:118", "P-CIN HSG CORNUBIA PH 2", CORNUBIA, amount_cents=None),
        _entry("eeee:0:14", "Cornubia IRDP 2", CORNUBIA, sphere="provincial", owner="KZN-HS",
               amount_cents=640_000_000_00, start_date=dt.date(2017, 4, 1), end_date=dt.date(2021, 6, 30)),
        _entry("cccc:0:119", HOSTILE, "U-0002", function="water", amount_cents=8_500_000_00,
               place_class="unknown", extras=json.dumps({"Ward note": HOSTILE})),
        _entry("eeee:0:15", "New primary school, Waterloo", "U-0003", sphere="provincial", owner="KZN-EDU",
               function="education", amount_cents=71_000_000_00, longitude=31.05, latitude=-29.66),
        _entry("cccc:0:120", "Office furniture", "U-0004", place_class="administrative",
               amount_cents=None, function="unknown", first_year=None, last_year=None),
    ]


def _line(entry_id: str, cell: str, rand: int, start: tuple[int, int], months: int, phase: str,
          calendar: str) -> dict[str, object]:
    year, month = start
    last = year * 12 + month - 1 + months
    end = dt.date(last // 12, last % 12 + 1, 1) - dt.timedelta(days=1)
    label = f"{year}/{(year + 1) % 100:02d}"
    sheet = SUBMISSIONS[entry_id.rpartition(":")[0]][1]
    return {
        "line_id": f"{entry_id}:{cell}", "entry_id": entry_id, "amount_cents": rand * 100,
        "submission_id": entry_id.rpartition(":")[0], "year": label, "calendar": calendar,
        "period_start": dt.date(year, month, 1), "period_end": end, "phase": phase, "sheet": sheet,
        "cell": cell, "header": f"Budget year {label}", "raw": f"R {rand:,}".replace(",", " "),
    }


def _lines() -> list[dict[str, object]]:
    m = 1_000_000
    town, state = "municipal", "national"
    made = [
        _line("aaaa:0:41", "H41", 60 * m, (2017, 7), 12, "planned", town),
        _line("aaaa:0:41", "I41", 120 * m, (2018, 7), 12, "planned", town),
        _line("aaaa:0:41", "J41", 90 * m, (2019, 7), 12, "planned", town),
        _line("bbbb:0:12", "F12", 120 * m, (2018, 7), 12, "planned", town),
        _line("bbbb:0:12", "G12", 110 * m, (2019, 7), 12, "planned", town),
        _line("cccc:0:118", "R118", 45 * m, (2018, 7), 12, "budget", town),
        _line("cccc:0:118", "S118", 100 * m, (2019, 7), 12, "budget", town),
        _line("cccc:0:118", "T118", 85 * m, (2020, 7), 12, "budget", town),
        _line("dddd:0:118", "K118", 22 * m, (2018, 7), 12, "adjusted", town),
        _line("dddd:0:118", "N118", 9 * m, (2018, 7), 3, "actual", town),
        _line("eeee:0:14", "AA14", 80 * m, (2017, 4), 12, "budget", state),
        _line("eeee:0:14", "AB14", 260 * m, (2018, 4), 12, "budget", state),
        _line("eeee:0:14", "AC14", 300 * m, (2019, 4), 12, "budget", state),
        _line("cccc:0:119", "R119", 8_500_000, (2018, 7), 12, "budget", town),
        _line("eeee:0:15", "AB15", 71 * m, (2018, 4), 12, "budget", state),
    ]
    made.append({
        **_line("eeee:0:14", "Y14", 5 * m, (2016, 4), 12, "spent_before", state),
        "year": "unknown", "period_start": None, "period_end": None,
    })
    return made


def _findings() -> list[dict[str, object]]:
    common = {"metro": "ETH", "function": "housing", "offering": "compacts", "forum": "CBF"}
    return [
        {"finding_id": "W07:U-0001:2018/19", "detector": "W07", "title": "Amounts disagree",
         "statement": "Cornubia phase 2: the province budgets R 640 m, the metro R 230 m.",
         "severity": "high", "year": "2018/19", "parties": "ETH,KZN-HS", "spheres": "local,provincial",
         "undertaking_id": CORNUBIA, "rand_cents": 410_000_000_00, "rand_low_cents": 300_000_000_00,
         "rand_high_cents": 410_000_000_00, "confidence": 0.94, "people": 9_800, **common},
        {"finding_id": "W04:U-0003", "detector": "W04", "title": "School the metro has not seen",
         "statement": "New primary school, Waterloo is in no plan of the metro.", "severity": "medium",
         "year": "", "parties": "KZN-EDU", "spheres": "provincial", "undertaking_id": "U-0003",
         "rand_cents": 71_000_000_00, "confidence": 1.0, **common, "function": "education"},
        {"finding_id": "W20:PRASA:2018/19", "detector": "W20", "title": "Expected submission missing",
         "statement": f"PRASA has not given its list. {HOSTILE}", "severity": "low", "year": "2018/19",
         "parties": "PRASA", "spheres": "entity", "rand_cents": None, "confidence": 1.0, **common},
    ]


def _evidence() -> list[dict[str, object]]:
    def cell(finding: str, n: int, entry: str, cell_name: str, value: str, note: str) -> dict[str, object]:
        submission = entry.rpartition(":")[0]
        file = SUBMISSIONS.get(submission, ("", ""))
        return {"finding_id": finding, "n": n, "note": note, "entry_id": entry, "cell": cell_name,
                "submission_id": submission, "file": file[0], "sheet": file[1], "value": value}

    return [
        cell("W07:U-0001:2018/19", 1, "eeee:0:14", "AB14", "260000000", "the province's budget"),
        cell("W07:U-0001:2018/19", 2, "cccc:0:118", "R118", "R 45 000 000", "the metro's budget"),
        cell("W07:U-0001:2018/19", 3, "cccc:0:119", "F119", HOSTILE, "a cell with markup in it"),
        cell("W04:U-0003", 1, "eeee:0:15", "F15", "New primary school, Waterloo", "the row"),
        cell("W20:PRASA:2018/19", 1, "", "", "", "nothing came"),
    ]


def _areas() -> list[dict[str, object]]:
    made = []
    for n, (name, west, south) in enumerate(
        [("Cornubia", 31.02, -29.74), ("Umlazi", 30.86, -29.98), ("Inner city", 31.00, -29.88)]
    ):
        shape = shapely.box(west, south, west + 0.1, south + 0.09)
        made.append({
            "area_id": f"integration_zone:{n}", "submission_id": "ffff:0", "layer": "integration_zone",
            "kind": "integration_zone", "code": f"IZ{n}", "name": name, "metro": "ETH", "priority": True,
            "population": 10_000 * (n + 1), "illustrative": True, "square_metres": 9e7,
            "geometry": shapely.to_wkb(shape),
        })
    return made


def _indicators() -> list[dict[str, object]]:
    made: list[dict[str, object]] = [
        {"indicator": "V1", "metro": metro, "sphere": "all", "year": year, "value": value,
         "low": value - 0.1, "high": value + 0.05, "numerator": 61e9, "denominator": 100e9,
         "unknown": 5e9, "items": 5}
        for year, value in (("2017/18", 0.52), ("2018/19", 0.61)) for metro in ("all", "ETH")
    ]
    made.append({"indicator": "B1", "metro": "all", "sphere": "all", "year": "2018/19", "value": None,
                 "numerator": 0.0, "denominator": 0.0, "unknown": 7e9, "items": 2})
    of = {"metro": "all", "sphere": "all", "year": "2018/19", "denominator": 4.0, "items": 4}
    made += [
        {**of, "indicator": "S2", "value": 0.43, "low": 0.21, "high": None, "numerator": 1.0, "unknown": 1.0},
        {**of, "indicator": "T1.inversion", "value": 7.5, "low": 3.0, "high": 36.0, "numerator": 30.0,
         "unknown": 0.0},
    ]
    return made


def _slices() -> list[dict[str, object]]:
    of = {"indicator": "V1", "metro": "all", "year": "2018/19", "numerator": 5e9, "denominator": 10e9,
          "unknown": 0.0, "items": 2, "value": 0.5, "low": 0.4, "high": 0.6}
    return [
        {**of, "dimension": "province", "code": "KZN"}, {**of, "dimension": "owner", "code": "KZN-HS"},
        {**of, "dimension": "fund", "code": "USDG"},
    ]


def _coverage() -> list[dict[str, object]]:
    due = dt.date(2018, 5, 31)
    row = {"metro": "ETH", "year": "2018/19", "rule": "R1", "due_on": due}
    return [
        {"institution": "ETH", "document": "budget", **row, "received": "cccc:0", "state": "received"},
        {"institution": "ETH", "document": "idp", **row, "received": "bbbb:0", "state": "late"},
        {"institution": "PRASA", "document": "agency_projects", **row, "received": "", "state": "late"},
        {"institution": "KZN-TRA", "document": "provincial_projects", **row, "received": "",
         "state": "not_due", "due_on": dt.date(2018, 10, 31)},
    ]


def _problems() -> list[dict[str, object]]:
    def problem(n: int, severity: str, row: int | None, value: str) -> dict[str, object]:
        return {"problem_id": f"cccc:0:{n}", "submission_id": "cccc:0", "stage": "sources",
                "code": "amount_text", "severity": severity, "sheet": "ETH", "row": row,
                "column": "R" if row else "", "header": "Budget year 2018/19", "value": value,
                "message": "The amount is text.", "mend": "Write a number."}

    return [problem(0, "warning", 118, "R 45 000 000"), problem(1, "error", 119, HOSTILE), problem(2, "note", None, "")]


def tables() -> dict[str, pa.Table]:
    """Every harvest table of the small country."""
    entries = _entries()
    rows: dict[str, list[dict[str, object]]] = {name.name: [] for name in schema.HARVEST_TABLES}
    rows["submissions"] = [
        {"submission_id": key, "sha256": key[0] * 64, "file": f[0], "sheet": f[1], "format": f[2],
         "document": f[2], "institution": f[3], "institution_text": f[3], "financial_year": f[4],
         "calendar": f[5], "stage": f[6], "published_on": dt.date(*f[7]) if f[7] else None,
         "title": f"{f[2]} {f[4]}", "reader_version": "test 1", "entries": 3, "lines": 5, "rejected_rows": 1}
        for key, f in SUBMISSIONS.items()
    ]
    rows["columns"] = [
        {"submission_id": "cccc:0", "sheet": "ETH", "field": "name", "column": "F", "header": "Project description"},
        {"submission_id": "cccc:0", "sheet": "ETH", "field": "amount", "column": "R", "header": "Budget year 2018/19"},
    ]
    rows["problems"], rows["lines"], rows["areas"] = _problems(), _lines(), _areas()
    rows["entries"] = [{k: v for k, v in e.items() if k != "_undertaking"} for e in entries]
    rows["links"] = [
        {"entry_a": "aaaa:0:41", "entry_b": "bbbb:0:12", "probability": 0.97, "weight": 9.1, "joined": True,
         "reasons": json.dumps([{"reason": "same place name", "weight": 6.2}, {"reason": "amounts differ", "weight": -1.1}])},
        {"entry_a": "cccc:0:118", "entry_b": "eeee:0:14", "probability": 0.94, "weight": 7.0, "joined": True,
         "decided": "accepted", "reasons": "[]"},
        {"entry_a": "bbbb:0:12", "entry_b": "eeee:0:14", "probability": 0.6, "weight": 0.6, "joined": True,
         "decided": "rejected", "reasons": json.dumps([{"reason": "same kind of facility", "weight": 3.1}])},
        {"entry_a": "cccc:0:119", "entry_b": "eeee:0:15", "probability": 0.3, "weight": -1.2, "reasons": "[]", "joined": False},
    ]
    rows["review"], rows["decisions"] = _review(), _decisions()
    rows["memberships"] = [
        {"entry_id": e["entry_id"], "undertaking_id": e["_undertaking"], "probability": 0.97} for e in entries
    ]
    rows["undertakings"] = _undertakings()
    rows["relations"] = [
        {"from_undertaking": "U-0003", "to_undertaking": CORNUBIA, "kind": "part_of", "probability": 0.97,
         "reasons": json.dumps([{"reason": "names the programme as its parent", "weight": 4.0}])},
    ]
    rows["redirects"] = [
        {"undertaking_id": MERGED, "now_id": CORNUBIA, "kind": "merge", "name": "Cornubia houses"},
        {"undertaking_id": SPLIT, "now_id": "U-0003", "kind": "split", "name": "Waterloo schools"},
        {"undertaking_id": SPLIT, "now_id": "U-0004", "kind": "split", "name": "Waterloo schools"},
        {"undertaking_id": WITHDRAWN, "now_id": "", "kind": "withdrawn", "name": "Umlazi clinic"},
        {"undertaking_id": "U-0002", "now_id": "U-0004", "kind": "split", "name": HOSTILE},
    ]
    rows["spatial_budget"] = _spatial()
    rows["places"] = [
        {"entry_id": "cccc:0:118", "layer": "integration_zone", "area_id": "integration_zone:0",
         "place_class": "located", "weight": 1, "rule": "point"},
    ]
    rows["indicators"], rows["findings"], rows["evidence"] = _indicators(), _findings(), _evidence()
    rows["indicator_parts"] = [
        {"indicator": "V1", "metro": "ETH", "sphere": "local", "year": "2018/19", "item": "cccc:0:118",
         "entry_id": "cccc:0:118", "amount_cents": 45_000_000_00, "share": 1.0, "share_low": 0.9, "share_high": 1.0},
        {"indicator": "V1", "metro": "ETH", "sphere": "local", "year": "2018/19", "item": "cccc:0:119",
         "entry_id": "cccc:0:119", "amount_cents": 8_500_000_00, "share": None, "share_low": 0.0, "share_high": 1.0},
    ]
    rows["coverage"] = _coverage()
    rows["indicator_slices"] = _slices()
    linked = tables_of(rows.pop("links"))
    made = {t.name: t.from_rows(rows[t.name]) for t in schema.HARVEST_TABLES if t.name not in linked}
    return made | linked


REASON = '=HYPERLINK("http://x") <script>alert(1)</script>'


def _review() -> list[dict[str, object]]:
    common = {"metro": "ETH", "institution_a": "ETH", "institution_b": "KZN-HS", "document_b": "provincial_projects"}
    return [
        {**common, "rank": 1, "entry_a": "bbbb:0:12", "entry_b": "eeee:0:14", "name_a": "Cornubia phase 2 housing",
         "name_b": "Cornubia IRDP 2", "undertaking_a": CORNUBIA, "undertaking_b": CORNUBIA, "document_a": "idp",
         "probability": 0.6, "joined": True, "contradicted": True, "amount_cents": 230_000_000_00, "findings": 1,
         "detectors": "W07", "value": 460e6, "pairs": 3},
        {**common, "rank": 2, "entry_a": "cccc:0:119", "entry_b": "eeee:0:15", "name_a": HOSTILE,
         "name_b": "New primary school, Waterloo", "undertaking_a": "U-0002", "undertaking_b": "U-0003",
         "document_a": "budget", "probability": 0.3, "joined": False, "contradicted": False, "amount_cents": None,
         "findings": 1, "detectors": "W04", "value": None, "pairs": 1},
    ]


def _decisions() -> list[dict[str, object]]:
    common = {"entry_a": "bbbb:0:12", "entry_b": "eeee:0:14", "now_a": "bbbb:0:12", "now_b": "eeee:0:14", "metro": "ETH",
              "name_a": "Cornubia phase 2 housing", "name_b": "Cornubia IRDP 2", "state": "contradicted", "run": "h0001"}
    return [
        {**common, "decision_id": "d1", "at": "2018-10-13T08:00:00.000000Z", "actor": "planner", "institution": "ETH",
         "verdict": "rejected", "reason": REASON},
        {**common, "decision_id": "d2", "at": "2018-10-14T08:00:00.000000Z", "actor": "official", "institution": "KZN-HS",
         "verdict": "accepted", "reason": "the same site"},
    ]


def _undertakings() -> list[dict[str, object]]:
    common = {"metro": "ETH", "province": "KZN", "sphere": "local", "owner": "ETH", "confidence": 1.0, "entries": 1}
    return [
        {**common, "undertaking_id": CORNUBIA, "name": "Cornubia integrated housing, phase 2", "function": "housing",
         "owner": "KZN-HS", "sphere": "provincial", "entries": 5, "confidence": 0.94, "first_year": 2017,
         "documents": "pipeline,idp,budget,in_year,provincial_projects", "institutions": "ETH,KZN-HS",
         "last_year": 2020, "amount_cents": 640_000_000_00, "place_class": "located", "longitude": 31.07, "latitude": -29.70},
        {**common, "undertaking_id": "U-0002", "name": HOSTILE, "function": "water", "documents": "budget",
         "institutions": "ETH", "first_year": 2018, "last_year": 2018, "amount_cents": 8_500_000_00, "place_class": "unknown"},
        {**common, "undertaking_id": "U-0003", "name": "New primary school, Waterloo", "function": "education",
         "owner": "KZN-EDU", "sphere": "provincial", "documents": "provincial_projects", "institutions": "KZN-HS",
         "first_year": 2018, "last_year": 2018, "amount_cents": 71_000_000_00, "place_class": "located",
         "longitude": 31.05, "latitude": -29.66},
        {**common, "undertaking_id": "U-0004", "name": "Office furniture", "function": "unknown", "documents": "budget",
         "institutions": "ETH", "amount_cents": None, "place_class": "administrative"},
    ]


def _spatial() -> list[dict[str, object]]:
    common = {"layer": "integration_zone", "metro": "ETH", "sphere": "local", "owner": "ETH", "document": "budget",
              "function": "housing", "grant": "unknown", "phase": "budget", "year": "2018/19", "entries": 1,
              "latest": True}
    return [
        {**common, "area_id": "integration_zone:0", "place_class": "located", "amount_cents": 45_000_000_00},
        {**common, "area_id": "integration_zone:1", "place_class": "located", "amount_cents": 3_000_000_00},
        {**common, "area_id": "", "place_class": "unknown", "amount_cents": 8_500_000_00},
    ]


def store(
    home: Path, made: dict[str, pa.Table], run: str = "h0001", as_at: str = AS_AT
) -> Harvest:
    """Put tables in service as a harvest of ``home``."""
    manifest = {
        "run": run, "digest": "7f3ac21e" * 8, "as_at": as_at, "seconds": {}, "engine": "duckdb",
        "inputs": {"digest": "", "files": ["c" * 64], "rules": "r" * 8}, "version": "0", "counts": {n: t.num_rows for n, t in made.items()},
    }
    return Granary(home).store_harvest(run, made, manifest)
