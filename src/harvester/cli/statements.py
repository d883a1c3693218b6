"""``harvester statement``: what the law or policy asks to be laid out, as a workbook or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harvester.cli.console import AsJson, Home, harvest_in, out, plain, say_json
from harvester.domain.errors import UserError

if TYPE_CHECKING:
    from harvester.reports.statements import Statement

Run = Annotated[str | None, typer.Option("--run", help="An earlier harvest.")]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", help="File to write: .xlsx, .csv or .json.")
]


def statement(
    kind: Annotated[str, typer.Argument(help="dora-s14, cef or spatial.")],
    metro: Annotated[
        str, typer.Option(help="Municipality code or name; without it, the country.")
    ] = "",
    year: Annotated[
        str,
        typer.Option(
            help="Season of the papers (dora-s14, cef: the latest without it), or the municipal year of the money (spatial: all without it)."
        ),
    ] = "",
    basis: Annotated[
        str,
        typer.Option(
            help="Which papers: dora-s14 pipeline or budget; cef budget, idp or pipeline; spatial own or one document."
        ),
    ] = "",
    layer: Annotated[str, typer.Option(help="Layer of areas, for spatial.")] = "",
    output: Output = None,
    run_: Run = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write a statement: grants per integration zone, poor households, or the spatial budget.

    Example: `harvester statement dora-s14 --metro BUF --year 2018/19 -o buffalo-city-s14.xlsx`
    """
    from harvester.domain.periods import Calendar, FinancialYear, parse_year_label
    from harvester.reports.statements import statements
    from harvester.reports.statements.files import to_json
    from harvester.reports.statements.source import OpenHarvest
    from harvester.reports.tables import municipality

    start = parse_year_label(year) if year else None
    if year and start is None:
        raise UserError(f"{year!r} is not a financial year.", where="--year", mend="Write 2018/19.")
    label = FinancialYear(start, Calendar.MUNICIPAL).label if start is not None else ""
    with OpenHarvest(harvest_in(home, run_)) as source:
        made = statements(source, kind, municipality(metro) or "", label, basis=basis, layer=layer)
    if output is not None:
        save(made, output)
    if as_json:
        say_json([to_json(one) for one in made])
    else:
        tell(made, output)


def save(made: list[Statement], output: Path) -> None:
    """Write statements to a file of the kind its name ends in; a CSV holds their first table."""
    import json

    from harvester.reports.statements.files import to_csv, to_json, write_workbook

    ending = output.suffix.lower()
    if ending not in {".xlsx", ".csv", ".json"}:
        raise UserError(
            f"{output} does not say what to write.",
            where="-o",
            mend="End it in .xlsx, .csv or .json.",
        )
    if not output.parent.is_dir():
        raise UserError(f"there is no folder {output.parent}.", where="-o", mend="Make it first.")
    if ending == ".xlsx":
        write_workbook(made, output)
    elif ending == ".json":
        told = json.dumps([to_json(one) for one in made], ensure_ascii=False, indent=1, default=str)
        output.write_text(told + "\n", "utf-8")
    else:
        tables = [one.table(one.first) for one in made]
        output.write_text("\n".join(to_csv(table) for table in tables if table), "utf-8-sig")


def tell(made: list[Statement], output: Path | None) -> None:
    """Say what was found, what is not known and where the file is."""
    for one in made:
        out.print(f"{plain(one.finding)}.", highlight=False)
        for text in one.missing:
            out.print(f"  Not known: {plain(text)}", highlight=False)
    if not made:
        out.print("No municipality has anything for this statement in the harvest.")
    if output is None:
        out.print("-o OUT.xlsx writes the tables; --json prints them.", highlight=False)
    else:
        out.print(f"Wrote {output}.", highlight=False)
