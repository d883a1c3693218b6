"""Words for procedures and for what a matter's facts are called."""

from __future__ import annotations

NAMES = {
    "case": "Case",
    "dispute": "Intergovernmental dispute",
    "financial_dispute": "Financial dispute",
    "idp_alignment": "IDP alignment",
    "long_contract": "Long contract",
    "protocol": "Implementation protocol",
}
OFFERING_OF = {
    "dispute": "agreements",
    "financial_dispute": "agreements",
    "idp_alignment": "agreements",
    "protocol": "compacts",
    "long_contract": "compacts",
}
"""The offering of the processor that each procedure but the case belongs to."""


def procedure_name(procedure: str) -> str:
    """A procedure in a word or two."""
    return NAMES.get(procedure, procedure.replace("_", " ").capitalize())
