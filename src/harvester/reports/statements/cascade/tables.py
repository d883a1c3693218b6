"""The tables of a cascade: outcomes, undertakings, targets, and the crosswalk they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.reports import words
from harvester.reports.statements.cascade.rungs import (
    GAP,
    NO_OUTCOME,
    RUNG_WORDS,
    RUNGS,
    UNREAD,
    money_of,
    traced,
)  # fmt: skip
from harvester.reports.statements.statement import Column, Table
from harvester.rules import codes, crosswalk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harvester.reports.statements.statement import Row


def target_state(row: Row) -> str:
    """What stands behind a target, in a word: works here, works elsewhere, nothing, or not known."""
    if not row["theme"]:
        return "asks for no works"
    if row["here"]:
        return "works here"
    if row["works"]:
        return "works elsewhere only"
    return "nothing behind it" if row["readable"] else UNREAD


def outcome_words(code: str) -> str:
    """An outcome in words."""
    return "No outcome known" if code == NO_OUTCOME else codes.load("mtsf_outcomes").label(code)


def outcomes_of(undertakings: list[Row], targets: list[Row]) -> list[str]:
    """Outcomes anything serves, in the order of the code list, the unknown one last."""
    used = {row["outcome"] for row in undertakings} | {
        t["outcome_mtsf"] or NO_OUTCOME for t in targets
    }
    known = [code for code in codes.load("mtsf_outcomes").codes if code in used]
    return [*known, NO_OUTCOME] if NO_OUTCOME in used else known


def above_and_below(code: str) -> tuple[list[str], list[str]]:
    """NDP chapters that hold an outcome, and IUDF goals it holds, in words."""
    told, goals = crosswalk.load(), codes.load("iudf_goals")
    chapters = [
        f"Chapter {one.of_code}: {told.chapters[one.of_code]}"
        for one in told.references
        if one.of_scheme == "ndp" and (one.scheme, one.code) == ("mtsf", code)
    ]
    below = [
        goals.label(one.code)
        for one in told.references
        if (one.of_scheme, one.of_code, one.scheme) == ("mtsf", code, "iudf")
    ]
    return chapters, below


def outcome_table(outcomes: list[str], undertakings: list[Row], targets: list[Row]) -> Table:
    """One row for each outcome: what is promised, what serves it, gaps."""
    rows = []
    for code in outcomes:
        mine = [row for row in undertakings if row["outcome"] == code]
        promised = [t for t in targets if (t["outcome_mtsf"] or NO_OUTCOME) == code]
        chapters, goals = above_and_below(code)
        amounts = [cents for row in mine if (cents := money_of(row)) is not None]
        whole = [cents for row in mine if traced(row) and (cents := money_of(row)) is not None]
        rows.append({
            "outcome": outcome_words(code), "code": code, "ndp": "; ".join(chapters),
            "iudf": "; ".join(goals), "strategic": sum(t["level"] == "strategic" for t in promised),
            "annual": sum(t["level"] == "annual" for t in promised),
            "bare": sum(target_state(t) == "nothing behind it" for t in promised),
            "undertakings": len(mine), "traced": sum(map(traced, mine)),
            "amount": sum(amounts) if amounts else None, "traced_amount": sum(whole),
            "gaps": counted(mine, GAP), "unread": counted(mine, UNREAD),
        })  # fmt: skip
    return Table(
        "outcomes", "Outcomes and what serves them",
        (
            Column("outcome", "MTSF outcome"), Column("code", "Code"), Column("ndp", "NDP chapter"),
            Column("iudf", "IUDF goal"), Column("strategic", "Five-year targets", "whole"),
            Column("annual", "Annual targets", "whole"),
            Column("bare", "Targets with nothing behind them", "whole"),
            Column("undertakings", "Undertakings", "whole"), Column("amount", "Their money", "rand"),
            Column("traced", "Traced to a budget line", "whole"),
            Column("traced_amount", "Money traced", "rand"), Column("gaps", "Gaps", "whole"),
            Column("unread", "Rungs not read", "whole"),
        ),
        rows,
        note="Traced: found on every rung that is asked of its owner. A gap is a rung that was read "
        "and holds nothing; a rung not read is unknown and never a gap.",
    )  # fmt: skip


def counted(rows: Iterable[Row], state: str) -> int:
    """How many rungs of some undertakings are in a state."""
    return sum(row[f"{rung}_state"] == state for row in rows for rung in RUNGS)


def undertaking_table(undertakings: list[Row]) -> Table:
    """One row for each undertaking: state and money of every rung."""
    rows = [
        {**row, "outcome_name": outcome_words(row["outcome"]),
         "owner_name": words.institution(row["owner"]), "amount": money_of(row)}
        for row in undertakings
    ]  # fmt: skip
    states = [
        column
        for rung in RUNGS
        for column in (
            Column(f"{rung}_state", RUNG_WORDS[rung]),
            Column(f"{rung}_cents", f"{RUNG_WORDS[rung]}: rand", "rand"),
        )
    ]
    return Table(
        "undertakings", "Undertakings, rung by rung",
        (
            Column("name", "Undertaking"), Column("undertaking_id", "Id"),
            Column("outcome_name", "Outcome"), Column("basis", "How it is known"),
            Column("owner_name", "Owner"), Column("sphere", "Sphere"),
            Column("objective", "IDP or own objective"), *states,
        ),
        rows,
        note="Stated: its own papers name the outcome. By target: it stands behind a target of that "
        "outcome. By function: what its function serves, by the crosswalk.",
    )  # fmt: skip


def target_table(targets: list[Row]) -> Table:
    """One row for each target: what stands behind it here and anywhere."""
    themes = crosswalk.load().themes
    rows = [
        {
            **row, "owner_name": words.institution(row["owner"]), "state": target_state(row),
            "outcome_name": outcome_words(row["outcome_mtsf"] or NO_OUTCOME),
            "level": "five years" if row["level"] == "strategic" else "annual",
            "asks": themes[row["theme"]].label if row["theme"] in themes else "no works",
        }
        for row in targets
    ]  # fmt: skip
    return Table(
        "targets", "What departments promise, and what stands behind it",
        (
            Column("name", "Target"), Column("owner_name", "Department"), Column("level", "Level"),
            Column("year", "Plan of"), Column("outcome_name", "Outcome"),
            Column("target", "Value", "number"), Column("asks", "Asks for"),
            Column("state", "Behind it"), Column("here", "Undertakings here", "whole"),
            Column("here_cents", "Rand here", "rand"),
            Column("undertakings", "Undertakings anywhere", "whole"),
        ),
        rows,
        note="Targets are of a whole province or the country; what stands behind them here is counted "
        "apart. Being behind is not being enough.",
    )  # fmt: skip


def crosswalk_table(outcomes: list[str]) -> Table:
    """The entries of the crosswalk that name an outcome used, each with its mark."""
    rows = [
        {"above": f"{one.of_scheme}:{one.of_code}", "below": f"{one.scheme}:{one.code}",
         "source": one.source, "verified": "verified" if one.verified else "not verified"}
        for one in crosswalk.load().references
        if one.of_code in outcomes or one.code in outcomes
    ]  # fmt: skip
    return Table(
        "crosswalk", "The crosswalk used, entry by entry",
        (
            Column("above", "The wider"), Column("below", "Holds"), Column("source", "Source"),
            Column("verified", "Mark"),
        ),
        rows, note="From rules/data/crosswalk.yaml.",
    )  # fmt: skip
