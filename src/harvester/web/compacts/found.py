"""What a harvest has of a commitment: which documents were read, what stands in them, which cells."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from harvester.domain.documents import LANDING_LADDER, Document, Phase, Stage
from harvester.domain.periods import Calendar, FinancialYear
from harvester.processor.compacts.verdict import Seen
from harvester.web import labels

if TYPE_CHECKING:
    from harvester.processor.compacts.protocol import Commitment
    from harvester.web.harvest_store import HarvestTables, Row

MOST_CELLS = 40
PLANS = (Phase.ADJUSTED, Phase.BUDGET, Phase.PLANNED, Phase.GAZETTED)
"""What a document promises for a year: the adjusted amount where there is one."""


@dataclass(frozen=True)
class Rung:
    """One document of the landing ladder in a commitment's year, as the harvest has it.

    ``seen`` is ``None`` where no such document was read, ``draft`` where only a draft of it was;
    ``cells`` are those that show it.
    """

    document: Document
    institution: str
    year: FinancialYear
    seen: Seen | None
    draft: bool
    cells: list[dict[str, Any]]


def as_at(tables: HarvestTables) -> dt.date | None:
    """The day a harvest is judged at."""
    told = tables.harvest.manifest.get("as_at")
    return dt.date.fromisoformat(str(told)) if told else None


def ids_of(tables: HarvestTables, undertaking: str) -> list[str]:
    """The ids under which a project stands in this harvest: its own, or those it became."""
    rows = tables.rows(
        "SELECT undertaking_id AS id FROM undertakings WHERE undertaking_id = ? UNION "
        "SELECT now_id AS id FROM redirects WHERE undertaking_id = ? AND now_id <> '' ORDER BY id",
        [undertaking, undertaking],
    )
    return [row["id"] for row in rows]


def seen_of(
    tables: HarvestTables, commitment: Commitment
) -> tuple[list[Seen], dict[str, dict[str, Any]]]:
    """The party's documents of the commitment's year, each with what the project has in it; and the
    cells by line.

    A document nobody has read is not among them. Without a project nothing can be looked up.
    """
    if not commitment.undertaking:
        return [], {}
    papers, _ = _papers(tables, commitment)
    if not papers:
        return [], {}
    entries, lines = _project(tables, commitment.undertaking)
    seen, cells = [], {}
    for paper in papers:
        own = [e for e in entries if e["submission_id"] == paper["submission_id"]]
        ids = {e["entry_id"] for e in own}
        amount, shown = _amount(commitment, [x for x in lines if x["entry_id"] in ids])
        names = [_keep(cells, paper, line) for line in shown] or [
            _keep(cells, paper, {**entry, "cell": "", "raw": entry["name"], "phase": ""})
            for entry in own
        ]
        seen.append(
            Seen(commitment.document, commitment.year, paper["published_on"], bool(own), amount,
                 tuple(names[:MOST_CELLS]))
        )  # fmt: skip
    return seen, cells


def _papers(tables: HarvestTables, commitment: Commitment) -> tuple[list[Row], list[Row]]:
    """The party's submissions of a document and year, oldest first: those that stand, and drafts.

    A municipal plan or budget stands when it is adopted; provincial and national ones are published
    when they are tabled.
    """
    wanted = (str(commitment.document), commitment.year.label)
    unsure = {Stage.DRAFT, Stage.TABLED} if commitment.document in LANDING_LADDER else {Stage.DRAFT}
    found = [
        paper for paper in _submissions(tables, commitment.party)
        if (paper["document"], paper["financial_year"]) == wanted
    ]  # fmt: skip
    drafts = [paper for paper in found if paper["stage"] in unsure]
    return [paper for paper in found if paper not in drafts], drafts


def _submissions(tables: HarvestTables, party: str) -> list[Row]:
    """A party's submissions, oldest first. A national workbook names no publisher: it is the party's
    where it holds a row of the party."""
    asked = (
        "SELECT * FROM submissions WHERE institution = ? OR submission_id IN (SELECT submission_id "
        "FROM entries WHERE institution = 'unknown' AND owner = ?) "
        "ORDER BY published_on NULLS FIRST, submission_id"
    )
    found: list[Row] = tables.remember(
        ("papers", party), lambda: tables.rows(asked, [party, party])
    )
    return found


def _project(tables: HarvestTables, undertaking: str) -> tuple[list[Row], list[Row]]:
    """A project's entries, and their lines; asked once for all the rungs it stands on."""

    def ask() -> tuple[list[Row], list[Row]]:
        entries = tables.rows(
            'SELECT e.entry_id, e.submission_id, e.sheet, e."row", e.name FROM entries e '
            "WHERE e.entry_id IN (SELECT entry_id FROM memberships WHERE undertaking_id IN "
            "(SELECT unnest(?))) ORDER BY e.entry_id",
            [ids_of(tables, undertaking)],
        )
        lines = tables.rows(
            "SELECT * FROM lines WHERE entry_id IN (SELECT unnest(?)) ORDER BY entry_id, cell",
            [[entry["entry_id"] for entry in entries]],
        )
        return entries, lines

    found: tuple[list[Row], list[Row]] = tables.remember(("project", undertaking), ask)
    return found


def _amount(commitment: Commitment, lines: list[Row]) -> tuple[int | None, list[Row]]:
    """What some lines hold for the commitment's year, and the lines that say so.

    A document that has money for the project in other years and none in this one says none: 0. One
    without any amount says nothing: ``None``.
    """
    wanted = (Phase.ACTUAL,) if commitment.document is Document.IN_YEAR else PLANS
    of_phases = [line for line in lines if line["phase"] in set(wanted)]
    if not of_phases:
        return None, []
    year = commitment.year
    mine = [x for x in of_phases if (x["year"], x["calendar"]) == (year.label, str(year.calendar))]
    for phases in ((Phase.ADJUSTED,), wanted):
        shown = [line for line in mine if line["phase"] in set(phases)]
        if shown:
            return sum(line["amount_cents"] for line in shown), shown
    return 0, of_phases


def _keep(cells: dict[str, dict[str, Any]], paper: Row, line: Row) -> str:
    """Keep a cell with where it stands, under its line's own name."""
    name = f"{line['entry_id']}:{line['cell']}"
    cells[name] = {
        "entry_id": line["entry_id"], "submission_id": paper["submission_id"], "file": paper["file"],
        "sheet": line["sheet"], "cell": line["cell"] or str(line.get("row", "")),
        "value": line["raw"], "document": paper["document"],
        "note": f"{labels.phase(line['phase'])} {line.get('year') or ''}".strip() or "the row",
    }  # fmt: skip
    return name


def ladder(tables: HarvestTables, commitment: Commitment) -> list[Rung]:
    """The rungs a commitment climbs: pipeline, IDP, budget and in-year spending of the municipality,
    and the party's own document where that is another."""
    found = []
    municipality = _municipality(tables, commitment)
    if municipality:
        # The municipal year that shares most months with the commitment's own bears the same label.
        year = FinancialYear(commitment.year.start, Calendar.MUNICIPAL)
        there = replace(commitment, party=municipality, year=year)
        found += [_rung(tables, replace(there, document=one)) for one in LANDING_LADDER]
    if commitment.document not in LANDING_LADDER:
        found.append(_rung(tables, commitment))
    return found


def _rung(tables: HarvestTables, commitment: Commitment) -> Rung:
    seen, cells = seen_of(tables, commitment)
    # The latest says how it stands now: a later budget takes the place of an earlier one.
    shown = max(seen, key=lambda s: s.published_on or dt.date.min, default=None)
    told = [cells[name] for name in shown.cells] if shown else []
    draft = shown is None and bool(_papers(tables, commitment)[1])
    return Rung(commitment.document, commitment.party, commitment.year, shown, draft, told)


def _municipality(tables: HarvestTables, commitment: Commitment) -> str:
    """The party where it is a municipality, else the one in which the project lies."""
    if labels.is_municipality(commitment.party):
        return commitment.party
    if not commitment.undertaking:
        return ""
    ids = ids_of(tables, commitment.undertaking)
    row = tables.row(
        "SELECT metro FROM undertakings WHERE undertaking_id IN (SELECT unnest(?)) "
        "ORDER BY undertaking_id",
        [ids],
    )
    metro = str(row["metro"]) if row else ""
    return metro if labels.is_municipality(metro) else ""
