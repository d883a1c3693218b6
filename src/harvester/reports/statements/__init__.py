"""Statements the law or policy asks for: made from the tables of a harvest, adding up to the cent.

A statement adds and compares; it estimates nothing that the harvest has not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.domain.errors import UserError
from harvester.reports.statements import cascade, cef, dora, papers, spatial
from harvester.reports.statements.statement import Statement
from harvester.rules import institutions

if TYPE_CHECKING:
    from harvester.reports.statements.source import Source

__all__ = ["KINDS", "NAMES", "Statement", "statements"]

KINDS = (dora.KIND, cef.KIND, spatial.KIND, cascade.KIND)
NAMES = {
    dora.KIND: "Grants and integration zones (DoRA s14)",
    cef.KIND: "Poor and non-poor households (CEF)",
    spatial.KIND: "Spatial budget",
    cascade.KIND: "Vertical cascade",
}
"""What a person reads for each kind."""


def statements(
    source: Source, kind: str, metro: str = "", year: str = "", *, basis: str = "", layer: str = ""
) -> list[Statement]:
    """Statements of one kind: of one municipality, or of the country where ``metro`` is empty.

    The spatial budget of the country is one statement; the others are one for each metro (section
    14, cascade) or municipality (poor households) that has plan money. Raises ``UserError`` for an unknown kind, basis or layer.
    """
    if kind == spatial.KIND:
        of = spatial.asked(source, metro, year, year, basis=basis, layer=layer)
        return [spatial.spatial(source, of)]
    if kind not in KINDS:
        raise UserError(f"there is no statement {kind!r}.", mend=f"Statements: {', '.join(KINDS)}.")
    if layer:
        raise UserError(f"the {kind} statement chooses its own layer.", where="--layer")
    if basis and kind == cascade.KIND:
        raise UserError("the cascade reads every paper of the season.", where="--basis")
    metros = [metro] if metro else papers.metros_of(source)
    if kind != cef.KIND and not metro:
        metros = [one for one in metros if institutions.load().kind(one) == "metro"]
    if kind == cascade.KIND:
        made = [cascade.cascade(source, one, year) for one in metros]
    else:
        make = dora.dora_s14 if kind == dora.KIND else cef.cef
        made = [make(source, one, year, basis) for one in metros]
    return made if metro else [one for one in made if any(t.rows for t in one.tables[:2])]
