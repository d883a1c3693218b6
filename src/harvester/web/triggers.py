"""Triggers by which the database itself refuses to change or remove what is kept for good.

SQLite makes a table anew when a migration alters it, and drops its triggers with the old one: such
a migration calls :func:`install` again. ``harvester verify`` tells when one is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

KEPT = (
    "web_event",
    "web_upload",
    "web_paper",
    "web_matter",
    "web_answerlink",
    "web_matterstep",
    "web_steppaper",
    "web_compactversion",
    "web_commitmentverdict",
    "web_verdictcontest",
    "web_replacement",
    "web_meeting",
    "web_agendachange",
    "web_attendance",
    "web_decision",
    "web_dissent",
    "web_decisionanswer",
    "web_meetingclosed",
    "web_escalation",
    "web_reminder",
    "web_reminderoutcome",
    "web_replylink",
    "web_replyuse",
    "web_programme",
    "web_programmeact",
    "web_negotiatedtext",
    "web_textmove",
    "web_edition",
    "web_textsignature",
)
EVENT, HEAD = "web_event", "web_chainhead"
REFUSAL = "rows of this table are never changed or removed"
ONWARD = "the head of the audit log only moves on by one"
BEHIND = "an event is added behind the head of the audit log and nowhere else"

_AFTER_HEAD = (
    "(SELECT count(*) FROM web_chainhead h WHERE NEW.number = h.number + 1 "
    "AND NEW.previous = h.hash AND h.id = 1) = 0"
)
_NOT_BY_ONE = "NEW.number <> OLD.number + 1 OR NEW.id <> OLD.id"
_FUNCTIONS = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF {when} THEN RAISE EXCEPTION '{told}'; END IF; RETURN NEW; END $$
"""


@dataclass(frozen=True)
class Trigger:
    """One refusal: of what, on which table, when, and with which words."""

    table: str
    what: str
    when: str
    told: str

    @property
    def name(self) -> str:
        """As the database knows it."""
        return f"{self.table}_no_{self.what.lower()}"

    @property
    def sqlite(self) -> str:
        """The statement that makes it, for SQLite."""
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.what} ON {self.table} WHEN {self.when} "
            f"BEGIN SELECT RAISE(ABORT, '{self.told}'); END"
        )

    @property
    def postgresql(self) -> list[str]:
        """The statements that make it, for PostgreSQL."""
        each = "STATEMENT" if self.what == "TRUNCATE" else "ROW"
        return [
            _FUNCTIONS.format(name=self.name, when=self.when, told=self.told),
            (
                f"CREATE TRIGGER {self.name} BEFORE {self.what} ON {self.table} "
                f"FOR EACH {each} EXECUTE FUNCTION {self.name}()"
            ),
        ]


def _wanted(vendor: str) -> Iterator[Trigger]:
    """Every trigger of a database of this kind."""
    always = "true" if vendor == "postgresql" else "1"
    for table in KEPT:
        yield Trigger(table, "UPDATE", always, REFUSAL)
        yield Trigger(table, "DELETE", always, REFUSAL)
        if vendor == "sqlite" and table != EVENT:
            # Replacing a row is an insert here, and fires no trigger for the row that goes.
            there = f"EXISTS (SELECT 1 FROM {table} t WHERE t.id = NEW.id)"  # noqa: S608  our names
            yield Trigger(table, "INSERT", there, REFUSAL)
    yield Trigger(EVENT, "INSERT", _AFTER_HEAD, BEHIND)
    yield Trigger(HEAD, "UPDATE", _NOT_BY_ONE, ONWARD)
    yield Trigger(HEAD, "DELETE", always, ONWARD)
    if vendor == "postgresql":
        for table in (*KEPT, HEAD):
            yield Trigger(table, "TRUNCATE", always, REFUSAL)


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers of every table that is there in place; safe to call again."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for one in (one for one in _wanted(connection.vendor) if one.table in there):
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {one.name} ON {one.table}")
                for statement in one.postgresql:
                    cursor.execute(statement)
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {one.name}")
                cursor.execute(one.sqlite)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of triggers that are not there, or that somebody switched off."""
    there = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(there)
        found = {row[0] for row in cursor.fetchall()}
    return [one.name for one in _wanted(connection.vendor) if one.name not in found]
