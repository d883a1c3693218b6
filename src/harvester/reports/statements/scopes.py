"""The indicators of every metro, institution or province of one year, ready to be weighed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.alignment.certificate import Measured
from harvester.alignment.indicators import INDICATORS
from harvester.domain.errors import UserError
from harvester.rules import certificate as rules
from harvester.rules import institutions

if TYPE_CHECKING:
    from harvester.reports.statements.source import Source
    from harvester.reports.statements.statement import Row

METRO, INSTITUTION, PROVINCE = "metro", "institution", "province"
KINDS = (METRO, INSTITUTION, PROVINCE)
DECLARED = {one.id: one for one in INDICATORS}

_METROS = """
SELECT metro AS code, indicator, year, value, low, high, bound_low, bound_high, numerator, denominator, unknown, items
FROM indicators WHERE sphere = 'all' AND list_contains($metros, metro)
"""
_OTHERS = """
SELECT code, indicator, year, value, low, high, bound_low, bound_high, numerator, denominator, unknown, items
FROM indicator_slices WHERE dimension = $dimension AND metro = 'all' AND code <> 'unknown'
"""
_DIMENSIONS = {INSTITUTION: "owner", PROVINCE: "province"}


@dataclass(frozen=True)
class Scopes:
    """Every scope of one kind: rows of indicators by scope, indicator and year."""

    kind: str
    rows: dict[str, dict[tuple[str, str], Row]]

    @property
    def years(self) -> list[str]:
        """Years in which anything is known."""
        told = {
            year
            for rows in self.rows.values()
            for (_, year), r in rows.items()
            if r["value"] is not None
        }
        return sorted(year for year in told if year[:1].isdigit())

    def latest(self) -> str:
        """The year in which most of the weight is known over all scopes; the later of equals."""
        weights = {
            one.of_metro if self.kind == METRO else one.indicator: one.weight
            for one in rules.load().weights
        }
        known: dict[str, int] = dict.fromkeys(self.years, 0)
        for rows in self.rows.values():
            for (indicator, year), row in rows.items():
                if row["value"] is not None and year in known:
                    known[year] += weights.get(indicator, 0)
        return max(known, key=lambda year: (known[year], year), default="")

    def row(self, code: str, indicator: str, year: str) -> Row:
        """One indicator of one scope and year in its own scale; nothing known where none stands."""
        found = self.rows.get(code, {}).get((indicator, year))
        if found is None or found["value"] is None:
            return dict.fromkeys(_FIGURES)
        return {name: found[name] for name in _FIGURES}

    def ranked(self, code: str, indicator: str, year: str) -> Measured:
        """One indicator for ranking: more is better, in whatever scale; an open end is the value's."""
        row = self.row(code, indicator, year)
        if not DECLARED[indicator].higher_is_better:
            row = {name: None if row[of] is None else -row[of] for name, of in _TURNED.items()}
        return Measured(indicator, 1, **row)

    def measured(self, code: str, year: str) -> list[Measured]:
        """The weighed indicators of one scope and year, in the order of the policy, from 0 to 1.

        A ratio that may pass 1 (money per person here ÷ elsewhere) counts as 1 from parity on, and so
        does a band without an upper end. Where less is better the share that is well counts.
        """
        found = []
        for one in rules.load().weights:
            indicator = one.of_metro if self.kind == METRO else one.indicator
            row = self.row(code, indicator, year)
            held = {name: None if v is None else min(max(v, 0.0), 1.0) for name, v in row.items()}
            if held["value"] is not None and held["high"] is None:
                held["high"] = 1.0
            if held["bound_low"] is not None and held["bound_high"] is None:
                held["bound_high"] = 1.0
            declared = DECLARED.get(indicator)
            if held["value"] is not None and declared and not declared.higher_is_better:
                held = {
                    name: None if held[of] is None else 1 - held[of] for name, of in _TURNED.items()
                }
            found.append(Measured(indicator, one.weight, **held))
        return found


_FIGURES = ("value", "low", "high", "bound_low", "bound_high")
_TURNED = {
    "value": "value", "low": "high", "high": "low", "bound_low": "bound_high",
    "bound_high": "bound_low",
}  # fmt: skip


def scopes(source: Source, kind: str) -> Scopes:
    """Scopes of one kind. Raises ``UserError`` for an unknown kind."""
    if kind not in KINDS:
        raise UserError(f"{kind!r} is no kind of scope.", mend=f"One of {', '.join(KINDS)}.")
    if kind == METRO:
        metros = [metro.code for metro in institutions.load().metros]
        rows = source.rows(_METROS, metros=metros)
    else:
        rows = source.rows(_OTHERS, dimension=_DIMENSIONS[kind])
    found: dict[str, dict[tuple[str, str], Row]] = {}
    for row in rows:
        if row["indicator"] in DECLARED:
            found.setdefault(row["code"], {})[row["indicator"], row["year"]] = row
    return Scopes(kind, dict(sorted(found.items())))
