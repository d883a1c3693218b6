"""``harvester show``, ``report`` and ``explain``: what a harvest holds, as tables, files and words."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harvester.cli.console import (
    AsJson,
    Home,
    err,
    harvest_in,
    out,
    print_rows,
    progress_bar,
    say_json,
    write_parts,
)


class TableFormat(StrEnum):
    """How a table is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def show(
    table: Annotated[
        str,
        typer.Argument(
            help="submissions, problems, entries, lines, undertakings, relations, redirects, links, decisions, review, indicators, indicator-slices, findings, mended, areas, places, benefits, mends, spatial-budget, coverage, memberships."
        ),
    ],
    format_: Annotated[
        TableFormat, typer.Option("--format", help="How to print it.")
    ] = TableFormat.TABLE,
    metro: Annotated[str, typer.Option(help="Municipality code, such as ETH.")] = "",
    year: Annotated[str, typer.Option(help="Financial year, such as 2019/20.")] = "",
    sphere: Annotated[str, typer.Option(help="national, provincial, local or entity.")] = "",
    id_: Annotated[
        str, typer.Option("--id", help="One project, by its id; an earlier id is followed.")
    ] = "",
    of: Annotated[
        str, typer.Option(help="Code of a province, institution or grant, such as EC-EDU or USDG.")
    ] = "",
    run_: Annotated[str | None, typer.Option("--run", help="An earlier harvest.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Print a table of the harvest.

    Example: `harvester show findings --metro ETH --format csv`
    """
    from harvester.reports import tables

    harvest = harvest_in(home, run_)
    projects: tuple[str, ...] = ()
    if id_:
        found = tables.follow(harvest, id_)
        projects = found.living or (id_.strip().upper(),)
        if found.sentence:
            err.print(found.sentence, highlight=False, markup=False)
    rows = tables.select(
        harvest, table, metro=metro, year=year, sphere=sphere, projects=projects, of=of
    )
    if as_json or format_ is TableFormat.JSON:
        write_parts(tables.to_json(rows))
    elif format_ is TableFormat.CSV:
        write_parts(tables.to_csv(rows))
    else:
        print_rows(rows.select(tables.brief_columns(table)))


def report(
    folder: Annotated[Path, typer.Argument(help="Folder the reports go to.")] = Path("reports"),
    metro: Annotated[str, typer.Option(help="One metro only, such as ETH.")] = "",
    run_: Annotated[str | None, typer.Option("--run", help="An earlier harvest.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write a report for each metro and the country: one HTML and one XLSX each.

    Example: `harvester report reports --metro TSH`
    """
    from harvester.reports.stage import write_reports

    with progress_bar(quiet=as_json) as progress:
        written = write_reports(
            harvest_in(home, run_), folder, metros=[metro] if metro else None, progress=progress
        )
    if as_json:
        say_json({"files": [str(path) for path in written]})
    else:
        out.print(f"Wrote {len(written)} files to {folder}.", highlight=False)


def explain(
    what: Annotated[str, typer.Argument(help="A finding, undertaking, entry or indicator id.")],
    metro: Annotated[str, typer.Option(help="For an indicator: which metro.")] = "",
    year: Annotated[str, typer.Option(help="For an indicator: which year.")] = "",
    run_: Annotated[str | None, typer.Option("--run", help="An earlier harvest.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show where something comes from: formula, reasons, and the cells of the files.

    Example: `harvester explain V2 --metro ETH --year 2019/20`
    """
    from harvester.reports.explain import explain as explain_it
    from harvester.reports.explain import in_words

    told = explain_it(harvest_in(home, run_), what, metro=metro, year=year)
    if as_json:
        say_json(told)
    else:
        out.print(in_words(told), highlight=False, markup=False)
