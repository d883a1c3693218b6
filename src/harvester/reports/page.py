"""One self-contained HTML report: no script, nothing from outside, readable on paper and a phone."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from harvester.domain.money import format_rand, format_rand_short
from harvester.domain.periods import Calendar, FinancialYear
from harvester.reports import aligned, charts, money, read, words

if TYPE_CHECKING:
    from harvester.reports.view import Books

TEMPLATES = Path(__file__).parent / "templates"

MOST = {
    "submissions": 40, "kinds": 25, "areas": 12, "functions": 12, "owners": 12, "findings": 40,
    "cells": 6, "missing": 40,
}  # fmt: skip
"""Rows of each table a page shows; the workbook has them all."""


def render(books: Books, metro: str) -> str:
    """The report of one municipality, or of the country where ``metro`` is empty, as HTML."""
    return _environment().get_template("report.html").render(**context(books, metro))


def context(books: Books, metro: str) -> dict[str, Any]:
    """Everything the page shows, as plain values."""
    day = books.manifest.get("as_at")
    as_at = dt.date.fromisoformat(day) if day else None
    papers = read.submissions(books, metro, as_at)
    kinds = read.problem_kinds(books, metro)
    expected = read.expected(books, metro, as_at)
    found = aligned.finding_kinds(books, metro)
    dated = [paper["published_on"] for paper in papers if paper["published_on"]]
    return {
        "name": words.institution(metro) if metro else "South Africa",
        "workbook": f"{metro or 'country'}.xlsx",
        "manifest": books.manifest, "as_at": as_at, "most": MOST,
        "css": Markup((TEMPLATES / "report.css").read_text("utf-8")),  # noqa: S704 - our own file
        "newest": max(dated, default=None), "oldest": min(dated, default=None),
        "undated": len(papers) - len(dated),
        "headline": money.headline(books, metro),
        "papers": papers, "publishers": len({p["publisher"] for p in papers}),
        "kinds": kinds, "count_of": {
            severity: sum(k["problems"] for k in kinds if k["severity"] == severity)
            for severity in ("error", "warning", "note")
        },
        "classes": money.by_place_class(books, metro), "years": money.by_year(books, metro),
        "layers": money.by_area(books, metro), "grouped": money.grouped(books, metro),
        "indicators": aligned.indicators(books, metro, as_at),
        "finding_kinds": found, "finding_count": sum(k["findings"] for k in found),
        "high": sum(k["high"] for k in found),
        "findings": aligned.findings(books, metro, MOST["findings"]),
        "missing": [row for row in expected if row["state"] == "late"],
        "coming": [row for row in expected if row["state"] == "not_due"],
        "expected": len(expected), "received": sum(r["state"] == "received" for r in expected),
    }  # fmt: skip


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "rand": format_rand, "short_rand": _short, "day": words.day, "percent": words.percent,
        "said": words.said, "whole": words.whole, "document": words.document, "year": _year,
    }  # fmt: skip
    environment.globals |= {
        "counted": words.counted, "place_classes": words.PLACE_CLASSES, "spheres": words.SPHERES,
        "stacked": charts.stacked, "bar": charts.bar, "band": charts.band, "page": _page,
    }  # fmt: skip
    return environment


def _page(rows: list[Any], most: int) -> dict[str, Any]:
    """The rows a page shows and how many more the workbook has."""
    return {"rows": rows[:most], "more": max(0, len(rows) - most)}


def _short(cents: int | None) -> Markup:
    """Rand in a few figures that never wrap: ``R 31.4 bn``."""
    return Markup(format_rand_short(cents).replace(" ", "&nbsp;"))  # noqa: S704 - figures only


def _year(start: int) -> str:
    """``2018/19`` for 2018."""
    return FinancialYear(start, Calendar.MUNICIPAL).label
