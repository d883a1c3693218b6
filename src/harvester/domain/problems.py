"""A problem is a value: something in somebody's file that is wrong, where, and how to mend it.

Each *kind* of problem is declared once as a :class:`ProblemKind` beside the code that finds it,
and made into a :class:`Problem` at a position. Nothing is raised: good rows are never lost to a
bad one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad: an ``error`` loses a row or an amount, a ``warning`` doubts one, a ``note`` tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class ProblemKind:
    """A kind of problem: stable ``code``, and its words. ``message`` and ``mend`` are templates."""

    code: str
    severity: Severity
    message: str
    mend: str

    def at(
        self,
        *,
        sheet: str = "",
        row: int | None = None,
        column: str = "",
        header: str = "",
        value: str = "",
        **words: object,
    ) -> Problem:
        """This kind of problem at one position; ``words`` fill the templates."""
        filled = {"value": value, "header": header, "sheet": sheet, **words}
        return Problem(
            code=self.code,
            severity=self.severity,
            sheet=sheet,
            row=row,
            column=column,
            header=header,
            value=value[:500],
            message=self.message.format(**filled),
            mend=self.mend.format(**filled),
        )


@dataclass(frozen=True)
class Problem:
    """One problem at one position. ``row`` counts from 1 as a spreadsheet shows it; ``column`` is
    its letter; both are empty where the problem is about the whole sheet or file."""

    code: str
    severity: Severity
    sheet: str
    row: int | None
    column: str
    header: str
    value: str
    message: str
    mend: str
