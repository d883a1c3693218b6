"""An institution that plans, budgets, funds or delivers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harvester.domain.documents import Sphere


@dataclass(frozen=True)
class Institution:
    """One organ of state or entity.

    ``code``: Demarcation Board code for a municipality (``BUF``, ``EC101``, ``DC12``),
    ``<province>-<department>`` for a provincial department (``KZN-EDU``), the usual acronym for
    national departments and entities. ``province`` is the province code or ``""``; ``metro`` says
    whether it is one of the eight metropolitan municipalities.
    """

    code: str
    name: str
    sphere: Sphere
    province: str = ""
    metro: bool = False
    aliases: tuple[str, ...] = ()
