"""``harvester allocate``: the money of a harvest in the areas of one layer."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the types when it runs
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table as RichTable

from harvester.cli.console import AsJson, Home, err, harvest_in, out, plain, say_json
from harvester.domain.money import format_rand

if TYPE_CHECKING:
    from harvester.domain.problems import Problem


def allocate(
    layer: Annotated[
        str, typer.Argument(help="A layer (`harvester show areas`), or h3:8 for cells.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="CSV to write.")],
    by: Annotated[
        str, typer.Option(help="area, population, equal (as the harvest shows it) or stated.")
    ] = "area",
    people: Annotated[
        str, typer.Option(help="Layer whose population weighs; else that of LAYER itself.")
    ] = "",
    stated: Annotated[
        Path | None, typer.Option(help="CSV of shares: entry_id, area, share. They count first.")
    ] = None,
    cash_flow: Annotated[
        Path | None,
        typer.Option(help="YAML or CSV: twelve shares a year, by function, entry or *."),
    ] = None,
    months: Annotated[bool, typer.Option("--months", help="By month, not by year.")] = False,
    benefit: Annotated[
        bool, typer.Option("--benefit", help="Where projects serve, not where they stand.")
    ] = False,
    city_wide: Annotated[
        bool,
        typer.Option("--view-city-wide", help="Spread city-wide money too, as a view."),
    ] = False,
    year: Annotated[str, typer.Option(metavar="2018/19", help="One municipal year.")] = "",
    metro: Annotated[str, typer.Option(help="One municipality, such as ETH.")] = "",
    phase: Annotated[str, typer.Option(help="budget, planned, actual, gazetted ...")] = "",
    every: Annotated[
        bool, typer.Option("--all-papers", help="Also papers that a later one replaces.")
    ] = False,
    real: Annotated[
        str, typer.Option(metavar="2019/20", help="Also in the prices of that municipal year.")
    ] = "",
    run_: Annotated[str | None, typer.Option("--run", help="An earlier harvest.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Allocate money to wards, zones, any layer you loaded, or H3 cells, to the cent.

    Total, located, allocable and unlocated money stand side by side; `basis` says how each share
    was placed.

    Example: `harvester allocate ward-2016 --by population --year 2019/20 --metro ETH -o wards.csv`
    """
    from harvester.domain.errors import UserError
    from harvester.reports import tables
    from harvester.space.allocation import Request, Split
    from harvester.space.allocation.report import Narrowed, Period, allocate_harvest
    from harvester.space.months.profiles import CashFlows, read

    if by not in set(Split):
        raise UserError(
            f"{by!r} is not a way to share.", where="--by", mend=f"One of {', '.join(Split)}."
        )
    flows, problems = read(cash_flow) if cash_flow else (CashFlows(), [])
    request = Request(
        layer,
        by=Split(by),
        people=people,
        stated=stated,
        flows=flows,
        period=Period.MONTH if months else Period.YEAR,
        benefit=benefit,
        view=city_wide,
    )
    found = allocate_harvest(
        harvest_in(home, run_),
        request,
        Narrowed(year, tables.municipality(metro) or "", phase, every, real),
    )
    problems += found.problems
    with output.open("w", encoding="utf-8", newline="") as file:
        file.writelines(tables.to_csv(found.rows))
    totals = found.totals.to_pylist()
    if as_json:
        told = [{"code": p.code, "message": p.message, "mend": p.mend} for p in problems]
        say_json({"rows": found.rows.num_rows, "totals": totals, "problems": told})
        return
    _tell(problems)
    _print_totals(totals)
    out.print(f"Wrote {found.rows.num_rows} rows to {output}.", highlight=False)


def _tell(problems: list[Problem]) -> None:
    for problem in problems:
        where = f" (line {problem.row})" if problem.row else ""
        err.print(
            f"[bold]{problem.severity}[/]{where}: {plain(problem.message)} {plain(problem.mend)}",
            highlight=False,
        )


def _print_totals(totals: list[dict[str, object]]) -> None:
    names = ("total", "located", "allocable", "unlocated", "in_area")
    table = RichTable("Year", "Phase", box=None)
    for name in names:
        table.add_column(name.replace("_", " ").capitalize(), justify="right", no_wrap=True)
    for row in totals:
        amounts = [int(str(row[f"{name}_cents"])) for name in names]
        table.add_row(str(row["year"]), str(row["phase"]), *(format_rand(a) for a in amounts))
    out.print(table)
