"""Grants and other funds (``rules/data/codes/grants.yaml``): who may spend them, and how freely."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.rules import codes

if TYPE_CHECKING:
    from harvester.rules.codes import Code

_SAID = {"True": True, "False": False, codes.UNKNOWN: None}


def known(fund: str) -> Code | None:
    """The fund of a code; ``None`` for a code nobody knows."""
    return codes.load("grants").get(fund.strip())


def is_conditional(fund: Code) -> bool | None:
    """Whether a fund is spent on conditions; ``None`` where that is not known.

    What somebody transfers is, and what nobody transfers is not, unless the fund's own entry says
    otherwise (Division of Revenue Acts, schedules 4 to 7; Constitution 214 and 227).
    """
    said = fund.extra.get("conditional", "")
    return _SAID[said] if said else bool(fund.extra.get("transferred_by"))
