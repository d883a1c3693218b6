"""Everything a pack says, as plain values: what the three files show and what is checked later."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from harvester.domain.money import format_rand_short
from harvester.reports import aligned, money, read, words
from harvester.rules import forums
from harvester.rules.law import calendar

if TYPE_CHECKING:
    from harvester.reports.view import Books
    from harvester.rules.forums import Forum

MOST_FINDINGS = 25
DAYS_AHEAD = 120

ASKED = {
    "agreements": "Agree which of the documents holds, and by when the other is mended.",
    "compacts": "Commit to the line in which it is to land, the amount and the year.",
    "finance": "Say what is done about the money, by whom and by when.",
    "learning": "Name who has solved this elsewhere, and what of it can be used.",
}
"""The decision a finding asks of a forum, by the offering that suits it."""

NOT_BINDING = (
    "No forum binds another sphere. What is agreed here is in force only when it stands in a signed "
    "protocol, an adopted plan or budget, a gazette or a law."
)

_FOR_FORUM = f"""
SELECT finding_id FROM findings WHERE forum = $forum AND ($metro = '' OR metro = $metro)
ORDER BY {aligned.BY_WEIGHT}, rand_cents DESC NULLS LAST, finding_id
"""


def gather(books: Books, forum: Forum, metro: str, on: dt.date) -> dict[str, Any]:
    """What a pack for a forum's meeting on a day says of a municipality (empty: the country).

    Findings are those the forum can take, the weightiest first, each with the cells that show it and
    the decision asked; figures keep their bands, sources their ages.
    """
    day = books.manifest.get("as_at")
    as_at = dt.date.fromisoformat(day) if day else None
    wanted = [row["finding_id"] for row in books.rows(_FOR_FORUM, forum=forum.code, metro=metro)]
    rank = {finding: n for n, finding in enumerate(wanted)}
    every = aligned.findings(books, metro, most=1_000_000)
    mine = sorted(
        (f for f in every if f["finding_id"] in rank), key=lambda f: rank[f["finding_id"]]
    )
    return {
        "title": f"Pack for the {forum.name}",
        "about": words.institution(metro) if metro else "South Africa",
        "metro": metro,
        "on": on.isoformat(),
        "forum": {
            "code": forum.code, "name": forum.name, "law": forum.law, "verified": forum.verified,
            "members": forum.members, "decides": forum.decides, "rung": str(forum.rung),
        },
        "binding": NOT_BINDING,
        "headline": _headline(books, metro),
        "indicators": [_indicator(one) for one in aligned.indicators(books, metro, as_at)],
        "findings": [_finding(n, one) for n, one in enumerate(mine[:MOST_FINDINGS], start=1)],
        "findings_in_all": len(mine),
        "missing": _missing(books, metro, as_at),
        "ahead": _ahead(on),
        "sources": [_source(row) for row in read.submissions(books, metro, as_at)],
        "seal": _seal(books, as_at),
    }  # fmt: skip


def forum_of(code: str) -> Forum | None:
    """The forum of a code, or ``None``."""
    return forums.load().get(code)


def _seal(books: Books, as_at: dt.date | None) -> dict[str, Any]:
    """By what the pack can be traced: the run, its digest and what it read."""
    manifest = books.manifest
    return {
        "run": manifest["run"], "digest": manifest["digest"], "inputs": manifest["inputs"]["digest"],
        "rules": manifest["inputs"]["rules"], "version": manifest["version"],
        "as_at": as_at.isoformat() if as_at else None,
    }  # fmt: skip


def _headline(books: Books, metro: str) -> list[dict[str, str]]:
    told = money.headline(books, metro)
    rand = {
        "Plan money": told["cents"], "that has a place": told["placed"],
        "city-wide or administrative": told["wide"], "that says nowhere": told["nowhere"],
    }  # fmt: skip
    return [
        {"name": "Projects", "value": words.whole(told["undertakings"])},
        *({"name": name, "value": format_rand_short(cents or 0)} for name, cents in rand.items()),
        {"name": "projects without an amount", "value": words.whole(told["without_amount"])},
    ]


def _indicator(one: dict[str, Any]) -> dict[str, Any]:
    shown = one["shown"] or {}
    return {
        "id": one["id"], "name": one["name"], "formula": one["formula"],
        "year": shown.get("year", ""), "value": shown.get("value"), "low": shown.get("low"),
        "high": shown.get("high"), "text": words.percent(shown.get("value")),
        "band": _band(shown.get("low"), shown.get("high")),
        "bound_low": shown.get("bound_low"), "bound_high": shown.get("bound_high"),
        "bounds": _band(shown.get("bound_low"), shown.get("bound_high")),
    }  # fmt: skip


def _band(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "unknown"
    return f"{words.percent(low)} to {words.percent(high)}"


def _finding(number: int, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": number, "id": row["finding_id"], "detector": row["detector"], "title": row["title"],
        "statement": row["statement"], "severity": row["severity"],
        "rand": format_rand_short(row["rand_cents"]) if row["rand_cents"] is not None else "unknown",
        "rand_cents": row["rand_cents"], "sure": words.percent(row["confidence"]),
        "parties": [party["name"] for party in row["who"]],
        "asked": ASKED.get(row["offering"], ""),
        "cells": [
            {
                "file": cell["file"], "sheet": cell["sheet"], "cell": cell["cell"],
                "value": cell["value"], "says": cell["note"],
            }
            for cell in row["evidence"]
        ],
    }  # fmt: skip


def _missing(books: Books, metro: str, as_at: dt.date | None) -> list[dict[str, str]]:
    return [
        {
            "who": row["name"], "what": f"{row['paper']} {row['year']}",
            "due": words.day(row["due_on"]),
        }
        for row in read.expected(books, metro, as_at)
        if row["state"] == "late"
    ]  # fmt: skip


def _ahead(on: dt.date) -> list[dict[str, str]]:
    """Days of the calendar that come after the meeting."""
    end = on + dt.timedelta(days=DAYS_AHEAD)
    occasions = {
        o.id: o
        for start in range(on.year - 2, on.year + 2)
        for o in calendar.occasions(start)
        if on < o.day <= end and o.rule.every is calendar.Every.YEAR
    }
    return [
        {
            "day": words.day(o.day), "title": o.rule.title, "who": o.rule.who,
            "law": f"practice ({o.rule.law.reference})" if _is_practice(o) else o.rule.law.reference,
            "verified": str(o.rule.law.verified).lower(),
        }
        for o in sorted(occasions.values(), key=lambda o: (o.day, o.id))
    ]  # fmt: skip


def _is_practice(occasion: calendar.Occasion) -> bool:
    return occasion.rule.fixed is calendar.Fixed.PRACTICE


def _source(row: dict[str, Any]) -> dict[str, str]:
    return {
        "who": row["publisher"], "what": row["paper"], "year": row["financial_year"],
        "file": row["file"], "published": words.day(row["published_on"]), "age": row["age"],
        "sha256": row["sha256"],
    }  # fmt: skip
