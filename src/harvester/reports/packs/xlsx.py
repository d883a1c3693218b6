"""The pack as a workbook: one sheet for each part, every list filtered and frozen."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook

from harvester.domain.money import CENTS_PER_RAND
from harvester.reports.tables import safe_cell

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDEST = 60


def xlsx(pack: dict[str, Any]) -> bytes:
    """The workbook of a pack; the same pack gives the same bytes."""
    out = io.BytesIO()
    book = Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    day = dt.datetime.combine(dt.date.fromisoformat(pack["on"]), dt.time())
    book.set_properties(
        {
            "title": f"{pack['title']}: {pack['about']}",
            "author": "Combined Harvester",
            "created": day,
        }
    )
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for name, heads, rows in _sheets(pack):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, heads, bold)
        for n, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                sheet.write(n, column, safe_cell(value), wrapped)
        sheet.freeze_panes(1, 0)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(heads) - 1)
        for column, head in enumerate(heads):
            longest = max([len(head), *(len(str(row[column])) for row in rows)])
            sheet.set_column(column, column, min(longest + 2, WIDEST))
    book.close()
    return out.getvalue()


def _sheets(pack: dict[str, Any]) -> list[tuple[str, Sequence[str], list[Sequence[Any]]]]:
    seal = pack["seal"]
    about = [
        ("Pack", pack["title"]), ("About", pack["about"]), ("Meeting", pack["on"]),
        ("Forum decides", pack["forum"]["decides"]), ("", pack["binding"]),
        *((one["name"], one["value"]) for one in pack["headline"]),
        *((f"seal: {name}", value or "") for name, value in seal.items()),
    ]  # fmt: skip
    findings = [
        (f["number"], f["title"], f["statement"], f["severity"],
         "unknown" if f["rand_cents"] is None else f["rand_cents"] / CENTS_PER_RAND, f["sure"],
         ", ".join(f["parties"]), f["asked"], f["id"])
        for f in pack["findings"]
    ]  # fmt: skip
    cells = [
        (f["number"], c["file"], c["sheet"], c["cell"], c["value"], c["says"])
        for f in pack["findings"]
        for c in f["cells"]
    ]
    meeting = pack.get("meeting") or {"items": [], "late": []}
    items = [
        (i["number"], i["key"], i["title"], i["state"], i["why"], i["asked"], i["rand"],
         ", ".join(i["parties"]), "; ".join(i["decided"]))
        for i in meeting["items"]
    ]  # fmt: skip
    agenda: list[tuple[str, Sequence[str], list[Sequence[Any]]]] = [
        ("Agenda", ("No", "Matter", "Title", "State", "Why here", "Asked", "Rand at stake", "Parties", "Decided"), items),
        ("Positions", ("Item", "Matter", "Text", "Rung", "Clause", "Version", "Clause stands", "Words on the table", "Offered by", "Party", "Position", "Dissent"),
         [(i["number"], i["key"], t["title"], t["rung"], f"{c['clause']} {c['heading']}", c["version"], c["stands"], c["words"], c["offered_by"], p["party"], p["position"], p["dissent"])
          for i in meeting["items"] for t in i["texts"] for c in t["clauses"] for p in c["parties"]]),
        ("Last done", ("Item", "Matter", "Party", "Did last", "On", "Said with it"),
         [(i["number"], i["key"], one["party"], one["step"], one["on"], one["told"]) for i in meeting["items"] for one in i["last"]]),
        ("Commitments", ("Item", "Matter", "No", "Commitment", "Stands", "Due", "Verdict", "Why", "Contested by"),
         [(i["number"], i["key"], c["id"], c["words"], c["stands"], c["due"], c["verdict"], c["why"], ", ".join(c["contested_by"]))
          for i in meeting["items"] if i["protocol"] for c in i["protocol"]["commitments"]]),
        ("Papers", ("No", "Matter", "Paper", "By", "Put in", "For", "In this archive as", "SHA-256"),
         [(p["number"], i["key"], p["title"], p["by"], p["on"], p["for"], p["annex"], p["sha256"]) for i in meeting["items"] for p in i["papers"]]),
        ("Decisions late", ("Decision", "Owed by", "Was due"), [(d["words"], d["owner"], d["due"]) for d in meeting["late"]]),
    ]  # fmt: skip
    return [
        ("About", ("What", "Says"), about),
        *(agenda if "meeting" in pack else []),
        ("Findings", ("No", "Finding", "Statement", "Severity", "Rand at stake", "Sure", "Parties", "Asked", "Id"), findings),
        ("Evidence", ("No", "File", "Sheet", "Cell", "The cell says", "Which shows"), cells),
        ("Indicators", ("Indicator", "Name", "Year", "Value", "Band low (9 in 10)", "Band high", "Bound low", "Bound high", "Formula"),
         [(i["id"], i["name"], i["year"], *("unknown" if i[k] is None else i[k] for k in ("value", "low", "high", "bound_low", "bound_high")), i["formula"]) for i in pack["indicators"]]),
        ("Not submitted", ("Who", "What", "Was due"), [(m["who"], m["what"], m["due"]) for m in pack["missing"]]),
        ("What comes next", ("By", "What", "Who", "Law", "Verified"),
         [(a["day"], a["title"], a["who"], a["law"], a["verified"]) for a in pack["ahead"]]),
        ("Sources", ("Publisher", "Document", "Year", "File", "Published", "Age", "SHA-256"),
         [(s["who"], s["what"], s["year"], s["file"], s["published"], s["age"], s["sha256"]) for s in pack["sources"]]),
    ]  # fmt: skip
