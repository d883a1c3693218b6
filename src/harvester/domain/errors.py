"""The errors this project raises; each says what is wrong, where, and how to mend it.

A *problem* in somebody's file is a value (:mod:`harvester.domain.problems`), not an exception.
Exceptions are for work that has to stop.
"""

from __future__ import annotations


class HarvesterError(Exception):
    """Base of every error of this project; ``exit_code`` is what the command ends with."""

    exit_code = 1


class UserError(HarvesterError):
    """The person can mend this: a wrong option, an unreadable file, a missing harvest.

    ``what`` is the fault, ``where`` the file, sheet, cell or option, ``mend`` the next step.
    Shown without a traceback; the command ends with exit code 2.
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        self.what = what
        self.where = where
        self.mend = mend
        place = f"{where}: " if where else ""
        next_step = f" {mend}" if mend else ""
        super().__init__(f"{place}{what}{next_step}")


class UnreadableFileError(UserError):
    """A file failed wholly: nothing in it could be read, and the message says why."""


class ConfigurationError(UserError):
    """The set-up is wrong (a setting, a rule file, a damaged store); an operator must mend it."""


class EngineError(HarvesterError):
    """The computing engine refused a query: a fault of ours, with the table and the SQL."""

    exit_code = 3
