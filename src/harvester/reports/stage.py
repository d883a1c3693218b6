"""Reports: one self-contained HTML page and one workbook for each metro and for the country."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.domain.errors import UserError
from harvester.reports import page, workbook
from harvester.reports.view import Books
from harvester.rules import institutions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from harvester.reports.view import HarvestView

COUNTRY = ""
"""Scope of the report of the whole country."""

_METROS = """
SELECT metro FROM entries UNION SELECT metro FROM findings UNION SELECT metro FROM coverage
"""


def silent(what: str, done: int, total: int) -> None:
    """Progress that says nothing."""


def report(harvest: HarvestView, metro: str | None, folder: Path) -> list[Path]:
    """Write the report of one municipality (a code), or of the country where it is ``None``.

    Gives the paths written, ``<code or country>.html`` and ``.xlsx`` in ``folder``, which is made
    where it is not there. Raises ``UserError`` for a code that is no municipality.
    """
    books = Books(harvest)
    try:
        return _write(books, _checked(metro or COUNTRY), folder)
    finally:
        books.close()


def write_reports(
    harvest: HarvestView,
    folder: Path,
    metros: Sequence[str] | None = None,
    progress: Callable[[str, int, int], None] = silent,
) -> list[Path]:
    """Write the reports of ``metros``, or of every metro of the harvest and the country.

    Raises ``UserError`` for a code that is no municipality.
    """
    books = Books(harvest)
    try:
        scopes = [_checked(m) for m in metros] if metros else [COUNTRY, *_metros_in(books)]
        written = []
        for n, metro in enumerate(scopes):
            progress(f"report of {metro or 'the country'}", n, len(scopes))
            written += _write(books, metro, folder)
        progress("", len(scopes), len(scopes))
        return written
    finally:
        books.close()


def _metros_in(books: Books) -> list[str]:
    """The metropolitan municipalities the harvest says anything about."""
    named = {row["metro"] for row in books.rows(_METROS)}
    return sorted(metro.code for metro in institutions.load().metros if metro.code in named)


def _checked(metro: str) -> str:
    book = institutions.load()
    if metro and book.kind(metro) not in {"metro", "local", "district"}:
        known = ", ".join(sorted(m.code for m in book.metros))
        raise UserError(
            f"{metro!r} is not the code of a municipality.", where="--metro",
            mend=f"The metros are {known}.",
        )  # fmt: skip
    return metro


def _write(books: Books, metro: str, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    name = metro or "country"
    html, xlsx = folder / f"{name}.html", folder / f"{name}.xlsx"
    html.write_text(page.render(books, metro), encoding="utf-8", newline="\n")
    workbook.write(books, metro, xlsx)
    return [html, xlsx]
