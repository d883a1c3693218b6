"""Whether the harvest in service mended what a case is about, and by which published document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.domain.documents import Document
from harvester.web import labels

if TYPE_CHECKING:
    from harvester.web.harvest_store import HarvestTables
    from harvester.web.models import Matter

STATUTORY = frozenset(
    str(document)
    for document in (
        Document.PIPELINE,
        Document.IDP,
        Document.BUDGET,
        Document.IN_YEAR,
        Document.PROVINCIAL_PROJECTS,
        Document.NATIONAL_PROJECTS,
        Document.INFRASTRUCTURE_PLAN,
        Document.STRATEGIC_PLAN,
        Document.ALLOCATIONS,
    )
)
"""Plans, budgets and what reports on them by law. A list an agency sends or a layer of areas can
mend a finding too, and closes no case."""


@dataclass(frozen=True)
class Mended:
    """A finding that is gone: why, and the statutory documents that show it (empty: none does)."""

    cause: str
    shown_by: str
    words: str


def of_case(tables: HarvestTables, case: Matter) -> Mended | None:
    """What mended the finding of a case; ``None`` where it still stands or the case has none.

    The list of mended findings is the harvest's own: it names the submissions read since that
    mended each. A finding gone by a decision, a rule or a withdrawn file is shown by no document.
    """
    if not case.finding:
        return None
    if tables.row("SELECT 1 FROM findings WHERE finding_id = ?", [case.finding]):
        return None
    row = tables.row("SELECT cause, submissions FROM mended WHERE finding_id = ?", [case.finding])
    if row is None:
        return Mended("unknown", "", f"Harvest {tables.run} no longer has the finding.")
    papers = [one for one in str(row["submissions"]).split(",") if one]
    shown = _statutory(tables, papers) if row["cause"] == "submission" else []
    words = f"Harvest {tables.run} no longer has the finding"
    words += f"; {'; '.join(shown)} shows it." if shown else f" ({row['cause']})."
    return Mended(str(row["cause"]), "; ".join(shown), words)


def _statutory(tables: HarvestTables, submissions: list[str]) -> list[str]:
    """The plans and budgets among these submissions, as a person would name them."""
    found = []
    for one in submissions:
        row = tables.row("SELECT * FROM submissions WHERE submission_id = ?", [one])
        if row and row["document"] in STATUTORY:
            who = labels.institution(row["institution"])
            what = labels.document(row["document"])
            found.append(f"{what} {row['financial_year']} of {who} ({row['file']})")
    return found
