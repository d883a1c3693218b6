"""The statement of the capital expenditure framework: capital to poor and non-poor households.

The municipality's own capital, area by area, is shared between poor and other households by the
share of households that are poor there, to the cent. That share is data: a layer of areas with a
count or share of poor households. Without one the answer is unknown. Money that no area of that
layer holds is never shared out; it stands beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.domain.documents import Document
from harvester.domain.errors import UserError
from harvester.domain.money import format_rand_short, split_cents
from harvester.domain.places import PlaceClass
from harvester.reports import words
from harvester.reports.statements import papers as standing
from harvester.reports.statements.source import harvest_words
from harvester.reports.statements.statement import Column, Law, Row, Statement, Table, total_of
from harvester.rules import statements

if TYPE_CHECKING:
    from harvester.reports.statements.papers import Season
    from harvester.reports.statements.source import Source

KIND = "cef"
BASES = ("budget", "idp", "pipeline")
KNOWN, UNKNOWN = "known", "unknown"
MILLION = 1_000_000
_SUMS = ("poor", "other", "no_figure", "city_wide", "administrative", "nowhere", "total")

# `SELECT *`: a harvest made before areas had these columns has none of them.
_AREAS = """
SELECT * EXCLUDE (geometry) FROM areas WHERE metro = $metro ORDER BY layer, area_id
"""


@dataclass(frozen=True)
class _Poverty:
    """The layer that says who is poor where: share in millionths and households, by area."""

    layer: str
    file: str
    names: dict[str, str]
    shares: dict[str, int]
    households: dict[str, int]
    illustrative: bool

    @property
    def poor_households(self) -> float:
        """Poor households in the areas whose households are counted."""
        return sum(n * self.shares[area] / MILLION for area, n in self.households.items())

    @property
    def all_households(self) -> int:
        """Households in those areas."""
        return sum(self.households.values())


def cef(source: Source, metro: str, year: str = "", basis: str = "") -> Statement:
    """The statement of one municipality for the season ``year`` (the latest read without it).

    ``verdict`` is ``known`` or ``unknown``. Raises ``UserError`` for a basis that is no document of
    the municipality's own plans.
    """
    if basis and basis not in BASES:
        known = ", ".join(BASES)
        raise UserError(f"{basis!r} is no basis.", where="--basis", mend=f"One of {known}.")
    year = year or standing.latest_year(source, metro, [Document.BUDGET])
    season = standing.season(source, metro, year)
    chosen = basis or next((name for name in BASES if name in season.documents), BASES[0])
    poverty = _poverty(source, metro)
    layer = poverty.layer if poverty else standing.municipal_layer(source)
    own = [
        _shared(row, poverty)
        for row in standing.money(source, metro, year, layer)
        if row["document"] == chosen and row["sphere"] in {"local", "unknown"}
    ]
    duty = statements.load().cef
    return Statement(
        kind=KIND,
        title="Capital to poor and non-poor households (capital expenditure framework)",
        metro=metro,
        year=year,
        finding=_finding(metro, year, own, poverty),
        verdict=KNOWN if poverty and own else UNKNOWN,
        law=[Law(duty.reference, duty.says, duty.verified)],
        used=_used(season, chosen, poverty),
        missing=_missing(season, chosen, poverty),
        tables=[
            _table("years", "Year by year", own, "year", "Municipal year"),
            _table("functions", "By function", own, "function", "Function"),
            _areas_table(own, poverty),
        ],
        harvest=harvest_words(source),
    )


def _poverty(source: Source, metro: str) -> _Poverty | None:
    """The layer with most areas whose poverty is known; none where no layer says it."""
    layers: dict[str, list[Row]] = {}
    for row in source.rows(_AREAS, metro=metro):
        if row.get("poor_share") is not None:
            layers.setdefault(row["layer"], []).append(row)
    if not layers:
        return None
    layer = max(layers, key=lambda name: (len(layers[name]), name))
    rows = layers[layer]
    files = source.rows(
        "SELECT DISTINCT file FROM submissions WHERE list_contains($ids, submission_id) ORDER BY 1",
        ids=sorted({row["submission_id"] for row in rows}),
    )
    return _Poverty(
        layer,
        ", ".join(row["file"] for row in files),
        {row["area_id"]: row["name"] or row["code"] or row["area_id"] for row in rows},
        {row["area_id"]: round(row["poor_share"] * MILLION) for row in rows},
        {row["area_id"]: row["households"] for row in rows if row["households"] is not None},
        any(row["illustrative"] for row in rows),
    )


def _shared(row: Row, poverty: _Poverty | None) -> Row:
    """The row with its cents under exactly one heading, or split between poor and other households."""
    told: Row = {**row, **dict.fromkeys(_SUMS, 0), "total": row["cents"]}
    share = poverty.shares.get(row["area_id"]) if poverty else None
    if share is not None:
        told["poor"], told["other"] = split_cents(row["cents"], [share, MILLION - share])
    elif row["place_class"] in standing.LOCATED:
        told["no_figure"] = row["cents"]
    else:
        told[_HEADING[row["place_class"]]] = row["cents"]
    if poverty is None:
        told["poor"] = told["other"] = None
    return told


_HEADING = {
    PlaceClass.CITY_WIDE.value: "city_wide",
    PlaceClass.ADMINISTRATIVE.value: "administrative",
    PlaceClass.UNKNOWN.value: "nowhere",
}

_COLUMNS = (
    Column("poor", "To poor households", "rand"), Column("other", "To other households", "rand"),
    Column("share", "To the poor, of what is shared", "share"),
    Column("no_figure", "Located, poverty not known", "rand"),
    Column("city_wide", "City-wide", "rand"), Column("administrative", "Administrative", "rand"),
    Column("nowhere", "Says nowhere", "rand"), Column("total", "Total", "rand"),
)  # fmt: skip


def _summed(rows: list[Row], **label: str) -> Row:
    """Sums with the share of the poor in what could be shared."""
    found = total_of(rows, list(_SUMS), **label)
    split = None if found["poor"] is None else found["poor"] + found["other"]
    found["share"] = found["poor"] / split if split else None
    return found


def _table(name: str, title: str, own: list[Row], by: str, label: str) -> Table:
    groups = sorted({row[by] for row in own})
    rows = [_summed([row for row in own if row[by] == group], key=group) for group in groups]
    for row in rows:
        row["key"] = words.function(row["key"]) if by == "function" else row["key"]
    return Table(
        name, title, (Column("key", label), *_COLUMNS), rows,
        [_summed(own, key="Everything")] if own else [],
        "Total = poor + other + located without a poverty figure + city-wide + administrative + "
        "says nowhere, to the cent.",
    )  # fmt: skip


def _areas_table(own: list[Row], poverty: _Poverty | None) -> Table:
    rows = []
    for area, name in (poverty.names if poverty else {}).items():
        mine = [row for row in own if row["area_id"] == area]
        share = poverty.shares[area] / MILLION if poverty else None
        rows.append({
            "area": name, "households": poverty.households.get(area) if poverty else None,
            "poor_share": share, **total_of(mine, ["poor", "other", "total"]),
        })  # fmt: skip
        rows[-1] |= {key: rows[-1][key] or 0 for key in ("poor", "other", "total")}
    return Table(
        "areas", "By area of the layer that says who is poor",
        (
            Column("area", "Area"), Column("households", "Households", "whole"),
            Column("poor_share", "Poor households", "share"),
            Column("poor", "To poor households", "rand"),
            Column("other", "To other households", "rand"), Column("total", "Capital", "rand"),
        ),
        rows, [total_of(rows, ["poor", "other", "total"], area="All areas")] if rows else [],
    )  # fmt: skip


def _finding(metro: str, year: str, own: list[Row], poverty: _Poverty | None) -> str:
    place, total = words.institution(metro), sum(row["total"] for row in own)
    if not own:
        return f"{place}: no capital of {year or 'any year'} was read"
    if poverty is None:
        return (
            f"{place} plans {format_rand_short(total)} of capital from {year}; how much goes to poor "
            "households is unknown, for no layer says who is poor where"
        )
    sums = _summed(own)
    split = sums["poor"] + sums["other"]
    told = (
        f"{place}: of {format_rand_short(total)} of capital from {year}, {format_rand_short(split)} "
        f"lies where poverty is known; {words.percent(sums['share'])} of that goes to poor households"
    )
    if poverty.all_households:
        share = poverty.poor_households / poverty.all_households
        told += f", who are {words.percent(share)} of the households there"
        told += _per_household(sums, poverty)
    return told


def _per_household(sums: Row, poverty: _Poverty) -> str:
    """Rand for each poor household and each other one, where both kinds live there."""
    others = poverty.all_households - poverty.poor_households
    if poverty.poor_households <= 0 or others <= 0:
        return ""
    each = format_rand_short(round(sums["poor"] / poverty.poor_households))
    other = format_rand_short(round(sums["other"] / others))
    return f": {each} for each poor household and {other} for each other"


def _used(season: Season, chosen: str, poverty: _Poverty | None) -> list[str]:
    told = [f"{words.document(chosen)}: {paper['file']}" for paper in season.of([chosen])]
    if poverty:
        kind = " (illustrative boundaries)" if poverty.illustrative else ""
        told.append(
            f"Who is poor: {words.counted(len(poverty.shares), 'area')} of layer {poverty.layer}, "
            f"file {poverty.file}{kind}, as that file counts it."
        )
        told.append(
            "Method: capital in an area is shared by the share of its households that are poor; "
            "everyone in the area is taken to benefit alike."
        )
    return told


def _missing(season: Season, chosen: str, poverty: _Poverty | None) -> list[str]:
    told = []
    if poverty is None:
        told.append(
            "No layer of this municipality says how many households are poor: load wards or other "
            "areas with a column such as “poor households” and “households”, or “poverty rate”."
        )
    if chosen not in season.documents:
        told.append(f"No {words.document(chosen)} of {season.year or 'any year'} was read.")
    if poverty and len(poverty.households) < len(poverty.shares):
        lacking = len(poverty.shares) - len(poverty.households)
        told.append(f"{words.counted(lacking, 'area')} do not say how many households they have.")
    return told
