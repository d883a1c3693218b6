"""The scope of every page: a metro and some years, kept in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from harvester.domain.periods import Calendar, FinancialYear
from harvester.web import params
from harvester.web.labels import is_municipality, place_name

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict


def year_label(start: int) -> str:
    """``2018/19``."""
    return FinancialYear(start, Calendar.MUNICIPAL).label


@dataclass(frozen=True)
class Scope:
    """``metro`` a municipality code or ``""`` for the whole country; years by their first half."""

    metro: str = ""
    first: int | None = None
    last: int | None = None

    @classmethod
    def read(cls, query: QueryDict) -> Scope:
        """From the address. Raises :class:`params.BadQueryError`."""
        metro = params.code(query, "metro")
        if metro and not is_municipality(metro):
            raise params.BadQueryError("‘metro’ is not the code of a municipality we know.")
        first, last = params.year(query, "from"), params.year(query, "to")
        if first is not None and last is not None and first > last:
            raise params.BadQueryError("‘from’ must not be later than ‘to’.")
        return cls(metro, first, last)

    @property
    def pairs(self) -> dict[str, str]:
        """As it stands in the address."""
        told = {"metro": self.metro, "from": self._label(self.first), "to": self._label(self.last)}
        return {name: value for name, value in told.items() if value}

    @property
    def query(self) -> str:
        """``metro=ETH&from=2018/19``, or empty."""
        return urlencode(self.pairs, safe="/")

    @property
    def place(self) -> str:
        """The place in words."""
        return place_name(self.metro) if self.metro else "The whole country"

    @property
    def years(self) -> str:
        """The years in words."""
        first, last = self._label(self.first), self._label(self.last)
        if first and last:
            return first if first == last else f"{first} to {last}"
        if first:
            return f"from {first}"
        return f"up to {last}" if last else "all years"

    def labels_between(self) -> tuple[str, str]:
        """Bounds for a column of year labels: they sort as text."""
        return (
            year_label(self.first) if self.first is not None else "",
            year_label(self.last) if self.last is not None else "~",
        )

    @staticmethod
    def _label(start: int | None) -> str:
        return "" if start is None else year_label(start)


def scope_of(request: HttpRequest) -> Scope:
    """The scope of this request, read once. Raises :class:`params.BadQueryError`."""
    known = getattr(request, "harvester_scope", None)
    if known is None:
        known = Scope.read(request.GET)
        request.harvester_scope = known
    return known
