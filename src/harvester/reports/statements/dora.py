"""The statement of section 14 of the Division of Revenue Act: planned spending per grant per
integration zone, and whether it rises from year to year.

Every grant is taken from one kind of document, so that nothing counts twice: all from the BEPP
pipeline where it names any of them, else those a municipality receives from its capital budget and
those a province receives from the provincial list. City-wide, administrative and unlocated money is
never counted in a zone and always stands beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from harvester.domain.documents import Document
from harvester.domain.errors import UserError
from harvester.domain.money import format_rand_short
from harvester.domain.periods import parse_year_label
from harvester.domain.places import AreaKind, PlaceClass
from harvester.reports import words
from harvester.reports.statements import papers as standing
from harvester.reports.statements.source import harvest_words
from harvester.reports.statements.statement import Column, Law, Row, Statement, Table, total_of
from harvester.rules import codes, statements

if TYPE_CHECKING:
    from harvester.reports.statements.papers import Season
    from harvester.reports.statements.source import Source
    from harvester.rules.statements import Section14

KIND = "dora-s14"
BASES = ("pipeline", "budget")
RISES, DOES_NOT, UNSURE, UNKNOWN = "rises", "does not rise", "not certain", "unknown"
"""Verdicts on a step between two years, and on the statement as a whole."""

NO_YEAR = "unknown"
_OUTSIDE = {
    "outside": "In no integration zone",
    PlaceClass.CITY_WIDE.value: "City-wide",
    PlaceClass.ADMINISTRATIVE.value: "Administrative",
    PlaceClass.UNKNOWN.value: "Says nowhere",
}
_COULD_BE_IN = (PlaceClass.CITY_WIDE.value, PlaceClass.UNKNOWN.value)

_ZONES = """
SELECT area_id, layer, name, code, illustrative FROM areas
WHERE metro = $metro AND kind = $kind ORDER BY layer, name, area_id
"""


@dataclass(frozen=True)
class _Zones:
    """The integration zones of a metro in the latest layer that has any."""

    layer: str
    names: dict[str, str]
    illustrative: bool


def dora_s14(source: Source, metro: str, year: str = "", basis: str = "") -> Statement:
    """The statement of one municipality for the season ``year`` (the latest read without it).

    ``verdict`` is ``rises``, ``does not rise``, ``not certain`` (unlocated money could turn it) or
    ``unknown``. Raises ``UserError`` for a basis other than ``pipeline`` or ``budget``.
    """
    if basis and basis not in BASES:
        raise UserError(f"{basis!r} is no basis.", where="--basis", mend="pipeline or budget.")
    year = year or standing.latest_year(source, metro, [Document.PIPELINE, Document.BUDGET])
    season = standing.season(source, metro, year)
    section = statements.load().section_of(parse_year_label(year) or 0)
    zones = _zones(source, metro)
    layer = zones.layer if zones else standing.municipal_layer(source)
    money = standing.money(source, metro, year, layer)
    chosen = basis or ("pipeline" if _names_any(money, section) else "budget")
    taken = [row for row in money if row["document"] == _document(row["grant"], chosen, section)]
    used = season.of({_document(grant, chosen, section) for grant in section.grants})
    whole = standing.whole_years(source, used)
    trend = _trend(taken, zones, whole)
    verdict = _overall(trend)
    return Statement(
        kind=KIND,
        title="Planned spending per grant and integration zone (Division of Revenue Act, s14)",
        metro=metro,
        year=year,
        finding=_finding(metro, year, section, trend, verdict),
        verdict=verdict,
        law=[Law(section.reference, section.says, section.verified)],
        used=_used(used, zones, chosen),
        missing=_missing(season, section, chosen, zones, taken),
        tables=[
            _by_zone("grants_by_zone", taken, section, zones),
            _trend_table(trend),
            _by_zone("spent_by_zone", _spent(source, metro, layer, section), section, zones),
            _grants_table(taken, section, chosen),
        ],
        harvest=harvest_words(source),
    )


def _zones(source: Source, metro: str) -> _Zones | None:
    rows = source.rows(_ZONES, metro=metro, kind=AreaKind.INTEGRATION_ZONE.value)
    if not rows:
        return None
    layer = max(row["layer"] for row in rows)
    mine = [row for row in rows if row["layer"] == layer]
    names = {row["area_id"]: row["name"] or row["code"] or row["area_id"] for row in mine}
    return _Zones(layer, names, any(row["illustrative"] for row in mine))


def _names_any(money: list[Row], section: Section14) -> bool:
    return any(r["document"] == Document.PIPELINE and r["grant"] in section.grants for r in money)


def _document(grant: str, basis: str, section: Section14) -> str:
    """The one kind of document a grant's money is taken from; none for one not in the section."""
    if grant not in section.grants:
        return ""
    if basis == "pipeline":
        return Document.PIPELINE.value
    known = codes.load("grants").get(grant)
    received = known.extra.get("received_by", "") if known else ""
    return (Document.PROVINCIAL_PROJECTS if received == "provincial" else Document.BUDGET).value


def _where(row: Row, zones: _Zones | None) -> str:
    """The zone a row is in, else one of the words of :data:`_OUTSIDE`; zones unread: not said."""
    if zones and row["area_id"] in zones.names:
        return str(row["area_id"])
    return "outside" if row["place_class"] in standing.LOCATED else str(row["place_class"])


def _spent(source: Source, metro: str, layer: str, section: Section14) -> list[Row]:
    """Actual spending of each grant out of the one kind of paper that reports it."""
    rows = standing.spent(source, metro, layer)
    return [row for row in rows if row["document"] == _reported(row["grant"], section)]


def _reported(grant: str, section: Section14) -> str:
    """Where spending of a grant is reported: in-year for the municipality's, else the province's list."""
    document = _document(grant, "budget", section)
    return Document.IN_YEAR.value if document == Document.BUDGET else document


_ZONE_TABLES = {
    "grants_by_zone": (
        "By grant and integration zone",
        "Years are municipal (July to June); April to March years are set on them by month.",
    ),
    "spent_by_zone": (
        "Spent, by grant and integration zone",
        "From in-year reports and provincial lists; spending that does not name its grant is not here.",
    ),
}


def _by_zone(name: str, taken: list[Row], section: Section14, zones: _Zones | None) -> Table:
    """One row for each grant and zone, years across, with what is in no zone under it."""
    years = sorted({row["year"] for row in taken})
    cells: dict[tuple[str, str], dict[str, int]] = {}
    for row in taken:
        cell = cells.setdefault((row["grant"], _where(row, zones)), {})
        cell[row["year"]] = cell.get(row["year"], 0) + row["cents"]
    listed = list(zones.names) if zones else []
    rows = []
    for grant in section.grants:
        for where in [*listed, *_OUTSIDE]:
            found = cells.get((grant, where))
            if found is None:
                continue
            told = {year: found.get(year, 0) for year in years}
            rows.append({
                "grant": grant, "zone": _zone_name(where, zones),
                "in_zone": "yes" if where in listed else "unknown" if not zones else "no",
                **told, "total": sum(told.values()),
            })  # fmt: skip
    sums = [*years, "total"]
    inside = [row for row in rows if row["in_zone"] == "yes"]
    totals = [total_of(rows, sums, grant="All grants", zone="Everything")]
    if zones:
        in_zones = {name: sum(row[name] for row in inside) for name in sums}
        totals.insert(0, {"grant": "All grants", "zone": "In integration zones", **in_zones})
    title, note = _ZONE_TABLES[name]
    return Table(
        name,
        title,
        (
            Column("grant", "Grant"), Column("zone", "Integration zone"),
            Column("in_zone", "In a zone"),
            *(Column(year, _year_label(year), "rand") for year in years),
            Column("total", "All years", "rand"),
        ),
        rows, totals if rows else [], note,
    )  # fmt: skip


def _zone_name(where: str, zones: _Zones | None) -> str:
    if zones and where in zones.names:
        return zones.names[where]
    if where == "outside" and not zones:
        return "Located; the zones were not read"
    return _OUTSIDE[where]


def _year_label(year: str) -> str:
    return "No year stated" if year == NO_YEAR else year


def _trend(taken: list[Row], zones: _Zones | None, whole: set[str]) -> list[Row]:
    """One row for each year: money in zones, beside them and nowhere, and the step from the year
    before. Only whole years are compared, and only years that follow each other."""
    rows: list[Row] = []
    for year in sorted({row["year"] for row in taken}):
        sums: dict[str, int] = {}
        for row in taken:
            if row["year"] == year:
                where = _where(row, zones)
                name = where if where in _OUTSIDE else "in_zones"
                sums[name] = sums.get(name, 0) + row["cents"]
        rows.append(_year_row(year, sums, known=zones is not None, whole=year in whole))
    for before, row in pairwise(rows):
        if before["whole"] == row["whole"] == "yes" and _follows(before["year"], row["year"]):
            row["step"] = _step(before, row)
    return rows


def _year_row(year: str, sums: dict[str, int], *, known: bool, whole: bool) -> Row:
    total = sum(sums.values())
    inside = sums.get("in_zones", 0) if known else None
    located = sums.get("in_zones", 0) + sums.get("outside", 0)
    could = sum(max(sums.get(name, 0), 0) for name in _COULD_BE_IN)
    return {
        "year": year, "whole": "yes" if whole else "no", "in_zones": inside,
        "outside": sums.get("outside", 0) if known else None, "located": located,
        "city_wide": sums.get(PlaceClass.CITY_WIDE.value, 0),
        "administrative": sums.get(PlaceClass.ADMINISTRATIVE.value, 0),
        "nowhere": sums.get(PlaceClass.UNKNOWN.value, 0), "total": total,
        "share": inside / located if inside is not None and located > 0 else None,
        "least": inside, "most": None if inside is None else inside + could, "step": "",
    }  # fmt: skip


def _follows(before: str, year: str) -> bool:
    first, second = parse_year_label(before), parse_year_label(year)
    return first is not None and second is not None and second == first + 1


def _step(before: Row, row: Row) -> str:
    """Whether planned spending in zones rises from one year to the next.

    Money that says nowhere, or is city-wide, may lie in a zone: a step it could turn is not
    certain, whichever way the located money points.
    """
    if before["in_zones"] is None or row["in_zones"] is None:
        return UNKNOWN
    if row["least"] > before["most"]:
        return RISES
    return DOES_NOT if row["most"] <= before["least"] else UNSURE


def _overall(trend: list[Row]) -> str:
    """One step down is enough; a rise needs every step certain."""
    steps = [row["step"] for row in trend if row["step"]]
    if not steps or UNKNOWN in steps:
        return UNKNOWN
    if DOES_NOT in steps:
        return DOES_NOT
    return UNSURE if UNSURE in steps else RISES


def _trend_table(trend: list[Row]) -> Table:
    return Table(
        "trend",
        "Year by year",
        (
            Column("year", "Municipal year"), Column("whole", "All twelve months read"),
            Column("in_zones", "In integration zones", "rand"),
            Column("outside", "In no zone", "rand"), Column("located", "Located", "rand"),
            Column("city_wide", "City-wide", "rand"),
            Column("administrative", "Administrative", "rand"),
            Column("nowhere", "Says nowhere", "rand"), Column("total", "Total", "rand"),
            Column("share", "In zones, of what is located", "share"),
            Column("least", "In zones, at least", "rand"),
            Column("most", "In zones, at most", "rand"), Column("step", "From the year before"),
        ),
        trend,
        [total_of(trend, ["in_zones", "outside", "located", "city_wide", "administrative",
                          "nowhere", "total"], year="All years")] if trend else [],
        "Total = located + city-wide + administrative + says nowhere. At most counts all city-wide "
        "and unlocated money as if it lay in a zone. A step is not certain when that money could "
        "turn it.",
    )  # fmt: skip


def _grants_table(taken: list[Row], section: Section14, basis: str) -> Table:
    rows = []
    for grant in section.grants:
        mine = [row["cents"] for row in taken if row["grant"] == grant]
        rows.append({
            "grant": grant, "name": codes.load("grants").label(grant),
            "document": words.document(_document(grant, basis, section)),
            "amount": sum(mine) if mine else None,
        })  # fmt: skip
    return Table(
        "grants",
        "The grants the section names, and where their money was taken from",
        (
            Column("grant", "Grant"), Column("name", "Name"), Column("document", "Taken from"),
            Column("amount", "Planned, all years", "rand"),
        ),
        rows, [total_of(rows, ["amount"], grant="All grants")],
        "Unknown: no amount of this grant stands in what was read.",
    )  # fmt: skip


def _used(used: list[Row], zones: _Zones | None, basis: str) -> list[str]:
    told = [
        f"{words.document(paper['document'])}: {paper['file']} ({paper['stage'].replace('_', ' ')}, "
        f"published {words.day(paper['published_on'])})"
        for paper in used
    ]
    how = "the BEPP pipeline" if basis == "pipeline" else "capital budgets and provincial lists"
    told.append(f"Basis: {how}; each grant from one kind of document, so nothing counts twice.")
    if zones:
        kind = "illustrative boundaries" if zones.illustrative else "boundaries as loaded"
        told.append(f"Integration zones: {len(zones.names)} of layer {zones.layer}, {kind}.")
    return told


def _missing(
    season: Season, section: Section14, basis: str, zones: _Zones | None, taken: list[Row]
) -> list[str]:
    told = []
    if not zones:
        told.append("No integration zones were read for this municipality: what lies in them is "
                    "unknown. Load them as a layer of areas.")  # fmt: skip
    wanted = {_document(grant, basis, section) for grant in section.grants}
    told += [
        f"No {words.document(document)} of {season.year or 'any year'} was read."
        for document in sorted(wanted - season.documents)
    ]
    named = {row["grant"] for row in taken}
    lacking = [grant for grant in section.grants if grant not in named]
    if lacking and taken:
        told.append(f"No amount of {', '.join(lacking)} stands in what was read.")
    if not section.verified:
        told.append(
            f"{section.reference}: its text was not read; treat what it asks as background."
        )
    return told


def _finding(metro: str, year: str, section: Section14, trend: list[Row], verdict: str) -> str:
    place = words.institution(metro)
    if not trend:
        return f"{place}: no planned money of the grants of section 14 was read for {year or 'any year'}"
    total = sum(row["total"] for row in trend)
    if trend[0]["in_zones"] is None:
        return (
            f"{place} plans {format_rand_short(total)} of the section's grants from {year}; how "
            "much of it lies in integration zones is unknown, for no zones were read"
        )
    inside = sum(row["in_zones"] for row in trend)
    says = {
        RISES: "and that rises every year",
        DOES_NOT: "and that does not rise every year",
        UNSURE: "and whether that rises every year turns on money that says no place",
        UNKNOWN: "with fewer than two whole years to compare",
    }[verdict]
    asked = " as the Act asks" if section.must_rise and verdict == RISES else ""
    return (
        f"{place} plans {format_rand_short(inside)} of {format_rand_short(total)} in its "
        f"integration zones over the years of {year}, {says}{asked}"
    )
