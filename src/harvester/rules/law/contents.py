"""What section 35 of the IGRFA wants in an implementation protocol."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harvester.rules import parameters
from harvester.rules.law.procedures import Law

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Content:
    """One content: the ``field`` of a protocol that holds it, its name, its law."""

    field: str
    name: str
    law: Law


@dataclass(frozen=True)
class Trigger:
    """One reason why a protocol must be considered."""

    id: str
    says: str
    law: Law


@dataclass(frozen=True)
class Check:
    """One more thing to check before signing: what it ``asks``, how to ``mend`` it, and its law.

    ``years`` is how many financial years an annual budget covers, for the check of long contracts.
    """

    id: str
    asks: str
    mend: str
    years: int
    law: Law


@dataclass(frozen=True)
class ProtocolLaw:
    """Triggers of 35(2), contents of 35(3), and what other law asks where money moves."""

    triggers: tuple[Trigger, ...]
    contents: tuple[Content, ...]
    checks: tuple[Check, ...]


@cache
def load(path: Path = parameters.DATA / "protocol_contents.yaml") -> ProtocolLaw:
    """The table. Raises :class:`ConfigurationError` when the file is broken."""
    told = parameters.read(path)
    return ProtocolLaw(
        tuple(
            Trigger(trigger_id, item.text("says"), _law(item.only("says", "reference", "verified")))
            for trigger_id, item in told.mapping("triggers").items()
        ),
        tuple(
            Content(
                item.text("field"),
                item.text("name"),
                _law(item.only("field", "name", "reference", "verified")),
            )
            for item in told.whole().items("contents")
        ),
        tuple(
            Check(
                check_id,
                item.text("asks"),
                item.text("mend"),
                item.number("years", 0),
                _law(item.only("asks", "mend", "years", "reference", "verified")),
            )
            for check_id, item in told.mapping("checks").items()
        ),
    )


def _law(item: parameters.Entry) -> Law:
    return Law(item.text("reference"), item.flag("verified"))
